// SPDX-License-Identifier: Apache-2.0
#include "model/rel/symbolic_evaluator.hpp"

#include <stdexcept>

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

namespace {

bool is_pairwise_primitive(const std::string& name) {
    return name == "loc" || name == "ext" || name == "int" || name == "same-instance" ||
           name == "same-low-order-bits";
}

/// Product, complement, universe and identity are cheap to ask and dense to list.
bool is_dense(Op op) {
    return op == Op::product || op == Op::rel_complement || op == Op::rel_universe || op == Op::rel_id;
}

}  // namespace

void SymbolicEvaluator::bind(std::string name, SymbolicRelation relation) {
    bound_.insert_or_assign(std::move(name), std::move(relation));
    forget();
}

void SymbolicEvaluator::forget() {
    relations_.clear();
    sets_.clear();
}

bool SymbolicEvaluator::is_lazy(const NodePointer& n) const {
    if (relations_.contains(n.get())) return false;
    if (n->op == Op::rel_primitive) return is_pairwise_primitive(n->name) && !primitives_.contains(n->name);
    if (n->op == Op::rel_union || n->op == Op::rel_inter)
        return is_lazy(n->operands[0]) && is_lazy(n->operands[1]);
    if (n->op == Op::rel_diff) return is_lazy(n->operands[0]);
    return is_dense(n->op);
}

const SymbolicRelation& SymbolicEvaluator::relation(const NodePointer& n) {
    if (n->op == Op::rel_primitive || n->op == Op::rel_variable) {
        if (const auto it = bound_.find(n->name); it != bound_.end()) return it->second;
        auto it = primitives_.find(n->name);
        if (it == primitives_.end()) it = primitives_.emplace(n->name, compute_primitive(n->name)).first;
        return it->second;
    }
    if (const auto it = relations_.find(n.get()); it != relations_.end()) return *it->second.second;
    auto result = std::make_unique<SymbolicRelation>(compute(n));
    return *relations_.emplace(n.get(), std::pair(n, std::move(result))).first->second.second;
}

const SymbolicSet& SymbolicEvaluator::set(const NodePointer& n) {
    if (const auto it = sets_.find(n.get()); it != sets_.end()) return *it->second.second;
    auto result = std::make_unique<SymbolicSet>(compute_set(n));
    return *sets_.emplace(n.get(), std::pair(n, std::move(result))).first->second.second;
}

Formula SymbolicEvaluator::primitive_at(const std::string& name, std::size_t i, std::size_t j) {
    const EventGraph& g = algebra_.graph();
    const auto a = static_cast<EventId>(i);
    const auto b = static_cast<EventId>(j);
    const auto yes = [](bool holds) { return holds ? true_formula : false_formula; };
    if (name == "loc") return algebra_.normalise(g.same_location(a, b), i, j);
    if (name == "same-low-order-bits") return algebra_.normalise(g.same_low_order(a, b), i, j);
    const Event& x = g.event(a);
    const Event& y = g.event(b);
    if (name == "ext") return yes(x.thread != y.thread);
    if (name == "int") return yes(x.thread == y.thread && x.thread != initial_thread);  // as herd has it
    return yes(x.thread == y.thread && x.thread != initial_thread && x.instruction == y.instruction);
}

SymbolicRelation SymbolicEvaluator::compute_primitive(const std::string& name) {
    const EventGraph& g = algebra_.graph();
    if (name == "po") {
        return algebra_.tabulate([&](std::size_t i, std::size_t j) {
            return g.program_order(static_cast<EventId>(i), static_cast<EventId>(j)) ? true_formula
                                                                                     : false_formula;
        });
    }
    if (name == "po-loc") {
        return algebra_.filter(relation(rel("po").node()),
                               [&](std::size_t i, std::size_t j) { return primitive_at("loc", i, j); });
    }
    if (is_pairwise_primitive(name)) {
        return algebra_.tabulate([&](std::size_t i, std::size_t j) { return primitive_at(name, i, j); });
    }
    return algebra_.from_edges(g.edges(name));
}

Formula SymbolicEvaluator::at(const NodePointer& n, std::size_t i, std::size_t j) {
    if (!is_lazy(n)) return relation(n).at(i, j);
    FormulaPool& pool = algebra_.graph().pool();
    switch (n->op) {
        case Op::rel_primitive:
            return primitive_at(n->name, i, j);
        case Op::product:
            return pool.both(set(n->operands[0])[i], set(n->operands[1])[j]);
        case Op::rel_complement:
            return !at(n->operands[0], i, j);
        case Op::rel_universe:
            return true_formula;
        case Op::rel_id:
            return i == j ? true_formula : false_formula;
        case Op::rel_union:
            return pool.either(at(n->operands[0], i, j), at(n->operands[1], i, j));
        case Op::rel_inter:
            return pool.both(at(n->operands[0], i, j), at(n->operands[1], i, j));
        case Op::rel_diff:
            return pool.both(at(n->operands[0], i, j), !at(n->operands[1], i, j));
        default:
            throw std::logic_error("relational evaluator: not a lazy node");
    }
}

SymbolicRelation SymbolicEvaluator::compute_intersection(const NodePointer& n) {
    const NodePointer& a = n->operands[0];
    const NodePointer& b = n->operands[1];
    const auto ask = [this](const NodePointer& m) {
        return [this, m](std::size_t i, std::size_t j) { return at(m, i, j); };
    };
    if (is_lazy(a) && is_lazy(b)) {
        return algebra_.tabulate([&](std::size_t i, std::size_t j) {
            const Formula f = at(a, i, j);
            return f.is_false() ? f : algebra_.graph().pool().both(f, at(b, i, j));
        });
    }
    if (is_lazy(a)) return algebra_.filter(relation(b), ask(a));
    if (is_lazy(b)) return algebra_.filter(relation(a), ask(b));
    return algebra_.intersect(relation(a), relation(b));
}

