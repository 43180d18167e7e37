// SPDX-License-Identifier: Apache-2.0
//
// What `let` and `let rec` bind.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "litmus/cat/interpreter.hpp"

namespace tlbcheck::litmus::cat {

namespace {

constexpr std::size_t binding_limit = 5'000;

bool is_named_kind(ValueKind kind) {
    return kind == ValueKind::set || kind == ValueKind::relation;
}

/// Where a recursive relation's variables occur: to look at each shared node once.
class Occurrences {
  public:
    explicit Occurrences(const std::vector<model::Rel>& variables) {
        for (const model::Rel& v : variables) variables_.insert(v.node().get());
    }
    bool in(const model::NodePointer& n) {
        if (variables_.contains(n.get())) return true;
        if (const auto known = found_.find(n.get()); known != found_.end()) return known->second;
        const bool result = std::ranges::any_of(n->operands, [this](const auto& o) { return in(o); });
        found_.emplace(n.get(), result);
        return result;
    }
    /// True iff a variable occurs under a complement or to the right of a difference, where a least solution
    /// may not exist.
    bool negatively_in(const model::NodePointer& n) {
        if (!in(n) || !visited_.insert(n.get()).second) return false;
        if (n->op == model::Op::rel_complement || n->op == model::Op::set_complement) return true;
        const bool difference = n->op == model::Op::rel_diff || n->op == model::Op::set_diff;
        if (difference && in(n->operands[1])) return true;
        return std::ranges::any_of(n->operands, [this](const auto& o) { return negatively_in(o); });
    }

