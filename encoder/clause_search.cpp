// SPDX-License-Identifier: Apache-2.0
//
// Between checks the trail holds only what follows from the clauses alone.
#include "encoder/clause_search.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

namespace {

constexpr double activity_limit = 1e100;
constexpr double activity_growth = 1.0 / 0.95;

}  // namespace

ClauseSearch::Code ClauseSearch::code(Literal l) {
    return 2 * (static_cast<Code>(std::abs(l)) - 1) + (l < 0 ? 1 : 0);
}

ClauseSearch::Value ClauseSearch::value_of(Code c) const {
    const Value v = variables_[c >> 1U].value;
    return (c & 1U) == 0 ? v : static_cast<Value>(-static_cast<int>(v));
}

void ClauseSearch::grow(Code c) {
    const std::size_t needed = (c >> 1U) + 1;
    while (variables_.size() < needed) {
        variables_.emplace_back();
        put_in_heap(static_cast<std::uint32_t>(variables_.size() - 1));
    }
    if (watches_.size() < 2 * needed) watches_.resize(2 * needed);
}

void ClauseSearch::add(std::span<const Literal> clauses) {
    given_.insert(given_.end(), clauses.begin(), clauses.end());
    if (given_up()) return;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        if (clauses[i] != 0) continue;
        add_clause(clauses.subspan(begin, i - begin));
        begin = i + 1;
    }
}

/// At the level of no decision: what is false there is left out, a clause that holds there is not kept.
void ClauseSearch::add_clause(std::span<const Literal> clause) {
    if (contradiction_) return;
    learnt_.clear();
    for (const Literal l : clause) {
        const Code c = code(l);
        grow(c);
        if (value_of(c) == Value::yes) return;
        if (value_of(c) == Value::open) learnt_.push_back(c);
    }
    std::ranges::sort(learnt_);
    learnt_.erase(std::unique(learnt_.begin(), learnt_.end()), learnt_.end());
    const auto opposite = [](Code a, Code b) { return (a ^ 1U) == b; };
    if (std::ranges::adjacent_find(learnt_, opposite) != learnt_.end()) return;
    if (learnt_.empty()) {
        contradiction_ = true;
    } else if (learnt_.size() == 1) {
        assign(learnt_.front(), none);
        contradiction_ = propagate() != none;
    } else {
        store(learnt_);
    }
}

/// Watches the first two.
ClauseSearch::Clause ClauseSearch::store(std::span<const Code> literals) {
    const auto clause = static_cast<Clause>(arena_.size());
    arena_.push_back(static_cast<std::uint32_t>(literals.size()));
    arena_.insert(arena_.end(), literals.begin(), literals.end());
    watches_[literals[0]].push_back({clause, literals[1]});
    watches_[literals[1]].push_back({clause, literals[0]});
    return clause;
}

void ClauseSearch::assign(Code c, Clause reason) {
    Variable& v = variables_[c >> 1U];
    v.value = (c & 1U) == 0 ? Value::yes : Value::no;
    v.level = level();
    v.reason = reason;
    trail_.push_back(c);
}

/// True when the clause is watched elsewhere from now on; else its first literal is all that can still hold.
bool ClauseSearch::move_watch(Clause clause, Code falsified) {
    std::uint32_t* const literals = &arena_[clause + 1];
    const std::uint32_t length = arena_[clause];
    if (literals[0] == falsified) std::swap(literals[0], literals[1]);
    if (value_of(literals[0]) == Value::yes) return false;
    for (std::uint32_t k = 2; k < length; ++k) {
        if (value_of(literals[k]) == Value::no) continue;
        std::swap(literals[1], literals[k]);
        watches_[literals[1]].push_back({clause, literals[0]});
        return true;
    }
    return false;
}

