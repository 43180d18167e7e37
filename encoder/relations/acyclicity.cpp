// SPDX-License-Identifier: Apache-2.0
//
// Elimination of an event k joins each edge into k with each edge out of k; a cycle through k shows as an
// edge from k to itself at that moment. Sparse formulas, exact, and no ordering variables that could add
// edges.
#include "encoder/relations/acyclicity.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <limits>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::poll;
using model::poll_now;

namespace {

using logic::false_formula;
using logic::true_formula;

/// A graph under elimination: formula of each edge by (row, column) over the chosen events.
class Elimination {
  public:
    Elimination(SymbolicAlgebra& algebra, const SymbolicRelation& r, std::vector<std::size_t> events)
        : algebra_(algebra),
          events_(std::move(events)),
          size_(events_.size()),
          edge_(size_ * size_, false_formula),
          out_(size_),
          in_(size_) {
        for (std::size_t i = 0; i < size_; ++i) {
            poll_now();
            for (std::size_t j = 0; j < size_; ++j) join(i, j, r.at(events_[i], events_[j]));
        }
    }

    Formula edge(std::size_t i, std::size_t j) const { return edge_[i * size_ + j]; }

    /// Eliminates event k; returns the formula of a cycle through it.
    Formula eliminate(std::size_t k) {
        FormulaPool& pool = algebra_.graph().pool();
        const Formula cycle = pool.both(edge(k, k), algebra_.exec(events_[k]));
        for (std::size_t i = 0; i < size_; ++i) {
            if (i == k || edge(i, k).is_false()) continue;
            poll();
            for (std::size_t j = 0; j < size_; ++j) {
                if (j == k || edge(k, j).is_false() || edge(i, j).is_true()) continue;
                join(i, j, pool.conjunction({edge(i, k), algebra_.exec(events_[k]), edge(k, j)}));
            }
        }
        for (std::size_t i = 0; i < size_; ++i) {
            drop(i, k);
            drop(k, i);
        }
        return cycle;
    }

    /// The event whose elimination joins the fewest pairs, among those of `candidates` not yet eliminated.
    std::size_t cheapest(const std::vector<bool>& candidates) const {
        std::size_t best = size_;
        std::size_t cost = std::numeric_limits<std::size_t>::max();
        for (std::size_t k = 0; k < size_; ++k) {
            if (!candidates[k] || out_[k] * in_[k] >= cost) continue;
            cost = out_[k] * in_[k];
            best = k;
        }
        return best;
    }

  private:
    void join(std::size_t i, std::size_t j, Formula f) {
        if (f.is_false() || !algebra_.compatible(events_[i], events_[j])) return;
        Formula& e = edge_[i * size_ + j];
        const Formula g = algebra_.normalise(algebra_.graph().pool().either(e, f), events_[i], events_[j]);
        if (e.is_false() && !g.is_false()) {
            ++out_[i];
            ++in_[j];
        }
        e = g;
    }
    void drop(std::size_t i, std::size_t j) {
        Formula& e = edge_[i * size_ + j];
        if (e.is_false()) return;
        --out_[i];
        --in_[j];
        e = false_formula;
    }

    SymbolicAlgebra& algebra_;
    std::vector<std::size_t> events_;
    std::size_t size_;
    std::vector<Formula> edge_;
    std::vector<std::size_t> out_, in_;
};

std::vector<std::vector<std::size_t>> components(const SymbolicRelation& r) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    Graph graph(r.size());
    const BitMatrix may = r.may();
    for (std::size_t i = 0; i < r.size(); ++i) {
        poll();
        for_each_bit(may.row(i), [&](std::size_t j) { boost::add_edge(i, j, graph); });
    }
    std::vector<std::size_t> component(r.size());
    const std::size_t count = boost::strong_components(graph, component.data());
    std::vector<std::vector<std::size_t>> result(count);
    for (std::size_t i = 0; i < r.size(); ++i) result[component[i]].push_back(i);
    std::erase_if(result, [&](const auto& c) { return c.size() == 1 && !may.test(c[0], c[0]); });
    return result;
}

/// Takes out the open edges that the certain ones settle: one that closes a cycle with certain edges must not
/// be there, one that only repeats a certain path says nothing. On straight-line code this leaves next to
/// nothing.
SymbolicRelation without_settled(SymbolicAlgebra& algebra, const SymbolicRelation& r,
                                 std::vector<Formula>& cycles) {
    const BitMatrix paths = algebra.certain_paths(r);
    SymbolicRelation result(r.size());
    result.must() = r.must();
    for (std::size_t i = 0; i < r.size(); ++i) {
        poll();
        std::vector<Cell> kept;
        for (const Cell& c : r.open(i)) {
            if (c.column == i || paths.test(c.column, i)) {
                cycles.push_back(
                    algebra.graph().pool().conjunction({c.when, algebra.exec(i), algebra.exec(c.column)}));
            } else if (!paths.test(i, c.column)) {
                kept.push_back(c);
            }
        }
        result.set_open(i, std::move(kept));
    }
    return result;
}

}  // namespace

Formula acyclic(SymbolicAlgebra& algebra, const SymbolicRelation& all) {
    std::vector<Formula> cycles;
    const SymbolicRelation r = without_settled(algebra, all, cycles);
    for (const auto& component : components(r)) {
        Elimination elimination(algebra, r, component);
        std::vector<bool> left(component.size(), true);
        for (std::size_t n = 0; n < component.size(); ++n) {
            poll_now();
            const std::size_t k = elimination.cheapest(left);
            left[k] = false;
            cycles.push_back(elimination.eliminate(k));
        }
    }
    return !algebra.graph().pool().disjunction(cycles);
}

}  // namespace tlbcheck::encoder
