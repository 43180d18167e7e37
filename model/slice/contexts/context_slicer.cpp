// SPDX-License-Identifier: Apache-2.0
//
// What of each thread concerns a unit, in whatever space.
#include "model/slice/contexts/context_slicer.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "model/arch/hardware_update.hpp"
#include "model/limits/budget.hpp"
#include "model/program/cached_translation.hpp"
#include "model/program/guest.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/slice/contexts/one_space.hpp"

namespace tlbcheck::model {

namespace {

/// The levels at which some value is ever Contiguous.
std::array<bool, 4> levels_of_sets(const ScheduleProgram& program) {
    std::array<bool, 4> result{};
    const auto note = [&](int level, bool contiguous) {
        if (contiguous) result[static_cast<std::size_t>(level)] = true;
    };
    for (const Region& region : program.regions) note(region.level, region.contiguous);
    for (const NewTable& table : program.new_tables) {
        for (const Region& piece : table.leaves) note(piece.level, piece.contiguous);
    }
    for (const ScheduleThread& thread : program.threads) {
        for (const Run& run : thread.code) {
            for (const Instruction& i : run.body) {
                if (const auto* store = std::get_if<StoreDescriptor>(&i.operation))
                    note(store->slot.level, store->value.contiguous);
            }
        }
    }
    return result;
}

AddressRange plain(const AddressRange& range) {
    return {spaces::plain(range.first), spaces::plain(range.last)};
}

/// The level of the descriptors that it writes: a store, or the new owner of a table page; nullopt: it writes
/// none.
std::optional<int> written_level(const Operation& operation) {
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) return store->slot.level;
    const auto* free = std::get_if<Free>(&operation);
    const auto* page = free == nullptr ? nullptr : std::get_if<TablePage>(&free->what);
    return page == nullptr ? std::nullopt : std::optional(page->level);
}

/// Calls `visit(instruction, iteration, index)` for all that the thread executes, in order.
template <class Visit>
void for_each_executed(const ScheduleThread& thread, const Visit& visit) {
    std::uint64_t index = 0;
    for (const Run& run : thread.code) {
        for (std::uint64_t i = 0; i < run.count; ++i) {
            poll();
            for (const Instruction& instruction : run.body) visit(instruction, i, index++);
        }
    }
}

}  // namespace

std::string why_contexts_whole(const ScheduleProgram& program, const HardwareParameters& hardware) {
    if (uses_guests(program)) return "guests: a walk is of two stages, and of each level of the first";
    if (program.closed) return "cpus: every PE of the schedule is an observer";
    if (hardware.walk_cache == WalkCache::per_page)
        return "contexts, and walk-cache entries that carry a page";
    if (manages_flags(hardware)) return "contexts, and flags that hardware sets";
    return {};
}

struct ContextSlicer::OfUnit {
    const Unit& unit;
    std::vector<AddressRange> memory;
    std::array<AddressRange, 4> slots;  ///< by level
    Entries entries;
    std::set<std::size_t> storers;  ///< threads that write descriptors of the unit
    int first_stored;               ///< highest level at which one is written; 4: none is
};

ContextSlicer::ContextSlicer(const SliceContext& context)
    : context_(context),
      sets_(levels_of_sets(context.program)),
      plain_(!changes_context(context.program) && !tags_shared(context.program)) {}

bool ContextSlicer::set_at(int level) const {
    return sets_[static_cast<std::size_t>(level)] && context_.geometry.contiguous_slots(level);
}

AddressRange ContextSlicer::slots(const Unit& unit, int level) const {
    const Geometry& geometry = context_.geometry;
    const AddressRange span = plain(unit.span());
    if (set_at(level)) {
        return {geometry.set_base(span.first, level),
                geometry.set_base(span.last, level) + (geometry.contiguous_bytes(level) - 1)};
    }
    return {geometry.entry_base(span.first, level),
            geometry.entry_base(span.last, level) + (geometry.entry_bytes(level) - 1)};
}

