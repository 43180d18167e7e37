// SPDX-License-Identifier: Apache-2.0
//
// Unit propagation with two watched literals a clause. What follows from the clauses alone stays on the
// trail; what follows from a clause's negation is taken back after each question.
#include "checker/proof_checker/proof_checker.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>

namespace tlbcheck::proof_checker {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

class Checker {
  public:
    explicit Checker(const Cnf& cnf) {
        const std::size_t slots = slot(cnf.variables) + 2;
        values_.resize(slots, 0);
        watches_.resize(slots);
        reasons_.resize(slots, none);
        for (const Clause& c : cnf.clauses) add(c);
    }

    /// True once the clauses contradict each other by unit propagation alone.
    bool contradiction() const { return contradiction_; }

    void add(Clause clause) {
        // A literal that stands twice would be watched twice; what a proof deletes is compared as a set
        // anyway.
        Clause sorted = as_set(clause);
        std::stable_partition(clause.begin(), clause.end(), [&](Literal l) { return value(l) >= 0; });
        const auto first = clause.empty() ? clause.end()
                                          : std::find_if(clause.begin() + 1, clause.end(),
                                                         [&](Literal l) { return l != clause[0]; });
        if (first != clause.end()) std::iter_swap(clause.begin() + 1, first);
        const std::size_t id = clauses_.size();
        by_content_.emplace(std::move(sorted), id);
        const bool two = first != clause.end();
        clauses_.push_back({std::move(clause), true});
        const Clause& c = clauses_.back().literals;
        if (two) {
            watch(c[0], id);
            watch(c[1], id);
        }
        if (contradiction_) return;
        if (c.empty() || value(c[0]) < 0) {
            contradiction_ = true;
        } else if (value(c[0]) == 0 && (!two || value(c[1]) < 0)) {
            assign(c[0], id);
            contradiction_ = !propagate();
        }
    }

    /// False where no such clause is there.
    bool remove(const Clause& clause) {
        const auto at = by_content_.find(as_set(clause));
        if (at == by_content_.end()) return false;
        if (is_reason(at->second)) return true;
        clauses_[at->second].present = false;
        by_content_.erase(at);
        return true;
    }

    /// The clause follows by unit propagation, or may be added by its first literal.
    bool follows(const Clause& clause) {
        if (contradiction_) return true;
        const std::size_t mark = trail_.size();
        bool holds = refuted(clause);
        if (!holds && !clause.empty()) holds = resolvents_refuted(clause);
        undo(mark);
        return holds;
    }

  private:
    struct Stored {
        Clause literals;
        bool present;
    };

    static Clause as_set(Clause clause) {
        std::ranges::sort(clause);
        clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
        return clause;
    }
    static std::size_t slot(Literal l) { return 2 * static_cast<std::size_t>(std::abs(l)) + (l < 0 ? 1 : 0); }
    /// 1 true, -1 false, 0 open.
    int value(Literal l) const { return values_[slot(l)]; }
    void watch(Literal l, std::size_t id) { watches_[slot(l)].push_back(id); }

    void assign(Literal l, std::size_t reason) {
        values_[slot(l)] = 1;
        values_[slot(-l)] = -1;
        reasons_[slot(l)] = reason;
        trail_.push_back(l);
    }

    void undo(std::size_t mark) {
        while (trail_.size() > mark) {
            const Literal l = trail_.back();
            trail_.pop_back();
            values_[slot(l)] = values_[slot(-l)] = 0;
            reasons_[slot(l)] = none;
        }
        propagated_ = std::min(propagated_, mark);
    }

    /// The clause forces a literal that holds by the clauses alone.
    bool is_reason(std::size_t id) const {
        return std::ranges::any_of(clauses_[id].literals,
                                   [&](Literal l) { return value(l) > 0 && reasons_[slot(l)] == id; });
    }

    /// Follows all units; false at a contradiction.
    bool propagate() {
        while (propagated_ < trail_.size()) {
            if (!visit(-trail_[propagated_++])) return false;
        }
        return true;
    }

    /// `gone` has become false: its clauses watch another literal, or force their last one.
    bool visit(Literal gone) {
        std::vector<std::size_t>& list = watches_[slot(gone)];
        std::size_t kept = 0;
        bool sound = true;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::size_t id = list[i];
            if (!clauses_[id].present) continue;
            if (sound && moved(id, gone)) continue;
            list[kept++] = id;
            if (!sound) continue;
            const Literal other = clauses_[id].literals[0];
            if (value(other) < 0) sound = false;
            if (value(other) == 0) assign(other, id);
        }
        list.resize(kept);
        return sound;
    }

    /// Puts the other watched literal first; true where a new one is watched instead of `gone`.
    bool moved(std::size_t id, Literal gone) {
        Clause& c = clauses_[id].literals;
        if (c[0] == gone) std::swap(c[0], c[1]);
        if (value(c[0]) > 0) return false;
        for (std::size_t k = 2; k < c.size(); ++k) {
            if (value(c[k]) < 0 || c[k] == c[0]) continue;
            std::swap(c[1], c[k]);
            watch(c[1], id);
            return true;
        }
        return false;
    }

    /// Assumes the negation of the clause's literals: a contradiction?
    bool refuted(const Clause& clause) {
        for (const Literal l : clause) {
            if (value(l) > 0) return true;
            if (value(l) == 0) assign(-l, none);
        }
        return !propagate();
    }

    /// With the clause's negation assumed: so is each clause that has the negation of its first literal.
    bool resolvents_refuted(const Clause& clause) {
        const std::size_t mark = trail_.size();
        const Literal pivot = clause.front();
        for (std::size_t id = 0; id < clauses_.size(); ++id) {
            if (!clauses_[id].present) continue;
            Clause rest = clauses_[id].literals;
            if (std::erase(rest, -pivot) == 0) continue;
            const bool follows = refuted(rest);
            undo(mark);
            if (!follows) return false;
        }
        return true;
    }

    std::vector<Stored> clauses_;
    std::multimap<Clause, std::size_t> by_content_;
    std::vector<std::vector<std::size_t>> watches_;  ///< by slot, as all of these
    std::vector<std::int8_t> values_;
    std::vector<std::size_t> reasons_;
    std::vector<Literal> trail_;
    std::size_t propagated_ = 0;
    bool contradiction_ = false;
};

Verdict refused(std::size_t step, const std::string& why) {
    return {false, "step " + std::to_string(step + 1) + ": " + why, step};
}

}  // namespace

Verdict check_proof(const Cnf& cnf, const std::vector<Step>& proof) {
    Checker checker(cnf);
    for (std::size_t i = 0; i < proof.size(); ++i) {
        const Step& step = proof[i];
        const auto unknown = [&](Literal l) { return std::abs(l) > cnf.variables; };
        if (std::ranges::any_of(step.clause, unknown)) return refused(i, "has a variable that no clause has");
        if (step.deletion) {
            if (!checker.remove(step.clause)) return refused(i, "deletes a clause that is not there");
            continue;
        }
        if (!checker.follows(step.clause)) return refused(i, "does not follow");
        if (step.clause.empty()) {
            if (i + 1 < proof.size()) return refused(i + 1, "goes on after the empty clause");
            return {true, {}, proof.size()};
        }
        checker.add(step.clause);
    }
    return {false, "does not come to the empty clause", proof.size()};
}

}  // namespace tlbcheck::proof_checker
