// SPDX-License-Identifier: Apache-2.0
//
// The memory a scenario has: descriptors that its walks may read, flags, freed memory; and which of it must
// be explored store by store.
#include "model/machine/scenario.hpp"

#include <algorithm>

namespace tlbcheck::model {

void Scenario::add_slots() {
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        std::vector<std::uint32_t>& generations = generations_[static_cast<std::size_t>(level)];
        generations.push_back(0);
        for (const NewTable& table : schedule_->program->new_tables) {
            const bool over = table.page.va_base == geometry_.table_base(va(), level) ||
                              std::ranges::any_of(question_.targets, [&](const WalkTarget& target) {
                                  return table.page.va_base == geometry_.table_base(target.va, level);
                              });
            if (table.page.level == level && over) generations.push_back(table.page.generation);
        }
        for (const std::uint32_t generation : generations) {
            add_slot({geometry_.entry_base(va(), level), level, generation});
            // What an amalgam may come to includes what any of the PE's contexts leads to.
            for (const PeContext& context : contexts_.all) {
                if (!question_.amalgam || context.space == no_space) continue;
                const std::uint64_t there = spaces::within(spaces::plain(va()), context.space);
                add_slot({geometry_.entry_base(there, level), level, generation});
            }
            for (const WalkTarget& target : question_.targets) {
                add_slot({geometry_.entry_base(target.va, level), level, generation});
                if (target.sibling_level == level) add_slot({target.sibling_va, level, generation});
            }
            if (question_.kind == PropertyKind::no_bbm_violation) add_set(level, generation);
        }
    }
}

void Scenario::add_branch_slots() {
    if (!branches_) return;
    for (const JudgedThread& thread : schedule_->threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* branch = std::get_if<Branch>(&instruction.operation);
            if (branch != nullptr && !branch->flag) add_slot(branch->slot);
        }
    }
}

/// The unit of a break-before-make violation is the set: an entry for the judged page counts for every slot
/// of it.
void Scenario::add_set(int level, std::uint32_t generation) {
    const std::optional<int> slots = geometry_.contiguous_slots(level);
    if (!slots) return;
    for (int i = 0; i < *slots; ++i) {
        const std::uint64_t offset = static_cast<std::uint64_t>(i) * geometry_.entry_bytes(level);
        add_slot({geometry_.set_base(va(), level) + offset, level, generation});
    }
}

int Scenario::find_slot(const DescriptorSlot& slot) const {
    for (std::size_t i = 0; i < slot_count_; ++i) {
        if (locations_[i].slot == slot) return static_cast<int>(i);
    }
    return -1;
}

void Scenario::add_slot(const DescriptorSlot& slot) {
    if (find_slot(slot) >= 0) return;
    MachineLocation location;
    location.slot = slot;
    location.initial = initial_descriptor(*schedule_->program, slot);
    locations_.push_back(location);
    ++slot_count_;
}

void Scenario::add_output_address(const DescriptorSlot& slot, const Descriptor& value) {
    if (guest_) return add_guest_output(slot, value);
    const bool sibling = spaces::plain(slot.va) != geometry_.entry_base(spaces::plain(va()), slot.level);
    const Translation translation = translate(sibling, slot.level, value, false);
    if (translation.valid && translation.af) output_addresses_.push_back(translation.oa);
}

/// Only the freed pages among these can be reached through the judged address.
void Scenario::find_output_addresses() {
    for (const MachineLocation& location : locations_) add_output_address(location.slot, location.initial);
    for (const JudgedThread& thread : schedule_->threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* write = std::get_if<StoreDescriptor>(&instruction.operation);
            if (write != nullptr && find_slot(write->slot) >= 0)
                add_output_address(write->slot, write->value);
        }
    }
}

int Scenario::flag_location(std::uint32_t flag) {
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        if (locations_[i].kind == MachineLocation::Kind::flag && locations_[i].flag == flag)
            return static_cast<int>(i);
    }
    MachineLocation location;
    location.kind = MachineLocation::Kind::flag;
    location.flag = flag;
    locations_.push_back(location);
    return static_cast<int>(locations_.size() - 1);
}