std::vector<AddressRange> ContextSlicer::mapped(const Descriptor& leaf, const DescriptorSlot& slot,
                                                const Unit& unit) const {
    std::vector<AddressRange> result;
    if (leaf.kind != DescriptorKind::leaf) return result;
    const Geometry& geometry = context_.geometry;
    const AddressRange span = plain(unit.span());
    const auto add = [&](std::uint64_t va, std::uint64_t pa, std::uint64_t bytes) {
        const std::uint64_t first = std::max(va, span.first);
        const std::uint64_t last = std::min(va + (bytes - 1), span.last);
        if (first <= last) result.push_back({pa + (first - va), pa + (last - va)});
    };
    const std::uint64_t va = spaces::plain(slot.va);
    add(va, leaf.oa, geometry.entry_bytes(slot.level));
    if (leaf.contiguous && geometry.contiguous_slots(slot.level)) {
        const std::uint64_t bytes = geometry.contiguous_bytes(slot.level);
        add(geometry.set_base(va, slot.level), leaf.oa - leaf.oa % bytes, bytes);
    }
    return result;
}

/// What does not hang on the memory that is freed: the descriptors' slots, who writes them, where they lead.
ContextSlicer::OfUnit ContextSlicer::look_at(const Unit& unit) const {
    OfUnit of{unit, {}, {}, {}, {}, 4};
    for (int level = 0; level < 4; ++level) of.slots[static_cast<std::size_t>(level)] = slots(unit, level);
    const auto add_memory = [&](const DescriptorSlot& slot, const Descriptor& value) {
        for (const AddressRange& range : mapped(value, slot, unit)) {
            if (std::ranges::find(of.memory, range) == of.memory.end()) of.memory.push_back(range);
        }
    };
    for_each_slot(unit, [&](const DescriptorSlot& slot) {
        add_memory(slot, initial_descriptor(context_.program, slot));
    });
    const std::vector<ScheduleThread>& threads = context_.program.threads;
    for (std::size_t t = 0; t < threads.size(); ++t) {
        for_each_executed(threads[t], [&](const Instruction& i, std::uint64_t iteration, std::uint64_t) {
            if (!written_level(i.operation)) return;
            const Operation at = instantiate(i, iteration).operation;
            if (!touches(at, of)) return;
            of.storers.insert(t);
            of.first_stored = std::min(of.first_stored, *written_level(at));
            if (const auto* store = std::get_if<StoreDescriptor>(&at)) add_memory(store->slot, store->value);
        });
    }
    return of;
}

bool ContextSlicer::touches(const Operation& operation, const OfUnit& of) const {
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
        const std::uint64_t va = spaces::plain(store->slot.va);
        return of.slots[static_cast<std::size_t>(store->slot.level)].meets({va, va});
    }
    if (const auto* access = std::get_if<Access>(&operation)) {
        const std::uint64_t va = spaces::plain(access->va);
        return access->flag || plain(of.unit.span()).meets({va, va});
    }
    if (const auto* free = std::get_if<Free>(&operation)) {
        if (const auto* page = std::get_if<TablePage>(&free->what)) {
            const AddressRange& slots = of.slots[static_cast<std::size_t>(page->level)];
            return context_.geometry.table_base(slots.first, page->level) == spaces::plain(page->va_base);
        }
        const auto& [first, bytes] = std::get<std::pair<std::uint64_t, std::uint64_t>>(free->what);
        const AddressRange freed{first, first + (bytes - 1)};
        return std::ranges::any_of(of.memory, [&](const AddressRange& m) { return m.meets(freed); });
    }
    return true;
}

/// Every shape that an entry for the address may have, from the level on.
void ContextSlicer::add_entries(Entries& entries, std::uint64_t va, int from_level) const {
    const auto entry = [&](int level, bool leaf, EntryReach reach, std::optional<bool> global) {
        entries.push_back(
            cached_translation(context_.program, context_.geometry, va, level, leaf, reach, global));
    };
    for (int level = std::max(from_level, context_.start_level()); level <= 3; ++level) {
        if (level < 3) entry(level, false, EntryReach::descriptor, std::nullopt);
        for (const std::optional<bool> global :
             {std::optional(true), std::optional(false), std::optional<bool>()}) {
            entry(level, true, EntryReach::descriptor, global);
            if (set_at(level)) entry(level, true, EntryReach::contiguous_set, global);
        }
    }
}

ContextSlicer::Entries ContextSlicer::entries(const Unit& unit, int from_level) const {
    Entries result;
    if (from_level > 3) return result;
    const bool spaced = spaces::of(unit.base).has_value();
    const std::uint64_t bytes = context_.geometry.entry_bytes(unit.cell->finest);
    for (std::uint64_t at = unit.judged.first; at <= unit.judged.last && at >= unit.judged.first;
         at += bytes) {
        if (!spaced) {
            add_entries(result, at, from_level);
            continue;
        }
        for (SpaceId s = 0; s < context_.program.spaces.size(); ++s)
            add_entries(result, spaces::within(spaces::plain(at), s), from_level);
    }
    if (uses_vms(context_.program)) {
        CachedTranslation combined;
        combined.stage = CachedTranslation::Stage::combined;
        result.push_back(combined);
    }
    return result;
}

