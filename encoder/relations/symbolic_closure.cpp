// SPDX-License-Identifier: Apache-2.0
//
// Transitive closure between bounds: first the static part by bit rows, then Warshall's algorithm on what is
// open. The result is the least closed relation, exactly, so it may be used negatively. Where only some ends
// are wanted, an event that is neither is done with once paths go round it.
#include <algorithm>
#include <utility>

#include "encoder/relations/symbolic_algebra.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::and_into;
using model::or_common;
using model::poll_now;

namespace {

/// Dense working copy: the formula of each open edge, with bit rows of what is certain and what is possible.
struct Dense {
    explicit Dense(const SymbolicRelation& r)
        : size(r.size()), must(r.must()), may(r.may()), formula(size * size) {
        for (std::size_t i = 0; i < size; ++i) {
            for (const Cell& c : r.open(i)) at(i, c.column) = c.when;
        }
    }
    Formula& at(std::size_t i, std::size_t j) { return formula[i * size + j]; }
    Formula value(std::size_t i, std::size_t j) { return must.test(i, j) ? logic::true_formula : at(i, j); }

    std::size_t size;
    BitMatrix must, may;
    std::vector<Formula> formula;
};

/// target := a & b without what is settled; whether anything is left.
bool unsettled(std::span<Word> target, std::span<const Word> a, std::span<const Word> b,
               std::span<const Word> settled) {
    Word any = 0;
    for (std::size_t w = 0; w < target.size(); ++w) any |= target[w] = a[w] & b[w] & ~settled[w];
    return any != 0;
}

}  // namespace

BitMatrix SymbolicAlgebra::certain_paths(const SymbolicRelation& r) const {
    BitMatrix paths = r.must();
    BitRow guarded(size_);  // what may be reached through k when i does not imply it
    for (std::size_t k = 0; k < size_; ++k) {
        poll_now();
        const auto onward = std::as_const(paths).row(k);
        std::ranges::copy(onward, guarded.words().begin());
        and_into(guarded.words(), implying_.row(k));
        for (std::size_t i = 0; i < size_; ++i) {
            if (i == k || !paths.test(i, k)) continue;
            or_common(paths.row(i), implying_.test(k, i) ? onward : guarded.words(), compatible_.row(i));
        }
    }
    return paths;
}

namespace {

/// The order in which paths are led round events, and which rows and columns are still of use.
class PathOrder {
  public:
    PathOrder(const Dense& d, const PathEnds* ends)
        : d_(d), ends_(ends), left_(d.size), rows_(d.size), columns_(d.size), in_(d.size), out_(d.size) {
        left_.fill();
        rows_.fill();
        columns_.fill();
        if (ends == nullptr) return;
        for (std::size_t i = 0; i < d.size; ++i)
            for_each_bit(d.may.row(i), [&](std::size_t j) { note_edge(i, j); });
    }

    /// The next event: one with few neighbours before others, ends last; what is left is small then.
    std::size_t next() {
        std::size_t best = d_.size;
        if (ends_ == nullptr) {
            best = next_++;
        } else {
            for_each_bit(left_.words(), [&](std::size_t k) {
                if (best == d_.size || key(k) < key(best)) best = k;
            });
        }
        pass(best);
        return best;
    }
    /// Between a row and a column that are of use there is an edge now.
    void note_edge(std::size_t i, std::size_t j) {
        ++out_[i];
        ++in_[j];
    }
    bool wants_row(std::size_t i) const { return rows_.test(i); }
    std::span<const Word> columns() const { return columns_.words(); }

  private:
    /// Ends last; then by the number of pairs that paths round it join.
    std::pair<int, std::size_t> key(std::size_t k) const {
        return {int{ends_->sources.test(k)} + int{ends_->targets.test(k)}, in_[k] * out_[k]};
    }
    void pass(std::size_t k) {
        left_.reset(k);
        if (ends_ == nullptr) return;
        if (!ends_->sources.test(k)) {
            rows_.reset(k);
            for_each_bit(d_.may.row(k), [&](std::size_t j) { in_[j] -= columns_.test(j) ? 1U : 0U; });
            out_[k] = 0;
        }
        if (!ends_->targets.test(k)) {
            columns_.reset(k);
            for_each_bit(rows_.words(), [&](std::size_t i) { out_[i] -= d_.may.test(i, k) ? 1U : 0U; });
            in_[k] = 0;
        }
    }

    const Dense& d_;
    const PathEnds* ends_;
    BitRow left_, rows_, columns_;
    std::vector<std::size_t> in_, out_;  ///< edges of rows and columns that are of use
    std::size_t next_ = 0;
};

}  // namespace

SymbolicRelation SymbolicAlgebra::closure(const SymbolicRelation& r) {
    return closure(r, nullptr);
}

SymbolicRelation SymbolicAlgebra::closure(const SymbolicRelation& r, const PathEnds& ends) {
    return closure(r, &ends);
}

SymbolicRelation SymbolicAlgebra::closure(const SymbolicRelation& r, const PathEnds* ends) {
    Dense d(r);
    FormulaPool& pool = graph_->pool();
    d.must = certain_paths(r);
    for (std::size_t i = 0; i < size_; ++i) or_into(d.may.row(i), std::as_const(d.must).row(i));
    BitRow fresh(size_);
    PathOrder order(d, ends);
    for (std::size_t passed = 0; passed < size_; ++passed) {
        poll_now();
        const std::size_t k = order.next();
        for (std::size_t i = 0; i < size_; ++i) {
            if (i == k || !d.may.test(i, k) || !order.wants_row(i)) continue;
            if (!unsettled(fresh.words(), std::as_const(d.may).row(k), compatible_.row(i),
                           std::as_const(d.must).row(i)))
                continue;
            and_into(fresh.words(), order.columns());
            const bool guarded = !implying_.test(k, i);
            const Formula first = d.value(i, k);
            const Formula entering = guarded ? pool.both(first, exec(k)) : first;
            for_each_bit(fresh.words(), [&](std::size_t j) {
                const Formula start = guarded && implying_.test(k, j) ? first : entering;
                const Formula old = d.may.test(i, j) ? d.at(i, j) : logic::false_formula;
                const Formula f = normalise(pool.either(old, pool.both(start, d.value(k, j))), i, j);
                if (f.is_false()) return;
                if (!d.may.test(i, j)) order.note_edge(i, j);
                d.may.set(i, j);
                if (f.is_true()) d.must.set(i, j);
                d.at(i, j) = f;
            });
        }
    }
    SymbolicRelation result(size_);
    if (ends != nullptr) {
        d.must = model::restrict_range(model::restrict_domain(ends->sources, d.must), ends->targets);
        d.may = model::restrict_range(model::restrict_domain(ends->sources, d.may), ends->targets);
    }
    result.must() = d.must;
    for (std::size_t i = 0; i < size_; ++i) {
        std::vector<Cell> cells;
        for_each_bit(std::as_const(d.may).row(i), [&](std::size_t j) {
            if (!d.must.test(i, j)) cells.push_back({static_cast<std::uint32_t>(j), d.at(i, j)});
        });
        result.set_open(i, std::move(cells));
    }
    return result;
}

}  // namespace tlbcheck::encoder
