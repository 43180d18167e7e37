// SPDX-License-Identifier: Apache-2.0
//
// Joining of equal neighbours into runs.

#include "litmus/sched/runs.hpp"

#include <utility>

namespace tlbcheck::litmus::sched {
namespace {

using model::Instruction;
using model::Run;

/// The numbers that steps apply to (model::Instruction).
struct Numbers {
    std::uint64_t va = 0;
    std::uint64_t pa = 0;
};

/// Takes the numbers out of an operation, leaving its shape.
Numbers take_numbers(model::Operation& operation) {
    if (auto* store = std::get_if<model::StoreDescriptor>(&operation)) {
        const std::uint64_t va = std::exchange(store->slot.va, 0);
        if (store->value.kind != model::DescriptorKind::leaf) return {va, 0};
        return {va, std::exchange(store->value.oa, 0)};
    }
    if (auto* tlbi = std::get_if<model::TlbiInstruction>(&operation))
        return {std::exchange(tlbi->operand, 0), 0};
    if (auto* access = std::get_if<model::Access>(&operation)) return {std::exchange(access->va, 0), 0};
    if (auto* await = std::get_if<model::Await>(&operation)) return {std::exchange(await->va, 0), 0};
    if (auto* free = std::get_if<model::Free>(&operation)) {
        if (auto* table = std::get_if<model::TablePage>(&free->what))
            return {std::exchange(table->va_base, 0), 0};
        return {0, std::exchange(std::get<0>(free->what).first, 0)};
    }
    return {};
}

struct SameShape {
    template <typename A, typename B>
    bool operator()(const A& /*a*/, const B& /*b*/) const {
        return false;
    }
    bool operator()(const model::StoreDescriptor& a, const model::StoreDescriptor& b) const {
        return a.slot == b.slot && a.value == b.value && a.atomic == b.atomic;
    }
    bool operator()(const model::TlbiInstruction& a, const model::TlbiInstruction& b) const {
        return a.op == b.op && a.operand == b.operand;
    }
    bool operator()(const model::Barrier& a, const model::Barrier& b) const { return a == b; }
    bool operator()(const model::Access& a, const model::Access& b) const {
        return a.kind == b.kind && a.flag == b.flag && a.va == b.va && a.value == b.value;
    }
    bool operator()(const model::Await& a, const model::Await& b) const {
        return a.flag == b.flag && a.va == b.va && a.value == b.value;
    }
    bool operator()(const model::Free& a, const model::Free& b) const { return a.what == b.what; }
    bool operator()(const model::ContextChange& a, const model::ContextChange& b) const { return a == b; }
};

/// Makes `first`, repeated `count` times, go on with `next` when that fits; false when it does not. `grow`
/// applies it.
bool goes_on(Instruction& first, std::uint64_t count, const Instruction& next, bool grow) {
    if (first.place != next.place || first.helper_place != next.helper_place) return false;
    model::Operation a = first.operation;
    model::Operation b = next.operation;
    const Numbers from = take_numbers(a);
    const Numbers to = take_numbers(b);
    if (next.va_step != 0 || next.pa_step != 0 || !std::visit(SameShape{}, a, b)) return false;
    if (count == 1) {
        if (grow) {
            first.va_step = to.va - from.va;
            first.pa_step = to.pa - from.pa;
        }
        return true;
    }
    return from.va + first.va_step * count == to.va && from.pa + first.pa_step * count == to.pa;
}

}  // namespace

void add_straight(std::vector<Run>& runs, Instruction instruction) {
    if (runs.empty() || runs.back().count != 1) runs.emplace_back();
    runs.back().body.push_back(std::move(instruction));
}

void add_run(std::vector<Run>& runs, Run run) {
    if (run.count == 0 || run.body.empty()) return;
    if (run.count > 1) {
        runs.push_back(std::move(run));
        return;
    }
    for (Instruction& instruction : run.body) {
        instruction.va_step = 0;
        instruction.pa_step = 0;
        add_straight(runs, std::move(instruction));
    }
}

bool add_iteration(std::vector<Run>& runs, std::vector<Run> iteration) {
    if (iteration.empty()) return false;
    if (!runs.empty() && iteration.size() == 1 && iteration[0].count == 1) {
        Run& last = runs.back();
        const std::vector<Instruction>& body = iteration[0].body;
        bool fits = last.body.size() == body.size();
        for (std::size_t k = 0; fits && k < body.size(); ++k)
            fits = goes_on(last.body[k], last.count, body[k], false);
        if (fits) {
            for (std::size_t k = 0; k < body.size(); ++k) goes_on(last.body[k], last.count, body[k], true);
            ++last.count;
            return true;
        }
    }
    for (Run& run : iteration) runs.push_back(std::move(run));
    return false;
}

void add_code(std::vector<Run>& runs, std::vector<Run> code) {
    for (Run& run : code) add_run(runs, std::move(run));
}

std::uint64_t held_instructions(const std::vector<Run>& runs) {
    std::uint64_t count = 0;
    for (const Run& run : runs) count += run.body.size();
    return count;
}

}  // namespace tlbcheck::litmus::sched
