// SPDX-License-Identifier: Apache-2.0
//
// Statements, calls, and the emission of instructions.

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/contexts.hpp"
#include "litmus/sched/runs.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::sched {
namespace {

model::SourcePlace place_in(const Spot& spot) {
    return {spot.file, spot.place.line, spot.place.column};
}

}  // namespace

ThreadExpander::ThreadExpander(Expansion& expansion, const ThreadItem& thread)
    : Evaluator(expansion.tree),
      expansion_(expansion),
      geometry_(expansion.geometry),
      thread_(thread),
      state_(expansion.geometry, expansion.program.regions) {}

model::ScheduleThread ThreadExpander::run() {
    frames_.assign(1, Frame{{Scope{}}});
    const model::PeStart start = starting_space(tree(), expansion_.program, thread_);
    where_ = start;
    for (const auto& space : {start.el2, start.space})
        if (space && *space != model::no_space) asid_of_ = space;
    try {
        statement(*thread_.body);
    } catch (const InputError& fault) {
        if (calls_.empty()) throw;
        std::vector<Diagnostic> diagnostics = fault.diagnostics();
        const Spot& spot = calls_.front()->spot;
        for (Diagnostic& diagnostic : diagnostics) {
            diagnostic.notes.push_back({"expanded from this call", tree().sources[spot.file], spot.place});
        }
        throw InputError(std::move(diagnostics));
    }
    expansion_.uses.push_back(std::move(uses_));
    finish_kernel();
    return {thread_.name, std::move(runs_), start};
}

void ThreadExpander::step(const Spot& spot) {
    model::poll();
    if (++expansion_.steps > max_steps) {
        error(loop_ != nullptr ? loop_->spot : spot, "this takes too many steps to expand",
              "a loop whose iterations differ unevenly is expanded one by one; make the region smaller or "
              "the loop simpler");
    }
}

/// Told only if no execution of the statement had anything to do.
void ThreadExpander::ran_over(const Spot& spot, bool something, const std::string& what) {
    const model::SourcePlace inner = place_in(spot);
    const model::SourcePlace place = calls_.empty() ? inner : place_in(calls_.front()->spot);
    Expansion::Extent& extent = expansion_.extents[{place, inner}];
    extent.what = what;
    extent.some = extent.some || something;
}

void ThreadExpander::statement(const Statement& item) {
    step(item.spot);
    std::vector<Scope>& scopes = frames_.back().scopes;
    switch (item.kind) {
        case StatementKind::block: {
            scopes.emplace_back();
            for (const StatementPtr& part : item.body) statement(*part);
            frames_.back().scopes.pop_back();
            return;
        }
        case StatementKind::let: {
            Value value = evaluate(*item.expression);
            scopes.back().emplace_back(item.name, std::move(value));
            return;
        }
        case StatementKind::branch:
            branch(item);
            return;
        case StatementKind::label:
            label(item);
            return;
        case StatementKind::loop:
            loop(item);
            return;
        case StatementKind::call:
            call(*item.expression);
            return;
        case StatementKind::kernel_call:
            kernel_call(*item.expression);
            return;
    }
}

void ThreadExpander::label(const Statement& item) {
    std::vector<model::Label>& labels = expansion_.program.labels;
    // Names are unique in the text; a helper may be called twice, or in a loop.
    const bool again = std::ranges::find(labels, item.name, &model::Label::name) != labels.end();
    if (again || window_ || loop_ != nullptr)
        error(item.spot, fmt::format("'{}' may name several moments", item.name),
              "a label stands where its thread comes by once");
    std::uint64_t before = 0;
    for (const model::Run& run : runs_) before += run.count * run.body.size();
    labels.push_back({item.name, static_cast<std::uint32_t>(expansion_.program.threads.size()), before});
    statement(*item.body[0]);
}

void ThreadExpander::call(const Expression& item) {
    if (const BuiltinSpec* spec = find_builtin(item.text)) {
        current_ = &item;
        builtin(item, *spec);
        return;
    }
    const DefItem* const def = tree().find_def(item.text, item.arguments.size());
    if (def == nullptr) error(item.spot, fmt::format("there is no helper '{}'", printable(item.text, 60)));
    if (calls_.size() >= max_call_depth)
        error(item.spot, fmt::format("calls are nested more than {} deep", max_call_depth));
    Scope scope;
    for (std::size_t k = 0; k < def->parameters.size(); ++k) {
        scope.emplace_back(def->parameters[k], evaluate(*item.arguments[k].value));
    }
    frames_.push_back({{std::move(scope), Scope{}}});
    calls_.push_back(&item);
    statement(*def->body);
    calls_.pop_back();
    frames_.pop_back();
}

