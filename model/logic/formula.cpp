// SPDX-License-Identifier: Apache-2.0
//
// Hash-consing and the cheap simplifications: flattening, complements, groups of exclusive variables, unit
// resolution of small disjunctions. Everything is linear or near it; the solver does the rest.
#include "model/logic/formula.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <limits>

#include "model/limits/budget.hpp"

namespace tlbcheck::model::logic {

namespace {

constexpr std::size_t flatten_limit = 24;
constexpr std::size_t reduce_limit = 12;

std::uint64_t hash_operands(std::span<const Formula> operands) {
    std::uint64_t h = 1469598103934665603ULL;
    for (const Formula f : operands) {
        h = (h ^ f.code()) * 1099511628211ULL;
        h ^= h >> 29U;
    }
    return h;
}

bool contains(std::span<const Formula> sorted, Formula f) {
    return std::binary_search(sorted.begin(), sorted.end(), f);
}

/// What a conjunction or a literal implies, as FormulaPool::implies says it, with its operands (itself)
/// marked: one look for each literal of the other formula instead of one at all operands.
template <typename Marked>
class MarkedConjunction {
  public:
    MarkedConjunction(const FormulaPool& pool, Formula conjunction, std::span<const Formula> operands,
                      const Marked& marked)
        : pool_(pool), conjunction_(conjunction), marked_(marked) {
        for (const Formula f : operands)
            if (group_of(f) != no_group) grouped_.push_back(f);
    }

    bool implies(Formula f) const {
        if (f.is_constant()) return f.is_true();
        const bool conjunction = pool_.kind(f) == NodeKind::conjunction;
        if (conjunction && !f.negated()) {
            return f == conjunction_ ||
                   std::ranges::all_of(pool_.operands(f), [&](Formula c) { return implies(c); });
        }
        if (marked_(f)) return true;
        if (!conjunction) return f.negated() && excludes(!f);
        return std::ranges::any_of(
            pool_.operands(f), [&](Formula c) { return c == !conjunction_ || marked_(!c) || excludes(c); });
    }

  private:
    Group group_of(Formula f) const {
        const bool variable = !f.negated() && pool_.kind(f) == NodeKind::variable;
        return variable ? pool_.group(pool_.variable_of(f)) : no_group;
    }
    /// Another variable of its group holds.
    bool excludes(Formula f) const {
        if (grouped_.empty()) return false;
        const Group group = group_of(f);
        return group != no_group && std::ranges::any_of(grouped_, [&](Formula other) {
                   return other != f && group_of(other) == group;
               });
    }

