// SPDX-License-Identifier: Apache-2.0
//
// Collects slots from the initial tables and the stores.
#include "model/graph/schedule/tables.hpp"

#include <algorithm>

#include "model/graph/translation/contiguous_fill.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

Descriptor new_owner_descriptor() {
    Descriptor d;
    d.kind = DescriptorKind::leaf;
    d.oa = ~std::uint64_t{0} << 16U;
    return d;
}

bool is_contiguous_leaf(const Descriptor& value) {
    return translation::serves_whole_set(translation::as_read(value));
}

ReachableTables::ReachableTables(const JudgedSchedule& schedule, std::vector<std::uint64_t> addresses)
    : schedule_(&schedule),
      geometry_(schedule.hardware),
      addresses_(std::move(addresses)),
      guest_tables_(*schedule.program) {
    int number = 0;
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& instruction : thread.code) {
            if (const auto* store = std::get_if<StoreDescriptor>(&instruction.operation)) {
                stored_[store->slot].push_back(
                    {0, store->slot, store->value, number, instruction.index, false, store->atomic});
            }
            if (const auto* freed = std::get_if<Free>(&instruction.operation)) {
                for (const TablePage& page : freed_pages(*freed))
                    freed_tables_[page].push_back(
                        {0, {}, new_owner_descriptor(), number, instruction.index, true});
            }
        }
        ++number;
    }
    collect();
}

/// The table page, or those of guests in the memory that is handed over.
std::vector<TablePage> ReachableTables::freed_pages(const Free& freed) const {
    if (const auto* page = std::get_if<TablePage>(&freed.what)) return {*page};
    const auto& [first, bytes] = std::get<std::pair<std::uint64_t, std::uint64_t>>(freed.what);
    std::vector<TablePage> pages;
    for (const auto& [page, ipa] : guest_tables_.all()) {
        const auto pa = declared_pa(*schedule_->program, ipa);
        if (pa && *pa - first < bytes) pages.push_back(page.second);
    }
    return pages;
}

bool ReachableTables::neighbours_matter(const DescriptorSlot& slot) const {
    if (schedule_->hardware.contiguous_fill == ContiguousFill::none) return false;
    if (is_contiguous_leaf(initial_descriptor(*schedule_->program, slot))) return true;
    const auto it = stored_.find(slot);
    return it != stored_.end() &&
           std::ranges::any_of(it->second, [](const auto& w) { return is_contiguous_leaf(w.value); });
}

void ReachableTables::add_slot(const DescriptorSlot& slot) {
    poll();
    if (!slots_.insert(slot).second) return;
    writes_.push_back({0, slot, initial_descriptor(*schedule_->program, slot), initial_thread, 0, false});
    std::vector<StaticWrite> later;
    if (const auto it = stored_.find(slot); it != stored_.end()) later = it->second;
    if (const auto it = freed_tables_.find(table_of(slot, geometry_)); it != freed_tables_.end()) {
        for (StaticWrite w : it->second) {
            w.slot = slot;
            later.push_back(w);
        }
    }
    std::ranges::stable_sort(later, [](const auto& a, const auto& b) {
        return std::pair(a.thread, a.index) < std::pair(b.thread, b.index);
    });
    writes_.insert(writes_.end(), later.begin(), later.end());
}

/// Descriptors that a thread goes by.
void ReachableTables::add_branches() {
    for (const JudgedThread& thread : schedule_->threads) {
        for (const PlainInstruction& i : thread.code) {
            if (const auto* branch = std::get_if<Branch>(&i.operation); branch != nullptr && !branch->flag)
                add_slot(branch->slot);
        }
    }
}

void ReachableTables::collect() {
    std::set<std::uint32_t> generations{0};
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        const std::size_t first = writes_.size();
        for (const std::uint64_t va : addresses_) {
            for (const std::uint32_t generation : generations) {
                add_slot({geometry_.entry_base(va, level), level, generation});
                const auto slots = geometry_.contiguous_slots(level);
                if (!slots) continue;
                const std::uint64_t base = geometry_.set_base(va, level);
                for (int j = 0; j < *slots; ++j) {
                    const DescriptorSlot slot{
                        base + static_cast<std::uint64_t>(j) * geometry_.entry_bytes(level), level,
                        generation};
                    if (neighbours_matter(slot)) add_slot(slot);
                }
            }
        }
        std::set<std::uint32_t> next;
        for (std::size_t i = first; i < writes_.size(); ++i) {
            if (writes_[i].value.kind == DescriptorKind::table)
                next.insert(static_cast<std::uint32_t>(writes_[i].value.oa));
        }
        generations = std::move(next);
    }
    add_branches();
}

std::vector<std::size_t> ReachableTables::sources(int level) const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < writes_.size(); ++i) {
        poll_now();
        const StaticWrite& w = writes_[i];
        if (w.slot.level != level) continue;
        const bool usable = std::ranges::any_of(addresses_, [&](std::uint64_t va) { return serves(w, va); });
        if (usable) result.push_back(i);
    }
    return result;
}

bool ReachableTables::is_own(const StaticWrite& write, std::uint64_t va) const {
    return geometry_.entry_base(va, write.slot.level) == write.slot.va;
}

bool ReachableTables::serves_neighbour(const StaticWrite& write, std::uint64_t va) const {
    if (schedule_->hardware.contiguous_fill == ContiguousFill::none || !is_contiguous_leaf(write.value))
        return false;
    return !write.by_new_owner && translation::in_one_set(geometry_, write.slot.level, va, write.slot.va);
}

PhysicalPage ReachableTables::output_address(const StaticWrite& write, std::uint64_t va) const {
    const int level = write.slot.level;
    if (!is_own(write, va) && serves_neighbour(write, va))
        return translation::output_in_set(geometry_, level, write.value.oa, va);
    return write.value.oa + (va - geometry_.entry_base(va, level));
}

bool translates(const Descriptor& value) {
    return value.kind == DescriptorKind::leaf && translation::leads_on(translation::as_read(value));
}

Outcome outcome_of(const StaticWrite& write, bool store) {
    return translation::outcome(translation::as_read(write.value), {1, store});
}

}  // namespace tlbcheck::model
