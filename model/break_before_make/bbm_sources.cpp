// SPDX-License-Identifier: Apache-2.0
//
// A value is read until a DSB follows the store that removed it; it may be in memory until that store is
// ordered (docs/slicing.md, "Break-before-make").
#include "model/break_before_make/bbm_sources.hpp"

#include <algorithm>
#include <set>

#include "model/arch/completion.hpp"

namespace tlbcheck::model {

namespace {

using logic::Formula;

bool orders_stores(const Operation& operation) {
    const auto* barrier = std::get_if<Barrier>(&operation);
    return barrier != nullptr && barrier->kind != BarrierKind::isb && barrier->access != BarrierAccess::ld;
}

/// Orders the stores before it with what its thread does next, for the others.
bool publishes(const Operation& operation) {
    if (orders_stores(operation)) return true;
    const auto* access = std::get_if<Access>(&operation);
    return access != nullptr && access->kind == AccessKind::store_release;
}

}  // namespace

BbmSources::BbmSources(BbmFormulas& formulas, const BbmOrder& order, const JudgedSchedule& schedule)
    : formulas_(&formulas), order_(&order), schedule_(&schedule), geometry_(schedule.hardware) {
    add_initial_values();
    add_stored();
}

bool BbmSources::is_set(const BbmSource& source) const {
    return source.value.kind == DescriptorKind::leaf && source.value.contiguous &&
           geometry_.contiguous_slots(source.slot.level).has_value();
}

std::vector<std::size_t> BbmSources::own(const DescriptorSlot& slot) const {
    std::vector<std::size_t> result;
    for (std::size_t c = 0; c < schedule_->candidates.size(); ++c)
        if (schedule_->candidates[c] - slot.va < geometry_.entry_bytes(slot.level)) result.push_back(c);
    return result;
}

void BbmSources::add(const DescriptorSlot& slot, const Descriptor& value, std::optional<EventIndex> event) {
    BbmSource source{slot, value, event, {}, {}, {}, only_hook(*schedule_, geometry_, slot)};
    if (event) source.published = order_->next(*event, publishes);
    if (event) source.barrier = order_->next(*event, orders_stores);
    source.serves = own(slot);
    if (is_set(source)) {
        source.serves.clear();
        const std::uint64_t first = geometry_.set_base(slot.va, slot.level);
        for (std::size_t c = 0; c < schedule_->candidates.size(); ++c)
            if (schedule_->candidates[c] - first < geometry_.contiguous_bytes(slot.level))
                source.serves.push_back(c);
    }
    by_slot_[slot].push_back(sources_.size());
    sources_.push_back(std::move(source));
}

void BbmSources::add_initial(const DescriptorSlot& slot) {
    if (!by_slot_.contains(slot)) add(slot, initial_descriptor(*schedule_->program, slot), std::nullopt);
}

/// Every slot that a walk for a candidate, or for a page of its contiguous set, can read.
void BbmSources::add_initial_values() {
    std::vector<std::set<std::uint32_t>> generations(5, {0});
    for (EventIndex e = 0; e < order_->size(); ++e) {
        const auto* store = std::get_if<StoreDescriptor>(&order_->event(e).instruction->operation);
        if (store == nullptr) continue;
        const auto level = static_cast<std::size_t>(store->slot.level);
        generations[level].insert(store->slot.generation);
        if (store->value.kind == DescriptorKind::table)
            generations[level + 1].insert(static_cast<std::uint32_t>(store->value.oa));
    }
    for (const std::uint64_t va : schedule_->candidates) {
        for (int level = geometry_.start_level(); level <= 3; ++level) {
            const std::uint64_t entry = geometry_.entry_bytes(level);
            const bool sets = geometry_.contiguous_slots(level).has_value();
            const std::uint64_t first =
                sets ? geometry_.set_base(va, level) : geometry_.entry_base(va, level);
            const std::uint64_t bytes = sets ? geometry_.contiguous_bytes(level) : entry;
            for (const std::uint32_t generation : generations[static_cast<std::size_t>(level)]) {
                if (by_slot_.contains({geometry_.entry_base(va, level), level, generation})) continue;
                for (std::uint64_t at = 0; at < bytes; at += entry)
                    add_initial({first + at, level, generation});
            }
        }
    }
    for (EventIndex e = 0; e < order_->size(); ++e) {
        const auto* store = std::get_if<StoreDescriptor>(&order_->event(e).instruction->operation);
        if (store != nullptr) add_initial(store->slot);
    }
}

void BbmSources::add_stored() {
    std::vector<DescriptorSlot> slots;
    for (const auto& [slot, ids] : by_slot_) slots.push_back(slot);
    for (EventIndex e = 0; e < order_->size(); ++e) {
        const Operation& operation = order_->event(e).instruction->operation;
        if (const auto* store = std::get_if<StoreDescriptor>(&operation)) add(store->slot, store->value, e);
        const auto* freed = std::get_if<Free>(&operation);
        const auto* page = freed == nullptr ? nullptr : std::get_if<TablePage>(&freed->what);
        if (page == nullptr) continue;
        for (const DescriptorSlot& slot : slots)
            if (table_of(slot, geometry_) == *page) add(slot, {}, e);
    }
}

/// `other` is stored after `source`.
Formula BbmSources::later(const BbmSource& source, const BbmSource& other) const {
    if (!other.event) return logic::false_formula;
    return source.event ? order_->before(*source.event, *other.event) : logic::true_formula;
}

/// A barrier stands between the store and the only one that makes walks come to its page.
bool BbmSources::ordered_before_hook(const BbmSource& source) const {
    if (!source.hook || !source.barrier) return false;
    const BbmEvent& barrier = order_->event(*source.barrier);
    return barrier.thread == source.hook->thread && barrier.position < source.hook->position;
}

Formula BbmSources::readable(const BbmSource& source, const Cut& moment) {
    auto& pool = formulas_->pool;
    std::vector<Formula> all;
    if (source.event) all.push_back(moment.after[*source.event]);
    for (const std::size_t id : by_slot_.at(source.slot)) {
        const BbmSource& other = sources_[id];
        const Formula replaced = later(source, other);
        if (replaced.is_false() || !other.published) continue;
        if (ordered_before_hook(other)) all.push_back(!replaced);
        for (EventIndex d = 0; d < order_->size(); ++d) {
            const auto* barrier = std::get_if<Barrier>(&order_->event(d).instruction->operation);
            if (barrier == nullptr || !completes_stores(*barrier)) continue;
            const Formula ordered =
                d == *other.published ? logic::true_formula : order_->before(*other.published, d);
            all.push_back(!pool.conjunction({replaced, ordered, moment.after[d]}));
        }
        for (const auto& [wait, flag_stores] : order_->waits()) {
            for (const EventIndex store : flag_stores)
                if (tells(other, store, wait))
                    all.push_back(
                        !pool.conjunction({replaced, order_->reads(wait, store), moment.after[wait]}));
        }
    }
    return pool.conjunction(all);
}

/// Another thread's wait that reads the flag there knows that the source's store is visible.
bool BbmSources::tells(const BbmSource& source, EventIndex flag_store, EventIndex wait) const {
    const std::uint32_t thread = order_->event(flag_store).thread;
    return thread == order_->event(*source.published).thread && thread != order_->event(wait).thread &&
           *source.published <= flag_store;
}

Formula BbmSources::may_be_in_memory(const BbmSource& source, const Cut& moment) const {
    auto& pool = formulas_->pool;
    std::vector<Formula> all;
    if (source.event) all.push_back(moment.after[*source.event]);
    for (const std::size_t id : by_slot_.at(source.slot)) {
        const BbmSource& other = sources_[id];
        if (other.published) all.push_back(!pool.both(later(source, other), moment.after[*other.published]));
    }
    return pool.conjunction(all);
}

LeafTranslation BbmSources::translation(const BbmSource& source, std::uint64_t va) const {
    const int level = source.slot.level;
    const std::uint64_t oa = source.value.oa;
    if (is_set(source) && geometry_.entry_base(va, level) != source.slot.va) {
        const std::uint64_t bytes = geometry_.contiguous_bytes(level);
        return {source.value, level, oa - oa % bytes + (va - geometry_.set_base(va, level)), va};
    }
    return {source.value, level, oa + (va - geometry_.entry_base(va, level)), va};
}

}  // namespace tlbcheck::model
