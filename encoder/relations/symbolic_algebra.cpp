// SPDX-License-Identifier: Apache-2.0
//
// Static edges go through bit rows, sixty-four at a time; only open edges cost a formula each.
#include "encoder/relations/symbolic_algebra.hpp"

#include <algorithm>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::and_into;
using model::or_common;
using model::poll;
using model::poll_now;
using model::remove_from;

using logic::false_formula;
using logic::true_formula;

SymbolicAlgebra::SymbolicAlgebra(EventGraph& graph)
    : graph_(&graph), size_(graph.size()), compatible_(graph.size()), implying_(graph.size()) {
    const FormulaPool& pool = graph.pool();
    for (std::size_t a = 0; a < size_; ++a) {
        poll_now();
        for (std::size_t b = 0; b < size_; ++b) {
            if (!pool.excludes(exec(a), exec(b)) && !pool.excludes(exec(b), exec(a))) compatible_.set(a, b);
            if (pool.implies(exec(b), exec(a))) implying_.set(a, b);
        }
    }
}

Formula SymbolicAlgebra::normalise(Formula f, std::size_t a, std::size_t b) {
    if (f.is_constant()) return f;
    f = graph_->pool().under(f, exec(a));
    return graph_->pool().under(f, exec(b));
}

/// Collects one row: static columns in a bit row, open terms by column; a column's terms are united at the
/// end.
class SymbolicAlgebra::RowBuilder {
  public:
    explicit RowBuilder(SymbolicAlgebra& algebra)
        : algebra_(&algebra), must_(algebra.size()), terms_(algebra.size()), touched_(algebra.size()) {}

    BitRow& must() { return must_; }
    void add(std::size_t column, Formula f) {
        if (f.is_false() || must_.test(column)) return;
        if (f.is_true()) {
            must_.set(column);
            return;
        }
        terms_[column].push_back(f);
        touched_.set(column);
    }
    void finish(SymbolicRelation& r, std::size_t row) {
        and_into(must_.words(), algebra_->compatible().row(row));
        std::vector<Cell> cells;
        for_each_bit(touched_.words(), [&](std::size_t column) {
            if (!must_.test(column) && algebra_->compatible(row, column)) {
                const Formula f =
                    algebra_->normalise(algebra_->graph().pool().disjunction(terms_[column]), row, column);
                if (f.is_true()) must_.set(column);
                if (!f.is_constant()) cells.push_back({static_cast<std::uint32_t>(column), f});
            }
            terms_[column].clear();
        });
        or_into(r.must().row(row), must_.words());
        r.set_open(row, std::move(cells));
        std::ranges::fill(must_.words(), Word{0});
        std::ranges::fill(touched_.words(), Word{0});
    }

  private:
    SymbolicAlgebra* algebra_;
    BitRow must_;
    std::vector<std::vector<Formula>> terms_;
    BitRow touched_;
};

SymbolicRelation SymbolicAlgebra::tabulate(const std::function<Formula(std::size_t, std::size_t)>& f,
                                           const std::function<void(std::size_t, BitRow&)>& narrow) {
    SymbolicRelation result(size_);
    BitRow columns(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        std::ranges::copy(compatible_.row(i), columns.words().begin());
        if (narrow) narrow(i, columns);
        std::vector<Cell> cells;
        for_each_bit(columns.words(), [&](std::size_t j) {
            const Formula g = normalise(f(i, j), i, j);
            if (!g.is_false()) cells.push_back({static_cast<std::uint32_t>(j), g});
        });
        put(result, i, std::move(cells));
    }
    return result;
}

void SymbolicAlgebra::put(SymbolicRelation& r, std::size_t row, std::vector<Cell> cells) {
    for (const Cell& c : cells) {
        if (c.when.is_true()) r.must().set(row, c.column);
    }
    std::erase_if(cells, [](const Cell& c) { return c.when.is_constant(); });
    r.set_open(row, std::move(cells));
}

