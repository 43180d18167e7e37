// SPDX-License-Identifier: Apache-2.0
//
// Makes nodes, simplified where that is seen at once.
#include "model/relations/expr.hpp"

#include <stdexcept>

namespace tlbcheck::model {

namespace {

NodePointer make(Op op, std::vector<NodePointer> operands = {}, std::string name = {}) {
    auto node = std::make_shared<Node>();
    node->op = op;
    node->operands = std::move(operands);
    node->name = std::move(name);
    return node;
}

Rel make_rel(Op op, std::vector<NodePointer> operands) {
    return Rel(make(op, std::move(operands)));
}
Set make_set(Op op, std::vector<NodePointer> operands) {
    return Set(make(op, std::move(operands)));
}

bool is_empty(const NodePointer& n) {
    return n->op == Op::set_empty || n->op == Op::rel_empty;
}

const char* infix(Op op) {
    switch (op) {
        case Op::set_union:
        case Op::rel_union:
            return " | ";
        case Op::set_inter:
        case Op::rel_inter:
            return " & ";
        case Op::set_diff:
        case Op::rel_diff:
            return " \\ ";
        case Op::sequence:
            return "; ";
        case Op::product:
            return " * ";
        default:
            return nullptr;
    }
}

std::string text(const NodePointer& n);

std::string body_text(const NodePointer& n) {
    if (const char* sign = infix(n->op))
        return "(" + text(n->operands[0]) + sign + text(n->operands[1]) + ")";
    switch (n->op) {
        case Op::set_empty:
            return "{}";
        case Op::rel_empty:
            return "0";
        case Op::set_universe:
        case Op::rel_universe:
            return "_";
        case Op::rel_id:
            return "id";
        case Op::set_complement:
        case Op::rel_complement:
            return "~" + text(n->operands[0]);
        case Op::domain:
            return "domain(" + text(n->operands[0]) + ")";
        case Op::range:
            return "range(" + text(n->operands[0]) + ")";
        case Op::inverse:
            return text(n->operands[0]) + "^-1";
        case Op::optional:
            return text(n->operands[0]) + "?";
        case Op::plus:
            return text(n->operands[0]) + "+";
        case Op::star:
            return text(n->operands[0]) + "*";
        case Op::identity_on:
            return "[" + text(n->operands[0]) + "]";
        default:
            return n->name;
    }
}

std::string text(const NodePointer& n) {
    return n->name.empty() ? body_text(n) : n->name;
}

}  // namespace

bool is_set(Op op) {
    return op <= Op::range;
}

Set set(std::string_view cat_name) {
    return Set(make(Op::set_primitive, {}, std::string(cat_name)));
}
Rel rel(std::string_view cat_name) {
    return Rel(make(Op::rel_primitive, {}, std::string(cat_name)));
}
Set empty_set() {
    return make_set(Op::set_empty, {});
}
Set universe_set() {
    return make_set(Op::set_universe, {});
}
Rel empty_rel() {
    return make_rel(Op::rel_empty, {});
}
Rel universe_rel() {
    return make_rel(Op::rel_universe, {});
}
Rel id() {
    return make_rel(Op::rel_id, {});
}

Set operator|(const Set& a, const Set& b) {
    if (is_empty(a.node())) return b;
    if (is_empty(b.node())) return a;
    return make_set(Op::set_union, {a.node(), b.node()});
}
Set operator&(const Set& a, const Set& b) {
    if (is_empty(a.node())) return a;
    if (is_empty(b.node())) return b;
    return make_set(Op::set_inter, {a.node(), b.node()});
}
Set operator-(const Set& a, const Set& b) {
    if (is_empty(a.node()) || is_empty(b.node())) return a;
    return make_set(Op::set_diff, {a.node(), b.node()});
}
Set operator~(const Set& a) {
    return make_set(Op::set_complement, {a.node()});
}
Set domain(const Rel& r) {
    return make_set(Op::domain, {r.node()});
}
Set range(const Rel& r) {
    return make_set(Op::range, {r.node()});
}

Rel operator|(const Rel& a, const Rel& b) {
    if (is_empty(a.node())) return b;
    if (is_empty(b.node())) return a;
    return make_rel(Op::rel_union, {a.node(), b.node()});
}
Rel operator&(const Rel& a, const Rel& b) {
    if (is_empty(a.node())) return a;
    if (is_empty(b.node())) return b;
    return make_rel(Op::rel_inter, {a.node(), b.node()});
}
Rel operator-(const Rel& a, const Rel& b) {
    if (is_empty(a.node()) || is_empty(b.node())) return a;
    return make_rel(Op::rel_diff, {a.node(), b.node()});
}
Rel operator~(const Rel& a) {
    return make_rel(Op::rel_complement, {a.node()});
}
Rel operator>>(const Rel& a, const Rel& b) {
    if (is_empty(a.node()) || is_empty(b.node())) return empty_rel();
    return make_rel(Op::sequence, {a.node(), b.node()});
}
Rel operator>>(const Set& a, const Rel& b) {
    return id(a) >> b;
}
Rel operator>>(const Rel& a, const Set& b) {
    return a >> id(b);
}
Rel operator*(const Set& a, const Set& b) {
    if (is_empty(a.node()) || is_empty(b.node())) return empty_rel();
    return make_rel(Op::product, {a.node(), b.node()});
}
Rel id(const Set& s) {
    if (is_empty(s.node())) return empty_rel();
    return make_rel(Op::identity_on, {s.node()});
}
Rel inverse(const Rel& r) {
    return is_empty(r.node()) ? r : make_rel(Op::inverse, {r.node()});
}
Rel opt(const Rel& r) {
    return make_rel(Op::optional, {r.node()});
}
Rel plus(const Rel& r) {
    return is_empty(r.node()) ? r : make_rel(Op::plus, {r.node()});
}
Rel star(const Rel& r) {
    return make_rel(Op::star, {r.node()});
}

Rel named(std::string_view cat_name, const Rel& r) {
    if (is_empty(r.node()) || r.node()->op == Op::rel_primitive || !r.node()->name.empty()) {
        if (r.node()->name == cat_name) return r;
        auto node = make(Op::rel_union, {r.node(), empty_rel().node()}, std::string(cat_name));
        return Rel(node);
    }
    auto node = std::make_shared<Node>(*r.node());
    node->name = cat_name;
    return Rel(node);
}
Set named(std::string_view cat_name, const Set& s) {
    if (s.node()->op == Op::set_primitive || !s.node()->name.empty()) {
        if (s.node()->name == cat_name) return s;
        return Set(make(Op::set_union, {s.node(), empty_set().node()}, std::string(cat_name)));
    }
    auto node = std::make_shared<Node>(*s.node());
    node->name = cat_name;
    return Set(node);
}

Rel rel_variable(std::string_view cat_name) {
    return Rel(make(Op::rel_variable, {}, std::string(cat_name)));
}

std::vector<Rel> fixpoint(const std::vector<Rel>& variables, const std::vector<Rel>& bodies) {
    if (variables.size() != bodies.size()) throw std::logic_error("fixpoint: one body for each variable");
    std::vector<Rel> result;
    for (std::size_t i = 0; i < variables.size(); ++i) {
        auto node = std::make_shared<Node>();
        node->op = Op::rel_fixpoint;
        node->name = variables[i].node()->name;
        node->index = i;
        for (const Rel& b : bodies) node->operands.push_back(b.node());
        for (const Rel& v : variables) node->variables.push_back(v.node());
        result.emplace_back(node);
    }
    return result;
}

std::string to_string(const Rel& r) {
    return body_text(r.node());
}
std::string to_string(const Set& s) {
    return body_text(s.node());
}

}  // namespace tlbcheck::model