/// Follows what is assigned; the clause that fails, or none.
ClauseSearch::Clause ClauseSearch::propagate() {
    Clause conflict = none;
    while (propagated_ < trail_.size() && conflict == none) {
        const Code falsified = trail_[propagated_++] ^ 1U;
        std::vector<Watch> watching = std::exchange(watches_[falsified], {});
        std::size_t kept = 0;
        visits_ += watching.size();
        for (std::size_t i = 0; i < watching.size(); ++i) {
            const Watch w = watching[i];
            if (conflict != none || value_of(w.blocker) == Value::yes) {
                watching[kept++] = w;
                continue;
            }
            if (move_watch(w.clause, falsified)) continue;
            const Code first = arena_[w.clause + 1];
            watching[kept++] = {w.clause, first};
            if (value_of(first) == Value::no) {
                conflict = w.clause;
            } else if (value_of(first) == Value::open) {
                assign(first, w.clause);
            }
        }
        // Only clauses that got another literal to watch went elsewhere, never back to this one.
        watching.resize(kept);
        watches_[falsified] = std::move(watching);
    }
    return conflict;
}

void ClauseSearch::mark(Clause clause, std::size_t& open_here) {
    for (std::uint32_t k = 0; k < arena_[clause]; ++k) {
        const Code c = arena_[clause + 1 + k];
        Variable& v = variables_[c >> 1U];
        if (v.seen || v.level == 0) continue;
        v.seen = true;
        bump(c >> 1U);
        if (v.level == level())
            ++open_here;
        else
            learnt_.push_back(c);
    }
}

/// Its reason says no more than literals that the learnt clause has.
bool ClauseSearch::implied_by_others(Code c) const {
    const Clause reason = variables_[c >> 1U].reason;
    if (reason == none) return false;
    for (std::uint32_t k = 0; k < arena_[reason]; ++k) {
        const Variable& other = variables_[arena_[reason + 1 + k] >> 1U];
        if (!other.seen && other.level != 0) return false;
    }
    return true;
}

/// Learns the clause of the first unique implication point, and goes back to where it says something.
void ClauseSearch::learn(Clause conflict) {
    learnt_.assign(1, 0);
    std::size_t open_here = 0;
    std::size_t at = trail_.size();
    mark(conflict, open_here);
    while (true) {
        do {
            --at;
        } while (!variables_[trail_[at] >> 1U].seen);
        if (--open_here == 0) break;
        // What is resolved away is no literal of the clause.
        variables_[trail_[at] >> 1U].seen = false;
        const Clause reason = variables_[trail_[at] >> 1U].reason;
        const Code here = trail_[at];
        variables_[here >> 1U].level = 0;  // its reason names it too
        mark(reason, open_here);
        variables_[here >> 1U].level = level();
    }
    learnt_[0] = trail_[at] ^ 1U;
    const std::vector<Code> all(learnt_.begin() + 1, learnt_.end());
    std::erase_if(learnt_, [&](Code c) { return c != learnt_[0] && implied_by_others(c); });
    for (const Code c : all) variables_[c >> 1U].seen = false;
    variables_[learnt_[0] >> 1U].seen = false;
    std::uint32_t back = 0;
    for (std::size_t k = 1; k < learnt_.size(); ++k) {
        const std::uint32_t l = variables_[learnt_[k] >> 1U].level;
        if (l <= back) continue;
        back = l;
        std::swap(learnt_[1], learnt_[k]);
    }
    back_to(back);
    assign(learnt_[0], learnt_.size() == 1 ? none : store(learnt_));
    increment_ *= activity_growth;
}

void ClauseSearch::back_to(std::uint32_t to) {
    if (level() <= to) return;
    const std::size_t length = levels_[to];
    for (std::size_t i = trail_.size(); i-- > length;) {
        const std::uint32_t v = trail_[i] >> 1U;
        variables_[v].value = Value::open;
        variables_[v].reason = none;
        put_in_heap(v);
    }
    trail_.resize(length);
    levels_.resize(to);
    propagated_ = length;
}