void ThreadExpander::builtin(const Expression& item, const BuiltinSpec& spec) {
    switch (spec.builtin) {
        case Builtin::clear:
        case Builtin::fetch_and_clear:
            return do_clear(item);
        case Builtin::set:
        case Builtin::cmpxchg:
            return do_set(item);
        case Builtin::free:
            return do_free(item);
        case Builtin::zero:
            return do_zero(item);
        case Builtin::fill:
            return do_fill(item);
        case Builtin::hook:
            return do_hook(item);
        case Builtin::dsb:
            return do_barrier(item, model::BarrierKind::dsb);
        case Builtin::dmb:
            return do_barrier(item, model::BarrierKind::dmb);
        case Builtin::isb:
            return do_barrier(item, model::BarrierKind::isb);
        case Builtin::tlbi:
            return do_tlbi(item);
        case Builtin::tlbi_pages:
            return do_tlbi_pages(item);
        case Builtin::tlbi_range:
            return do_tlbi_range(item);
        case Builtin::load:
            return do_access(item, model::AccessKind::load);
        case Builtin::store:
            return do_access(item, model::AccessKind::store);
        case Builtin::load_acquire:
            return do_access(item, model::AccessKind::load_acquire);
        case Builtin::store_release:
            return do_access(item, model::AccessKind::store_release);
        case Builtin::await:
            return do_await(item);
        case Builtin::switch_space:
            return do_switch(item);
        case Builtin::tge:
            return do_tge(item);
        case Builtin::exception:
            return do_exception(model::ContextChange::Kind::exception_entry);
        case Builtin::eret:
            return do_exception(model::ContextChange::Kind::exception_return);
        default:
            error(item.spot, fmt::format("'{}' is a value, not a statement", spec.name));
    }
}

const Expression* ThreadExpander::named(const Expression& call_item, const std::string& name) const {
    for (const Argument& argument : call_item.arguments) {
        if (argument.name == name) return argument.value.get();
    }
    return nullptr;
}

void ThreadExpander::count_instructions(std::uint64_t more) {
    expansion_.instructions += more;
    if (expansion_.instructions <= expansion_.most_instructions) return;
    const Spot spot = loop_ != nullptr ? loop_->spot : current_->spot;
    error(spot,
          fmt::format("this expands to more than {} instructions that do not repeat evenly",
                      expansion_.most_instructions),
          "make the region smaller, or the loop's iterations alike");
}

void ThreadExpander::emit(model::Operation operation, const Affine& va, const Affine& pa) {
    emit_run(1, std::move(operation), va, 0, pa, 0);
}

/// The operation carries the numbers of its first instruction; va.step and pa.step are the growth over the
/// window's iterations.
void ThreadExpander::emit_run(std::uint64_t count, model::Operation operation, const Affine& va,
                              std::uint64_t va_step, const Affine& pa, std::uint64_t pa_step) {
    if (count == 0) return;
    model::Instruction instruction;
    instruction.operation = std::move(operation);
    instruction.helper_place = place_in(current_->spot);
    instruction.place = calls_.empty() ? instruction.helper_place : place_in(calls_.front()->spot);
    if (!window_) {
        count_instructions(1);
        if (count == 1) return add_straight(runs_, std::move(instruction));
        instruction.va_step = va_step;
        instruction.pa_step = pa_step;
        return add_run(runs_, {count, {std::move(instruction)}});
    }
    if (count > max_body || window_body_.size() + count > max_body) throw NotUniform{};
    instruction.va_step = va_step;
    instruction.pa_step = pa_step;
    for (std::uint64_t k = 0; k < count; ++k) {
        model::Instruction one = model::instantiate(instruction, k);
        one.va_step = static_cast<std::uint64_t>(va.step);
        one.pa_step = static_cast<std::uint64_t>(pa.step);
        window_body_.push_back(std::move(one));
    }
}

}  // namespace tlbcheck::litmus::sched
