// SPDX-License-Identifier: Apache-2.0
//
// One case for each operator, over bit matrices.
#include "model/execution/concrete_evaluator.hpp"

#include <stdexcept>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

template <class Operation>
BitMatrix rowwise(BitMatrix a, const BitMatrix& b, Operation operation) {
    for (std::size_t i = 0; i < a.size(); ++i) operation(a.row(i), b.row(i));
    return a;
}

}  // namespace

ConcreteEvaluator::ConcreteEvaluator(const EventGraph& graph, const Execution& execution)
    : graph_(&graph), execution_(&execution) {
    for (const auto& [name, matrix] : execution.chosen) bind(name, matrix);
}

void ConcreteEvaluator::bind(std::string name, BitMatrix relation) {
    primitives_[std::move(name)] = std::make_unique<BitMatrix>(std::move(relation));
    relations_.clear();
    sets_.clear();
}

const BitMatrix& ConcreteEvaluator::relation(const NodePointer& n) {
    if (n->op == Op::rel_primitive || n->op == Op::rel_variable) {
        auto& slot = primitives_[n->name];
        if (!slot) slot = std::make_unique<BitMatrix>(compute_primitive(n->name));
        return *slot;
    }
    if (const auto it = relations_.find(n.get()); it != relations_.end()) return *it->second.second;
    poll();
    auto result = std::make_unique<BitMatrix>(compute(n));
    return *relations_.emplace(n.get(), std::pair(n, std::move(result))).first->second.second;
}

const BitRow& ConcreteEvaluator::set(const NodePointer& n) {
    if (const auto it = sets_.find(n.get()); it != sets_.end()) return *it->second.second;
    auto result = std::make_unique<BitRow>(compute_set(n));
    return *sets_.emplace(n.get(), std::pair(n, std::move(result))).first->second.second;
}

/// The relations that follow from the events alone, by name.
std::function<bool(EventId, EventId)> ConcreteEvaluator::derived(const std::string& name) const {
    const EventGraph& g = *graph_;
    const auto& location = execution_->location;
    const auto same_location = [&location](EventId a, EventId b) {
        return location[a].has_value() && location[a] == location[b];
    };
    const auto same_thread = [&g](EventId a, EventId b) {  // herd relates no initial events by int
        return g.event(a).thread == g.event(b).thread && g.event(a).thread != initial_thread;
    };
    if (name == "po") return [&g](EventId a, EventId b) { return g.program_order(a, b); };
    if (name == "loc") return same_location;
    if (name == "po-loc")
        return [&g, same_location](EventId a, EventId b) {
            return g.program_order(a, b) && same_location(a, b);
        };
    if (name == "same-low-order-bits")
        return [&g, &location](EventId a, EventId b) {
            return location[a].has_value() && location[b].has_value() &&
                   g.location(*location[a]).low_order == g.location(*location[b]).low_order;
        };
    if (name == "ext") return [&g](EventId a, EventId b) { return g.event(a).thread != g.event(b).thread; };
    if (name == "int") return same_thread;
    if (name == "same-instance")
        return [&g, same_thread](EventId a, EventId b) {
            return same_thread(a, b) && g.event(a).instruction == g.event(b).instruction;
        };
    return nullptr;
}

BitMatrix ConcreteEvaluator::compute_primitive(const std::string& name) const {
    const Execution& x = *execution_;
    if (name == "co") return x.co;
    BitMatrix result(graph_->size());
    if (name == "rf") {
        for (EventId r = 0; r < graph_->size(); ++r) {
            if (x.reads_from[r]) result.set(*x.reads_from[r], r);
        }
        return result;
    }
    const auto holds = derived(name);
    if (!holds) {
        const auto it = x.edges.find(name);
        return it == x.edges.end() ? result : it->second;
    }
    for_each_bit(x.executed.words(), [&](std::size_t a) {
        poll();
        for_each_bit(x.executed.words(), [&](std::size_t b) {
            if (holds(static_cast<EventId>(a), static_cast<EventId>(b))) result.set(a, b);
        });
    });
    return result;
}