SymbolicRelation SymbolicEvaluator::compute_sequence(const NodePointer& n) {
    const NodePointer& a = n->operands[0];
    const NodePointer& b = n->operands[1];
    if (a->op == Op::identity_on) return algebra_.restrict_domain(set(a->operands[0]), relation(b));
    if (b->op == Op::identity_on) return algebra_.restrict_range(relation(a), set(b->operands[0]));
    // [S]; (r; t) is cheaper from the left: the intermediate relations stay small.
    if (b->op == Op::sequence && b->name.empty()) {
        const Rel left = Rel(a) >> Rel(b->operands[0]);
        return compute_sequence((left >> Rel(b->operands[1])).node());
    }
    return algebra_.compose(relation(a), relation(b));
}

SymbolicRelation SymbolicEvaluator::compute_fixpoint(const NodePointer& n) {
    // Least solution by iteration from below; over guarded finite relations the formulas settle.
    SymbolicEvaluator inner(algebra_.graph());
    inner.bound_ = bound_;
    for (const NodePointer& v : n->variables)
        inner.bound_.insert_or_assign(v->name, SymbolicRelation(algebra_.size()));
    const std::size_t limit = 4 * algebra_.size() + 8;
    for (std::size_t round = 0;; ++round) {
        if (round > limit)
            throw std::runtime_error("recursive definition of " + n->name + " does not settle");
        inner.forget();
        std::vector<SymbolicRelation> next;
        for (const NodePointer& body : n->operands) next.push_back(inner.relation(body));
        bool changed = false;
        for (std::size_t i = 0; i < next.size(); ++i) {
            SymbolicRelation& now = inner.bound_.at(n->variables[i]->name);
            changed |= !(now == next[i]);
            now = std::move(next[i]);
        }
        if (!changed) return inner.bound_.at(n->variables[n->index]->name);
    }
}

SymbolicRelation SymbolicEvaluator::compute(const NodePointer& n) {
    const auto operand = [&](std::size_t i) -> const SymbolicRelation& { return relation(n->operands[i]); };
    switch (n->op) {
        case Op::rel_empty:
            return SymbolicRelation(algebra_.size());
        case Op::rel_union:
            return algebra_.unite(operand(0), operand(1));
        case Op::rel_inter:
            return compute_intersection(n);
        case Op::rel_diff: {
            const NodePointer b = n->operands[1];
            return algebra_.filter(operand(0), [&](std::size_t i, std::size_t j) { return !at(b, i, j); });
        }
        case Op::sequence:
            return compute_sequence(n);
        case Op::inverse:
            return algebra_.transpose(operand(0));
        case Op::optional:
            return algebra_.with_identity(operand(0));
        case Op::plus:
            return algebra_.closure(operand(0));
        case Op::star:
            return algebra_.with_identity(algebra_.closure(operand(0)));
        case Op::identity_on: {
            const SymbolicSet& s = set(n->operands[0]);
            return algebra_.tabulate(
                [&](std::size_t i, std::size_t j) { return i == j ? s[i] : false_formula; });
        }
        case Op::rel_fixpoint:
            return compute_fixpoint(n);
        case Op::product:
        case Op::rel_universe:
        case Op::rel_id:
        case Op::rel_complement:
            return algebra_.tabulate([&](std::size_t i, std::size_t j) {
                FormulaPool& pool = algebra_.graph().pool();
                if (n->op == Op::product) return pool.both(set(n->operands[0])[i], set(n->operands[1])[j]);
                if (n->op == Op::rel_universe) return true_formula;
                if (n->op == Op::rel_id) return i == j ? true_formula : false_formula;
                return !at(n->operands[0], i, j);
            });
        default:
            throw std::logic_error("relational evaluator: a set where a relation is meant");
    }
}

SymbolicSet SymbolicEvaluator::compute_set(const NodePointer& n) {
    FormulaPool& pool = algebra_.graph().pool();
    const std::size_t size = algebra_.size();
    SymbolicSet result(size, false_formula);
    const auto pointwise = [&](auto f) {
        const SymbolicSet& a = set(n->operands[0]);
        const SymbolicSet& b = set(n->operands[1]);
        for (std::size_t i = 0; i < size; ++i) result[i] = pool.under(f(a[i], b[i]), algebra_.exec(i));
    };
    switch (n->op) {
        case Op::set_primitive:
            for (const Member& m : algebra_.graph().members(n->name)) {
                result[m.event] = pool.under(pool.either(result[m.event], m.when), algebra_.exec(m.event));
            }
            break;
        case Op::set_empty:
            break;
        case Op::set_universe:
            result.assign(size, true_formula);
            break;
        case Op::set_union:
            pointwise([&](Formula a, Formula b) { return pool.either(a, b); });
            break;
        case Op::set_inter:
            pointwise([&](Formula a, Formula b) { return pool.both(a, b); });
            break;
        case Op::set_diff:
            pointwise([&](Formula a, Formula b) { return pool.both(a, !b); });
            break;
        case Op::set_complement: {
            const SymbolicSet& a = set(n->operands[0]);
            for (std::size_t i = 0; i < size; ++i) result[i] = !a[i];
            break;
        }
        case Op::domain:
            return algebra_.domain(relation(n->operands[0]));
        case Op::range:
            return algebra_.range(relation(n->operands[0]));
        default:
            throw std::logic_error("relational evaluator: a relation where a set is meant");
    }
    return result;
}

}  // namespace tlbcheck::model
