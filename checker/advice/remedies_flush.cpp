// SPDX-License-Identifier: Apache-2.0
//
// Remedies that add flushes or stores, or move what is there.
#include <algorithm>
#include <set>

#include "checker/advice/remedies.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using model::Barrier;
using model::TlbiBase;
using model::TlbiInstruction;
using model::TlbiOp;

/// The operation that invalidates one address as `base` invalidates many.
TlbiBase one_address(TlbiBase base) {
    const TlbiBase one = one_address_form(base);
    return range_form(one) != one ? one : TlbiBase::vaae1;
}

bool is_context_change(const model::Operation& operation) {
    return std::holds_alternative<model::ContextChange>(operation);
}

bool is_store_or_free(const model::Operation& operation) {
    return is_store(operation) || is_free(operation);
}

}  // namespace

void Remedies::name_unit(Change& change) const {
    change.first = slice_.candidates.front();
    int level = misread_.entry.leaf ? misread_.slot.level : 3;
    for (const model::Region& r : program_.regions) {
        if (!misread_.entry.leaf && misread_.va >= r.va && misread_.va - r.va < r.size) level = r.level;
    }
    change.last = geometry_.entry_base(slice_.candidates.back(), level) + (geometry_.entry_bytes(level) - 1);
    change.set =
        (misread_.value.contiguous || misread_.other_value.contiguous) && slice_.candidates.size() > 1;
}

std::vector<model::Instruction> Remedies::flush(const Spot& at, bool everything) const {
    std::vector<model::Operation> code{dsb_ishst};
    const auto space = model::spaces::of(slice_.candidates.front());
    const bool guest = space && (program_.spaces[*space].stage2 || program_.spaces[*space].vm);
    if (guest && !everything && names_vm_at(at) && slice_.candidates.size() <= most_addresses &&
        program_.spaces[*space].stage2) {
        for (const std::uint64_t ipa : slice_.candidates) code.push_back(ipas2(ipa));
        code.emplace_back(dsb_ish);
        code.push_back(broadcast(TlbiBase::vmalle1));
    } else if (guest || everything || slice_.candidates.size() > most_addresses) {
        // Of a VM both stages, whatever VTTBR holds there.
        const TlbiBase base = guest ? TlbiBase::alle1 : flush_of_everything(misread_.entry);
        code.push_back(broadcast(base));
    } else {
        for (const std::uint64_t va : slice_.candidates) {
            code.push_back(broadcast(TlbiBase::vaae1,
                                     encode_va_operand(model::spaces::plain(va), 0, 0, geometry_.granule())));
        }
    }
    code.emplace_back(dsb_ish);
    code.emplace_back(Barrier{});
    return insert({}, std::move(code), at).code;
}

