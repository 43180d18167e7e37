// SPDX-License-Identifier: Apache-2.0
//
// Names the cause of a violation: what the walk read that it should not have, and why no invalidation removed it.
#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/found_witness.hpp"

namespace tlbcheck::checker {

namespace {

using model::DescriptorWrite;
using model::EventId;

/// What became of the TLBIs for one T of the judged walk.
struct Invalidation {
    bool any_in_scope = false;   ///< some TLBI names it
    bool any_reaching = false;   ///< ... and reaches the observer's PE
    bool any_completed = false;  ///< ... and is completed by a DSB that counts there
    bool all_before_t = true;    ///< every completed one came before the T
    std::optional<EventId> first;
};

Invalidation invalidation_of(const JudgedExecution& judged, const model::WalkLevel& level) {
    Invalidation result;
    const model::Execution& x = judged.execution;
    const auto scope = x.edges.find("inv-domain");
    const auto after = x.chosen.find("TLBI-after");
    if (scope == x.edges.end()) return result;
    const model::EventGraph& graph = judged.built.graph;
    for (EventId e = 0; e < graph.size(); ++e) {
        if (!scope->second.test(e, level.event)) continue;
        result.any_in_scope = true;
        if (!result.first) result.first = e;
        const bool here = graph.same_thread(e, level.event);
        if (!here && graph.in("TLBIIS", e).is_false()) continue;
        result.any_reaching = true;
        const bool tlbi_first = after != x.chosen.end() && after->second.test(e, level.event);
        const bool t_first = after != x.chosen.end() && after->second.test(level.event, e);
        if (!tlbi_first && !t_first) continue;
        result.any_completed = true;
        if (t_first) result.all_before_t = false;
    }
    return result;
}

const model::PlainInstruction* instruction_of(const JudgedExecution& judged, EventId event) {
    const model::Event& e = judged.built.graph.event(event);
    if (e.thread < 0 || static_cast<std::size_t>(e.thread) >= judged.schedule.threads.size()) return nullptr;
    const auto& code = judged.schedule.threads[static_cast<std::size_t>(e.thread)].code;
    const auto i = static_cast<std::size_t>(e.instruction);
    return i < code.size() ? &code[i] : nullptr;
}

/// The last store in the schedule to the slot the write was to, if any.
const model::PlainInstruction* last_store_to(const JudgedExecution& judged, const model::DescriptorSlot& slot) {
    const model::PlainInstruction* last = nullptr;
    for (const auto& thread : judged.schedule.threads) {
        for (const auto& i : thread.code) {
            const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
            if (store != nullptr && store->slot == slot) last = &i;
        }
    }
    return last;
}

const model::PlainInstruction* first_tlbi(const JudgedExecution& judged) {
    for (const auto& thread : judged.schedule.threads) {
        for (const auto& i : thread.code) {
            if (std::holds_alternative<model::TlbiInstruction>(i.operation)) return &i;
        }
    }
    return nullptr;
}

Cause with(std::string sentence, const model::PlainInstruction* instruction) {
    Cause cause;
    cause.sentence = std::move(sentence);
    if (instruction != nullptr) cause.instruction = *instruction;
    return cause;
}

std::string what(const DescriptorWrite& w) {
    return fmt::format("the level-{} descriptor of {:#x}", w.slot.level, w.slot.va);
}

Cause neighbour_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va) {
    const model::Geometry geometry(judged.schedule.hardware);
    const model::DescriptorSlot own{geometry.entry_base(va, w.slot.level), w.slot.level, w.slot.generation};
    const auto* own_store = last_store_to(judged, own);
    return with(fmt::format("a walk for the neighbour {:#x} found its descriptor still valid with Contiguous = 1 and filled an "
                            "entry that also serves {:#x}; shattered to one {}, that entry is removed by no later TLBI, "
                            "for those name other addresses of the contiguous set",
                            w.slot.va, va, w.slot.level == 3 ? "page" : "block"),
                own_store);
}

Cause table_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::size_t level) {
    const Invalidation inv = invalidation_of(judged, judged.built.accesses.front().walk[level]);
    const auto* store = last_store_to(judged, w.slot);
    if (!inv.any_in_scope) {
        return with(fmt::format("the walk cache still holds {} from before the schedule changed it: no TLBI of the schedule "
                                "invalidates table descriptors for this address (last-level-only operations do not)", what(w)),
                    first_tlbi(judged) != nullptr ? first_tlbi(judged) : store);
    }
    return with(fmt::format("a walk used {} as it was before the schedule changed it; the TLBI that removes the walk-cache entry "
                            "does not remove the leaf entry already filled through it", what(w)),
                store);
}

Cause leaf_cause(const JudgedExecution& judged, const DescriptorWrite& w, std::size_t level) {
    const Invalidation inv = invalidation_of(judged, judged.built.accesses.front().walk[level]);
    const auto* store = last_store_to(judged, w.slot);
    const auto* tlbi = inv.first ? instruction_of(judged, *inv.first) : first_tlbi(judged);
    const std::string entry = "the TLB still holds " + what(w) + " as it was before the schedule changed it: ";
    if (!inv.any_in_scope) {
        return with(entry + "no TLBI of the schedule is required to remove that entry (address, level hint, ASID, granule and "
                            "range decide its scope)", tlbi != nullptr ? tlbi : store);
    }
    if (!inv.any_reaching) return with(entry + "the TLBI that names it is local to the PE that executes it", tlbi);
    if (!inv.any_completed) {
        return with(entry + "no DSB that completes the TLBI for this PE follows it (a full DSB is needed, as wide as the "
                            "TLBI's domain)", tlbi);
    }
    if (inv.all_before_t) {
        return with("the TLBI came before the store to " + what(w) + " was visible to table walks: no DSB stands between them, so "
                    "a walk after the TLBI could still read the old value", tlbi);
    }
    return with("the access used a translation of " + what(w) + " taken before the TLBI completed: on the PE itself a DSB alone "
                "does not discard it (no ISB follows, and no FEAT_ETS2)", tlbi);
}

bool own_slot(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va) {
    return model::Geometry(judged.schedule.hardware).entry_base(va, w.slot.level) == w.slot.va;
}

}  // namespace

Cause cause_of(const JudgedExecution& judged) {
    const auto walk = walk_of(judged, 0);
    const std::uint64_t va = judged_address(judged);
    if (judged.question.conflict) {
        const auto other = walk_of(judged, 1);
        const DescriptorWrite& w = *walk.back();
        return with(fmt::format("two entries that differ in size or result can be live for {:#x} at once: one from {}, one from {}", va,
                                to_string(w.value), to_string(other.back()->value)),
                    last_store_to(judged, w.slot));
    }
    for (std::size_t k = 0; k < walk.size(); ++k) {
        if (walk[k]->by_new_owner) {
            const auto* freed = instruction_of(judged, walk[k]->event);
            return with(fmt::format("a walk read {} after its table page was freed and written by the new owner", what(*walk[k])), freed);
        }
    }
    const DescriptorWrite& last = *walk.back();
    if (!own_slot(judged, last, va)) return neighbour_cause(judged, last, va);
    for (std::size_t k = 0; k + 1 < walk.size(); ++k) {
        const bool changed = std::ranges::any_of(judged.built.writes, [&](const DescriptorWrite& w) {
            return w.slot == walk[k]->slot && w.thread >= 0 && &w != walk[k] && w.index >= walk[k]->index;
        });
        if (changed) return table_cause(judged, *walk[k], k);
    }
    return leaf_cause(judged, last, walk.size() - 1);
}

}  // namespace tlbcheck::checker