void ClauseSearch::bump(std::uint32_t variable) {
    Variable& v = variables_[variable];
    v.activity += increment_;
    if (v.activity > activity_limit) {
        for (Variable& each : variables_) each.activity /= activity_limit;
        increment_ /= activity_limit;
    }
    if (v.position >= 0) sift_up(static_cast<std::size_t>(v.position));
}

void ClauseSearch::sift_up(std::size_t at) {
    const std::uint32_t moving = heap_[at];
    while (at > 0) {
        const std::size_t parent = (at - 1) / 2;
        if (variables_[heap_[parent]].activity >= variables_[moving].activity) break;
        heap_[at] = heap_[parent];
        variables_[heap_[at]].position = static_cast<std::int32_t>(at);
        at = parent;
    }
    heap_[at] = moving;
    variables_[moving].position = static_cast<std::int32_t>(at);
}

void ClauseSearch::sift_down(std::size_t at) {
    const std::uint32_t moving = heap_[at];
    while (2 * at + 1 < heap_.size()) {
        std::size_t child = 2 * at + 1;
        if (child + 1 < heap_.size() &&
            variables_[heap_[child + 1]].activity > variables_[heap_[child]].activity)
            ++child;
        if (variables_[heap_[child]].activity <= variables_[moving].activity) break;
        heap_[at] = heap_[child];
        variables_[heap_[at]].position = static_cast<std::int32_t>(at);
        at = child;
    }
    heap_[at] = moving;
    variables_[moving].position = static_cast<std::int32_t>(at);
}

void ClauseSearch::put_in_heap(std::uint32_t variable) {
    if (variables_[variable].position >= 0) return;
    heap_.push_back(variable);
    sift_up(heap_.size() - 1);
}

std::optional<std::uint32_t> ClauseSearch::next_variable() {
    while (!heap_.empty()) {
        const std::uint32_t v = heap_.front();
        const std::uint32_t last = heap_.back();
        heap_.pop_back();
        variables_[v].position = -1;
        if (!heap_.empty()) {
            heap_.front() = last;
            sift_down(0);
        }
        if (variables_[v].value == Value::open) return v;
    }
    return std::nullopt;
}

std::optional<bool> ClauseSearch::check(std::span<const Literal> assumptions) {
    if (given_up()) return std::nullopt;
    if (contradiction_) return false;
    unfinished_ = true;
    assumed_.clear();
    for (const Literal l : assumptions) {
        assumed_.push_back(code(l));
        grow(assumed_.back());
    }
    const std::optional<bool> result = search();
    if (result == true) {
        model_.assign(variables_.size(), false);
        for (std::size_t v = 0; v < variables_.size(); ++v) model_[v] = variables_[v].value == Value::yes;
    }
    back_to(0);
    unfinished_ = false;
    return result;
}

/// The first decisions are the assumptions, in order; later ones set the most active variable to false.
std::optional<bool> ClauseSearch::search() {
    std::uint64_t conflicts = 0;
    visits_ = 0;
    while (true) {
        const Clause conflict = propagate();
        if (conflict != none) {
            contradiction_ = level() == 0;
            if (contradiction_) return false;
            model::poll();
            learn(conflict);
            if (++conflicts > effort_.conflicts || visits_ > effort_.visits) return std::nullopt;
            continue;
        }
        Code decision = 0;
        if (level() < assumed_.size()) {
            decision = assumed_[level()];
            if (value_of(decision) == Value::no) return false;
        } else {
            const auto open = next_variable();
            if (!open) return true;
            decision = 2 * *open + 1;
        }
        levels_.push_back(trail_.size());
        if (value_of(decision) == Value::open) assign(decision, none);
    }
}

bool ClauseSearch::value(Literal variable) const {
    const auto v = static_cast<std::size_t>(variable) - 1;
    return v < model_.size() && model_[v];
}

}  // namespace tlbcheck::encoder
