// SPDX-License-Identifier: Apache-2.0
//
// The search: a candidate, its shortest cycle, the next candidate without it.
#include "checker/engine/cycle_finder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "model/execution/concrete_evaluator.hpp"

namespace tlbcheck::checker {

namespace {

using SolverOutcome = encoder::Outcome;
using model::BitMatrix;
using model::EventId;
using model::Formula;
using model::axioms::Draws;

/// The orderings that cycles of the kind are drawn with, the most telling first.
std::vector<RuleName> generators(Draws kind) {
    std::vector<RuleName> names;
    for (const model::axioms::Rule& rule : model::axioms::all_rules()) {
        if (rule.draws == kind) names.emplace_back(rule);
    }
    return names;
}

struct Labelled {
    EventId from, to;
    RuleName rule;
    Formula when;
};

class Search {
  public:
    explicit Search(const CycleSearch& search)
        : search_(search),
          solver_(search.graph.pool()),
          last_to_first_(search.graph.pool().variables().rbegin(), search.graph.pool().variables().rend()) {
        solver_.require_graph(search.graph);
        const auto& names = search.formulas.check_names();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] != "external" && names[i] != "one-time-line")
                solver_.require(search.formulas.checks()[i]);
        }
    }

    FoundCycles run(const std::vector<Formula>& assumption) {
        FoundCycles found;
        for (const Formula f : assumption) solver_.require(f);
        while (found.cycles.size() < search_.most) {
            const SolverOutcome outcome = solver_.check();
            found.complete = outcome == SolverOutcome::unsatisfiable;
            if (outcome == SolverOutcome::undecided) found.reason = solver_.reason();
            if (outcome != SolverOutcome::satisfiable) return found;
            // Which candidate the solver comes to first differs from release to release: the one of first
            // sources.
            const auto least = solver_.least_assignment({}, last_to_first_);
            if (!least) {
                found.reason = solver_.reason();
                return found;
            }
            model::logic::Assignment assignment(search_.graph.pool(), *least);
            const model::Execution execution = search_.formulas.execution(assignment);
            const std::vector<Labelled> cycle = cycle_of(execution);
            if (cycle.empty()) {
                found.possible = true;
                return found;
            }
            exclude(cycle);
            found.cycles.push_back(describe(cycle, execution, assignment));
        }
        found.reason = "more cases than are listed";
        return found;
    }

  private:
    std::vector<Labelled> cycle_of(const model::Execution& execution) {
        model::ConcreteEvaluator evaluator(search_.graph, execution);
        std::vector<Labelled> cycle = cycle_among(evaluator, generators(Draws::order), nullptr);
        for (const std::string& walk : search_.graph.walks) {
            if (!cycle.empty()) break;
            model::BitRow scope = evaluator.evaluate(model::set(walk));
            model::or_into(scope.words(), evaluator.evaluate(model::set("TLBI")).words());
            cycle = cycle_among(evaluator, generators(Draws::walk_line), &scope);
        }
        return cycle;
    }

    std::vector<Labelled> cycle_among(model::ConcreteEvaluator& evaluator, const std::vector<RuleName>& names,
                                      const model::BitRow* scope) {
        BitMatrix all(search_.graph.size());
        for (const RuleName name : names) {
            if (!known(name)) continue;
            const BitMatrix& r = evaluator.evaluate(search_.definitions.r(name.text()));
            for (std::size_t i = 0; i < r.size(); ++i) {
                if (scope == nullptr || scope->test(i)) model::or_into(all.row(i), r.row(i));
                if (scope != nullptr) model::and_into(all.row(i), scope->words());
            }
        }
        const auto events = model::shortest_cycle(all);
        std::vector<Labelled> cycle;
        for (std::size_t i = 0; i < events.size(); ++i) {
            cycle.push_back(label(evaluator, names, events[i], events[(i + 1) % events.size()]));
        }
        return cycle;
    }

    bool known(RuleName name) const {
        return name == RuleName("walk") || name == RuleName("TLBI-after") ||
               search_.definitions.relations().contains(name.text());
    }

    Labelled label(model::ConcreteEvaluator& evaluator, const std::vector<RuleName>& names, EventId a,
                   EventId b) {
        for (const RuleName name : names) {
            if (!known(name)) continue;
            const model::Rel r = search_.definitions.r(name.text());
            if (!evaluator.evaluate(r).test(a, b)) continue;
            return {a, b, name, search_.formulas.evaluator().evaluate(r).at(a, b)};
        }
        throw std::logic_error("an edge of a cycle is of none of the orderings it was made of");
    }

    /// No later candidate may contain the same cycle.
    void exclude(const std::vector<Labelled>& cycle) {
        std::vector<Formula> support;
        for (const Labelled& e : cycle) {
            support.push_back(e.when);
            support.push_back(search_.graph.event(e.from).exec);
        }
        solver_.require(!search_.graph.pool().conjunction(support));
    }

    void collect_choices(Formula f, std::vector<model::logic::Variable>& variables) const {
        const auto& pool = search_.graph.pool();
        if (f.is_constant()) return;
        if (pool.kind(f) == model::logic::NodeKind::variable) {
            variables.push_back(pool.variable_of(f));
            return;
        }
        for (const Formula c : pool.operands(f)) collect_choices(c, variables);
    }

    /// "TLBI X before T": the sides of TLBI-after that the cycle rests on.
    std::string assumption_text(const std::vector<Labelled>& cycle, const model::Execution& execution,
                                model::logic::Assignment& assignment) const {
        std::vector<model::logic::Variable> variables;
        for (const Labelled& e : cycle) collect_choices(e.when, variables);
        std::ranges::sort(variables);
        variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
        std::string text;
        for (const auto v : variables) {
            const encoder::ChosenPair* pair = search_.formulas.pair_of(v);
            if (pair == nullptr || pair->choice != "TLBI-after") continue;
            const std::string tlbi = search_.event_text(pair->from, execution);
            const std::string walk = search_.event_text(pair->to, execution);
            text += fmt::format("{}{} before {}", text.empty() ? "" : "; ",
                                assignment.variable(v) ? tlbi : walk, assignment.variable(v) ? walk : tlbi);
        }
        return text;
    }

    ProofEdge edge(EventId from, EventId to, RuleName rule, const model::Execution& execution) const {
        return {search_.event_text(from, execution), search_.event_text(to, execution), rule,
                search_.event_place(from), search_.event_place(to)};
    }

    struct LaterWalk {
        EventId walk = 0;
        RuleName rule;  ///< what puts the TLBI before it
    };
    /// The T that a TLBI-ca edge is about, where program order puts the TLBI before it: no choice that the
    /// proof names says so.
    std::optional<LaterWalk> later_walk(const Labelled& tlbi_ca, const model::Execution& execution,
                                        model::logic::Assignment& assignment) const {
        const auto chosen = execution.chosen.find("TLBI-after");
        if (chosen == execution.chosen.end()) return {};
        encoder::SymbolicEvaluator& evaluator = search_.formulas.evaluator();
        const auto holds = [&](std::string_view name, EventId a, EventId b) {
            return assignment.value(evaluator.evaluate(search_.definitions.r(name)).at(a, b));
        };
        std::optional<LaterWalk> found;
        model::for_each_bit(chosen->second.row(tlbi_ca.from), [&](std::size_t event) {
            const auto walk = static_cast<EventId>(event);
            if (!holds("ca", walk, tlbi_ca.to)) return;
            for (const RuleName rule : {RuleName("IFB-ob"), RuleName("DSB-ob")}) {
                if (!found && holds(rule.text(), tlbi_ca.from, walk)) found = {walk, rule};
            }
        });
        return found;
    }

    ProofCycle describe(const std::vector<Labelled>& cycle, const model::Execution& execution,
                        model::logic::Assignment& assignment) const {
        ProofCycle result;
        for (const Labelled& e : cycle) {
            const auto by =
                e.rule == RuleName("TLBI-ca") ? later_walk(e, execution, assignment) : std::nullopt;
            if (by) result.edges.push_back(edge(e.from, by->walk, by->rule, execution));
            result.edges.push_back(edge(by ? by->walk : e.from, e.to, e.rule, execution));
        }
        result.assumption = assumption_text(cycle, execution, assignment);
        return result;
    }

    const CycleSearch& search_;
    encoder::Solver solver_;
    std::vector<Formula> last_to_first_;
};

}  // namespace

FoundCycles find_cycles(const CycleSearch& search, const std::vector<Formula>& assumption) {
    return Search(search).run(assumption);
}

}  // namespace tlbcheck::checker
