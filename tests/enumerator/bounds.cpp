// SPDX-License-Identifier: Apache-2.0
//
// Compilation, and the operators: those that take something away use the other bound of what they take.
#include "tests/enumerator/bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tests/enumerator/cycles.hpp"

namespace tlbcheck::tests::enumerator {

namespace {

template <class Operation>
RelationBounds rowwise(RelationBounds a, const BitMatrix& must, const BitMatrix& may, Operation operation) {
    for (std::size_t i = 0; i < a.must.size(); ++i) {
        operation(a.must.row(i), must.row(i));
        operation(a.may.row(i), may.row(i));
    }
    return a;
}

template <class Operation>
SetBounds combined(SetBounds a, const BitRow& must, const BitRow& may, Operation operation) {
    operation(a.must.words(), must.words());
    operation(a.may.words(), may.words());
    return a;
}

BitRow domain_of(const BitMatrix& r) {
    BitRow result(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) {
        if (std::ranges::any_of(r.row(i), [](Word w) { return w != 0; })) result.set(i);
    }
    return result;
}

BitRow range_of(const BitMatrix& r) {
    BitRow result(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) or_into(result.words(), r.row(i));
    return result;
}

bool is_primitive(Op op) {
    return op == Op::rel_primitive || op == Op::set_primitive;
}

}  // namespace

Slot Bounds::compile(const NodePointer& n) {
    if (const auto it = by_node_.find(n.get()); it != by_node_.end()) return it->second.second;
    if (n->op == Op::rel_fixpoint || n->op == Op::rel_variable) {
        throw std::invalid_argument("a recursive definition cannot be enumerated");
    }
    Entry entry;
    entry.op = n->op;
    if (is_primitive(n->op)) entry.name = n->name;
    for (const NodePointer& operand : n->operands) entry.operands.push_back(compile(operand));
    const std::string text =
        fmt::format("{} {} {}", static_cast<int>(entry.op), entry.name, fmt::join(entry.operands, " "));
    const auto [it, fresh] = by_text_.emplace(text, static_cast<Slot>(entries_.size()));
    if (fresh) {
        entry.relation = {BitMatrix(is_set(n->op) ? 0 : size_), BitMatrix(is_set(n->op) ? 0 : size_)};
        entry.set = {BitRow(is_set(n->op) ? size_ : 0), BitRow(is_set(n->op) ? size_ : 0)};
        entry.seen.assign(entry.operands.size(), 0);
        entries_.push_back(std::move(entry));
    }
    by_node_.emplace(n.get(), std::pair(n, it->second));
    return it->second;
}

Slot Bounds::provided(const std::string& name) {
    const Slot slot = compile(rel(name));
    entries_[slot].provided = true;
    return slot;
}

void Bounds::provide(Slot slot, RelationBounds value) {
    Entry& e = entries_[slot];
    if (e.relation == value) return;
    e.relation = std::move(value);
    ++e.version;
}

bool Bounds::operands_changed(Entry& e) {
    bool changed = e.version == 0;
    for (std::size_t i = 0; i < e.operands.size(); ++i) {
        bring_up_to_date(e.operands[i]);
        const std::uint64_t version = entries_[e.operands[i]].version;
        changed = changed || e.seen[i] != version;
        e.seen[i] = version;
    }
    return changed;
}

void Bounds::bring_up_to_date(Slot slot) {
    Entry& e = entries_[slot];
    if (e.provided || e.looked_at == looks_) return;
    e.looked_at = looks_;
    // The universe and what is relative to it change with the events that execute.
    const bool relative = e.operands.empty() || e.op == Op::set_complement || e.op == Op::rel_complement ||
                          e.op == Op::optional || e.op == Op::star;
    const bool anew = relative && e.refreshed_at != refreshes_;
    e.refreshed_at = refreshes_;
    if (!operands_changed(e) && !anew) return;
    if (is_set(e.op)) {
        SetBounds value = compute_set(e);
        if (e.version != 0 && value == e.set) return;
        e.set = std::move(value);
    } else {
        RelationBounds value = compute_relation(e);
        if (e.version != 0 && value == e.relation) return;
        e.relation = std::move(value);
    }
    ++e.version;
}

const RelationBounds& Bounds::relation(Slot slot) {
    bring_up_to_date(slot);
    return entries_[slot].relation;
}

const SetBounds& Bounds::set(Slot slot) {
    bring_up_to_date(slot);
    return entries_[slot].set;
}

RelationBounds Bounds::compute_sequence(const Entry& e) {
    const Entry& a = entries_[e.operands[0]];
    const Entry& b = entries_[e.operands[1]];
    if (a.op == Op::identity_on) {
        const SetBounds& s = entries_[a.operands[0]].set;
        return {restrict_domain(s.must, b.relation.must), restrict_domain(s.may, b.relation.may)};
    }
    if (b.op == Op::identity_on) {
        const SetBounds& s = entries_[b.operands[0]].set;
        return {restrict_range(a.relation.must, s.must), restrict_range(a.relation.may, s.may)};
    }
    return {compose(a.relation.must, b.relation.must), compose(a.relation.may, b.relation.may)};
}

RelationBounds Bounds::compute_relation(const Entry& e) {
    const auto operand = [&](std::size_t i) -> const RelationBounds& {
        return entries_[e.operands[i]].relation;
    };
    const auto of_set = [&](std::size_t i) -> const SetBounds& { return entries_[e.operands[i]].set; };
    const auto everything = [&] {
        return RelationBounds{product(executed_.must, executed_.must), product(executed_.may, executed_.may)};
    };
    const auto with_identity = [&](RelationBounds r) {
        return rowwise(std::move(r), identity(executed_.must), identity(executed_.may), or_into);
    };
    switch (e.op) {
        case Op::rel_primitive:
            return primitive_relation(e.name);
        case Op::rel_empty:
            return {BitMatrix(size_), BitMatrix(size_)};
        case Op::rel_universe:
            return everything();
        case Op::rel_id:
            return {identity(executed_.must), identity(executed_.may)};
        case Op::rel_union:
            return rowwise(operand(0), operand(1).must, operand(1).may, or_into);
        case Op::rel_inter:
            return rowwise(operand(0), operand(1).must, operand(1).may, and_into);
        case Op::rel_diff:
            return rowwise(operand(0), operand(1).may, operand(1).must, remove_from);
        case Op::rel_complement:
            return rowwise(everything(), operand(0).may, operand(0).must, remove_from);
        case Op::sequence:
            return compute_sequence(e);
        case Op::inverse:
            return {operand(0).must.transposed(), operand(0).may.transposed()};
        case Op::optional:
            return with_identity(operand(0));
        case Op::plus:
            return {closed(operand(0).must), closed(operand(0).may)};
        case Op::star:
            return with_identity({closed(operand(0).must), closed(operand(0).may)});
        case Op::product:
            return {product(of_set(0).must, of_set(1).must), product(of_set(0).may, of_set(1).may)};
        case Op::identity_on:
            return {identity(of_set(0).must), identity(of_set(0).may)};
        default:
            throw std::logic_error("enumerator: a set where a relation is meant");
    }
}

SetBounds Bounds::compute_set(const Entry& e) {
    const auto operand = [&](std::size_t i) -> const SetBounds& { return entries_[e.operands[i]].set; };
    switch (e.op) {
        case Op::set_primitive:
            return primitive_set(e.name);
        case Op::set_empty:
            return {BitRow(size_), BitRow(size_)};
        case Op::set_universe:
            return executed_;
        case Op::set_union:
            return combined(operand(0), operand(1).must, operand(1).may, or_into);
        case Op::set_inter:
            return combined(operand(0), operand(1).must, operand(1).may, and_into);
        case Op::set_diff:
            return combined(operand(0), operand(1).may, operand(1).must, remove_from);
        case Op::set_complement:
            return combined(executed_, operand(0).may, operand(0).must, remove_from);
        case Op::domain: {
            const RelationBounds& r = entries_[e.operands[0]].relation;
            return {domain_of(r.must), domain_of(r.may)};
        }
        case Op::range: {
            const RelationBounds& r = entries_[e.operands[0]].relation;
            return {range_of(r.must), range_of(r.may)};
        }
        default:
            throw std::logic_error("enumerator: a relation where a set is meant");
    }
}

}  // namespace tlbcheck::tests::enumerator
