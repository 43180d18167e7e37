// SPDX-License-Identifier: Apache-2.0
//
// Reads out of a violating execution what its walk read that it should not have.
#include <algorithm>

#include "checker/engine/found_witness.hpp"
#include "model/program/cached_translation.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::checker {

namespace {

using model::DescriptorWrite;

/// The first store, in the order of threads, that gives the descriptor another value after `w`.
bool find_overwriting(const JudgedExecution& judged, const DescriptorWrite& w, Misread& misread) {
    for (std::size_t t = 0; t < judged.schedule.threads.size(); ++t) {
        for (const model::PlainInstruction& i : judged.schedule.threads[t].code) {
            const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
            const bool earlier = w.thread == static_cast<int>(t) && i.index <= w.index;
            if (store == nullptr || store->slot != w.slot || earlier) continue;
            misread.changed_by = i;
            misread.changed_by_thread = static_cast<std::uint32_t>(t);
            return true;
        }
    }
    return false;
}

/// What the walk's entry covers, as a TLBI's scope is judged.
model::CachedTranslation entry_of(const JudgedExecution& judged, const DescriptorWrite& w, std::uint64_t va) {
    const model::Geometry geometry(judged.schedule.hardware);
    const bool leaf = w.value.kind != model::DescriptorKind::table;
    const bool per_page = !leaf && judged.schedule.hardware.walk_cache == model::WalkCache::per_page;
    return cached_translation(*judged.schedule.program, geometry, va, w.slot.level, leaf,
                              per_page ? model::EntryReach::page : model::EntryReach::descriptor,
                              leaf ? std::optional(!w.value.not_global) : std::nullopt);
}

/// Two entries at once, of these walks: what changed the first one's leaf, else what led to it.
void note_two_entries(const JudgedExecution& judged, const std::vector<const DescriptorWrite*>& walk,
                      const std::vector<const DescriptorWrite*>& other, Misread& misread) {
    misread.other_slot = other.back()->slot;
    misread.other_value = other.back()->value;
    const auto changed = [&](const std::vector<const DescriptorWrite*>& reads, Misread& found) {
        return std::any_of(reads.rbegin(), reads.rend(),
                           [&](const DescriptorWrite* w) { return find_overwriting(judged, *w, found); });
    };
    Misread of_other;
    misread.final_values = !changed(walk, misread) && !changed(other, of_other);
}

void read_from(const JudgedExecution& judged, const DescriptorWrite& w, Misread& misread) {
    misread.slot = w.slot;
    misread.value = w.value;
    misread.entry = entry_of(judged, w, misread.va);
}

/// A walk that read a table page after it was handed on; the entry is that of the descriptor that led there.
void read_reused(const JudgedExecution& judged, const std::vector<const DescriptorWrite*>& walk,
                 std::size_t level, Misread& misread) {
    misread.kind = Misreading::reused_table;
    read_from(judged, *walk[level], misread);
    misread.other_slot = misread.slot;
    if (level > 0) {
        misread.entry = entry_of(judged, *walk[level - 1], misread.va);
        misread.other_slot = walk[level - 1]->slot;
        misread.other_value = walk[level - 1]->value;
        Misread leading;
        if (find_overwriting(judged, *walk[level - 1], leading)) {
            misread.unhooked_by = leading.changed_by;
            misread.unhooked_by_thread = leading.changed_by_thread;
        }
    }
    const model::Event& event = judged.built.graph.event(walk[level]->event);
    if (event.thread < 0 || static_cast<std::size_t>(event.thread) >= judged.schedule.threads.size()) return;
    const auto& code = judged.schedule.threads[static_cast<std::size_t>(event.thread)].code;
    const auto at = static_cast<std::size_t>(judged.built.index_of(event.thread, event.instruction));
    if (at < code.size()) misread.changed_by = code[at];
    misread.changed_by_thread = static_cast<std::uint32_t>(event.thread);
}

void read_leaf(const JudgedExecution& judged, const DescriptorWrite& w, Misread& misread) {
    read_from(judged, w, misread);
    const bool own = own_slot(judged.schedule.hardware, w.slot, misread.va);
    const bool changed = find_overwriting(judged, w, misread);
    if (!own) {
        const model::DescriptorSlot slot{
            model::Geometry(judged.schedule.hardware).entry_base(misread.va, w.slot.level), w.slot.level,
            w.slot.generation};
        for (const model::JudgedThread& thread : judged.schedule.threads) {
            for (const model::PlainInstruction& i : thread.code) {
                const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
                if (store != nullptr && store->slot == slot) misread.own_store = i;
            }
        }
        misread.kind = changed ? Misreading::old_neighbour : Misreading::final_neighbour;
    } else if (!w.value.valid()) {
        misread.kind = Misreading::old_invalid;
    } else {
        misread.kind = changed ? Misreading::old_leaf : Misreading::final_leaf;
    }
}

void note_change(const JudgedExecution& judged, const DescriptorWrite& w, Misread& misread) {
    for (const model::PlainInstruction& i :
         judged.schedule.threads[static_cast<std::size_t>(w.thread)].code) {
        if (i.index == w.index) misread.changed_by = i;
    }
    misread.changed_by_thread = static_cast<std::uint32_t>(w.thread);
}

/// A fault; it is told with the store that made the descriptor invalid.
void read_invalid(const JudgedExecution& judged, const DescriptorWrite& w, Misread& misread) {
    misread.kind = Misreading::met_invalid;
    read_from(judged, w, misread);
    if (w.thread >= 0) note_change(judged, w, misread);
}

/// A descriptor that a guest's walk read, and the address it was read for: an IPA, of stage 2.
struct GuestRead {
    const DescriptorWrite* write = nullptr;
    std::uint64_t address = 0;
};

/// What the walks of both stages read, in the order of the walk.
std::vector<GuestRead> guest_reads(const JudgedExecution& judged, std::size_t access) {
    std::vector<GuestRead> result;
    const model::JudgedAccess& made = judged.built.accesses[access];
    const auto address_of = [&](const std::vector<model::WalkAddress>& addresses) {
        for (const model::WalkAddress& a : addresses) {
            if (judged.assignment.value(a.chosen)) return a.va;
        }
        return std::uint64_t{0};
    };
    const auto add = [&](const model::WalkLevel& level, std::uint64_t address) {
        if (!judged.execution.executed.test(level.event)) return;
        for (const model::WalkSource& s : level.sources) {
            if (judged.assignment.value(s.chosen)) result.push_back({&judged.built.writes[s.write], address});
        }
    };
    const auto add_under = [&](int level) {
        for (const model::Stage2Walk& under : made.under) {
            if (under.for_level != level) continue;
            for (const model::WalkLevel& below : under.levels) add(below, address_of(under.addresses));
        }
    };
    for (const model::WalkLevel& level : made.walk) {
        add_under(level.level);
        add(level, address_of(made.addresses));
    }
    add_under(model::Stage2Walk::output);
    return result;
}

std::vector<const DescriptorWrite*> writes_of(const std::vector<GuestRead>& reads) {
    std::vector<const DescriptorWrite*> writes;
    for (const GuestRead& read : reads) writes.push_back(read.write);
    return writes;
}

/// The first descriptor that was read as it is no more; else the last one.
void read_by_guest(const JudgedExecution& judged, Misread& misread) {
    const std::vector<GuestRead> reads = guest_reads(judged, 0);
    const auto take = [&](Misreading kind, const GuestRead& read) {
        misread.kind = kind;
        misread.slot = read.write->slot;
        misread.value = read.write->value;
        misread.entry = entry_of(judged, *read.write, read.address);
    };
    const GuestRead& last = reads.back();
    if (judged.question.conflict) {
        take(Misreading::two_entries, last);
        note_two_entries(judged, writes_of(reads), writes_of(guest_reads(judged, 1)), misread);
        return;
    }
    if (misread.property == model::PropertyKind::never_invalid && !last.write->by_new_owner) {
        take(Misreading::met_invalid, last);
        if (last.write->thread >= 0) note_change(judged, *last.write, misread);
        return;
    }
    for (std::size_t k = 0; k < reads.size(); ++k) {
        if (!reads[k].write->by_new_owner) continue;
        take(Misreading::reused_table, reads[k]);
        misread.other_slot = misread.slot;
        if (k > 0) {
            misread.entry = entry_of(judged, *reads[k - 1].write, reads[k - 1].address);
            misread.other_slot = reads[k - 1].write->slot;
            misread.other_value = reads[k - 1].write->value;
        }
        note_change(judged, *reads[k].write, misread);
        return;
    }
    for (const GuestRead& read : reads) {
        const bool table = read.write->value.kind == model::DescriptorKind::table;
        if (!find_overwriting(judged, *read.write, misread)) continue;
        take(table                       ? Misreading::old_table
             : read.write->value.valid() ? Misreading::old_leaf
                                         : Misreading::old_invalid,
             read);
        return;
    }
    for (const GuestRead& read : reads) {
        const auto space = model::spaces::of(read.write->slot.va);
        const bool other = space && space != model::spaces::of(misread.va) &&
                           !judged.schedule.program->spaces[*space].stage2;
        if (!other || read.write->value.kind == model::DescriptorKind::table) continue;
        return take(Misreading::other_space, read);
    }
    take(last.write->value.valid() ? Misreading::final_leaf : Misreading::old_invalid, last);
}

}  // namespace

