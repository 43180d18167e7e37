// SPDX-License-Identifier: Apache-2.0
#include "model/execution/concrete_evaluator.hpp"

#include <stdexcept>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

BitMatrix product(const BitRow& a, const BitRow& b) {
    BitMatrix result(a.size());
    for_each_bit(a.words(), [&](std::size_t i) { or_into(result.row(i), b.words()); });
    return result;
}

BitMatrix compose(const BitMatrix& a, const BitMatrix& b) {
    BitMatrix result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        poll();
        for_each_bit(a.row(i), [&](std::size_t k) { or_into(result.row(i), b.row(k)); });
    }
    return result;
}

BitMatrix identity(const BitRow& on) {
    BitMatrix result(on.size());
    for_each_bit(on.words(), [&](std::size_t i) { result.set(i, i); });
    return result;
}

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

BitMatrix ConcreteEvaluator::compute_primitive(const std::string& name) const {
    const Execution& x = *execution_;
    BitMatrix result(graph_->size());
    if (name == "co") return x.co;
    if (name == "rf") {
        for (EventId r = 0; r < graph_->size(); ++r) {
            if (x.reads_from[r]) result.set(*x.reads_from[r], r);
        }
        return result;
    }
    const auto holds = [&](EventId a, EventId b) {
        const Event& p = graph_->event(a);
        const Event& q = graph_->event(b);
        const bool together = x.location[a].has_value() && x.location[b].has_value();
        if (name == "po") return graph_->program_order(a, b);
        if (name == "loc") return together && x.location[a] == x.location[b];
        if (name == "po-loc")
            return graph_->program_order(a, b) && together && x.location[a] == x.location[b];
        if (name == "same-low-order-bits") {
            return together &&
                   graph_->location(*x.location[a]).low_order == graph_->location(*x.location[b]).low_order;
        }
        if (name == "ext") return p.thread != q.thread;
        if (name == "int") return p.thread == q.thread && p.thread != initial_thread;  // as herd has it
        return p.thread == q.thread && p.thread != initial_thread && p.instruction == q.instruction;
    };
    static const std::vector<std::string> computed{"po",  "loc", "po-loc",       "same-low-order-bits",
                                                   "ext", "int", "same-instance"};
    if (std::ranges::find(computed, name) == computed.end()) {
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
            return compose(operand(0), operand(1));
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