std::vector<Change> Remedies::further_addresses() const {
    std::vector<Change> changes;
    std::set<Gap> gaps;
    for (const Spot& spot : nearest_tlbis()) {
        const auto& tlbi = std::get<TlbiInstruction>(text_.operation(spot));
        if (!misread_.entry.leaf && is_last_level(tlbi.op.base)) continue;
        const bool of_stage2 = misread_.entry.stage == model::CachedTranslation::Stage::stage2;
        if (is_stage2_only(tlbi.op.base) && !of_stage2) continue;
        const Gap gap = text_.behind(spot, is_tlbi);
        if (!gaps.insert(gap).second) continue;
        const auto asid = static_cast<std::uint16_t>(names_asid(tlbi.op.base) ? tlbi.operand >> 48U : 0);
        std::vector<model::Operation> code;
        const TlbiOp op{one_address(tlbi.op.base), tlbi.op.domain, tlbi.op.nxs};
        for (const std::uint64_t va : slice_.candidates) {
            if (code.size() == most_addresses) break;
            code.emplace_back(TlbiInstruction{
                op, encode_va_operand(model::spaces::plain(va), asid, 0, geometry_.granule())});
        }
        Change result = change(ChangeKind::name_address, spot);
        name_unit(result);
        result.edit = {insert(gap, std::move(code), spot)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::later_tlbis() const {
    std::vector<Change> changes;
    for (const Spot& spot : nearest_tlbis()) {
        const auto store = last_store(spot.thread);
        if (!store || *store < spot) continue;
        const Gap to = text_.behind_loop(*store, is_store);
        const bool same_body = to.at && to.run == spot.run;
        if (to.at && !same_body) {  // into a body only from a body that runs as often
            const auto& code = program_.threads[spot.thread].code;
            if (code[spot.run].count != code[to.run].count) continue;
        }
        Change result = change(ChangeKind::move_tlbi, spot);
        result.edit = {insert(to, {dsb_ishst}, *store), MoveStep{spot, to}, insert(to, {dsb_ish}, *store)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::flushes() const {
    std::vector<Change> changes;
    std::set<std::uint32_t> threads;
    for (const Spot& spot : stores_) threads.insert(spot.thread);
    for (const std::uint32_t thread : threads) {
        const Spot spot = *last_store(thread);
        Change result = change(ChangeKind::add_flush, spot);
        name_unit(result);
        result.edit = {InsertStep{text_.behind_loop(spot, is_store), flush(spot, false)}};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::flushes_everywhere() const {
    std::vector<Change> changes;
    std::set<Gap> gaps;
    std::vector<Spot> all;
    for (const std::vector<Spot>* some : {&stores_, &frees_, &signals_, &waits_})
        all.insert(all.end(), some->begin(), some->end());
    for (const Spot& spot : sites(program_, slice_, is_context_change)) {
        const auto after = text_.next(spot);
        const bool synchronised = after && synchronizes_context(text_.operation(*after));
        all.push_back(synchronised ? *after : spot);
    }
    for (std::uint32_t t = 0; t < program_.threads.size(); ++t) {
        if (const auto last = text_.last(t)) all.push_back(*last);
    }
    std::ranges::sort(all, std::ranges::greater());
    for (const Spot& spot : all) {
        const Gap gap{spot.thread, spot.run, spot.at + 1};
        if (!gaps.insert(gap).second) continue;
        Change result = change(ChangeKind::flush_everything, spot);
        result.edit = {InsertStep{gap, flush(spot, true)}};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::flushes_in_place() const {
    std::vector<Change> changes;
    const auto add = [&](Change result, const Gap& gap, const Spot& near) {
        name_unit(result);
        result.edit = {InsertStep{gap, flush(near, false)}};
        changes.push_back(std::move(result));
    };
    if (const auto thread = slice_.judging.moment) {
        // The code of a thread that is asked about at a label ends there.
        if (const auto last = text_.last(*thread))
            add(change(ChangeKind::flush_at_label, *last), text_.end_of(*thread), *last);
    }
    if (misread_.property != model::PropertyKind::no_use_after_free) return changes;
    for (const Spot& spot : frees_)
        add(change(ChangeKind::flush_at_free, spot), text_.before_loop(spot, is_free), spot);
    return changes;
}

std::vector<Change> Remedies::later_frees() const {
    std::vector<Change> changes;
    for (const auto& [spots, kind] :
         {std::pair{&frees_, ChangeKind::free_later}, std::pair{&signals_, ChangeKind::signal_later}}) {
        for (const Spot& spot : *spots) {
            Change result = change(kind, spot);
            result.edit = {MoveStep{spot, text_.end_of(spot.thread)}};
            changes.push_back(std::move(result));
        }
    }
    return changes;
}

/// The unit's slots that the thread stores to from there on: what they hold in the end stays as it is.
std::vector<model::DescriptorSlot> Remedies::stored_from(const Spot& first) const {
    std::set<model::DescriptorSlot> slots;
    for (const model::PlainInstruction& i : slice_.threads[first.thread].code) {
        const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
        const auto spot = spot_of(program_, first.thread, i.index);
        if (store != nullptr && spot && !(*spot < first)) slots.insert(store->slot);
    }
    return {slots.begin(), slots.end()};
}

std::vector<Change> Remedies::clears() const {
    std::vector<Change> changes;
    std::set<Gap> gaps;
    for (const Spot& spot : stores_) {
        const auto& store = std::get<model::StoreDescriptor>(text_.operation(spot));
        if (!store.value.valid()) continue;
        const Gap gap = text_.before_loop(spot, is_store_or_free);
        if (!gaps.insert(gap).second) continue;
        std::vector<model::Operation> code;
        for (const model::DescriptorSlot& slot : stored_from(spot))
            code.emplace_back(model::StoreDescriptor{slot, {}});
        Change result = change(ChangeKind::clear_first, spot);
        name_unit(result);
        InsertStep step = insert(gap, std::move(code), spot);
        const std::vector<model::Instruction> flushed = flush(spot, true);
        step.code.insert(step.code.end(), flushed.begin(), flushed.end());
        result.edit = {std::move(step)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::unmapping() const {
    if (misread_.property != model::PropertyKind::no_use_after_free) return {};
    std::vector<Change> changes;
    for (const Spot& spot : frees_) {
        const Gap gap = text_.before_loop(spot, is_free);
        Change result = change(ChangeKind::unmap_first, spot);
        InsertStep step = insert(gap, {model::StoreDescriptor{leading_slot(misread_), {}}}, spot);
        const std::vector<model::Instruction> flushed = flush(spot, true);
        step.code.insert(step.code.end(), flushed.begin(), flushed.end());
        result.edit = {std::move(step)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::unfolding() const {
    const int level = misread_.slot.level;
    const auto set_slots = geometry_.contiguous_slots(level);
    const bool contiguous = misread_.value.contiguous || misread_.other_value.contiguous;
    if (stores_.empty() || !contiguous || !set_slots) return {};
    const Spot first = stores_.front();
    if (std::ranges::any_of(stores_, [&](const Spot& s) { return s.thread != first.thread; })) return {};
    std::vector<model::Operation> clear;
    std::vector<model::Operation> rewrite;
    for (int i = 0; i < *set_slots; ++i) {
        const model::DescriptorSlot slot{geometry_.set_base(misread_.va, level) +
                                             static_cast<std::uint64_t>(i) * geometry_.entry_bytes(level),
                                         level, misread_.slot.generation};
        model::Descriptor value = initial_descriptor(program_, slot);
        value.contiguous = false;
        clear.emplace_back(model::StoreDescriptor{slot, {}});
        rewrite.emplace_back(model::StoreDescriptor{slot, value});
    }
    Change result = change(ChangeKind::unfold_first, first);
    name_unit(result);
    const Gap gap = text_.before_loop(first, is_store_or_free);
    InsertStep step = insert(gap, std::move(clear), first);
    const std::vector<model::Instruction> flushed = flush(first, true);
    step.code.insert(step.code.end(), flushed.begin(), flushed.end());
    rewrite.emplace_back(dsb_ishst);
    rewrite.emplace_back(Barrier{});
    const InsertStep again = insert(gap, std::move(rewrite), first);
    step.code.insert(step.code.end(), again.code.begin(), again.code.end());
    result.edit = {std::move(step)};
    for (const Spot& spot : stores_) result.edit.emplace_back(DropContiguousStep{spot});
    return {std::move(result)};
}

}  // namespace tlbcheck::checker
