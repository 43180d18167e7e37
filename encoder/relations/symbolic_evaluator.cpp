// SPDX-License-Identifier: Apache-2.0
//
// One case for each operator; results are kept by node.
#include "encoder/relations/symbolic_evaluator.hpp"

#include <algorithm>
#include <stdexcept>

namespace tlbcheck::encoder {

using model::and_into;
using model::Event;
using model::initial_thread;
using model::Member;

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

/// Which expressions depend on a primitive or variable of one of some names.
class Mentions {
  public:
    explicit Mentions(const std::set<std::string>& names) : names_(&names) {}

    bool operator()(const Node& n) {
        if (const auto it = known_.find(&n); it != known_.end()) return it->second;
        const bool named = n.op == Op::rel_primitive || n.op == Op::rel_variable;
        const bool result =
            (named && names_->contains(n.name)) ||
            std::ranges::any_of(n.operands, [this](const NodePointer& o) { return (*this)(*o); });
        known_.emplace(&n, result);
        return result;
    }

  private:
    const std::set<std::string>* names_;
    std::unordered_map<const Node*, bool> known_;
};

}  // namespace

void SymbolicEvaluator::bind(std::string name, SymbolicRelation relation) {
    forget_what_mentions({name});
    bound_.insert_or_assign(std::move(name), std::move(relation));
}

void SymbolicEvaluator::forget_what_mentions(const std::set<std::string>& names) {
    Mentions mentions(names);
    std::erase_if(relations_, [&](const auto& known) { return mentions(*known.first); });
    std::erase_if(sets_, [&](const auto& known) { return mentions(*known.first); });
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

SymbolicEvaluator::Cells SymbolicEvaluator::primitive_cells(const std::string& name) {
    const EventGraph& g = algebra_.graph();
    const auto same_thread = [&g](std::size_t i, std::size_t j) {  // herd relates no initial events by int
        const int thread = g.event(static_cast<EventId>(i)).thread;
        return thread != initial_thread && thread == g.event(static_cast<EventId>(j)).thread;
    };
    const auto yes = [](bool holds) { return holds ? true_formula : false_formula; };
    if (name == "loc")
        return [this, &g](std::size_t i, std::size_t j) {
            return algebra_.normalise(g.same_location(static_cast<EventId>(i), static_cast<EventId>(j)), i,
                                      j);
        };
    if (name == "same-low-order-bits")
        return [this, &g](std::size_t i, std::size_t j) {
            return algebra_.normalise(g.same_low_order(static_cast<EventId>(i), static_cast<EventId>(j)), i,
                                      j);
        };
    if (name == "ext")
        return [yes, &g](std::size_t i, std::size_t j) {
            return yes(g.event(static_cast<EventId>(i)).thread != g.event(static_cast<EventId>(j)).thread);
        };
    if (name == "int")
        return [yes, same_thread](std::size_t i, std::size_t j) { return yes(same_thread(i, j)); };
    return [yes, same_thread, &g](std::size_t i, std::size_t j) {
        return yes(same_thread(i, j) && g.event(static_cast<EventId>(i)).instruction ==
                                            g.event(static_cast<EventId>(j)).instruction);
    };
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
        return algebra_.filter(relation(model::rel("po").node()), primitive_cells("loc"));
    }
    if (is_pairwise_primitive(name)) return algebra_.tabulate(primitive_cells(name));
    return algebra_.from_edges(g.edges(name));
}

/// Made when first asked for: often nothing of it is.
SymbolicEvaluator::Cells SymbolicEvaluator::listed_cells(const NodePointer& n) {
    return
        [this, n, r = static_cast<const SymbolicRelation*>(nullptr)](std::size_t i, std::size_t j) mutable {
            if (r == nullptr) r = &relation(n);
            return r->at(i, j);
        };
}

