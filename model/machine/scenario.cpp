// SPDX-License-Identifier: Apache-2.0
//
// Building of a scenario in order, and what the machine asks of it: values, translations, what a TLBI
// removes.
#include "model/machine/scenario.hpp"

#include <algorithm>

namespace tlbcheck::model {

std::string unsupported(const JudgedSchedule& schedule) {
    for (const JudgedThread& thread : schedule.threads) {
        bool atomic = false;
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            atomic = atomic || (store != nullptr && store->atomic);
            const auto* barrier = std::get_if<Barrier>(&instruction.operation);
            if (atomic && barrier != nullptr && barrier->access == BarrierAccess::ld)
                return "the machine does not run a barrier of loads behind an atomic read-modify-write";
            const Await* await = std::get_if<Await>(&instruction.operation);
            if (await != nullptr && !await->flag)
                return "the machine does not run an await on a translated address";
        }
    }
    return {};
}

Scenario::Scenario(const JudgedSchedule& schedule, const Question& question)
    : schedule_(&schedule),
      question_(question),
      geometry_(question.hardware),
      guest_tables_(*schedule.program) {
    region_ = region_of(schedule.program->regions, va());
    // Beside the entry that must be gone, the walk that comes to what is stored.
    if (question_.kind == PropertyKind::no_bbm_violation)
        question_.targets.push_back({va(), std::nullopt, 0, geometry_.entry_base(va(), 3)});
    branches_ = has_branch(schedule);
    find_contexts();
    find_guest();
    add_slots();
    if (guest_) add_guest_slots();
    add_branch_slots();
    if (question_.kind == PropertyKind::no_use_after_free) find_output_addresses();
    end_flags_.assign(schedule.threads.size(), -1);
    for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) add_thread(t);
    find_order();
    if (hardware().repeat_tlbi) find_repeats();
    find_branching();
    find_root();
    find_final();
}

bool Scenario::branches(std::uint32_t thread) const {
    return branches_ && std::ranges::any_of(threads_[thread], [](const MachineInstruction& code) {
               return code.kind == MachineInstruction::Kind::branch;
           });
}

bool Scenario::is_raced(std::uint32_t thread, const MachineInstruction& read) const {
    return std::ranges::any_of(stores_, [&](const MachineStore& store) {
        return store.location == read.location && store.thread != thread;
    });
}

bool Scenario::tells_apart(const MachineInstruction& await) const {
    if (!moment() || await.kind != MachineInstruction::Kind::await) return false;
    return std::ranges::count_if(stores_, [&](const MachineStore& store) {
               return store.location == await.location && store.flag_value == await.value;
           }) > 1;
}

bool Scenario::is_stale(const Translation& seen, const Translation& fresh) const {
    if ((!seen.valid || !seen.af) && (!fresh.valid || !fresh.af)) return false;  // both fault
    if (seen == fresh) return false;
    if (!question_.judging.restrictive || seen.garbage || fresh.garbage || !fresh.valid || !fresh.af)
        return true;
    if (!seen.valid || !seen.af) return false;  // a fault allows nothing
    return seen.oa != fresh.oa || seen.global != fresh.global ||
           !executes_less(seen.attributes, fresh.attributes) || seen.writable > fresh.writable ||
           seen.el0 > fresh.el0;
}

bool Scenario::judged_at_any_time() const {
    if (question_.kind == PropertyKind::no_use_after_free || question_.kind == PropertyKind::no_lost_update)
        return true;
    return question_.kind == PropertyKind::never_invalid && (region_ == nullptr || region_->mapped);
}

bool Scenario::is_unknown(int location, StoredId id) const {
    if (id != 0) return is_garbage(id);
    return unknown_at_start(*schedule_->program, locations_[static_cast<std::size_t>(location)].slot);
}

int Scenario::own_location(int level, std::uint32_t generation) const {
    return find_slot({geometry_.entry_base(va(), level), level, generation});
}

int Scenario::slot_location(std::size_t t, int level, std::uint32_t generation) const {
    if (!from_sibling(t, level))
        return find_slot({geometry_.entry_base(question_.targets[t].va, level), level, generation});
    return find_slot({question_.targets[t].sibling_va, level, generation});
}

Descriptor Scenario::value(int location, StoredId id) const {
    if (id != 0) return stores_[id - 1U].value;
    return locations_[static_cast<std::size_t>(location)].initial;
}

Translation Scenario::translate(bool sibling, int level, const Descriptor& leaf, bool garbage) const {
    return translate_for(va(), sibling, level, leaf, garbage);
}

Translation Scenario::translate_for(std::uint64_t at, bool sibling, int level, const Descriptor& leaf,
                                    bool garbage) const {
    Translation result;
    if (garbage) {
        result.valid = result.af = result.garbage = true;
        return result;
    }
    if (leaf.kind != DescriptorKind::leaf || !geometry_.has_leaf(level)) return result;
    result.valid = true;
    result.af = leaf.af;
    result.writable = leaf.writable();
    result.el0 = leaf.el0;
    result.global = !leaf.not_global;
    result.attributes = leaf.attributes;
    const std::uint64_t bytes = sibling ? geometry_.contiguous_bytes(level) : geometry_.entry_bytes(level);
    result.oa = leaf.oa - leaf.oa % bytes + at % bytes;
    return result;
}

