// SPDX-License-Identifier: Apache-2.0
//
// Events of one thread are numbered one after the other, so most orders are constants.
#include "model/break_before_make/bbm_order.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/limits/budget.hpp"
#include "model/program/observed_pe.hpp"

namespace tlbcheck::model {

namespace {

using logic::Formula;

/// What neither stores, removes, orders nor waits decides nothing.
bool matters(const std::vector<ObservedPe>& pes, std::uint32_t thread, const Operation& operation) {
    if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation))
        return std::ranges::any_of(pes, [&](ObservedPe pe) { return reaches(tlbi->op, thread, pe); });
    if (const auto* barrier = std::get_if<Barrier>(&operation)) return barrier->kind != BarrierKind::isb;
    if (const auto* access = std::get_if<Access>(&operation))
        return access->kind == AccessKind::store_release || (access->flag && is_store(access->kind));
    if (const auto* wait = std::get_if<Await>(&operation)) return wait->flag.has_value();
    return true;
}

}  // namespace

BbmOrder::BbmOrder(BbmFormulas& formulas, const JudgedSchedule& schedule) : formulas_(&formulas) {
    const std::vector<ObservedPe> pes = observed_pes(schedule);
    for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) {
        const std::vector<PlainInstruction>& code = schedule.threads[t].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            if (matters(pes, t, code[i].operation))
                formulas.events.push_back({t, i, &code[i], fmt::format("P{}#{}", t, i)});
        }
    }
    before_.assign(size() * size(), logic::false_formula);
    for (EventIndex a = 0; a < size(); ++a) {
        poll_now();
        for (EventIndex b = a + 1; b < size(); ++b) {
            const bool same = event(a).thread == event(b).thread;
            const Formula f =
                same ? logic::true_formula
                     : formulas.pool.variable(fmt::format("{} before {}", event(a).name, event(b).name));
            before_[a * size() + b] = f;
            before_[b * size() + a] = !f;
        }
    }
    require_transitive();
    find_waits();
}

Formula BbmOrder::before(EventIndex a, EventIndex b) const {
    return before_[a * size() + b];
}

/// A cycle of a total order has one of three events, not all of one thread.
void BbmOrder::require_transitive() {
    if (size() == 0 || event(0).thread == event(size() - 1).thread) return;
    for (EventIndex a = 0; a < size(); ++a) {
        poll_now();
        for (EventIndex b = a + 1; b < size(); ++b) {
            for (EventIndex c = a + 1; c < size(); ++c) {
                if (c == b || event(a).thread == event(c).thread) continue;
                formulas_->required.push_back(
                    !formulas_->pool.conjunction({before(a, b), before(b, c), before(c, a)}));
            }
        }
    }
}

Cut BbmOrder::cut(const std::string& name) {
    Cut result;
    auto& pool = formulas_->pool;
    for (EventIndex e = 0; e < size(); ++e)
        result.after.push_back(pool.variable(fmt::format("{} after {}", name, event(e).name)));
    for (EventIndex e = 0; e < size(); ++e) {
        if (const auto earlier = previous(e))
            formulas_->required.push_back(pool.implication(result.after[e], result.after[*earlier]));
        for (EventIndex other = 0; other < size(); ++other) {
            if (event(other).thread == event(e).thread) continue;
            formulas_->required.push_back(
                pool.implication(pool.both(result.after[e], before(other, e)), result.after[other]));
        }
    }
    return result;
}

void BbmOrder::in_order(const Cut& first, const Cut& second) {
    for (EventIndex e = 0; e < size(); ++e)
        formulas_->required.push_back(formulas_->pool.implication(first.after[e], second.after[e]));
}

void BbmOrder::find_waits() {
    std::map<std::uint32_t, std::vector<EventIndex>> stores;
    for (EventIndex e = 0; e < size(); ++e) {
        const auto* access = std::get_if<Access>(&event(e).instruction->operation);
        if (access != nullptr && access->flag && is_store(access->kind)) stores[*access->flag].push_back(e);
    }
    for (EventIndex e = 0; e < size(); ++e) {
        const auto* wait = std::get_if<Await>(&event(e).instruction->operation);
        if (wait != nullptr && wait->flag) waits_[e] = stores[*wait->flag];
    }
}

Formula BbmOrder::reads(EventIndex wait, EventIndex store) const {
    const auto& awaited = std::get<Await>(event(wait).instruction->operation);
    if (std::get<Access>(event(store).instruction->operation).value != awaited.value)
        return logic::false_formula;
    auto& pool = formulas_->pool;
    std::vector<Formula> latest{before(store, wait)};
    for (const EventIndex other : waits_.at(wait)) {
        if (other != store) latest.push_back(pool.either(before(other, store), before(wait, other)));
    }
    return pool.conjunction(latest);
}

Formula BbmOrder::satisfied(EventIndex wait) const {
    auto& pool = formulas_->pool;
    std::vector<Formula> ways;
    std::vector<Formula> none;  // flags start as 0
    for (const EventIndex s : waits_.at(wait)) {
        none.push_back(before(wait, s));
        ways.push_back(reads(wait, s));
    }
    if (std::get<Await>(event(wait).instruction->operation).value == 0)
        ways.push_back(pool.conjunction(none));
    return pool.disjunction(ways);
}

void BbmOrder::require_waits(const Cut& now) {
    for (const auto& [wait, stores] : waits_)
        formulas_->required.push_back(formulas_->pool.implication(now.after[wait], satisfied(wait)));
}

}  // namespace tlbcheck::model
