// SPDX-License-Identifier: Apache-2.0
//
// Top-level instructions of a cat model: bindings, includes, procedures, checks and choices.
#include <algorithm>

#include <fmt/format.h>

#include "litmus/cat/interpreter.hpp"
#include "litmus/cat/parser.hpp"
#include "litmus/source_file.hpp"

namespace tlbcheck::litmus::cat {

namespace {

constexpr std::size_t file_limit = 200;
constexpr std::size_t include_depth_limit = 32;

bool same_flag(const model::Flag& a, const model::Flag& b) {
    return a.name == b.name && a.kind == b.kind && a.negated == b.negated &&
           same_expression(a.relation.node(), b.relation.node());
}

std::string base_name(const std::string& path) {
    return path.substr(path.find_last_of('/') + 1);
}

}  // namespace

CatModel Interpreter::run(const Source& text) {
    parse_file(text);
    result_.model.name = files_.front()->title.empty() ? base_name(text->name) : files_.front()->title;
    open_files_.push_back(base_name(text->name));
    execute(files_.front()->instructions);
    return std::move(result_);
}

void Interpreter::parse_file(const Source& source) {
    sources_.push_back(source);
    const auto number = static_cast<std::uint32_t>(sources_.size() - 1);
    if (source->text.size() > most_source_bytes) fail({number, 0, 1}, "this file is too large for a model");
    files_.push_back(std::make_unique<File>(parse(source, number)));
}

void Interpreter::execute(const std::vector<Instruction>& instructions) {
    for (const Instruction& i : instructions) execute(i);
}

void Interpreter::execute(const Instruction& instruction) {
    step(instruction.span);
    switch (instruction.kind) {
        case InstructionKind::let:
            environment_ = bind_all(instruction.bindings, environment_, at_top_level_);
            return;
        case InstructionKind::let_rec:
            environment_ = bind_recursive(instruction.bindings, environment_, at_top_level_);
            return;
        case InstructionKind::test:
            test(instruction);
            return;
        case InstructionKind::show:
            return;  // for herd's pictures; changes no verdict
        case InstructionKind::include:
            include(instruction);
            return;
        case InstructionKind::call:
            call(instruction);
            return;
        case InstructionKind::with_from:
            choose(instruction);
            return;
        case InstructionKind::conditional:
            execute(holds(instruction.condition) ? instruction.body : instruction.other);
            return;
        case InstructionKind::procedure: {
            auto closure = std::make_shared<Closure>();
            closure->parameter = &instruction.parameter;
            closure->instructions = &instruction.body;
            closure->environment = environment_;
            if (instruction.recursive) closure->self = instruction.name;
            Value value;
            value.kind = ValueKind::procedure;
            value.closure = std::move(closure);
            environment_ = bind(environment_, instruction.name, std::move(value), instruction.span);
            return;
        }
        case InstructionKind::unsupported:
            break;
    }
    fail(instruction.span, "this instruction is not supported");
}

void Interpreter::include(const Instruction& instruction) {
    if (std::ranges::find(open_files_, instruction.name) != open_files_.end()) {
        fail(instruction.span, fmt::format("\"{}\" includes itself", printable(instruction.name)));
    }
    if (open_files_.size() >= include_depth_limit || sources_.size() >= file_limit) {
        fail(instruction.span, "too many included files");
    }
    std::string why = "there is no such file";
    const Source source = includes_ ? includes_(instruction.name, why) : nullptr;
    if (!source)
        fail(instruction.span,
             fmt::format("cannot include \"{}\": {}", printable(instruction.name), printable(why)));
    parse_file(source);
    open_files_.push_back(instruction.name);
    execute(files_.back()->instructions);
    open_files_.pop_back();
}

void Interpreter::test(const Instruction& instruction) {
    const Test& t = instruction.test;
    if (t.role == Test::Role::undefined_unless) fail(instruction.span, "'undefined_unless' is not supported");
    const Value value = evaluate(*t.expression, environment_);
    const Span& span = t.expression->span;
    // Emptiness is asked of sets too; a set is empty iff the identity on it is.
    const model::Rel r = value.kind == ValueKind::set && t.kind == model::CheckKind::empty
                             ? model::id(set(value, span))
                             : relation(value, span);
    if (t.role == Test::Role::flag) {
        if (t.name.empty()) fail(instruction.span, "a flag needs a name ('as ...')");
        // A flag is raised when its test holds, a model::Flag when its test is broken (`~empty`).
        model::Flag flag{t.name, r, !t.negated, t.kind};
        auto& flags = result_.model.flags;
        const auto same = [&flag](const model::Flag& f) { return same_flag(f, flag); };
        if (std::ranges::none_of(flags, same)) flags.push_back(std::move(flag));
        return;
    }
    std::string name = t.name;
    if (name.empty()) {
        const Source& source = sources_[instruction.span.file];
        name = fmt::format("{}:{}", base_name(source->name),
                           place_of(source->text, instruction.span.offset).line);
    }
    model::Check check{t.kind, name, r, false, t.negated};
    if (t.role == Test::Role::assertion) {
        result_.assertions.push_back({std::move(check)});
    } else {
        result_.model.checks.push_back(std::move(check));
    }
}

void Interpreter::call(const Instruction& instruction) {
    const Value* procedure = Environment::find(environment_, instruction.name);
    if (procedure == nullptr)
        fail(instruction.span, fmt::format("there is no procedure '{}'", instruction.name));
    const Value argument = evaluate(*instruction.expression, environment_);
    const std::string& name = instruction.test.name.empty() ? instruction.name : instruction.test.name;
    if (procedure->kind == ValueKind::native_procedure) {
        procedure->procedure(*this, argument, instruction.span, name);
        return;
    }
    if (procedure->kind != ValueKind::procedure) {
        fail(instruction.span,
             fmt::format("'{}' is {}, not a procedure", instruction.name, describe(procedure->kind)));
    }
    constexpr std::size_t call_depth_limit = 100;
    if (depth_ >= call_depth_limit)
        fail(instruction.span, "too many calls inside each other; does this recursion end?");
    const std::shared_ptr<const Closure> closure = procedure->closure;
    const EnvironmentPointer outside = environment_;
    const bool was_top_level = at_top_level_;
    environment_ = enter(closure, argument, instruction.span);
    at_top_level_ = false;
    ++depth_;
    execute(*closure->instructions);
    --depth_;
    at_top_level_ = was_top_level;
    environment_ = outside;
}

void Interpreter::choose(const Instruction& instruction) {
    if (!at_top_level_)
        fail(instruction.span, "'with ... from' is supported at the top level of a file only");
    const Span& span = instruction.expression->span;
    const Value from = evaluate(*instruction.expression, environment_);
    const model::Rel chosen = model::rel(instruction.name);
    if (from.kind == ValueKind::coherence) {
        if (instruction.name != "co")
            fail(instruction.span, "coherence can only be chosen under the name 'co'");
        // Coherence is the graph's own choice; that it extends a given order is a constraint on it.
        const model::Rel base =
            relation(from.tuple[0], span) & model::rel("loc") & (model::set("W") * model::set("W"));
        result_.model.checks.push_back(
            {model::CheckKind::empty, "generate_cos", base - chosen, false, false});
    } else if (from.kind == ValueKind::pair_enumeration) {
        auto& choices = result_.model.choices;
        if (std::ranges::find(choices, instruction.name, &model::PairChoice::name) != choices.end()) {
            fail(instruction.span, fmt::format("'{}' is chosen twice", instruction.name));
        }
        choices.push_back({instruction.name, relation(from.tuple[0], span), relation(from.tuple[1], span)});
    } else {
        fail(span, fmt::format("an enumeration is expected here, this is {}", describe(from.kind)),
             "enumerate-ordered-pairs(pairs, order) and generate_cos(order) are supported");
    }
    const Value value = make(chosen, {}, instruction.span);
    define(instruction.name, value);
    environment_ = bind(environment_, instruction.name, value, instruction.span);
}

}  // namespace tlbcheck::litmus::cat