  private:
    std::unordered_set<const model::Node*> variables_;
    std::unordered_map<const model::Node*, bool> found_;
    std::unordered_set<const model::Node*> visited_;
};

/// The A of `let rec X = A | X; X`, or nullopt when `body` has another shape.
std::optional<model::Rel> closed_relation(const model::Rel& variable, const model::Rel& body) {
    Occurrences occurrences({variable});
    std::vector<model::NodePointer> pending = {body.node()};
    std::optional<model::Rel> result;
    bool closes = false;
    while (!pending.empty()) {
        const model::NodePointer n = pending.back();
        pending.pop_back();
        if (!occurrences.in(n)) {
            result = result ? *result | model::Rel(n) : model::Rel(n);
        } else if (n->op == model::Op::rel_union) {
            pending.push_back(n->operands[1]);
            pending.push_back(n->operands[0]);
        } else if (n->op == model::Op::sequence && n->operands[0] == variable.node() &&
                   n->operands[1] == variable.node()) {
            closes = true;
        } else {
            return std::nullopt;
        }
    }
    if (!closes) return std::nullopt;
    return result ? model::plus(*result) : model::empty_rel();
}

}  // namespace

EnvironmentPointer Interpreter::bind(const EnvironmentPointer& outer, const std::string& name, Value value,
                                     const Span& span) const {
    if (name.empty()) return outer;
    if (outer && outer->size() >= binding_limit) fail(span, "this model binds too many names");
    return std::make_shared<const Environment>(name, std::move(value), outer);
}

EnvironmentPointer Interpreter::bind(const EnvironmentPointer& outer, const Pattern& pattern,
                                     const Value& value, const Span& span) const {
    if (!pattern.tuple) return bind(outer, pattern.names[0], value, span);
    const std::vector<Value>& parts = components(value, pattern.names.size(), span);
    EnvironmentPointer result = outer;
    for (std::size_t i = 0; i < parts.size(); ++i) result = bind(result, pattern.names[i], parts[i], span);
    return result;
}

Value Interpreter::named(const std::string& name, Value value) const {
    if (!is_named_kind(value.kind) || name.empty()) return value;
    if (value.kind == ValueKind::set) {
        value.node = model::named(name, model::Set(value.node)).node();
    } else {
        value.node = model::named(name, model::Rel(value.node)).node();
    }
    ++value.height;  // a name may take a node of its own
    return value;
}

void Interpreter::define(const std::string& name, const Value& value) {
    if (name.empty()) return;
    model::NodePointer node = value.node;
    if (value.kind == ValueKind::empty) node = model::empty_rel().node();
    if (value.kind == ValueKind::universe) node = model::universe_rel().node();
    if (!node) return;
    std::vector<Definition>& all = result_.definitions;
    const auto old = std::ranges::find(all, name, &Definition::name);
    if (old == all.end()) {
        all.push_back({name, node});
    } else {
        old->node = node;
    }
}

Value Interpreter::evaluate_bound(const Expression& e, const EnvironmentPointer& environment,
                                  bool top_level) {
    if (!top_level) return evaluate(e, environment);
    try {
        return evaluate(e, environment);
    } catch (const UnsupportedName& unsupported) {  // no harm until it is used: herd's bindings are lazy
        Value value;
        value.kind = ValueKind::unsupported;
        value.name = unsupported.name();
        return value;
    }
}

EnvironmentPointer Interpreter::bind_all(const std::vector<Binding>& bindings,
                                         const EnvironmentPointer& outer, bool top_level) {
    EnvironmentPointer result = outer;
    for (const Binding& b : bindings) {  // `and`: none sees the others
        const std::string& name = b.pattern.names.empty() ? std::string() : b.pattern.names[0];
        Value value;
        if (std::optional<Value> native = native_definition(name); top_level && native) {
            value = *std::move(native);
        } else {
            value = evaluate_bound(*b.value, outer, top_level);
        }
        if (top_level && !b.pattern.tuple) {
            value = named(name, std::move(value));
            define(name, value);
        }
        result = bind(result, b.pattern, value, b.span);
    }
    return result;
}

EnvironmentPointer Interpreter::bind_functions(const std::vector<Binding>& bindings,
                                               const EnvironmentPointer& outer) const {
    EnvironmentPointer result = outer;
    for (const Binding& b : bindings) {
        if (b.pattern.tuple) fail(b.span, "a tuple cannot be recursive");
        Value value = function_value(*b.value, outer);
        auto closure = std::make_shared<Closure>(*value.closure);
        closure->group = &bindings;
        value.closure = std::move(closure);
        result = bind(result, b.pattern.names[0], std::move(value), b.span);
    }
    return result;
}

EnvironmentPointer Interpreter::bind_recursive(const std::vector<Binding>& bindings,
                                               const EnvironmentPointer& outer, bool top_level) {
    const auto is_function = [](const Binding& b) { return b.value->kind == ExpressionKind::function; };
    if (std::ranges::all_of(bindings, is_function)) return bind_functions(bindings, outer);
    std::vector<model::Rel> variables, bodies;
    EnvironmentPointer inside = outer;
    for (const Binding& b : bindings) {
        if (is_function(b) || b.pattern.tuple)
            fail(b.span, "functions and relations cannot be recursive together");
        variables.push_back(model::rel_variable(b.pattern.names[0]));
        inside = bind(inside, b.pattern, make(variables.back(), {}, b.span), b.span);
    }
    std::uint32_t height = 0;
    Occurrences occurrences(variables);
    for (const Binding& b : bindings) {
        const Value body = evaluate(*b.value, inside);
        bodies.push_back(relation(body, b.value->span));
        height = std::max(height, body.height);
        if (occurrences.negatively_in(bodies.back().node())) {
            fail(b.span, "recursion through '~' or to the right of '\\' is not supported");
        }
    }
    std::vector<model::Rel> solutions;
    if (bodies.size() == 1) {
        const std::optional<model::Rel> closed = closed_relation(variables[0], bodies[0]);
        if (closed) solutions.push_back(*closed);
        if (!occurrences.in(bodies[0].node())) solutions.push_back(bodies[0]);
    }
    if (solutions.empty()) solutions = model::fixpoint(variables, bodies);
    EnvironmentPointer result = outer;
    for (std::size_t i = 0; i < bindings.size(); ++i) {
        const std::string& name = bindings[i].pattern.names[0];
        Value value = make(solutions[i], {}, bindings[i].span);
        value.height = height + 1;
        if (top_level) {
            value = named(name, std::move(value));
            define(name, value);
        }
        result = bind(result, name, std::move(value), bindings[i].span);
    }
    return result;
}

Value Interpreter::function_value(const Expression& e, const EnvironmentPointer& environment) const {
    auto closure = std::make_shared<Closure>();
    closure->parameter = &e.parameter;
    closure->body = e.operands[0].get();
    closure->environment = environment;
    Value value;
    value.kind = ValueKind::function;
    value.closure = std::move(closure);
    return value;
}

EnvironmentPointer Interpreter::enter(const std::shared_ptr<const Closure>& closure, const Value& argument,
                                      const Span& span) const {
    EnvironmentPointer inside = closure->environment;
    if (closure->group != nullptr) inside = bind_functions(*closure->group, inside);
    if (!closure->self.empty()) {
        Value self;
        self.kind = ValueKind::procedure;
        self.closure = closure;
        inside = bind(inside, closure->self, std::move(self), span);
    }
    return bind(inside, *closure->parameter, argument, span);
}

}  // namespace tlbcheck::litmus::cat