SymbolicRelation SymbolicAlgebra::from_edges(const std::vector<Edge>& edges) {
    std::vector<Edge> sorted = edges;
    std::ranges::stable_sort(sorted, {}, &Edge::from);
    SymbolicRelation result(size_);
    RowBuilder builder(*this);
    for (std::size_t i = 0; i < sorted.size();) {
        const EventId row = sorted[i].from;
        for (; i < sorted.size() && sorted[i].from == row; ++i) builder.add(sorted[i].to, sorted[i].when);
        builder.finish(result, row);
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::unite(const SymbolicRelation& a, const SymbolicRelation& b) {
    SymbolicRelation result(size_);
    RowBuilder builder(*this);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        or_into(builder.must().words(), a.must().row(i));
        or_into(builder.must().words(), b.must().row(i));
        for (const Cell& c : a.open(i)) builder.add(c.column, c.when);
        for (const Cell& c : b.open(i)) builder.add(c.column, c.when);
        builder.finish(result, i);
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::intersect(const SymbolicRelation& a, const SymbolicRelation& b) {
    SymbolicRelation result(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        or_into(result.must().row(i), a.must().row(i));
        and_into(result.must().row(i), b.must().row(i));
        std::vector<Cell> cells;
        for (const Cell& c : a.open(i)) {
            const Formula g = b.at(i, c.column);
            if (!g.is_false())
                cells.push_back({c.column, normalise(graph_->pool().both(c.when, g), i, c.column)});
        }
        for (const Cell& c : b.open(i)) {
            if (a.must().test(i, c.column)) cells.push_back(c);
        }
        std::ranges::sort(cells, {}, &Cell::column);
        put(result, i, std::move(cells));
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::filter(const SymbolicRelation& a,
                                         const std::function<Formula(std::size_t, std::size_t)>& f) {
    SymbolicRelation result(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        std::vector<Cell> cells;
        for_each_bit(a.must().row(i), [&](std::size_t j) {
            cells.push_back({static_cast<std::uint32_t>(j), normalise(f(i, j), i, j)});
        });
        for (const Cell& c : a.open(i)) {
            cells.push_back({c.column, normalise(graph_->pool().both(c.when, f(i, c.column)), i, c.column)});
        }
        std::erase_if(cells, [](const Cell& c) { return c.when.is_false(); });
        std::ranges::sort(cells, {}, &Cell::column);
        put(result, i, std::move(cells));
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::subtract(const SymbolicRelation& a, const SymbolicRelation& b) {
    return filter(a, [&](std::size_t i, std::size_t j) { return !b.at(i, j); });
}

SymbolicRelation SymbolicAlgebra::restrict_domain(const SymbolicSet& s, const SymbolicRelation& r) {
    SymbolicRelation result(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        if (s[i].is_false()) continue;
        if (s[i].is_true()) {
            or_into(result.must().row(i), r.must().row(i));
            result.set_open(i, r.open(i));
            continue;
        }
        std::vector<Cell> cells;
        for_each_bit(r.must().row(i), [&](std::size_t j) {
            cells.push_back({static_cast<std::uint32_t>(j), normalise(s[i], i, j)});
        });
        for (const Cell& c : r.open(i)) {
            cells.push_back({c.column, normalise(graph_->pool().both(c.when, s[i]), i, c.column)});
        }
        std::ranges::sort(cells, {}, &Cell::column);
        put(result, i, std::move(cells));
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::restrict_range(const SymbolicRelation& r, const SymbolicSet& s) {
    BitRow certain(size_);
    BitRow open(size_);
    for (std::size_t j = 0; j < size_; ++j) {
        if (s[j].is_true()) certain.set(j);
        if (!s[j].is_constant()) open.set(j);
    }
    SymbolicRelation result(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        or_into(result.must().row(i), r.must().row(i));
        and_into(result.must().row(i), certain.words());
        std::vector<Cell> cells;
        for (const Cell& c : r.open(i)) {
            const Formula f = graph_->pool().both(c.when, s[c.column]);
            if (!f.is_false()) cells.push_back({c.column, normalise(f, i, c.column)});
        }
        for_each_bit(open.words(), [&](std::size_t j) {
            if (r.must().test(i, j)) cells.push_back({static_cast<std::uint32_t>(j), normalise(s[j], i, j)});
        });
        std::erase_if(cells, [](const Cell& c) { return c.when.is_false(); });
        std::ranges::sort(cells, {}, &Cell::column);
        put(result, i, std::move(cells));
    }
    return result;
}

void SymbolicAlgebra::compose_row(const SymbolicRelation& a, const SymbolicRelation& b, std::size_t row,
                                  RowBuilder& out) {
    FormulaPool& pool = graph_->pool();
    BitRow wanted(size_);
    const auto through = [&](std::size_t k, Formula first) {
        const bool guarded = !implying_.test(k, row);
        const Formula entering = guarded ? pool.both(first, exec(k)) : first;
        or_into(wanted.words(), b.must().row(k));
        remove_from(wanted.words(), out.must().words());
        for_each_bit(wanted.words(),
                     [&](std::size_t j) { out.add(j, guarded && implying_.test(k, j) ? first : entering); });
        std::ranges::fill(wanted.words(), Word{0});
        for (const Cell& c : b.open(k)) {
            if (!out.must().test(c.column)) out.add(c.column, pool.both(entering, c.when));
        }
    };
    for_each_bit(a.must().row(row), [&](std::size_t k) {
        if (implying_.test(k, row)) {
            or_into(out.must().words(), b.must().row(k));
        } else {
            or_common(out.must().words(), b.must().row(k), implying_.row(k));
        }
    });
    for_each_bit(a.must().row(row), [&](std::size_t k) {
        poll();
        through(k, true_formula);
    });
    for (const Cell& c : a.open(row)) through(c.column, c.when);
}

SymbolicRelation SymbolicAlgebra::compose(const SymbolicRelation& a, const SymbolicRelation& b) {
    SymbolicRelation result(size_);
    RowBuilder builder(*this);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        compose_row(a, b, i, builder);
        builder.finish(result, i);
    }
    return result;
}

SymbolicRelation SymbolicAlgebra::transpose(const SymbolicRelation& r) {
    SymbolicRelation result(size_);
    result.must() = r.must().transposed();
    std::vector<std::vector<Cell>> rows(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        for (const Cell& c : r.open(i)) rows[c.column].push_back({static_cast<std::uint32_t>(i), c.when});
    }
    for (std::size_t i = 0; i < size_; ++i) result.set_open(i, std::move(rows[i]));
    return result;
}

SymbolicRelation SymbolicAlgebra::with_identity(const SymbolicRelation& r) {
    SymbolicRelation result = r;
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        result.must().set(i, i);
        std::vector<Cell> cells = r.open(i);
        std::erase_if(cells, [i](const Cell& c) { return c.column == i; });
        result.set_open(i, std::move(cells));
    }
    return result;
}

SymbolicSet SymbolicAlgebra::domain(const SymbolicRelation& r) {
    SymbolicSet result(size_, false_formula);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        std::vector<Formula> terms;
        for_each_bit(r.must().row(i),
                     [&](std::size_t j) { terms.push_back(implying_.test(j, i) ? true_formula : exec(j)); });
        for (const Cell& c : r.open(i)) terms.push_back(graph_->pool().both(c.when, exec(c.column)));
        result[i] = graph_->pool().under(graph_->pool().disjunction(terms), exec(i));
    }
    return result;
}

SymbolicSet SymbolicAlgebra::range(const SymbolicRelation& r) {
    return domain(transpose(r));
}

}  // namespace tlbcheck::encoder