Misread misread_of(const JudgedExecution& judged) {
    Misread misread;
    misread.property = judged.question.property;
    misread.observer = judged.question.observer;
    misread.thread = static_cast<std::uint32_t>(judged.question.thread);
    misread.va = judged_address(judged);
    if (model::guest_of(*judged.schedule.program, misread.va)) {
        read_by_guest(judged, misread);
        return misread;
    }
    const auto walk = walk_of(judged, 0);
    if (judged.question.conflict) {
        misread.kind = Misreading::two_entries;
        read_from(judged, *walk.back(), misread);
        note_two_entries(judged, walk, walk_of(judged, 1), misread);
        return misread;
    }
    if (const auto lost = losing_write(judged)) {
        misread.kind = Misreading::lost_update;
        read_from(judged, *walk.back(), misread);
        note_change(judged, judged.built.writes[*lost], misread);
        return misread;
    }
    if (misread.property == model::PropertyKind::never_invalid && !walk.back()->by_new_owner) {
        read_invalid(judged, *walk.back(), misread);
        return misread;
    }
    for (std::size_t k = 0; k < walk.size(); ++k) {
        if (!walk[k]->by_new_owner) continue;
        read_reused(judged, walk, k, misread);
        return misread;
    }
    const auto space = model::spaces::of(walk.front()->slot.va);
    if (space && space != model::spaces::of(misread.va)) {
        misread.kind = Misreading::other_space;
        misread.slot = walk.back()->slot;
        misread.value = walk.back()->value;
        misread.entry =
            entry_of(judged, *walk.back(), model::spaces::within(model::spaces::plain(misread.va), *space));
        return misread;
    }
    if (own_slot(judged.schedule.hardware, walk.back()->slot, misread.va)) {
        for (std::size_t k = 0; k + 1 < walk.size(); ++k) {
            if (!find_overwriting(judged, *walk[k], misread)) continue;
            read_from(judged, *walk[k], misread);
            misread.kind = Misreading::old_table;
            return misread;
        }
    }
    read_leaf(judged, *walk.back(), misread);
    return misread;
}

}  // namespace tlbcheck::checker