    const FormulaPool& pool_;
    Formula conjunction_;
    const Marked& marked_;
    boost::container::small_vector<Formula, 8> grouped_;
};

}  // namespace

/// Most conjunctions are short: they need no memory of their own.
class FormulaPool::Operands : public boost::container::small_vector<Formula, 32> {
  public:
    using small_vector::small_vector;
    operator std::span<const Formula>() const { return {data(), size()}; }
};

FormulaPool::FormulaPool() {
    nodes_.push_back({NodeKind::constant, 0, 0});
}

Formula FormulaPool::variable(std::string name, Group group) {
    check_room(0);
    const auto number = static_cast<Variable>(names_.size());
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({NodeKind::variable, number, 0});
    names_.push_back(std::move(name));
    groups_.push_back(group);
    const Formula f = Formula::from_code(node << 1U);
    variable_formula_.push_back(f);
    return f;
}

void FormulaPool::check_room(std::size_t operands) const {
    // Nodes and operands have 32-bit numbers, a handle one bit more for the sign.
    constexpr std::size_t numbers = std::numeric_limits<std::uint32_t>::max();
    if (nodes_.size() >= numbers / 2 || operands_.size() + operands > numbers) throw std::bad_alloc();
}

std::span<const Formula> FormulaPool::operands(Formula f) const {
    const Node& n = nodes_[f.node()];
    if (n.kind != NodeKind::conjunction) return {};
    return std::span(operands_).subspan(n.begin, n.end - n.begin);
}

bool FormulaPool::excluded_by_group(Formula a, Formula b) const {
    if (a.negated() || b.negated() || a.node() == b.node()) return false;
    if (kind(a) != NodeKind::variable || kind(b) != NodeKind::variable) return false;
    const Group group = groups_[variable_of(a)];
    return group != no_group && group == groups_[variable_of(b)];
}

bool FormulaPool::implies(Formula a, Formula b) const {
    poll();
    if (a == b || a.is_false() || b.is_true()) return true;
    if (a.is_true() || b.is_false()) return false;
    const bool a_and = !a.negated() && kind(a) == NodeKind::conjunction;
    if (!b.negated() && kind(b) == NodeKind::conjunction) {
        return std::ranges::all_of(operands(b), [&](Formula c) { return implies(a, c); });
    }
    if (a_and &&
        std::ranges::any_of(operands(a), [&](Formula c) { return c == b || excluded_by_group(c, !b); }))
        return true;
    if (b.negated() && kind(b) == NodeKind::conjunction) {
        // b is a disjunction of the negated operands: enough that a implies one.
        for (const Formula c : operands(b)) {
            if (a == !c || excluded_by_group(a, c)) return true;
            if (a_and && (contains(operands(a), !c) || std::ranges::any_of(operands(a), [&](Formula d) {
                              return excluded_by_group(d, c);
                          }))) {
                return true;
            }
        }
        if (a.negated() && kind(a) == NodeKind::conjunction) {
            return std::ranges::all_of(operands(a), [&](Formula c) { return contains(operands(b), c); });
        }
        return false;
    }
    return excluded_by_group(a, !b);
}

bool FormulaPool::is_grouped(Formula f) const {
    return !f.negated() && kind(f) == NodeKind::variable && groups_[variable_of(f)] != no_group;
}

bool FormulaPool::is_small_disjunction(Formula f) const {
    if (!f.negated()) return false;
    const Node& n = nodes_[f.node()];
    return n.kind == NodeKind::conjunction && n.end - n.begin <= reduce_limit;
}

void FormulaPool::mark(std::span<const Formula> context) {
    if (marks_.size() < 2 * nodes_.size()) marks_.resize(4 * nodes_.size());
    if (++round_ == 0) {
        std::ranges::fill(marks_, 0U);
        round_ = 1;
    }
    for (const Formula f : context) marks_[f.code()] = round_;
}

/// What is left of a disjunction where all of `context`, which is marked, holds.
Formula FormulaPool::reduce_disjunction(Formula disjunct, std::span<const Formula> context) {
    Operands kept;
    bool changed = false;
    for (const Formula c : operands(disjunct)) {  // disjunct = or of !c
        if (marked(!c)) return true_formula;
        if (marked(c)) {
            changed = true;
        } else {
            kept.push_back(c);
        }
    }
    if (!changed) return disjunct;
    if (kept.empty()) return false_formula;
    const Formula rest = !conjunction(kept);
    mark(context);  // the conjunction marked its own
    return rest;
}

/// Sorts, and takes out what stands twice or is implied; false if two operands exclude each other.
bool FormulaPool::simplify(Operands& ops) const {
    std::sort(ops.begin(), ops.end());
    ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
    for (std::size_t i = 0; i + 1 < ops.size(); ++i) {
        if (ops[i].node() == ops[i + 1].node()) return false;  // f and its complement stand side by side
    }
    Operands grouped;
    for (const Formula f : ops) {
        if (is_grouped(f)) grouped.push_back(f);
    }
    for (std::size_t i = 0; i < grouped.size(); ++i) {
        for (std::size_t j = i + 1; j < grouped.size(); ++j) {
            if (excluded_by_group(grouped[i], grouped[j])) return false;
        }
    }
    if (!grouped.empty()) {
        const auto implied = [&](Formula f) {
            return f.negated() && kind(f) == NodeKind::variable &&
                   std::ranges::any_of(grouped, [&](Formula g) { return excluded_by_group(g, !f); });
        };
        ops.erase(std::remove_if(ops.begin(), ops.end(), implied), ops.end());
    }
    return true;
}

/// Unit resolution of the small disjunctions by the other operands; false if one of them cannot hold.
bool FormulaPool::resolve(Operands& ops, bool& changed) {
    if (std::ranges::none_of(ops, [this](Formula f) { return is_small_disjunction(f); })) return true;
    Operands next;
    Operands grouped;
    for (const Formula f : ops) {
        if (is_grouped(f)) grouped.push_back(f);
    }
    mark(ops);
    for (const Formula f : ops) {
        if (!is_small_disjunction(f)) {
            next.push_back(f);
            continue;
        }
        const bool excluded = std::ranges::any_of(operands(f), [&](Formula c) {
            return std::ranges::any_of(grouped, [&](Formula d) { return excluded_by_group(d, c); });
        });
        const Formula g = excluded ? true_formula : reduce_disjunction(f, ops);
        if (g.is_false()) return false;
        if (g == f) {
            next.push_back(g);
            continue;
        }
        changed = true;
        if (g.is_true()) continue;
        if (!g.negated() && kind(g) == NodeKind::conjunction) {
            const auto inner = operands(g);
            next.insert(next.end(), inner.begin(), inner.end());
        } else {
            next.push_back(g);
        }
    }
    if (changed) ops.swap(next);
    return true;
}

Formula FormulaPool::intern_conjunction(std::span<const Formula> ops) {
    const std::uint64_t h = hash_operands(ops);
    const std::uint32_t known = interned_.find(h, [&](std::uint32_t node) {
        return std::ranges::equal(operands(Formula::from_code(node << 1U)), ops);
    });
    if (known != 0) return Formula::from_code(known << 1U);
    check_room(ops.size());
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    const auto begin = static_cast<std::uint32_t>(operands_.size());
    operands_.insert(operands_.end(), ops.begin(), ops.end());
    nodes_.push_back({NodeKind::conjunction, begin, static_cast<std::uint32_t>(operands_.size())});
    interned_.add(h, node);
    return Formula::from_code(node << 1U);
}

Formula FormulaPool::both(Formula a, Formula b) {
    if (a == b || b.is_true()) return a;
    if (a.is_true()) return b;
    if (a.is_false() || b.is_false() || a == !b) return false_formula;
    const std::uint64_t key = std::uint64_t{std::min(a, b).code()} << 32U | std::max(a, b).code();
    if (const Formula* known = both_.find(key)) return *known;
    const Formula result = conjunction({a, b});
    both_.put(key, result);
    return result;
}

Formula FormulaPool::conjunction(std::span<const Formula> input) {
    poll();
    Operands ops;
    ops.reserve(input.size());
    for (const Formula f : input) {
        if (f.is_true()) continue;
        if (f.is_false()) return false_formula;
        const auto inner = f.negated() ? std::span<const Formula>{} : operands(f);
        if (!inner.empty() && inner.size() <= flatten_limit) {
            ops.insert(ops.end(), inner.begin(), inner.end());
        } else {
            ops.push_back(f);
        }
    }
    if (!simplify(ops)) return false_formula;
    for (int round = 0; round < 3; ++round) {
        bool changed = false;
        if (!resolve(ops, changed)) return false_formula;
        if (!changed) break;
        if (!simplify(ops)) return false_formula;
    }
    if (ops.empty()) return true_formula;
    if (ops.size() == 1) return ops.front();
    return intern_conjunction(ops);
}

Formula FormulaPool::disjunction(std::span<const Formula> input) {
    Operands negated;
    negated.reserve(input.size());
    for (const Formula f : input) negated.push_back(!f);
    return !conjunction(negated);
}

Formula FormulaPool::under(Formula f, Formula context) {
    if (f.is_constant() || context.is_true()) return f;
    const std::uint64_t key = std::uint64_t{f.code()} << 32U | context.code();
    if (const Formula* known = under_.find(key)) return *known;
    const Formula result = compute_under(f, context);
    under_.put(key, result);
    return result;
}

Formula FormulaPool::compute_under(Formula f, Formula context) {
    const auto settled = [&](const auto& implied) {
        if (implied(f)) return true_formula;
        if (implied(!f)) return false_formula;
        if (kind(f) != NodeKind::conjunction) return f;
        Operands kept;
        const std::size_t count = operands(f).size();
        for (const Formula c : operands(f)) {
            if (implied(c)) continue;
            if (implied(!c)) return f.negated() ? true_formula : false_formula;
            kept.push_back(c);
        }
        if (kept.size() == count) return f;
        // Some of what is simplified and sorted is so too.
        const Formula g = kept.empty()       ? true_formula
                          : kept.size() == 1 ? kept.front()
                                             : intern_conjunction(kept);
        return f.negated() ? !g : g;
    };
    const bool conjunction = kind(context) == NodeKind::conjunction;
    if (conjunction && context.negated()) return settled([&](Formula c) { return implies(context, c); });
    poll();
    const std::span<const Formula> known = conjunction ? operands(context) : std::span(&context, 1);
    mark(known);
    const auto is_marked = [this](Formula c) { return marked(c); };
    const MarkedConjunction all(*this, context, known, is_marked);
    return settled([&](Formula c) { return all.implies(c); });
}

Assignment::Assignment(const FormulaPool& pool, std::vector<bool> values)
    : pool_(&pool), values_(std::move(values)), memo_(pool.node_count(), -1) {
    values_.resize(pool.variable_count(), false);
}

bool Assignment::value(Formula f) {
    if (f.is_constant()) return f.is_true();
    if (f.node() >= memo_.size()) memo_.resize(pool_->node_count(), -1);
    auto& memo = memo_[f.node()];
    if (memo < 0) {
        bool result = true;
        if (pool_->kind(f) == NodeKind::variable) {
            const Variable v = pool_->variable_of(f);
            result = v < values_.size() && values_[v];
        } else {
            for (const Formula c : pool_->operands(f)) {
                if (!value(c)) {
                    result = false;
                    break;
                }
            }
        }
        memo_[f.node()] = result ? 1 : 0;
        return result != f.negated();
    }
    return (memo != 0) != f.negated();
}

}  // namespace tlbcheck::model::logic