SymbolicEvaluator::Cells SymbolicEvaluator::cells(const NodePointer& n) {
    if (!is_lazy(n)) return listed_cells(n);
    FormulaPool& pool = algebra_.graph().pool();
    const auto operand = [&](std::size_t k) { return cells(n->operands[k]); };
    switch (n->op) {
        case Op::rel_primitive:
            return primitive_cells(n->name);
        case Op::product:
            return [&pool, &s = set(n->operands[0]), &t = set(n->operands[1])](std::size_t i, std::size_t j) {
                return pool.both(s[i], t[j]);
            };
        case Op::rel_complement:
            return [a = operand(0)](std::size_t i, std::size_t j) { return !a(i, j); };
        case Op::rel_universe:
            return [](std::size_t, std::size_t) { return true_formula; };
        case Op::rel_id:
            return [](std::size_t i, std::size_t j) { return i == j ? true_formula : false_formula; };
        case Op::rel_union:
            return [&pool, a = operand(0), b = operand(1)](std::size_t i, std::size_t j) {
                return pool.either(a(i, j), b(i, j));
            };
        case Op::rel_inter:
            return [&pool, a = operand(0), b = operand(1)](std::size_t i, std::size_t j) {
                const Formula f = a(i, j);
                return f.is_false() ? f : pool.both(f, b(i, j));
            };
        case Op::rel_diff:
            return [&pool, a = operand(0), b = operand(1)](std::size_t i, std::size_t j) {
                const Formula f = a(i, j);
                return f.is_false() ? f : pool.both(f, !b(i, j));
            };
        default:
            throw std::logic_error("relational evaluator: not a lazy node");
    }
}

SymbolicEvaluator::Narrow SymbolicEvaluator::narrow(const NodePointer& n) {
    if (!is_lazy(n)) return nullptr;
    if (n->op == Op::product) {
        BitRow possible(algebra_.size());
        const SymbolicSet& t = set(n->operands[1]);
        for (std::size_t j = 0; j < t.size(); ++j) {
            if (!t[j].is_false()) possible.set(j);
        }
        return [possible = std::move(possible), &s = set(n->operands[0])](std::size_t i, BitRow& row) {
            if (s[i].is_false()) row = BitRow(row.size());
            and_into(row.words(), possible.words());
        };
    }
    if (n->op == Op::rel_id) {
        return [](std::size_t i, BitRow& row) {
            const bool there = row.test(i);
            row = BitRow(row.size());
            if (there) row.set(i);
        };
    }
    if (n->op == Op::rel_diff) return narrow(n->operands[0]);
    if (n->op != Op::rel_inter) return nullptr;
    const Narrow a = narrow(n->operands[0]);
    const Narrow b = narrow(n->operands[1]);
    if (!a || !b) return a ? a : b;
    return [a, b](std::size_t i, BitRow& row) {
        a(i, row);
        b(i, row);
    };
}

SymbolicRelation SymbolicEvaluator::compute_intersection(const NodePointer& n) {
    const NodePointer& a = n->operands[0];
    const NodePointer& b = n->operands[1];
    if (is_lazy(a) && is_lazy(b)) return list(n);
    const auto within = [this](const NodePointer& lazy, const SymbolicRelation& r) {
        if (lazy->op != Op::product) return algebra_.filter(r, cells(lazy));
        return algebra_.restrict_range(algebra_.restrict_domain(set(lazy->operands[0]), r),
                                       set(lazy->operands[1]));
    };
    if (is_lazy(a)) return within(a, relation(b));
    if (is_lazy(b)) return within(b, relation(a));
    return algebra_.intersect(relation(a), relation(b));
}

SymbolicRelation SymbolicEvaluator::compute_sequence(const NodePointer& n) {
    const std::vector<NodePointer> parts = factors(n);
    if (std::ranges::any_of(parts, [this](const NodePointer& p) { return is_unknown_path(p); }))
        return compute_path_sequence(parts);
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
    std::set<std::string> names;
    for (const NodePointer& v : n->variables) {
        inner.bound_.insert_or_assign(v->name, SymbolicRelation(algebra_.size()));
        names.insert(v->name);
    }
    const std::size_t limit = 4 * algebra_.size() + 8;
    for (std::size_t round = 0;; ++round) {
        if (round > limit)
            throw std::runtime_error("recursive definition of " + n->name + " does not settle");
        inner.forget_what_mentions(names);
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
            return algebra_.filter(
                operand(0), [b = cells(n->operands[1])](std::size_t i, std::size_t j) { return !b(i, j); });
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
            return algebra_.tabulate([&s](std::size_t i, std::size_t) { return s[i]; },
                                     narrow(model::id().node()));
        }
        case Op::rel_fixpoint:
            return compute_fixpoint(n);
        case Op::product:
        case Op::rel_universe:
        case Op::rel_id:
        case Op::rel_complement:
            return list(n);
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

}  // namespace tlbcheck::encoder
