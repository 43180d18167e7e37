// SPDX-License-Identifier: Apache-2.0
//
// Names the cause of a violation: what the walk read that it should not have, and why no invalidation removed
// it.
#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/found_witness.hpp"
#include "checker/engine/instruction_text.hpp"
#include "checker/engine/invalidation.hpp"

namespace tlbcheck::checker {

namespace {

using model::DescriptorWrite;

Cause with(std::string sentence, std::optional<model::PlainInstruction> instruction) {
    return {std::move(sentence), std::move(instruction)};
}

std::string what(const JudgedExecution& judged, const DescriptorWrite& w) {
    return descriptor_text(*judged.schedule.program, judged.schedule.hardware, w.slot);
}

/// The last store in the schedule to a slot, if any.
std::optional<model::PlainInstruction> last_store_to(const JudgedExecution& judged,
                                                     const model::DescriptorSlot& slot) {
    std::optional<model::PlainInstruction> last;
    for (const auto& thread : judged.schedule.threads) {
        for (const auto& i : thread.code) {
            const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
            if (store != nullptr && store->slot == slot) last = i;
        }
    }
    return last;
}

bool own_slot(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va) {
    return model::Geometry(judged.schedule.hardware).entry_base(va, w.slot.level) == w.slot.va;
}

/// Why the entry for the T of one level outlives the schedule's TLBIs; nullopt: some TLBI removes it in time.
std::optional<Cause> why_it_stays(const JudgedExecution& judged, const Invalidation& inv) {
    switch (inv.failure) {
        case Invalidation::Failure::none:
            return std::nullopt;
        case Invalidation::Failure::out_of_scope:
            return with(inv.missed.sentence, inv.missed.nearest);
        case Invalidation::Failure::too_early:
            return with(
                fmt::format(
                    "no TLBI for it follows the store that changed the descriptor ({}); {} came before",
                    instruction_text(*judged.schedule.program, judged.schedule.hardware, *inv.store),
                    instruction_text(*judged.schedule.program, judged.schedule.hardware, *inv.tlbi)),
                inv.store);
        case Invalidation::Failure::local:
            return with("the TLBI that names it is local to the PE that executes it", inv.tlbi);
        case Invalidation::Failure::incomplete:
            return with(
                inv.weak_barrier.empty()
                    ? std::string("no DSB follows the TLBI, so it need never complete")
                    : fmt::format(
                          "{} after the TLBI does not complete it (that takes a DSB of loads and stores, as "
                          "wide as the TLBI's domain)",
                          inv.weak_barrier),
                inv.tlbi);
        case Invalidation::Failure::before_store_visible:
            return with(
                fmt::format("{} stands between the store to the descriptor and the TLBI, so a walk after the "
                            "TLBI may still "
                            "have read the old value",
                            inv.weak_barrier.empty() ? "no DSB" : "only " + inv.weak_barrier + " and no DSB"),
                inv.tlbi);
    }
    return std::nullopt;
}

/// The free that comes before any TLBI has removed the entry: what the entry maps has a new owner by then.
std::optional<Cause> freed_too_early(const JudgedExecution& judged, const DescriptorWrite& w,
                                     const Invalidation& inv, std::uint64_t va) {
    if (judged.question.property != model::PropertyKind::no_use_after_free || !inv.free ||
        !inv.freed_before_complete) {
        return std::nullopt;
    }
    return with(fmt::format("the memory that {:#x} maps is freed before the TLBI that removes its "
                            "translation is complete: until then "
                            "an access may still use an entry from before {} changed",
                            va, what(judged, w)),
                inv.free);
}

Cause neighbour_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va) {
    const model::Geometry geometry(judged.schedule.hardware);
    const model::DescriptorSlot own{geometry.entry_base(va, w.slot.level), w.slot.level, w.slot.generation};
    return with(
        fmt::format(
            "a walk for the neighbour {:#x} found its descriptor still valid with Contiguous = 1 and filled "
            "an "
            "entry that also serves {:#x}; shattered to one {}, that entry is removed by no later TLBI, "
            "for those name other addresses of the contiguous set",
            w.slot.va, va, w.slot.level == 3 ? "page" : "block"),
        last_store_to(judged, own));
}

/// Where a table descriptor that has since changed was used: why its entry was still there.
Cause table_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::size_t level) {
    const Invalidation inv = invalidation_of(judged, level, w);
    const std::string held = fmt::format(
        "the walk cache still holds {} as it was before the schedule changed it: ", what(judged, w));
    if (auto stays = why_it_stays(judged, inv)) {
        stays->sentence = held + stays->sentence;
        if (!stays->instruction) stays->instruction = last_store_to(judged, w.slot);
        return *stays;
    }
    return with(fmt::format("a walk used {} as it was before the schedule changed it; the TLBI that removes "
                            "the walk-cache entry "
                            "does not remove the leaf entry already filled through it",
                            what(judged, w)),
                last_store_to(judged, w.slot));
}