FreshLeaf Scenario::fresh_leaf(const std::vector<StoredId>& memory) const {
    return fresh_leaf(memory, geometry_.start_level(), 0);
}

FreshLeaf Scenario::fresh_leaf(const std::vector<StoredId>& memory, int from,
                               std::uint32_t generation) const {
    FreshLeaf result;
    result.path.fill(-1);
    for (int level = from; level <= 3; ++level) {
        const int location = own_location(level, generation);
        if (location < 0) return result;
        const StoredId id = memory[static_cast<std::size_t>(location)];
        result.path[static_cast<std::size_t>(level)] = location;
        const Descriptor descriptor = value(location, id);
        if (is_garbage(id) || descriptor.kind != DescriptorKind::table || level == 3) {
            result.level = level;
            result.value = descriptor;
            result.garbage = is_garbage(id);
            return result;
        }
        generation = static_cast<std::uint32_t>(descriptor.oa);
    }
    return result;
}

Translation Scenario::fresh_walk(const std::vector<StoredId>& memory) const {
    if (guest_) return guest_walk(memory);
    const FreshLeaf leaf = fresh_leaf(memory);
    return leaf.level < 0 ? Translation{} : translate(false, leaf.level, leaf.value, leaf.garbage);
}

bool Scenario::frees(std::size_t store, const Translation& translation) const {
    const MachineStore& write = stores_[store];
    const Free* free = std::get_if<Free>(&schedule_->threads[write.thread].code[write.position].operation);
    if (free == nullptr) return false;
    const bool of_table = write.location >= 0 && locations_[static_cast<std::size_t>(write.location)].kind ==
                                                     MachineLocation::Kind::slot;
    if (of_table) return false;  // of the same memory, but not what is accessed
    const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free->what);
    return range != nullptr && translation.oa - range->first < range->second;
}

CachedTranslation Scenario::cached(std::size_t t, int level, const Descriptor& value, EntrySpan span) const {
    CachedTranslation entry;
    entry.level = level;
    entry.leaf = span != EntrySpan::table;
    const std::uint64_t walked = question_.targets[t].va;
    const Region* const region = walked == va() ? region_ : region_of(schedule_->program->regions, walked);
    entry.global = region == nullptr || region->global;
    entry.asid = region == nullptr ? std::uint16_t{0} : region->asid;
    if (entry.leaf && value.valid()) entry.global = !value.not_global;
    const std::optional<SpaceId> in = spaces::of(walked);
    if (in) {
        entry.asid = schedule_->program->spaces[*in].asid;
        if (schedule_->program->spaces[*in].upper) entry.asid = context(t) ? context(t)->asid : std::nullopt;
        entry.regime = schedule_->program->spaces[*in].regime;
        if (schedule_->program->spaces[*in].stage2) entry.stage = CachedTranslation::Stage::stage2;
        if (!entry.leaf) entry.global = false;
        if (entry.leaf && !value.valid()) entry.global = region != nullptr && region->global;
    }
    std::uint64_t bytes = geometry_.entry_bytes(level);
    std::uint64_t base = walked;
    if (span == EntrySpan::coalesced) bytes = geometry_.contiguous_bytes(level);
    if (span == EntrySpan::table && hardware().walk_cache == WalkCache::per_page) {
        bytes = granule_bytes(geometry_.granule());
        base = question_.targets[t].walked_for;
    }
    // A TLBI names the address, not the space.
    if (in) base = spaces::is_upper(base) ? base | std::uint64_t{0xFFFF} << 48U : base << 16U >> 16U;
    entry.first = base - base % bytes;
    entry.last = entry.first + (bytes - 1);
    return entry;
}

bool Scenario::removes(const MachineTlbi& tlbi, std::size_t t, int level, const Descriptor& value,
                       EntrySpan span, bool whole_set) const {
    if (tlbi.op.nxs && has(value.attributes, Attr::xs)) return false;
    if (guest_) {
        const bool under = question_.targets[t].under.has_value();
        if (!names_vmid(tlbi, *guest_)) return false;
        // What combines both stages is found as the leaf of stage 1 is.
        if (span == EntrySpan::combined) span = whole_set ? EntrySpan::coalesced : EntrySpan::own;
        if (under != (cached(t, level, value, span).stage == CachedTranslation::Stage::stage2)) return false;
        return in_scope(tlbi.scope, cached(t, level, value, span));
    }
    if (const auto vm = guest_of(*schedule_->program, question_.targets[t].va); vm && !names_vmid(tlbi, *vm))
        return false;
    if (stage2_) {
        if (!names_vmid(tlbi, *spaces::of(question_.targets[t].va))) return false;
        // Of what the guest maps where, nobody else knows: only operations on all of it meet what combines.
        if (span == EntrySpan::combined)
            return !tlbi.scope.nothing && tlbi.scope.regime == Regime::el10 && tlbi.scope.stage1 &&
                   !tlbi.scope.first && !tlbi.scope.asid;
    }
    return in_scope(tlbi.scope, cached(t, level, value, span));
}

}  // namespace tlbcheck::model