/// [S]; r and r; [S] need no matrix for [S].
BitMatrix ConcreteEvaluator::compute_sequence(const NodePointer& n) {
    const NodePointer& a = n->operands[0];
    const NodePointer& b = n->operands[1];
    if (a->op == Op::identity_on) return restrict_domain(set(a->operands[0]), relation(b));
    if (b->op == Op::identity_on) return restrict_range(relation(a), set(b->operands[0]));
    return compose(relation(a), relation(b));
}

BitMatrix ConcreteEvaluator::compute_fixpoint(const NodePointer& n) {
    ConcreteEvaluator inner(*graph_, *execution_);
    for (const NodePointer& v : n->variables) inner.bind(v->name, BitMatrix(graph_->size()));
    while (true) {
        std::vector<BitMatrix> next;
        for (const NodePointer& body : n->operands) next.push_back(inner.relation(body));
        bool changed = false;
        for (std::size_t i = 0; i < next.size(); ++i)
            changed |= !(next[i] == inner.relation(n->variables[i]));
        if (!changed) return next[n->index];
        for (std::size_t i = 0; i < next.size(); ++i) inner.bind(n->variables[i]->name, std::move(next[i]));
    }
}

BitMatrix ConcreteEvaluator::compute(const NodePointer& n) {
    const auto operand = [&](std::size_t i) -> const BitMatrix& { return relation(n->operands[i]); };
    switch (n->op) {
        case Op::rel_empty:
            return BitMatrix(graph_->size());
        case Op::rel_universe:
            return product(execution_->executed, execution_->executed);
        case Op::rel_id:
            return identity(execution_->executed);
        case Op::rel_union:
            return rowwise(operand(0), operand(1), or_into);
        case Op::rel_inter:
            return rowwise(operand(0), operand(1), and_into);
        case Op::rel_diff:
            return rowwise(operand(0), operand(1), remove_from);
        case Op::rel_complement:
            return rowwise(product(execution_->executed, execution_->executed), operand(0), remove_from);
        case Op::sequence:
            return compute_sequence(n);
        case Op::inverse:
            return operand(0).transposed();
        case Op::optional:
            return rowwise(operand(0), identity(execution_->executed), or_into);
        case Op::plus:
        case Op::star: {
            BitMatrix result = operand(0);
            result.close();
            return n->op == Op::plus ? result
                                     : rowwise(std::move(result), identity(execution_->executed), or_into);
        }
        case Op::product:
            return product(set(n->operands[0]), set(n->operands[1]));
        case Op::identity_on:
            return identity(set(n->operands[0]));
        case Op::rel_fixpoint:
            return compute_fixpoint(n);
        default:
            throw std::logic_error("concrete evaluator: a set where a relation is meant");
    }
}

BitRow ConcreteEvaluator::compute_set(const NodePointer& n) {
    const std::size_t size = graph_->size();
    const auto combine = [&](auto operation) {
        BitRow result = set(n->operands[0]);
        operation(result.words(), set(n->operands[1]).words());
        return result;
    };
    switch (n->op) {
        case Op::set_primitive: {
            const auto it = execution_->sets.find(n->name);
            return it == execution_->sets.end() ? BitRow(size) : it->second;
        }
        case Op::set_empty:
            return BitRow(size);
        case Op::set_universe:
            return execution_->executed;
        case Op::set_union:
            return combine(or_into);
        case Op::set_inter:
            return combine(and_into);
        case Op::set_diff:
            return combine(remove_from);
        case Op::set_complement: {
            BitRow result = execution_->executed;
            remove_from(result.words(), set(n->operands[0]).words());
            return result;
        }
        case Op::domain:
        case Op::range: {
            const BitMatrix& r = relation(n->operands[0]);
            BitRow result(size);
            for (std::size_t i = 0; i < size; ++i) {
                if (n->op == Op::range) or_into(result.words(), r.row(i));
                for_each_bit(r.row(i), [&](std::size_t) {
                    if (n->op == Op::domain) result.set(i);
                });
            }
            return result;
        }
        default:
            throw std::logic_error("concrete evaluator: a relation where a set is meant");
    }
}

}  // namespace tlbcheck::model
