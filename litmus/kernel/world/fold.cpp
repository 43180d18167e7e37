// SPDX-License-Identifier: Apache-2.0
//
// A body of p instructions is a run when it was met twice in a row with constant differences; the shortest p
// is taken, and the run goes on as long as what comes is what its steps foretell.

#include "litmus/kernel/world/fold.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tlbcheck::litmus::kernel::world {
namespace {

using model::Instruction;

/// The two numbers that steps apply to (model::Instruction), by reference.
struct Numbers {
    std::uint64_t* va = nullptr;
    std::uint64_t* pa = nullptr;
};

Numbers numbers_of(model::Operation& operation) {
    if (auto* store = std::get_if<model::StoreDescriptor>(&operation))
        return {&store->slot.va,
                store->value.kind == model::DescriptorKind::leaf ? &store->value.oa : nullptr};
    if (auto* tlbi = std::get_if<model::TlbiInstruction>(&operation)) return {&tlbi->operand, nullptr};
    if (auto* free = std::get_if<model::Free>(&operation)) {
        if (auto* table = std::get_if<model::TablePage>(&free->what)) return {&table->va_base, nullptr};
        return {nullptr, &std::get<0>(free->what).first};
    }
    return {};
}

std::uint64_t va_of(const Instruction& in) {
    std::uint64_t* const number = numbers_of(const_cast<model::Operation&>(in.operation)).va;
    return number == nullptr ? 0 : *number;
}
std::uint64_t pa_of(const Instruction& in) {
    std::uint64_t* const number = numbers_of(const_cast<model::Operation&>(in.operation)).pa;
    return number == nullptr ? 0 : *number;
}

bool same_operation(const model::Operation& a, const model::Operation& b) {
    if (a.index() != b.index()) return false;
    if (const auto* x = std::get_if<model::StoreDescriptor>(&a)) {
        const auto& y = std::get<model::StoreDescriptor>(b);
        model::Descriptor p = x->value;
        model::Descriptor q = y.value;
        if (p.kind == model::DescriptorKind::leaf) p.oa = q.oa = 0;
        return x->slot.level == y.slot.level && x->slot.generation == y.slot.generation && p == q &&
               x->value.kind == y.value.kind;
    }
    if (const auto* x = std::get_if<model::TlbiInstruction>(&a))
        return x->op == std::get<model::TlbiInstruction>(b).op;
    if (const auto* x = std::get_if<model::Barrier>(&a)) return *x == std::get<model::Barrier>(b);
    if (const auto* x = std::get_if<model::ContextChange>(&a)) return *x == std::get<model::ContextChange>(b);
    if (const auto* x = std::get_if<model::Free>(&a)) {
        const auto& y = std::get<model::Free>(b);
        if (x->what.index() != y.what.index()) return false;
        if (const auto* table = std::get_if<model::TablePage>(&x->what)) {
            const auto& other = std::get<model::TablePage>(y.what);
            return table->level == other.level && table->generation == other.generation;
        }
        return std::get<0>(x->what).second == std::get<0>(y.what).second;
    }
    return false;
}

bool same_shape(const Instruction& a, const Instruction& b) {
    return a.kernel == b.kernel && a.place == b.place && a.helper_place == b.helper_place &&
           same_operation(a.operation, b.operation);
}

/// True iff `next` is what `first` is after `times` of its steps.
bool foretold(const Instruction& first, std::uint64_t times, const Instruction& next) {
    return same_shape(first, next) && va_of(first) + first.va_step * times == va_of(next) &&
           pa_of(first) + first.pa_step * times == pa_of(next);
}

/// Adds what `in` is after `times` of its steps to a sum that tells order and numbers.
void sum_up(std::uint64_t& sum, const Instruction& in, std::uint64_t times) {
    const auto mix = [&](std::uint64_t value) {
        sum = (sum ^ value) * 0x9E37'79B9'7F4A'7C15U;
        sum ^= sum >> 29U;
    };
    mix(in.operation.index() << 32U | in.kernel);
    mix(va_of(in) + in.va_step * times);
    mix(pa_of(in) + in.pa_step * times);
}

}  // namespace

void Fold::add(Instruction instruction) {
    ++added_;
    sum_up(sum_, instruction, 0);
    push(std::move(instruction));
}

void Fold::add_run(std::uint64_t count, Instruction instruction, std::uint64_t va_step) {
    if (count == 0) return;
    added_ += count;
    close_run();
    flush_tail(0);
    instruction.va_step = va_step;
    for (std::uint64_t i = 0; i < count; ++i) sum_up(sum_, instruction, i);
    held_ += 1;
    runs_.push_back({count, {std::move(instruction)}});
}

void Fold::push(Instruction instruction) {
    if (!open_.empty()) {
        if (foretold(open_[partial_.size()], count_, instruction)) {
            partial_.push_back(std::move(instruction));
            if (partial_.size() == open_.size()) {
                partial_.clear();
                ++count_;
            }
            return;
        }
        close_run();
    }
    tail_.push_back(std::move(instruction));
    if (!start_run() && tail_.size() > 4 * longest_body) flush_tail(2 * longest_body);
}

/// Makes a run of the end of the tail when it is a body met twice.
bool Fold::start_run() {
    const std::size_t size = tail_.size();
    for (std::size_t body = 1; body <= longest_body && 2 * body <= size; ++body) {
        const std::size_t second = size - body;
        const std::size_t first = second - body;
        bool repeats = true;
        for (std::size_t k = body; repeats && k-- > 0;)
            repeats = same_shape(tail_[first + k], tail_[second + k]);
        if (!repeats) continue;
        open_.assign(tail_.begin() + static_cast<std::ptrdiff_t>(first),
                     tail_.begin() + static_cast<std::ptrdiff_t>(second));
        for (std::size_t k = 0; k < body; ++k) {
            open_[k].va_step = va_of(tail_[second + k]) - va_of(tail_[first + k]);
            open_[k].pa_step = pa_of(tail_[second + k]) - pa_of(tail_[first + k]);
        }
        tail_.resize(first);
        flush_tail(0);
        count_ = 2;
        return true;
    }
    return false;
}

void Fold::close_run() {
    if (open_.empty()) return;
    held_ += open_.size();
    runs_.push_back({count_, std::move(open_)});
    open_.clear();
    count_ = 0;
    tail_ = std::move(partial_);
    partial_.clear();
}

/// Puts the tail but its last `keep` behind the runs, as instructions that are executed once.
void Fold::flush_tail(std::size_t keep) {
    if (tail_.size() <= keep) return;
    const auto end = tail_.begin() + static_cast<std::ptrdiff_t>(tail_.size() - keep);
    if (runs_.empty() || runs_.back().count != 1) runs_.push_back({1, {}});
    std::vector<Instruction>& body = runs_.back().body;
    held_ += static_cast<std::uint64_t>(end - tail_.begin());
    body.insert(body.end(), std::make_move_iterator(tail_.begin()), std::make_move_iterator(end));
    tail_.erase(tail_.begin(), end);
}

std::vector<model::Run> Fold::take() {
    close_run();
    flush_tail(0);
    held_ = 0;
    std::uint64_t again = 0;
    for (const model::Run& run : runs_)
        for (std::uint64_t i = 0; i < run.count; ++i)
            for (const Instruction& in : run.body) sum_up(again, in, i);
    if (again != std::exchange(sum_, 0))
        throw std::logic_error("folded kernel code differs from what was recorded");
    return std::exchange(runs_, {});
}

}  // namespace tlbcheck::litmus::kernel::world