/// One location for all frees of the same memory: the last owner's data are met.
int Scenario::freed_location(std::uint64_t pa, std::uint64_t bytes) {
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        const MachineLocation& known = locations_[i];
        const bool same =
            known.kind == MachineLocation::Kind::freed && known.pa == pa && known.bytes == bytes;
        if (same) return static_cast<int>(i);
    }
    MachineLocation location;
    location.kind = MachineLocation::Kind::freed;
    location.pa = pa;
    location.bytes = bytes;
    locations_.push_back(location);
    return static_cast<int>(locations_.size() - 1);
}

/// Some thread waits for the value that the flag has before it is stored to.
bool Scenario::awaited_unchanged(int flag) const {
    return std::ranges::any_of(threads_, [&](const std::vector<MachineInstruction>& code) {
        return std::ranges::any_of(code, [&](const MachineInstruction& instruction) {
            return instruction.kind == MachineInstruction::Kind::await && instruction.location == flag &&
                   instruction.value == 0;
        });
    });
}

void Scenario::find_branching() {
    // The hazard of no_bbm_violation can be in any slot of a set, whatever slot the entry came from.
    if (question_.kind == PropertyKind::no_bbm_violation) {
        for (std::size_t i = 0; i < slot_count_; ++i) locations_[i].branching = true;
    }
    for (std::size_t t = 0; t < question_.targets.size(); ++t) {
        for (int level = geometry_.start_level(); level <= 3; ++level) {
            for (const std::uint32_t generation : generations_[static_cast<std::size_t>(level)]) {
                const int location = slot_location(t, level, generation);
                if (location >= 0) locations_[static_cast<std::size_t>(location)].branching = true;
            }
        }
    }
    // Racing stores, memory freed more than once, and flags that change more than once or are awaited before
    // they change leave a choice whoever reads them.
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        std::size_t count = 0;
        std::optional<std::uint32_t> writer;
        bool racing = false;
        for (const MachineStore& store : stores_) {
            if (store.location != static_cast<int>(i)) continue;
            ++count;
            racing = racing || (writer && *writer != store.thread);
            writer = store.thread;
        }
        MachineLocation& location = locations_[i];
        const bool flag = location.kind == MachineLocation::Kind::flag;
        if (flag && (count > 1 || branches_ || awaited_unchanged(static_cast<int>(i))))
            location.branching = true;
        if (location.kind == MachineLocation::Kind::freed && count > 1) location.branching = true;
        if (location.kind == MachineLocation::Kind::slot && branches_) {
            location.branching = true;
            final_varies_ = question_.kind == PropertyKind::no_stale_entry;
        }
        if (location.kind == MachineLocation::Kind::slot && racing) {
            location.branching = true;
            final_varies_ = question_.kind == PropertyKind::no_stale_entry;
        }
    }
}

void Scenario::find_root() {
    root_level_ = geometry_.start_level();
    while (root_level_ < 3) {
        // One root level for all walks: above it each goes through one descriptor that nothing writes.
        const auto constant = [&](int location) {
            const bool written = std::any_of(stores_.begin(), stores_.end(), [&](const MachineStore& store) {
                return store.location == location;
            });
            const Descriptor& initial = locations_[static_cast<std::size_t>(location)].initial;
            return !written && initial.kind == DescriptorKind::table && initial.oa == 0;
        };
        bool all = constant(own_location(root_level_, 0)) && (!guest_ || has_fixed_tables(root_level_));
        for (std::size_t t = 0; t < question_.targets.size(); ++t)
            all = all && (from_sibling(t, root_level_) || constant(slot_location(t, root_level_, 0)));
        const bool sibling = std::any_of(question_.targets.begin(), question_.targets.end(),
                                         [&](const WalkTarget& t) { return t.sibling_level == root_level_; });
        if (sibling || !all) return;
        ++root_level_;
    }
}

void Scenario::find_final() {
    final_memory_.assign(locations_.size(), 0);
    for (std::size_t i = 0; i < stores_.size(); ++i) {
        if (stores_[i].location >= 0) {
            final_memory_[static_cast<std::size_t>(stores_[i].location)] = static_cast<StoredId>(i + 1);
        }
    }
}

}  // namespace tlbcheck::model