/// Of the regime that the operation is for the PE's state may decide: each state that can be.
Footprint ContextSlicer::footprint(const TlbiInstruction& tlbi, const Entries& entries) const {
    Footprint result;
    result.domain = tlbi.op.domain;
    result.nxs = tlbi.op.nxs;
    std::vector<HostState> states{{uses_vhe(context_.program), std::nullopt}};
    if (states.front().e2h && depends_on_tge(tlbi.op.base)) states = {{true, false}, {true, true}};
    for (const HostState& state : states) {
        const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, context_.geometry, state);
        for (const CachedTranslation& entry : entries) {
            const bool removed = in_scope(scope, entry);
            result.shapes.push_back(removed);
            // What combines both stages is filled again from an entry of stage 2, as a leaf through a
            // table's.
            if (removed && (!entry.leaf || entry.stage == CachedTranslation::Stage::stage2))
                result.tables = 1;
        }
    }
    if (std::ranges::find(result.shapes, true) == result.shapes.end()) return {};
    // It alone does not go by the VMID.
    result.shapes.push_back(tlbi.op.base == TlbiBase::alle1);
    return result;
}

/// Lemmas 2 and 6, and where nothing about contexts matters 4 and 5. A context synchronisation event stays
/// where it is.
std::vector<KeptInstruction> ContextSlicer::reduced(std::size_t thread, const OfUnit& of, bool alone) const {
    ReducedCode code(alone);
    for_each_executed(context_.program.threads[thread],
                      [&](const Instruction& i, std::uint64_t iteration, std::uint64_t index) {
                          if (const auto* barrier = std::get_if<Barrier>(&i.operation)) {
                              if (!plain_ && barrier->kind == BarrierKind::isb)
                                  code.keep_apart({&i, iteration, index, std::nullopt});
                              else
                                  code.barriers({{*barrier, index, &i}});
                              return;
                          }
                          const Instruction at = instantiate(i, iteration);
                          if (const auto* tlbi = std::get_if<TlbiInstruction>(&at.operation)) {
                              const Footprint removed = footprint(*tlbi, of.entries);
                              if (!removed.shapes.empty() && !code.leading())
                                  static_cast<void>(code.tlbi({&i, iteration, index, removed}));
                              return;
                          }
                          if (!touches(at.operation, of)) return;
                          KeptInstruction kept{&i, iteration, index, std::nullopt};
                          if (std::holds_alternative<ContextChange>(i.operation)) {
                              code.keep_apart(std::move(kept));
                              return;
                          }
                          code.keep(std::move(kept), written_level(i.operation).has_value());
                      });
    return code.finish();
}

bool ContextSlicer::flushes(std::size_t thread, const OfUnit& of) const {
    bool found = false;
    for_each_executed(context_.program.threads[thread],
                      [&](const Instruction& i, std::uint64_t iteration, std::uint64_t) {
                          if (found || !std::holds_alternative<TlbiInstruction>(i.operation)) return;
                          const Instruction at = instantiate(i, iteration);
                          const auto& tlbi = std::get<TlbiInstruction>(at.operation);
                          found = !footprint(tlbi, of.entries).shapes.empty();
                      });
    return found;
}

/// It stores to the unit's descriptors, no other thread does, and no other has TLBIs for the unit.
bool ContextSlicer::is_alone(std::size_t thread, const OfUnit& of) const {
    if (of.storers.size() != 1 || !of.storers.contains(thread)) return false;
    for (std::size_t other = 0; other < context_.program.threads.size(); ++other) {
        if (other != thread && flushes(other, of)) return false;
    }
    return true;
}

UnitSlice ContextSlicer::slice(const Unit& unit) const {
    OfUnit of = look_at(unit);
    of.entries = entries(unit, plain_ ? of.first_stored : 0);
    UnitSlice result{unit, {}};
    for (std::size_t t = 0; t < context_.program.threads.size(); ++t)
        result.threads.push_back(reduced(t, of, plain_ && is_alone(t, of)));
    return result;
}

JudgedSchedule ContextSlicer::schedule(const UnitSlice& slice) const {
    return judged_schedule(context_, slice);
}

}  // namespace tlbcheck::model
