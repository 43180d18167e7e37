// SPDX-License-Identifier: Apache-2.0
//
// What of stage 2 a guest's walk can need, and what both stages give together (docs/formal-model.md section
// 14).
#include <algorithm>
#include <set>

#include "model/machine/scenario.hpp"

namespace tlbcheck::model {

namespace {

using PageRange = std::pair<std::uint64_t, std::uint64_t>;

std::vector<std::uint32_t> generations_over(const ScheduleProgram& program, const Geometry& geometry,
                                            std::uint64_t va, int level) {
    std::vector<std::uint32_t> result{0};
    for (const NewTable& table : program.new_tables) {
        if (table.page.level == level && table.page.va_base == geometry.table_base(va, level))
            result.push_back(table.page.generation);
    }
    return result;
}

bool in_one_set(const Geometry& geometry, int level, std::uint64_t a, std::uint64_t b) {
    return geometry.contiguous_slots(level) && geometry.set_base(a, level) == geometry.set_base(b, level);
}

}  // namespace

std::vector<Stage2Need> stage2_needs(const JudgedSchedule& schedule, const HardwareParameters& hardware,
                                     std::uint64_t va) {
    const ScheduleProgram& program = *schedule.program;
    const Geometry geometry(hardware);
    const GuestTables tables(program);
    const SpaceId vm = *guest_of(program, va);
    std::set<Stage2Need> needs;
    const auto add_leaf = [&](const DescriptorSlot& slot, const Descriptor& value) {
        if (value.kind != DescriptorKind::leaf || !value.af || !geometry.has_leaf(slot.level)) return;
        const bool own = geometry.entry_base(va, slot.level) == slot.va;
        if (!own && !(value.contiguous && in_one_set(geometry, slot.level, va, slot.va))) return;
        const std::uint64_t bytes =
            own ? geometry.entry_bytes(slot.level) : geometry.contiguous_bytes(slot.level);
        needs.insert({UnderWalk::output, spaces::within(value.oa - value.oa % bytes + va % bytes, vm)});
    };
    for (int level = geometry.start_level(); level <= 3; ++level) {
        for (const std::uint32_t generation : generations_over(program, geometry, va, level)) {
            const DescriptorSlot slot{geometry.entry_base(va, level), level, generation};
            if (const auto ipa = tables.ipa(slot)) needs.insert({level, *ipa});
            add_leaf(slot, initial_descriptor(program, slot));
            const int slots = geometry.contiguous_slots(level).value_or(0);
            for (int i = 0; i < slots; ++i) {
                const DescriptorSlot near{geometry.set_base(va, level) +
                                              static_cast<std::uint64_t>(i) * geometry.entry_bytes(level),
                                          level, generation};
                add_leaf(near, initial_descriptor(program, near));
            }
        }
    }
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            if (store != nullptr && spaces::of(store->slot.va) == spaces::of(va))
                add_leaf(store->slot, store->value);
        }
    }
    return {needs.begin(), needs.end()};
}

bool stage2_changes(const JudgedSchedule& schedule, const HardwareParameters& hardware, std::uint64_t ipa) {
    const Geometry geometry(hardware);
    // A neighbour of the set serves the IPA by a Contiguous value only.
    const auto near = [&](const DescriptorSlot& slot, const Descriptor& value) {
        if (spaces::of(slot.va) != spaces::of(ipa)) return false;
        const bool set = value.kind == DescriptorKind::leaf && value.contiguous &&
                         in_one_set(geometry, slot.level, ipa, slot.va);
        return set || geometry.entry_base(ipa, slot.level) == slot.va;
    };
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            if (store != nullptr && near(store->slot, store->value)) return true;
            const auto* free = std::get_if<Free>(&instruction.operation);
            const auto* page = free == nullptr ? nullptr : std::get_if<TablePage>(&free->what);
            if (page != nullptr && page->va_base == geometry.table_base(ipa, page->level)) return true;
        }
    }
    DescriptorSlot slot;
    for (int level = geometry.start_level(); level <= 3; ++level) {
        slot = {geometry.entry_base(ipa, level), level, slot.generation};
        const Descriptor value = initial_descriptor(*schedule.program, slot);
        if (value.kind == DescriptorKind::leaf) return !value.af;
        if (value.kind == DescriptorKind::invalid) return true;
        slot.generation = static_cast<std::uint32_t>(value.oa);
    }
    return true;
}

void Scenario::find_guest() {
    // What break-before-make asks of a guest's tables is a matter of stage 1 alone.
    if (question_.kind == PropertyKind::no_bbm_violation) return;
    guest_ = guest_of(*schedule_->program, va());
    if (!guest_) return;
    const std::optional<std::uint32_t>& own = question_.observer.thread;
    if (!own) {
        vm_contexts_ = contexts_elsewhere(*schedule_->program, *guest_);
    } else {
        std::optional<std::size_t> position;
        if (question_.observer.position) position = *question_.observer.position;
        vm_contexts_ =
            contexts_of(*schedule_->program, operations_of(schedule_->threads[*own]),
                        schedule_->threads[*own].starts_in, question_.observer.starts_in, *guest_, position);
    }
    std::set<Stage2Need> needs;
    const auto add = [&](std::uint64_t at) {
        for (const Stage2Need& need : stage2_needs(*schedule_, hardware(), at)) needs.insert(need);
    };
    add(va());
    for (const WalkTarget& target : question_.targets) {
        if (!target.under) add(target.va);
    }
    needs_.assign(needs.begin(), needs.end());
}

/// What a fresh walk of stage 2 reads for each IPA.
void Scenario::add_guest_slots() {
    for (const Stage2Need& need : needs_) {
        for (int level = geometry_.start_level(); level <= 3; ++level) {
            for (const std::uint32_t generation :
                 generations_over(*schedule_->program, geometry_, need.ipa, level))
                add_slot({geometry_.entry_base(need.ipa, level), level, generation});
        }
    }
}

