// SPDX-License-Identifier: Apache-2.0
//
// Environments and expressions.
#include "litmus/cat/interpreter.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "litmus/cat/vocabulary.hpp"

namespace tlbcheck::litmus::cat {

namespace {

// Far above what a model needs (aarch64.cat: a few thousand steps), low enough for any text to end in a
// moment.
constexpr std::size_t step_limit = 50'000;
constexpr std::size_t depth_limit = 300;

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace

class Interpreter::Depth {
  public:
    Depth(Interpreter& interpreter, const Span& span) : interpreter_(interpreter) {
        if (interpreter_.depth_ >= depth_limit) {
            interpreter_.steps_ = step_limit;  // not to be tried again by an enclosing `try`
            interpreter_.fail(span, "too many functions inside each other; does this recursion end?");
        }
        ++interpreter_.depth_;
    }
    ~Depth() { --interpreter_.depth_; }
    Depth(const Depth&) = delete;
    Depth(Depth&&) = delete;
    Depth& operator=(const Depth&) = delete;
    Depth& operator=(Depth&&) = delete;

  private:
    Interpreter& interpreter_;
};

Interpreter::Interpreter(IncludeResolver includes, const std::set<std::string>& variants)
    : includes_(std::move(includes)), environment_(standard_environment()) {
    for (const std::string& variant : variants) variants_.insert(lower(variant));
}

void Interpreter::fail(const Span& span, std::string message, std::string hint) const {
    const Source& source = sources_[span.file];
    throw InputError(std::move(message), source, place_of(source->text, span.offset, span.length),
                     std::move(hint));
}

void Interpreter::step(const Span& span) {
    if (++steps_ > step_limit) fail(span, "this model takes too many steps to read");
}

bool Interpreter::holds(const VariantCondition& condition) const {
    const auto holds_too = [this](const VariantCondition& c) { return holds(c); };
    switch (condition.kind) {
        case VariantCondition::Kind::variant:
            return variants_.contains(lower(condition.name));
        case VariantCondition::Kind::negation:
            return !holds(condition.operands[0]);
        case VariantCondition::Kind::conjunction:
            return std::ranges::all_of(condition.operands, holds_too);
        case VariantCondition::Kind::disjunction:
            return std::ranges::any_of(condition.operands, holds_too);
    }
    return false;
}

Value Interpreter::evaluate(const Expression& e, const EnvironmentPointer& environment) {
    step(e.span);
    const Depth depth(*this, e.span);
    switch (e.kind) {
        case ExpressionKind::name:
            return evaluate_name(e, environment);
        case ExpressionKind::empty_relation:
            return make(model::empty_rel(), {}, e.span);
        case ExpressionKind::universe: {
            Value v;
            v.kind = ValueKind::universe;
            return v;
        }
        case ExpressionKind::explicit_set:
            if (e.operands.empty()) return {};
            refuse(e);
        case ExpressionKind::tag:
        case ExpressionKind::add:
        case ExpressionKind::match:
            refuse(e);
        case ExpressionKind::tuple: {
            Value v;
            v.kind = ValueKind::tuple;
            for (const ExpressionPointer& part : e.operands) v.tuple.push_back(evaluate(*part, environment));
            return v;
        }
        case ExpressionKind::unite:
        case ExpressionKind::sequence:
        case ExpressionKind::difference:
        case ExpressionKind::intersect:
        case ExpressionKind::product:
            return evaluate_chain(e, environment);
        case ExpressionKind::plus:
        case ExpressionKind::star:
        case ExpressionKind::optional:
        case ExpressionKind::inverse:
            return postfix(e.kind, evaluate(*e.operands[0], environment), e.operands[0]->span);
        case ExpressionKind::complement:
            return complement(evaluate(*e.operands[0], environment), e.operands[0]->span);
        case ExpressionKind::identity:
            return identity(evaluate(*e.operands[0], environment), e.operands[0]->span);
        default:
            return evaluate_control(e, environment);
    }
}

Value Interpreter::evaluate_control(const Expression& e, const EnvironmentPointer& environment) {
    switch (e.kind) {
        case ExpressionKind::apply: {
            Value result = evaluate(*e.operands[0], environment);
            for (std::size_t i = 1; i < e.operands.size(); ++i) {
                result = apply(result, evaluate(*e.operands[i], environment), e.span);
            }
            return result;
        }
        case ExpressionKind::function:
            return function_value(e, environment);
        case ExpressionKind::let:
            return evaluate(*e.operands[0], bind_all(e.bindings, environment, false));
        case ExpressionKind::let_rec:
            return evaluate(*e.operands[0], bind_recursive(e.bindings, environment, false));
        case ExpressionKind::attempt:
            return evaluate_attempt(e, environment);
        case ExpressionKind::conditional:
            if (!e.condition) refuse(e);
            return evaluate(*e.operands[holds(*e.condition) ? 0 : 1], environment);
        default:
            refuse(e);
    }
}

void Interpreter::refuse(const Expression& e) const {
    const char* early = "there is no single event before an execution is known";
    switch (e.kind) {
        case ExpressionKind::explicit_set:
            fail(e.span, "sets of named events are not supported");
        case ExpressionKind::tag:
            fail(e.span, "tags are not supported");
        case ExpressionKind::add:
            fail(e.span, fmt::format("'++' is not supported: {}", early));
        case ExpressionKind::conditional:
            fail(e.span, "a condition on values is not supported, only one on variants");
        case ExpressionKind::match:
            fail(e.span, fmt::format("'match' is not supported: {}", early),
                 "the enumerations of herd's library are known by their names, see docs/cat.md");
        default:
            fail(e.span, "this expression is not supported");
    }
}

Value Interpreter::evaluate_chain(const Expression& e, const EnvironmentPointer& environment) {
    Value result = evaluate(*e.operands[0], environment);
    for (std::size_t i = 1; i < e.operands.size(); ++i) {
        const Value next = evaluate(*e.operands[i], environment);
        Span span = e.operands[0]->span;
        span.length = e.operands[i]->span.offset + e.operands[i]->span.length - span.offset;
        switch (e.kind) {
            case ExpressionKind::unite:
                result = unite(result, next, span);
                break;
            case ExpressionKind::sequence:
                result = sequence(result, next, span);
                break;
            case ExpressionKind::difference:
                result = subtract(result, next, span);
                break;
            case ExpressionKind::intersect:
                result = intersect(result, next, span);
                break;
            default:
                result = product(result, next, span);
                break;
        }
    }
    return result;
}

Value Interpreter::evaluate_name(const Expression& e, const EnvironmentPointer& environment) {
    if (const Value* bound = Environment::find(environment, e.name)) return *bound;
    if (e.name == "id") return make(model::id(), {}, e.span);
    if (is_primitive_set(e.name)) return make(model::set(e.name), {}, e.span);
    if (is_primitive_relation(e.name)) return make(model::rel(e.name), {}, e.span);
    if (is_unsupported_name(e.name)) {
        Value v;
        v.kind = ValueKind::unsupported;
        v.name = e.name;
        return v;
    }
    std::vector<std::string> names = primitive_sets();
    for (std::string& name : primitive_relations()) names.push_back(std::move(name));
    fail(e.span, fmt::format("'{}' is not defined", e.name), did_you_mean(e.name, names));
}

Value Interpreter::evaluate_attempt(const Expression& e, const EnvironmentPointer& environment) {
    try {
        Value value = evaluate(*e.operands[0], environment);
        refuse_unsupported(value, e.operands[0]->span);
        return value;
    } catch (const InputError&) {
        if (steps_ >= step_limit) throw;
        return evaluate(*e.operands[1], environment);
    }
}

Value Interpreter::apply(const Value& function, const Value& argument, const Span& span) {
    step(span);
    if (function.kind == ValueKind::native_function) return function.function(*this, argument, span);
    refuse_unsupported(function, span);
    if (function.kind != ValueKind::function) {
        fail(span, fmt::format("a function is expected here, this is {}", describe(function.kind)));
    }
    return evaluate(*function.closure->body, enter(function.closure, argument, span));
}

}  // namespace tlbcheck::litmus::cat