Cause leaf_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va,
                 std::size_t level) {
    const Invalidation inv = invalidation_of(judged, level, w);
    const bool neighbour = !own_slot(judged, w, va);
    if (neighbour && inv.failure == Invalidation::Failure::too_early) return neighbour_cause(judged, w, va);
    if (auto freed = freed_too_early(judged, w, inv, va)) return *freed;
    if (auto stays = why_it_stays(judged, inv)) {
        const std::string from =
            neighbour
                ? fmt::format("that was filled from {}, of the same contiguous set, before that changed",
                              what(judged, w))
                : std::string("from before its descriptor changed");
        stays->sentence =
            fmt::format("the TLB still holds an entry for {:#x} {}: {}", va, from, stays->sentence);
        if (!stays->instruction) stays->instruction = last_store_to(judged, w.slot);
        return *stays;
    }
    const bool here = judged.question.observer == model::ObserverKind::same_pe;
    return with(
        fmt::format(
            "the access used a translation from {} taken before the TLBI completed: {}", what(judged, w),
            here ? "on the PE itself a DSB alone does not discard it (no ISB follows, and no FEAT_ETS2)"
                 : "nothing orders the access after the TLBI's completion"),
        inv.tlbi);
}

/// A walk that read a table page after it was handed on: why the descriptor that points to the page was still
/// used.
Cause freed_table_cause(const JudgedExecution& judged, const std::vector<const DescriptorWrite*>& walk,
                        std::size_t level, std::uint64_t va) {
    const std::string read =
        fmt::format("a walk for {:#x} read {} after its table page was freed and written by the new owner",
                    va, what(judged, *walk[level]));
    std::optional<model::PlainInstruction> freed = freeing_instruction(judged, *walk[level]);
    if (level == 0) return with(read, std::move(freed));
    const DescriptorWrite& parent = *walk[level - 1];
    const Invalidation inv = invalidation_of(judged, level - 1, parent);
    const auto stays = why_it_stays(judged, inv);
    if (!stays) return with(read, std::move(freed));
    return with(
        fmt::format("{}: the walk cache still held {}, for {}", read, what(judged, parent), stays->sentence),
        std::move(freed));
}

Cause conflict_cause(const JudgedExecution& judged, std::uint64_t va, const DescriptorWrite& one,
                     const DescriptorWrite& other) {
    const bool result = judged.question.property != model::PropertyKind::no_tlb_conflict;
    return with(fmt::format("two entries that differ in size or result can be live for {:#x} at once, one "
                            "filled from {} = {}, one from "
                            "{} = {}: no break-before-make lies between the two values{}",
                            va, what(judged, one), value_text(one.value), what(judged, other),
                            value_text(other.value),
                            result ? "; below FEAT_BBM level 1 a lookup may then return a mix of both" : ""),
                last_store_to(judged, one.slot));
}

}  // namespace

Cause cause_of(const JudgedExecution& judged) {
    const auto walk = walk_of(judged, 0);
    const std::uint64_t va = judged_address(judged);
    if (judged.question.conflict) return conflict_cause(judged, va, *walk.back(), *walk_of(judged, 1).back());
    for (std::size_t k = 0; k < walk.size(); ++k) {
        if (walk[k]->by_new_owner) return freed_table_cause(judged, walk, k, va);
    }
    if (own_slot(judged, *walk.back(), va)) {
        for (std::size_t k = 0; k + 1 < walk.size(); ++k) {
            if (changed_later(judged, *walk[k])) return table_cause(judged, *walk[k], k);
        }
    }
    return leaf_cause(judged, *walk.back(), va, walk.size() - 1);
}

}  // namespace tlbcheck::checker
