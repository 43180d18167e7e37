// SPDX-License-Identifier: Apache-2.0
//
// Remedies that are about what a PE's base registers hold: writes that are not synchronised, the VMID that a
// TLBI goes by, the two halves of a VM's flush, tags that are used again; and frees that wait for nobody.
#include <algorithm>
#include <map>

#include "checker/advice/remedies.hpp"
#include "model/arch/completion.hpp"
#include "model/arch/tlbi_forms.hpp"
#include "model/program/pe_contexts.hpp"

namespace tlbcheck::checker {

namespace {

using model::Barrier;
using model::ContextChange;
using model::TlbiBase;
using model::TlbiInstruction;

bool is_unsynchronised_write(const model::Operation& operation) {
    return std::holds_alternative<ContextChange>(operation) && !synchronizes_context(operation);
}

bool of_stage2_only(const model::Operation& operation) {
    const auto* tlbi = std::get_if<TlbiInstruction>(&operation);
    return tlbi != nullptr && is_stage2_only(tlbi->op.base);
}

}  // namespace

/// The VM that is asked about, or whose guest is.
std::optional<model::SpaceId> Remedies::judged_vm() const {
    const auto space = model::spaces::of(misread_.va);
    if (!space) return std::nullopt;
    return program_.spaces[*space].stage2 ? space : program_.spaces[*space].vm;
}

/// What VTTBR may hold where the instruction is executed first; schedules with VMs are judged whole.
std::vector<model::SpaceId> Remedies::vms_held(const Spot& at) const {
    std::vector<const model::Operation*> code;
    std::optional<std::size_t> position;
    for (const model::PlainInstruction& i : slice_.threads[at.thread].code) {
        if (!position && spot_of(program_, at.thread, i.index) == at) position = code.size();
        code.push_back(&i.operation);
    }
    const auto& starts_in = program_.threads[at.thread].starts_in;
    if (!position || !starts_in.vm) return {};
    return vms_at(code, *starts_in.vm, *position);
}

bool Remedies::names_vm_at(const Spot& at) const {
    const auto vm = judged_vm();
    return vm && vms_held(at) == std::vector{*vm};
}

model::Operation Remedies::ipas2(std::uint64_t ipa) const {
    return broadcast(TlbiBase::ipas2e1,
                     encode_va_operand(model::spaces::plain(ipa), 0, 0, geometry_.granule()));
}

void Remedies::after_switches(std::vector<Change>& changes) const {
    for (const Spot& spot : sites(program_, slice_, is_unsynchronised_write)) {
        const auto after = text_.next(spot);
        if (after && synchronizes_context(text_.operation(*after))) continue;
        Change result = change(ChangeKind::isb_after_switch, spot);
        result.barrier = Barrier{};
        result.edit = {insert({spot.thread, spot.run, spot.at + 1}, {Barrier{}}, spot)};
        changes.push_back(std::move(result));
    }
}

void Remedies::between_stages(std::vector<Change>& changes) const {
    for (const Spot& spot : tlbis_) {
        if (of_stage2_only(text_.operation(spot))) continue;
        std::optional<Spot> first;
        for (auto earlier = text_.previous(spot); earlier && !first; earlier = text_.previous(*earlier)) {
            const Barrier* barrier = barrier_of(text_.operation(*earlier));
            if (barrier != nullptr && completes_elsewhere(*barrier, model::TlbiOp{})) break;
            if (of_stage2_only(text_.operation(*earlier))) first = earlier;
        }
        if (!first) continue;
        Change result = change(ChangeKind::dsb_between_tlbis, spot);
        result.until = text_.plain(*first);
        result.barrier = dsb_ish;
        result.edit = {insert({spot.thread, spot.run, spot.at}, {dsb_ish}, spot)};
        changes.push_back(std::move(result));
    }
}

Change Remedies::tlbis_in_vm(std::uint32_t thread, const std::vector<Spot>& tlbis) const {
    Change result = change(ChangeKind::tlbi_in_vm, tlbis.front());
    result.vm = judged_vm();
    for (const Spot& spot : tlbis) {
        const std::vector<model::SpaceId> held = vms_held(spot);
        result.held = held;
        const ContextChange enter{ContextChange::Kind::switch_vm, *result.vm, false};
        std::vector<model::Operation> behind{dsb_ish};
        if (held.size() == 1) {
            behind.emplace_back(ContextChange{ContextChange::Kind::switch_vm, held.front(), false});
            behind.emplace_back(Barrier{});
        }
        result.edit.emplace_back(insert({thread, spot.run, spot.at}, {enter, Barrier{}}, spot));
        result.edit.emplace_back(insert({thread, spot.run, spot.at + 1}, std::move(behind), spot));
    }
    return result;
}

std::vector<Change> Remedies::tlbis_in_vm() const {
    const auto vm = judged_vm();
    std::vector<Change> changes;
    if (!vm) return changes;
    std::map<std::uint32_t, std::vector<Spot>> elsewhere;
    for (const Spot& spot : tlbis_) {
        const std::vector<model::SpaceId> held = vms_held(spot);
        const auto& op = std::get<TlbiInstruction>(text_.operation(spot)).op;
        if (!held.empty() && !names_vmid(program_, op, held, misread_.va))
            elsewhere[spot.thread].push_back(spot);
    }
    for (const auto& [thread, tlbis] : elsewhere) changes.push_back(tlbis_in_vm(thread, tlbis));
    return changes;
}

std::vector<Change> Remedies::other_stage() const {
    std::vector<Change> changes;
    const auto vm = judged_vm();
    if (!vm) return changes;
    for (const Spot& spot : tlbis_) {
        if (of_stage2_only(text_.operation(spot))) {
            Change result = change(ChangeKind::flush_combined, spot);
            result.edit = {insert(text_.behind_loop(spot, is_tlbi),
                                  {dsb_ish, broadcast(TlbiBase::vmalle1), dsb_ish}, spot)};
            changes.push_back(std::move(result));
            continue;
        }
        if (misread_.entry.stage != model::CachedTranslation::Stage::stage2) continue;
        bool stage2_before = false;  // then it is that one that lacks something
        for (auto earlier = text_.previous(spot); earlier; earlier = text_.previous(*earlier))
            stage2_before = stage2_before || of_stage2_only(text_.operation(*earlier));
        if (stage2_before) continue;
        Change result = change(ChangeKind::flush_stage2, spot);
        std::vector<model::Operation> code;
        if (*vm == model::spaces::of(misread_.va)) {
            // Page by page of a large region is tried nowhere: it takes minutes, and nobody would flush so.
            if (slice_.candidates.size() > most_addresses) continue;
            name_unit(result);
            for (const std::uint64_t ipa : slice_.candidates) code.push_back(ipas2(ipa));
        } else {
            result.first = misread_.entry.first;
            result.last = misread_.entry.last;
            code.push_back(ipas2(misread_.entry.first));
        }
        code.emplace_back(dsb_ish);
        result.edit = {insert(text_.before_loop(spot, is_tlbi), std::move(code), spot)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::flushes_before_switches() const {
    std::vector<Change> changes;
    const auto space = model::spaces::of(misread_.va);
    const auto other = other_space(misread_);
    if (!space || !other) return changes;
    // TTBR0_EL2 and TTBR1 lead nowhere else: there the flush comes behind the switch (flushes_everywhere).
    const model::BaseRegister base = program_.spaces[*space].base();
    if (base == model::BaseRegister::of_el2 || program_.spaces[*space].upper) return changes;
    const model::AddressSpace& from = program_.spaces[*other];
    const bool by_asid = !from.stage2 && from.regime == model::Regime::el10 && !from.vm &&
                         !(misread_.entry.leaf && misread_.entry.global);
    const model::Operation flush = by_asid ? broadcast(TlbiBase::aside1, std::uint64_t{from.asid} << 48U)
                                   : from.stage2 ? broadcast(TlbiBase::alle1)
                                                 : broadcast(flush_of_everything(misread_.entry));
    const auto kind = model::write_of(base);
    for (const Spot& spot : sites(program_, slice_, is_unsynchronised_write)) {
        const auto& write = std::get<ContextChange>(text_.operation(spot));
        if (write.kind != kind || write.space != *space) continue;
        Change result = change(ChangeKind::flush_before_switch, spot);
        const ContextChange leave{kind, model::no_space, false};
        result.edit = {insert({spot.thread, spot.run, spot.at}, {leave, Barrier{}, flush, dsb_ish}, spot)};
        changes.push_back(std::move(result));
    }
    return changes;
}

std::vector<Change> Remedies::own_tags() const {
    const auto space = model::spaces::of(misread_.va);
    const bool has_tag = between_spaces() && !program_.spaces[*space].vm &&
                         program_.spaces[*space].regime != model::Regime::el2 &&
                         !program_.spaces[*space].upper;
    if (!has_tag) return {};
    Change result;
    result.kind = ChangeKind::own_tag;
    result.vm = space;
    result.edit = {RetagStep{*space}};
    return {std::move(result)};
}

/// Of threads that wait for nobody themselves, so that nothing waits for ever.
std::vector<Change> Remedies::waits_for_flush() const {
    std::vector<Change> changes;
    auto flag = static_cast<std::uint32_t>(program_.flags.size());
    for (const Spot& spot : frees_) {
        for (std::uint32_t t = 0; t < program_.threads.size(); ++t) {
            const auto of_thread = [&](const Spot& s) { return s.thread == t; };
            if (t == spot.thread || std::ranges::none_of(tlbis_, of_thread) ||
                std::ranges::any_of(waits_, of_thread))
                continue;
            Change result = change(ChangeKind::wait_for_flush, spot);
            result.waited = t;
            const model::Access told{model::AccessKind::store, flag, 0, 1};
            const model::Await wait{flag, 0, 1};
            const Spot last = *text_.last(t);
            result.edit = {NewFlagStep{flag++}, insert(text_.end_of(t), {dsb_ish, told}, last),
                           insert(text_.before_loop(spot, is_free), {wait, dsb_ish}, spot)};
            changes.push_back(std::move(result));
        }
    }
    return changes;
}

}  // namespace tlbcheck::checker
