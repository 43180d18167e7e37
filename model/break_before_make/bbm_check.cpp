// SPDX-License-Identifier: Apache-2.0
//
// The check of one store against what may still be cached (formal-model.md). For a contiguous set the unit
// is the set: an entry left for any page of it counts against a new value of each of its descriptors.
#include <fmt/format.h>

#include "model/break_before_make/bbm_machine.hpp"

namespace tlbcheck::model {

namespace {

/// "a table", "0x80000000 rw cont".
std::string words(const Descriptor& value) {
    if (value.kind == DescriptorKind::table) return "a table";
    const std::string text = to_string(value);
    return text.starts_with("oa=") ? text.substr(3) : text;
}

}  // namespace

LeafTranslation BbmMachine::translation(const Source& source, std::uint64_t va) const {
    const Descriptor& value = source.value;
    const int level = source.slot.level;
    if (value.contiguous && geometry_.contiguous_slots(level) &&
        geometry_.entry_base(va, level) != source.slot.va) {
        const std::uint64_t bytes = geometry_.contiguous_bytes(level);
        return {value, level, value.oa - value.oa % bytes + (va - geometry_.set_base(va, level)), va};
    }
    return {value, level, value.oa + (va - geometry_.entry_base(va, level)), va};
}

std::optional<BbmViolation> BbmMachine::store(std::uint32_t thread, const PlainInstruction& instruction) {
    const auto& operation = std::get<StoreDescriptor>(instruction.operation);
    add_initial(operation.slot);
    Source fresh;
    fresh.slot = operation.slot;
    fresh.value = operation.value;
    fresh.thread = thread;
    fresh.index = instruction.index;
    fresh.place = instruction.place;
    fresh.kernel = instruction.kernel;
    fresh.published = fresh.barred = false;
    const std::size_t id = add_source(std::move(fresh));
    std::optional<BbmViolation> found = check(sources_[id]);
    hook_up(sources_[id], next_[thread] - 1);
    if (!found && operation.value.kind == DescriptorKind::table) found = check_unhooked(thread, id);
    fill();
    if (!found && operation.value.kind == DescriptorKind::leaf) found = check_earlier(thread, id);
    return found;
}

/// The store and the later one have no barrier in between and may become visible the other way round.
bool BbmMachine::open(const Source& earlier, std::uint32_t thread, const Source& latest) const {
    return &earlier < &latest && earlier.thread == thread && !earlier.published &&
           earlier.slot != latest.slot;
}

/// Each earlier store that is open meets the entries of this one.
std::optional<BbmViolation> BbmMachine::check_earlier(std::uint32_t thread, std::size_t id) {
    const Source& latest = sources_[id];
    if (latest.live.none()) return std::nullopt;
    only_.assign(sources_.size(), none());
    only_[id] = latest.live;
    std::optional<BbmViolation> found;
    for (std::size_t i = 0; i < id && !found; ++i) {
        if (open(sources_[i], thread, latest)) found = check(sources_[i]);
    }
    only_.clear();
    return found;
}

/// A table page is hooked up with stores to it still open: walks may fill from what was there before, and
/// each open store meets the entries that come by the new table descriptor and not by itself.
std::optional<BbmViolation> BbmMachine::check_unhooked(std::uint32_t thread, std::size_t id) const {
    for (std::size_t i = 0; i < id; ++i) {
        if (!sources_[i].value.valid() || !open(sources_[i], thread, sources_[id])) continue;
        BbmMachine without = *this;
        without.sources_[i].readable = false;
        without.sources_[i].live = none();
        without.sources_[i].combined = none();
        without.fill();
        for (std::size_t s = 0; s < sources_.size(); ++s)
            without.only_.push_back((without.sources_[s].live | without.sources_[s].combined) -
                                    (sources_[s].live | sources_[s].combined));
        if (auto found = without.check(without.sources_[i])) return found;
    }
    return std::nullopt;
}

/// The addresses of entries that count in the check at hand.
BbmMachine::Addresses BbmMachine::counted(const Source& old) const {
    if (only_.empty()) return old.live | old.combined;
    return (old.live | old.combined) & only_[static_cast<std::size_t>(&old - sources_.data())];
}

/// The old value may have entries left when the cause becomes visible, and the check at hand is about it.
bool BbmMachine::concerned(const Source& old, const Source& cause) const {
    return &old != &cause && counted(old).any();
}

/// The addresses that the value may translate: its own, and those of the set of a Contiguous leaf.
BbmMachine::Addresses BbmMachine::spanned(const Source& source) const {
    const bool set = source.value.kind == DescriptorKind::leaf && source.value.contiguous;
    return set ? source.serves : own_addresses(source.slot);
}

std::optional<BbmViolation> BbmMachine::check(const Source& fresh) const {
    if (!fresh.value.valid()) return std::nullopt;
    const auto table = reached_.find({fresh.slot.level, fresh.slot.generation});
    if (table == reached_.end()) return std::nullopt;
    const Addresses where = spanned(fresh) & table->second.any;
    if (where.none()) return std::nullopt;
    if (fresh.value.kind == DescriptorKind::table) {
        if (auto found = check_slot(fresh)) return found;
        return check_below(fresh, fresh.slot.level + 1, static_cast<std::uint32_t>(fresh.value.oa), where);
    }
    if (!fresh.value.af) return std::nullopt;
    if (auto found = check_slot(fresh)) return found;
    return check_leaf(fresh, fresh, where);
}

/// A block where a table descriptor was, or the reverse; where that is asked, another table.
std::optional<BbmViolation> BbmMachine::check_slot(const Source& fresh) const {
    const int bbm_level = schedule_->hardware.bbm_level;
    for (const std::size_t id : by_slot_.at(fresh.slot)) {
        const Source& old = sources_[id];
        if (!concerned(old, fresh)) continue;
        if (schedule_->judging.replaced_tables && old.value.kind == DescriptorKind::table &&
            fresh.value.kind == DescriptorKind::table && old.value.oa != fresh.value.oa)
            return violation(old, fresh, schedule_->candidates[counted(old).find_first()],
                             BbmChange::next_table);
        if (bbm_level >= 2 || old.value.kind == fresh.value.kind) continue;
        if (bbm_level == 1 && (old.value.nt || fresh.value.nt)) continue;
        return violation(old, fresh, schedule_->candidates[counted(old).find_first()], BbmChange::size);
    }
    return std::nullopt;
}

/// The leaf `fresh` becomes visible at the addresses `where`, by the store `cause`.
std::optional<BbmViolation> BbmMachine::check_leaf(const Source& fresh, const Source& cause,
                                                   const Addresses& where) const {
    for (const Source& old : sources_) {
        if (!concerned(old, fresh) || old.value.kind != DescriptorKind::leaf) continue;
        const bool set = old.value.contiguous && geometry_.contiguous_slots(old.slot.level).has_value();
        const Addresses met = where & (set ? old.serves : counted(old));
        for (std::size_t c = met.find_first(); c != Addresses::npos; c = met.find_next(c)) {
            const std::uint64_t va = schedule_->candidates[c];
            const BbmChange change =
                needs_bbm(translation(old, va), translation(fresh, va), schedule_->hardware.bbm_level);
            if (change == BbmChange::none) continue;
            BbmViolation found = violation(old, cause, va, change);
            if (&fresh != &cause)
                found.explanation += fmt::format(" (the new table holds {})", words(fresh.value));
            return found;
        }
    }
    return std::nullopt;
}

/// What a new table descriptor makes visible: the leaves that may be in memory below it.
std::optional<BbmViolation> BbmMachine::check_below(const Source& cause, int level, std::uint32_t generation,
                                                    const Addresses& where) const {
    if (level > 3) return std::nullopt;
    for (const auto& [slot, ids] : by_slot_) {
        if (slot.level != level || slot.generation != generation) continue;
        for (const std::size_t id : ids) {
            const Source& source = sources_[id];
            const Addresses here = spanned(source) & where;
            if (here.none() || !source.value.valid() || !may_be_in_memory(source)) continue;
            std::optional<BbmViolation> found;
            if (source.value.kind == DescriptorKind::table) {
                found = check_below(cause, level + 1, static_cast<std::uint32_t>(source.value.oa), here);
            } else if (source.value.af) {
                found = check_leaf(source, cause, here);
            }
            if (found) return found;
        }
    }
    return std::nullopt;
}

/// The invalid descriptor, of a level above, that took the old value's table out of the tables.
const BbmMachine::Source* BbmMachine::unhooked_above(const Source& old, std::size_t candidate) const {
    for (const auto& [slot, ids] : by_slot_) {
        if (slot.level >= old.slot.level) continue;
        for (const std::size_t id : ids) {
            const Source& source = sources_[id];
            if (source.thread && !source.value.valid() && spanned(source).test(candidate)) return &source;
        }
    }
    return nullptr;
}

std::string BbmMachine::missing(const Source& old, std::size_t candidate) const {
    if (old.survived.test(candidate)) {
        return "no DSB is between the TLBI of the table descriptor that it is filled through and the one "
               "that "
               "removes it: they may take effect the other way round";
    }
    const Source* const unhooked = unhooked_above(old, candidate);
    if (old.readable && by_slot_.at(old.slot).back() == static_cast<std::size_t>(&old - sources_.data())) {
        const auto reach = reached_.find({old.slot.level, old.slot.generation});
        if (reach != reached_.end() && reach->second.any.test(candidate)) {
            return "it is still in the tables";
        }
        if (unhooked == nullptr) return "no invalid descriptor was stored in between";
    }
    if (unhooked != nullptr ? !unhooked->published : old.readable)
        return "no DSB orders the store that removed it before a TLBI";
    if (old.combined.test(candidate) && !old.live.test(candidate)) {
        return "what combines it with the guest's stage 1 may be left: no TLBI of stage 1 came after the DSB "
               "that completes the one by IPA, or no DSB completes it";
    }
    for (const Addresses& doomed : old.doomed) {
        if (!doomed.empty() && doomed.test(candidate)) return "no DSB wide enough completes the TLBI";
    }
    return fmt::format(
        "no TLBI that removes an entry for {:#x} came after the store that removed it and a DSB",
        spaces::plain(schedule_->candidates[candidate]));
}

BbmViolation BbmMachine::violation(const Source& old, const Source& fresh, std::uint64_t va,
                                   BbmChange change) const {
    BbmViolation result;
    result.va = va;
    result.old_slot = old.slot;
    result.new_slot = fresh.slot;
    result.old_value = old.value;
    result.new_value = fresh.value;
    result.old_thread = old.thread;
    result.old_index = old.index;
    result.old_place = old.place;
    result.new_thread = fresh.thread.value_or(0);
    result.new_index = fresh.index;
    result.new_place = fresh.place;
    result.new_kernel = fresh.kernel;
    result.pe = pe_;
    result.change = change;
    const Addresses held = counted(old);
    std::size_t candidate = held.find_first();
    for (std::size_t c = 0; c < schedule_->candidates.size(); ++c) {
        if (schedule_->candidates[c] == va && held.test(c)) candidate = c;
    }
    result.held = schedule_->candidates[candidate];
    // Of an old value of the same slot, the store judged is what removes it.
    const std::vector<std::size_t>& slot = by_slot_.at(fresh.slot);
    const auto place = static_cast<std::size_t>(&old - sources_.data());
    const bool replaced = old.slot == fresh.slot && slot.size() >= 2 && slot[slot.size() - 2] == place;
    result.missing = replaced ? "no invalid descriptor was stored in between" : missing(old, candidate);
    const bool told_apart = pe_ && schedule_->threads.size() > 1;
    const std::string where =
        told_apart ? fmt::format(" on the PE of {}", schedule_->program->threads[*pe_].name) : "";
    result.explanation = fmt::format(
        "the level {} descriptor of {:#x} becomes {} while a translation by {} (level {}, {:#x}) may still "
        "be cached for {:#x}{}: "
        "{} changes, and {}",
        fresh.slot.level, spaces::plain(fresh.slot.va), words(fresh.value), words(old.value), old.slot.level,
        spaces::plain(old.slot.va), spaces::plain(schedule_->candidates[candidate]), where, to_string(change),
        result.missing);
    return result;
}

}  // namespace tlbcheck::model
