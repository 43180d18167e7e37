// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/computation.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {
struct Fixture {
    FormulaPool pool;
    ValueTable values;
    ValueAlgebra algebra{pool, values};
    InstructionContext context{algebra, "P0 1"};
    Fixture() {
        context.memory_values = [this](const LitmusValue&) {
            return std::vector<ValueId>{values.id(LitmusValue::of(1)), values.id(LitmusValue::of(2)),
                                        values.id(LitmusValue::of(3))};
        };
    }
    LocalEvent read() {
        LocalEvent e;
        e.role = EventRole::read_memory;
        e.has_location = e.has_value = true;
        e.location = algebra.constant(LitmusValue::address(ValueKind::physical, "x"));
        return e;
    }
};
}  // namespace

TEST_CASE("the same event in exclusive alternatives is one, on one path it is two") {
    Fixture f;
    const Computation<Symbolic> one = event(f.read());
    const auto alts = either<Symbolic>("choice", one, one)(f.context);
    REQUIRE(alts.size() == 2);
    CHECK(alts[0].structure.events == alts[1].structure.events);
    CHECK(f.pool.excludes(alts[0].guard, alts[1].guard));
    Fixture g;
    const auto pairs = both(event(g.read()), event(g.read()))(g.context);
    CHECK(pairs.front().structure.events.size() == 2);
}

TEST_CASE("a read has an alternative for each value its place may hold") {
    Fixture f;
    const auto alts = event(f.read())(f.context);
    CHECK(alts.front().value.alternatives.size() == 3);
    CHECK(f.context.event(0).choices.size() == 3);
    CHECK_FALSE(alts.front().value.determined);
}

TEST_CASE("delayed events appear where they are used, once") {
    Fixture f;
    const auto m = delayed(event(f.read()), [](const Symbolic& v, Computation<Symbolic> made) {
        return then(std::move(made), [v](const Symbolic&) { return unit(v); });
    });
    const auto alts = m(f.context);
    CHECK(alts.front().structure.events.size() == 1);
}

TEST_CASE("faults of values count where they are computed, not in branches that are not taken") {
    Fixture f;
    const Symbolic address = f.algebra.constant(LitmusValue::address(ValueKind::address, "x"));
    const Computation<Symbolic> bad =
        lazily([&] { return unit(f.algebra.apply(ValueOp::mul, address, address)); });
    const Computation<Symbolic> good = unit(f.algebra.number(1));
    const Formula v = f.pool.variable("v");
    const auto alts = either_by<Symbolic>(v, bad, good)(f.context);
    REQUIRE(alts.size() == 2);
    REQUIRE(alts[0].facts.size() == 1);
    CHECK(alts[0].facts[0].holds.is_false());
    CHECK(alts[0].facts[0].error != nullptr);
    CHECK(alts[1].facts.empty());
}
