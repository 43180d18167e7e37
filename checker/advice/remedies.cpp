// SPDX-License-Identifier: Apache-2.0
//
// Barriers, wider and later TLBIs. The changes that add flushes, stores or moves are in remedies_flush.cpp.
#include "checker/advice/remedies.hpp"

#include "model/arch/completion.hpp"

#include <algorithm>
#include <set>

namespace tlbcheck::checker {

namespace {

using model::Barrier;
using model::BarrierAccess;
using model::BarrierDomain;
using model::BarrierKind;

constexpr std::size_t most_tlbis = 12;

Barrier dsb(model::TlbiDomain tlbi, BarrierAccess access) {
    return {BarrierKind::dsb, tlbi == model::TlbiDomain::outer ? BarrierDomain::osh : BarrierDomain::ish,
            access, false};
}

bool is_barrier_or_tlbi(const model::Operation& operation) {
    return is_tlbi(operation) || barrier_of(operation) != nullptr;
}

}  // namespace

Remedies::Remedies(const model::ScheduleProgram& program, const model::JudgedSchedule& slice,
                   const Misread& misread)
    : program_(program),
      slice_(slice),
      misread_(misread),
      geometry_(slice.hardware),
      text_(program),
      stores_(sites(program, slice, is_store)),
      tlbis_(sites(program, slice, is_tlbi)),
      frees_(sites(program, slice, is_free)),
      signals_(sites(program, slice, is_signal)),
      waits_(sites(program, slice, is_wait)) {}

Change Remedies::change(ChangeKind kind, const Spot& at) const {
    Change result;
    result.kind = kind;
    result.thread = at.thread;
    result.at = text_.plain(at);
    return result;
}

InsertStep Remedies::insert(const Gap& gap, std::vector<model::Operation> code, const Spot& at) const {
    const model::Instruction& near = instruction_at(program_, at);
    InsertStep step{gap, {}};
    for (model::Operation& operation : code)
        step.code.push_back({std::move(operation), 0, 0, near.place, near.helper_place});
    return step;
}

bool Remedies::interleaved() const {
    for (const model::JudgedThread& thread : slice_.threads) {
        bool flushed = false;
        for (const model::PlainInstruction& i : thread.code) {
            flushed = flushed || is_tlbi(i.operation);
            if (flushed && is_store(i.operation)) return true;
        }
    }
    return false;
}

std::optional<Spot> Remedies::last_store(std::uint32_t thread) const {
    std::optional<Spot> last;
    for (const Spot& spot : stores_) {
        if (spot.thread == thread) last = spot;
    }
    return last;
}

void Remedies::before_tlbi(const Spot& tlbi, std::vector<Change>& changes) const {
    const auto domain = std::get<model::TlbiInstruction>(text_.operation(tlbi)).op.domain;
    std::optional<Spot> weaker;
    for (auto spot = text_.previous(tlbi); spot; spot = text_.previous(*spot)) {
        const model::Operation& operation = text_.operation(*spot);
        if (is_store(operation)) break;
        const Barrier* barrier = barrier_of(operation);
        if (barrier == nullptr) continue;
        if (completes_stores(*barrier)) return;
        if (barrier->kind != BarrierKind::isb && !weaker) weaker = spot;
    }
    Change result = change(ChangeKind::dsb_before_tlbi, tlbi);
    result.barrier = dsb(domain, BarrierAccess::st);
    if (weaker) {
        result.instead_of = *barrier_of(text_.operation(*weaker));
        result.edit = {StrengthenStep{*weaker, *result.barrier}};
    } else {
        result.edit = {insert(text_.before(tlbi, is_barrier_or_tlbi), {*result.barrier}, tlbi)};
    }
    changes.push_back(std::move(result));
}

void Remedies::after_tlbi(const Spot& tlbi, std::vector<Change>& changes) const {
    const auto& op = std::get<model::TlbiInstruction>(text_.operation(tlbi)).op;
    std::optional<Spot> weaker;
    std::optional<Spot> until;
    for (auto spot = text_.next(tlbi); spot; spot = text_.next(*spot)) {
        const model::Operation& operation = text_.operation(*spot);
        if (is_free(operation) || is_signal(operation)) {
            until = spot;
            break;
        }
        const Barrier* barrier = barrier_of(operation);
        if (barrier == nullptr) continue;
        if (completes_elsewhere(*barrier, op)) return;
        if (barrier->kind != BarrierKind::isb && !weaker) weaker = spot;
    }
    Change result = change(ChangeKind::dsb_after_tlbi, tlbi);
    if (until) result.until = text_.plain(*until);
    result.barrier = dsb(op.domain, BarrierAccess::full);
    if (weaker) {
        result.instead_of = *barrier_of(text_.operation(*weaker));
        result.edit = {StrengthenStep{*weaker, *result.barrier}};
    } else {
        result.edit = {insert(text_.behind(tlbi, is_tlbi), {*result.barrier}, tlbi)};
    }
    changes.push_back(std::move(result));
}

void Remedies::after_store(std::uint32_t thread, std::vector<Change>& changes) const {
    const auto store = last_store(thread);
    if (!store) return;
    std::optional<Spot> weaker;
    for (auto spot = text_.next(*store); spot; spot = text_.next(*spot)) {
        const Barrier* barrier = barrier_of(text_.operation(*spot));
        if (barrier == nullptr) continue;
        if (completes_stores(*barrier)) return;
        if (barrier->kind != BarrierKind::isb && !weaker) weaker = spot;
    }
    Change result = change(ChangeKind::dsb_after_store, *store);
    result.barrier = dsb(model::TlbiDomain::inner, BarrierAccess::st);
    if (weaker) {
        result.instead_of = *barrier_of(text_.operation(*weaker));
        result.edit = {StrengthenStep{*weaker, *result.barrier}};
    } else {
        result.edit = {insert(text_.behind(*store, is_store), {*result.barrier}, *store)};
    }
    changes.push_back(std::move(result));
}

void Remedies::around_signals(std::vector<Change>& changes) const {
    const Barrier full = dsb(model::TlbiDomain::inner, BarrierAccess::full);
    for (const std::vector<Spot>* told : {&signals_, &frees_}) {
        for (const Spot& spot : *told) {
            const auto earlier = text_.previous(spot);
            const Barrier* barrier = earlier ? barrier_of(text_.operation(*earlier)) : nullptr;
            if (!earlier || (barrier != nullptr && completes_elsewhere(*barrier, model::TlbiOp{}))) continue;
            Change result = change(ChangeKind::dsb_before_signal, spot);
            result.barrier = full;
            result.edit = {insert({spot.thread, spot.run, spot.at}, {full}, spot)};
            changes.push_back(std::move(result));
        }
    }
    for (const Spot& spot : waits_) {
        Change first = change(ChangeKind::dsb_after_wait, spot);
        first.barrier = full;
        first.edit = {insert({spot.thread, spot.run, spot.at + 1}, {full}, spot)};
        changes.push_back(std::move(first));
        Change second = change(ChangeKind::isb_after_wait, spot);
        second.barrier = Barrier{};
        second.edit = {insert({spot.thread, spot.run, spot.at + 1}, {Barrier{}}, spot)};
        changes.push_back(std::move(second));
    }
}

/// Behind the last DSB of the thread; at its end where it has none, for a DSB that another change puts in.
void Remedies::isb(std::uint32_t thread, std::vector<Change>& changes) const {
    std::optional<Spot> about;
    for (auto spot = text_.last(thread); spot; spot = text_.previous(*spot)) {
        const Barrier* barrier = barrier_of(text_.operation(*spot));
        if (barrier == nullptr) continue;
        if (barrier->kind == BarrierKind::isb) break;
        if (barrier->kind != BarrierKind::dsb) continue;
        about = spot;
        break;
    }
    if (!about) about = last_store(thread);
    if (!about) return;
    Change result = change(ChangeKind::isb, *about);
    result.barrier = Barrier{};
    result.edit = {insert(text_.end_of(thread), {Barrier{}}, *about)};
    changes.push_back(std::move(result));
}

std::vector<Change> Remedies::barriers() const {
    // The order is that of preference when changes stand for one another: the last is given up first.
    std::vector<Change> changes;
    std::set<std::uint32_t> threads;
    for (const Spot& spot : stores_) threads.insert(spot.thread);
    for (const Spot& spot : tlbis_) threads.insert(spot.thread);
    for (const Spot& spot : tlbis_) before_tlbi(spot, changes);
    between_stages(changes);
    after_switches(changes);
    for (const Spot& spot : tlbis_) after_tlbi(spot, changes);
    for (const std::uint32_t thread : threads) after_store(thread, changes);
    for (const std::uint32_t thread : threads) isb(thread, changes);
    around_signals(changes);
    return changes;
}

/// TLBIs of the whole text that name the address, then the others, nearest first.
std::vector<Spot> Remedies::nearest_tlbis() const {
    std::vector<std::pair<std::uint64_t, Spot>> found;
    for (std::uint32_t t = 0; t < program_.threads.size(); ++t) {
        std::optional<Spot> spot;
        if (!program_.threads[t].code.empty()) spot = text_.next({t, 0, static_cast<std::uint32_t>(-1)});
        for (; spot; spot = text_.next(*spot)) {
            const auto* tlbi = std::get_if<model::TlbiInstruction>(&text_.operation(*spot));
            if (tlbi == nullptr) continue;
            const model::Instruction& i = instruction_at(program_, *spot);
            const std::uint64_t count = program_.threads[t].code[spot->run].count;
            const auto first = decode_tlbi(tlbi->op, tlbi->operand, geometry_);
            const auto end = std::get<model::TlbiInstruction>(instantiate(i, count - 1).operation);
            const auto last = decode_tlbi(end.op, end.operand, geometry_);
            std::uint64_t distance = 0;
            if (first.first && last.last) {
                const std::uint64_t from = std::min(*first.first, *last.first);
                const std::uint64_t to = std::max(*first.last, *last.last);
                if (misread_.va < from) distance = from - misread_.va;
                if (misread_.va > to) distance = misread_.va - to;
            }
            found.emplace_back(distance, *spot);
        }
    }
    std::ranges::stable_sort(found, {}, &std::pair<std::uint64_t, Spot>::first);
    if (found.size() > most_tlbis) found.resize(most_tlbis);
    std::vector<Spot> result;
    for (const auto& [distance, spot] : found) result.push_back(spot);
    return result;
}

void Remedies::widen(const Spot& spot, std::vector<Change>& changes) const {
    const auto& tlbi = std::get<model::TlbiInstruction>(text_.operation(spot));
    const auto add = [&](const WidenStep& step) {
        const model::TlbiInstruction wider = widened(tlbi, step, geometry_);
        if (wider.op == tlbi.op && wider.operand == tlbi.operand) return;
        Change result = change(ChangeKind::widen_tlbi, spot);
        result.widening = step.widening;
        result.edit = {step};
        changes.push_back(std::move(result));
    };
    add({spot, TlbiWidening::with_xs, {}});
    add({spot, TlbiWidening::broadcast, {}});
    add({spot, TlbiWidening::no_hint, {}});
    std::optional<std::uint16_t> asid;
    for (const model::Region& r : program_.regions) {
        const auto space = model::spaces::of(r.va);
        if (space && program_.spaces[*space].upper) continue;  // whatever the PE had
        if (!r.global && misread_.va >= r.va && misread_.va - r.va < r.size) asid = r.asid;
    }
    add({spot, TlbiWidening::asid, asid});
    add({spot, TlbiWidening::all_levels, {}});
}

std::vector<Change> Remedies::wider_tlbis() const {
    std::vector<Change> changes;
    for (const Spot& spot : nearest_tlbis()) widen(spot, changes);
    return changes;
}

}  // namespace tlbcheck::checker