/// Of stage 2: only its leaves give memory.
void Scenario::add_guest_output(const DescriptorSlot& slot, const Descriptor& value) {
    if (spaces::of(slot.va) != *guest_) return;
    for (const Stage2Need& need : needs_) {
        const bool own = geometry_.entry_base(need.ipa, slot.level) == slot.va;
        if (!own && !(value.contiguous && in_one_set(geometry_, slot.level, need.ipa, slot.va))) continue;
        const Translation there = translate_for(need.ipa, !own, slot.level, value, false);
        if (there.valid) output_addresses_.push_back(there.oa);
    }
}

std::optional<std::uint64_t> Scenario::table_ipa(std::size_t t, int level, std::uint32_t generation) const {
    return guest_tables_.ipa({geometry_.entry_base(question_.targets[t].va, level), level, generation});
}

bool Scenario::has_fixed_tables(int level) const {
    return std::ranges::all_of(needs_, [&](const Stage2Need& need) {
        return need.for_level != level || !stage2_changes(*schedule_, hardware(), need.ipa);
    });
}

std::optional<std::size_t> Scenario::under(std::size_t main, const Stage2Need& need) const {
    for (std::size_t t = 0; t < question_.targets.size(); ++t) {
        const std::optional<UnderWalk>& walk = question_.targets[t].under;
        if (walk && walk->of == main && walk->for_level == need.for_level &&
            question_.targets[t].va == need.ipa)
            return t;
    }
    return std::nullopt;
}

std::optional<FreshLeaf> Scenario::fixed(std::uint64_t ipa) const {
    if (stage2_changes(*schedule_, hardware(), ipa)) return std::nullopt;
    DescriptorSlot slot;
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        slot = {geometry_.entry_base(ipa, level), level, slot.generation};
        const Descriptor value = initial_descriptor(*schedule_->program, slot);
        if (value.kind == DescriptorKind::leaf) return FreshLeaf{level, value, false, {}};
        slot.generation = static_cast<std::uint32_t>(value.oa);
    }
    return std::nullopt;
}

Translation Scenario::combined(const Translation& stage1, const Translation& stage2) {
    if (!stage2.valid || !stage2.af || stage2.garbage) return stage2;
    Translation result = stage1;
    result.oa = stage2.oa;
    result.writable = stage1.writable && stage2.writable;
    result.attributes = combined_attributes(stage1.attributes, stage2.attributes);
    return result;
}

Translation Scenario::stage2_walk(const std::vector<StoredId>& memory, std::uint64_t ipa,
                                  Descriptor* leaf) const {
    std::uint32_t generation = 0;
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        const int at = find_slot({geometry_.entry_base(ipa, level), level, generation});
        if (at < 0) return {};
        const StoredId id = memory[static_cast<std::size_t>(at)];
        const Descriptor read = value(at, id);
        if (is_garbage(id) || read.kind != DescriptorKind::table || level == 3) {
            if (leaf != nullptr) *leaf = read;
            return translate_for(ipa, false, level, read, is_garbage(id));
        }
        generation = static_cast<std::uint32_t>(read.oa);
    }
    return {};
}

Translation Scenario::guest_walk(const std::vector<StoredId>& memory, GuestLeaves* leaves) const {
    std::uint32_t generation = 0;
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        if (const auto ipa = guest_tables_.ipa({geometry_.entry_base(va(), level), level, generation})) {
            const Translation table = stage2_walk(memory, *ipa);
            if (!table.valid || !table.af || table.garbage) return table;
        }
        const int at = own_location(level, generation);
        if (at < 0) return {};
        const StoredId id = memory[static_cast<std::size_t>(at)];
        const Descriptor read = value(at, id);
        if (is_garbage(id) || read.kind != DescriptorKind::table || level == 3) {
            const Translation leaf = translate(false, level, read, is_garbage(id));
            if (!leaf.valid || !leaf.af || leaf.garbage) return leaf;
            GuestLeaves found{read, {}, within_vm(leaf.oa)};
            const Translation output = stage2_walk(memory, found.ipa, &found.stage2);
            if (leaves != nullptr) *leaves = found;
            return combined(leaf, output);
        }
        generation = static_cast<std::uint32_t>(read.oa);
    }
    return {};
}

std::optional<GuestLeaves> Scenario::guest_leaves(const std::vector<StoredId>& memory) const {
    GuestLeaves leaves;
    const Translation found = guest_walk(memory, &leaves);
    return found.valid && found.af && !found.garbage ? std::optional(leaves) : std::nullopt;
}

bool Scenario::serves_ipa(const DescriptorSlot& slot, const Descriptor& value, std::uint64_t ipa) const {
    if (geometry_.entry_base(ipa, slot.level) == slot.va) return true;
    return value.contiguous && hardware().contiguous_fill != ContiguousFill::none &&
           in_one_set(geometry_, slot.level, ipa, slot.va);
}

/// The slot is of a guest's table page in the memory that is handed over.
bool Scenario::holds_freed_table(const DescriptorSlot& slot, const Free& free) const {
    const auto& [first, bytes] = std::get<PageRange>(free.what);
    const auto ipa = guest_tables_.ipa(slot);
    const auto pa = ipa ? declared_pa(*schedule_->program, *ipa) : std::nullopt;
    return pa && *pa - first < bytes;
}

bool Scenario::mapped_at_start(std::uint64_t ipa) const {
    const Translation at_start = stage2_walk(std::vector<StoredId>(locations_.size()), ipa);
    return at_start.valid && at_start.af;
}

}  // namespace tlbcheck::model
