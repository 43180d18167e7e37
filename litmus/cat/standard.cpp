// SPDX-License-Identifier: Apache-2.0
//
// What every cat model may use: the definitions of herd's stdlib.cat, the primitive functions, and the
// enumerations, whose text works event by event and which therefore have a native meaning. The pairs of a
// read and a write of one atomic operation (lxsx, amo, rmw), which stdlib.cat derives, are primitives of the
// event graph.
#include "litmus/cat/interpreter.hpp"
#include "litmus/cat/vocabulary.hpp"

namespace tlbcheck::litmus::cat {

namespace {

using model::Rel;
using model::rel;
using model::Set;
using model::set;

Value value_of(const Rel& r) {
    Value v;
    v.kind = ValueKind::relation;
    v.node = r.node();
    v.height = 8;  // above any of the expressions below
    return v;
}

Value value_of(const Set& s) {
    Value v = value_of(Rel(s.node()));
    v.kind = ValueKind::set;
    return v;
}

Value function(NativeFunction f) {
    Value v;
    v.kind = ValueKind::native_function;
    v.function = std::move(f);
    return v;
}

Value procedure(NativeProcedure p) {
    Value v;
    v.kind = ValueKind::native_procedure;
    v.procedure = std::move(p);
    return v;
}

class Standard {
  public:
    EnvironmentPointer build() {
        relations();
        functions();
        procedures();
        return environment_;
    }

  private:
    void add(const std::string& name, Value value) {
        environment_ = std::make_shared<const Environment>(name, std::move(value), environment_);
    }
    void add(const std::string& name, const Rel& r) { add(name, value_of(model::named(name, r))); }
    void add(const std::string& name, const Set& s) { add(name, value_of(model::named(name, s))); }

    void relations() {
        const Rel po = rel("po"), loc = rel("loc"), rf = rel("rf"), co = rel("co"), in = rel("int"),
                  ext = rel("ext");
        const Set r = set("R"), w = set("W");
        add("emptyset", value_of(model::empty_set()));
        add("NDATA", set("ADDR"));
        add("PoD", set("B"));
        add("BR", set("B"));
        add("po-loc", po & loc);
        add("rfe", rf & ext);
        add("rfi", rf & in);
        const Rel fr = model::named("fr", (model::inverse(rf) >> co) - model::id());
        add("fr", fr);
        add("fre", fr & ext);
        add("fri", fr & in);
        add("coe", co & ext);
        add("coi", co & in);
        // The order of initial writes before the others; herd's final writes come last by the graph's own
        // meaning of final.
        add("co0", loc & (set("IW") * (w - set("IW"))));
        add("inv-field", rel("inv-domain"));
        add("M", r | w);
    }

    void functions() {
        add("domain", function([](Interpreter& in, const Value& r, const Span& at) {
                if (r.kind == ValueKind::empty || r.kind == ValueKind::universe) return r;
                const Rel relation = in.relation(r, at);
                if (relation.node()->op == model::Op::rel_empty) return value_of(model::empty_set());
                return in.make(model::domain(relation), {&r}, at);
            }));
        add("range", function([](Interpreter& in, const Value& r, const Span& at) {
                if (r.kind == ValueKind::empty || r.kind == ValueKind::universe) return r;
                const Rel relation = in.relation(r, at);
                if (relation.node()->op == model::Op::rel_empty) return value_of(model::empty_set());
                return in.make(model::range(relation), {&r}, at);
            }));
        for (const char* name : {"same-oa", "at-least-one-writable", "different-values"}) {
            add(name, function([name](Interpreter& in, const Value& r, const Span& at) {
                    return in.make(in.relation(r, at) & rel(name), {&r}, at);
                }));
        }
        add("toid",
            function([](Interpreter& in, const Value& s, const Span& at) { return in.identity(s, at); }));
        add("fencerel", function([](Interpreter& in, const Value& s, const Span& at) {
                return in.make(rel("po") >> in.set(s, at) >> rel("po"), {&s}, at);
            }));
        add("ctrlcfence", function([](Interpreter& in, const Value& a, const Span& at) {
                const auto& parts = in.components(a, 2, at);
                return in.make(in.relation(parts[0], at) >> in.set(parts[1], at) >> rel("po"),
                               {&parts[0], &parts[1]}, at);
            }));
        add("imply", function([](Interpreter& in, const Value& a, const Span& at) {
                const auto& parts = in.components(a, 2, at);
                return in.unite(in.complement(parts[0], at), parts[1], at);
            }));
        add("nodetour", function([](Interpreter& in, const Value& a, const Span& at) {
                const auto& parts = in.components(a, 3, at);
                return in.subtract(parts[0], in.sequence(parts[1], parts[2], at), at);
            }));
        add("singlestep", function([](Interpreter& in, const Value& r, const Span& at) {
                return in.subtract(r, in.sequence(r, r, at), at);
            }));
        add("udr", function([](Interpreter& in, const Value& r, const Span& at) {
                const Rel relation = in.relation(r, at);
                return in.make(model::domain(relation) | model::range(relation), {&r}, at);
            }));
        add("generate_cos", *native_definition("generate_cos"));
    }

    void procedures() {
        const auto included = [](Interpreter& in, const Value& a, const Span& at, const std::string& name) {
            const auto& parts = in.components(a, 2, at);
            const Value rest = in.subtract(parts[0], parts[1], at);
            const Rel r = rest.kind == ValueKind::set ? id(in.set(rest, at)) : in.relation(rest, at);
            in.add_check({model::CheckKind::empty, name, r, false, false});
        };
        add("subseteq", procedure(included));
        add("inclusion", procedure(included));
        add("total", procedure([](Interpreter& in, const Value& a, const Span& at, const std::string& name) {
                const auto& parts = in.components(a, 2, at);
                const Rel r = in.relation(parts[0], at);
                const Set s = in.set(parts[1], at);
                in.add_check(
                    {model::CheckKind::empty, name, (s * s) - (r | model::inverse(r)), false, false});
            }));
    }

    EnvironmentPointer environment_;
};

/// enumerate-ordered-pairs(pairs, order): the relations that hold each of `pairs` one way or the other, those
/// that `order` has already as it has them.
Value ordered_pairs(Interpreter& in, const Value& argument, const Span& at) {
    Value v;
    v.kind = ValueKind::pair_enumeration;
    v.tuple = in.components(argument, 2, at);
    for (const Value& part : v.tuple) in.relation(part, at);
    return v;
}

/// generate_cos(order): the coherence orders that extend `order`.
Value coherence_orders(Interpreter& in, const Value& argument, const Span& at) {
    Value v;
    v.kind = ValueKind::coherence;
    in.relation(argument, at);
    v.tuple.push_back(argument);
    return v;
}

}  // namespace

EnvironmentPointer standard_environment() {
    return Standard().build();
}

std::optional<Value> native_definition(const std::string& name) {
    if (name == "enumerate-ordered-pairs") return function(ordered_pairs);
    if (name == "generate_cos") return function(coherence_orders);
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::cat
