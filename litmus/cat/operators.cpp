// SPDX-License-Identifier: Apache-2.0
//
// The operators of cat on symbolic values, with cat's polymorphic `{}` and `_`.
#include <algorithm>

#include <fmt/format.h>

#include "litmus/cat/interpreter.hpp"

namespace tlbcheck::litmus::cat {

namespace {

constexpr std::uint32_t height_limit = 2000;

Value empty_value() {
    return {};
}
Value universe_value() {
    Value v;
    v.kind = ValueKind::universe;
    return v;
}

bool is_relational(ValueKind kind) {
    return kind <= ValueKind::universe;
}

std::uint32_t height_over(std::initializer_list<const Value*> parts) {
    std::uint32_t height = 0;
    for (const Value* part : parts) height = std::max(height, part->height);
    return height + 1;
}

}  // namespace

const char* describe(ValueKind kind) {
    switch (kind) {
        case ValueKind::set:
            return "a set";
        case ValueKind::relation:
            return "a relation";
        case ValueKind::empty:
            return "the empty set";
        case ValueKind::universe:
            return "the universe";
        case ValueKind::tuple:
            return "a tuple";
        case ValueKind::function:
        case ValueKind::native_function:
            return "a function";
        case ValueKind::procedure:
        case ValueKind::native_procedure:
            return "a procedure";
        case ValueKind::pair_enumeration:
        case ValueKind::coherence:
            return "a set of relations";
        case ValueKind::unsupported:
            return "a name that is not supported";
    }
    return "a value";
}

Value Interpreter::make(const model::Rel& relation, std::initializer_list<const Value*> parts,
                        const Span& span) {
    Value v;
    v.kind = ValueKind::relation;
    v.node = relation.node();
    v.height = height_over(parts);
    if (v.height > height_limit) fail(span, "this expression is built from too many steps");
    return v;
}

Value Interpreter::make(const model::Set& set, std::initializer_list<const Value*> parts, const Span& span) {
    Value v = make(model::Rel(set.node()), parts, span);
    v.kind = ValueKind::set;
    return v;
}

void Interpreter::refuse_unsupported(const Value& value, const Span& span) const {
    if (value.kind != ValueKind::unsupported) return;
    const Source& source = sources_[span.file];
    throw UnsupportedName(value.name, source, place_of(source->text, span.offset, span.length));
}

void Interpreter::require_relational(const char* sign, const Value& a, const Value& b,
                                     const Span& span) const {
    for (const Value* v : {&a, &b}) {
        refuse_unsupported(*v, span);
        if (!is_relational(v->kind)) fail(span, fmt::format("'{}' of {}", sign, describe(v->kind)));
    }
}

model::Rel Interpreter::relation(const Value& value, const Span& span) const {
    refuse_unsupported(value, span);
    if (value.kind == ValueKind::relation) return model::Rel(value.node);
    if (value.kind == ValueKind::empty) return model::empty_rel();
    if (value.kind == ValueKind::universe) return model::universe_rel();
    fail(span, fmt::format("a relation is expected here, this is {}", describe(value.kind)),
         value.kind == ValueKind::set ? "[S] is the identity relation on a set S" : "");
}

model::Set Interpreter::set(const Value& value, const Span& span) const {
    refuse_unsupported(value, span);
    if (value.kind == ValueKind::set) return model::Set(value.node);
    if (value.kind == ValueKind::empty) return model::empty_set();
    if (value.kind == ValueKind::universe) return model::universe_set();
    fail(span, fmt::format("a set of events is expected here, this is {}", describe(value.kind)));
}

const std::vector<Value>& Interpreter::components(const Value& value, std::size_t count,
                                                  const Span& span) const {
    if (value.kind != ValueKind::tuple || value.tuple.size() != count) {
        fail(span, fmt::format("{} arguments are expected here", count));
    }
    return value.tuple;
}

Value Interpreter::unite(const Value& a, const Value& b, const Span& span) {
    require_relational("|", a, b, span);
    if (a.kind == ValueKind::empty || b.kind == ValueKind::universe) return b;
    if (b.kind == ValueKind::empty || a.kind == ValueKind::universe) return a;
    if (a.kind != b.kind) fail(span, "'|' of a set and a relation");
    if (a.kind == ValueKind::set) return make(set(a, span) | set(b, span), {&a, &b}, span);
    return make(relation(a, span) | relation(b, span), {&a, &b}, span);
}

Value Interpreter::intersect(const Value& a, const Value& b, const Span& span) {
    require_relational("&", a, b, span);
    if (a.kind == ValueKind::universe || b.kind == ValueKind::empty) return b;
    if (b.kind == ValueKind::universe || a.kind == ValueKind::empty) return a;
    if (a.kind != b.kind) fail(span, "'&' of a set and a relation");
    if (a.kind == ValueKind::set) return make(set(a, span) & set(b, span), {&a, &b}, span);
    return make(relation(a, span) & relation(b, span), {&a, &b}, span);
}

Value Interpreter::subtract(const Value& a, const Value& b, const Span& span) {
    require_relational("\\", a, b, span);
    if (a.kind == ValueKind::empty || b.kind == ValueKind::universe) return empty_value();
    if (b.kind == ValueKind::empty) return a;
    if (a.kind == ValueKind::universe) return complement(b, span);
    if (a.kind != b.kind) fail(span, "'\\' of a set and a relation");
    if (a.kind == ValueKind::set) return make(set(a, span) - set(b, span), {&a, &b}, span);
    return make(relation(a, span) - relation(b, span), {&a, &b}, span);
}

Value Interpreter::complement(const Value& a, const Span& span) {
    switch (a.kind) {
        case ValueKind::empty:
            return universe_value();
        case ValueKind::universe:
            return empty_value();
        case ValueKind::set:
            return make(~set(a, span), {&a}, span);
        default:
            return make(~relation(a, span), {&a}, span);
    }
}

Value Interpreter::sequence(const Value& a, const Value& b, const Span& span) {
    if (a.kind == ValueKind::empty || b.kind == ValueKind::empty) return empty_value();
    return make(relation(a, span) >> relation(b, span), {&a, &b}, span);
}

Value Interpreter::product(const Value& a, const Value& b, const Span& span) {
    return make(set(a, span) * set(b, span), {&a, &b}, span);
}

Value Interpreter::identity(const Value& a, const Span& span) {
    if (a.kind == ValueKind::empty) return a;
    if (a.kind == ValueKind::universe) return make(model::id(), {}, span);
    return make(model::id(set(a, span)), {&a}, span);
}

Value Interpreter::postfix(ExpressionKind kind, const Value& a, const Span& span) {
    if (a.kind == ValueKind::universe) return a;
    if (a.kind == ValueKind::empty) {
        const bool reflexive = kind == ExpressionKind::star || kind == ExpressionKind::optional;
        return reflexive ? make(model::id(), {}, span) : a;
    }
    const model::Rel r = relation(a, span);
    switch (kind) {
        case ExpressionKind::plus:
            return make(model::plus(r), {&a}, span);
        case ExpressionKind::star:
            return make(model::star(r), {&a}, span);
        case ExpressionKind::optional:
            return make(model::opt(r), {&a}, span);
        default:
            return make(model::inverse(r), {&a}, span);
    }
}

}  // namespace tlbcheck::litmus::cat
