// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/symbolic.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("operations work on the constants, alternatives that coincide are one") {
    FormulaPool pool;
    ValueTable values;
    ValueAlgebra a(pool, values);
    const Formula v = pool.variable("v");
    const Symbolic either = a.choose(v, a.number(1), a.number(2));
    REQUIRE(either.alternatives.size() == 2);
    CHECK_FALSE(either.determined);
    const Symbolic sum = a.apply(ValueOp::add, either, a.number(3));
    CHECK(a.where(sum, [](const LitmusValue& x) { return x.is_integer(4); }) == v);
    CHECK(a.equal(either, a.number(2)) == !v);
    const Symbolic zero = a.apply(ValueOp::land, either, a.number(4));
    REQUIRE(zero.constant() != nullptr);
    CHECK(values.value(*zero.constant()).is_zero());
    CHECK(a.truth(zero).is_false());
    CHECK(a.truth(either).is_true());
}

TEST_CASE("an operation without meaning leaves a fault under its condition and the other alternatives") {
    FormulaPool pool;
    ValueTable values;
    ValueAlgebra a(pool, values);
    const Formula v = pool.variable("v");
    const Symbolic either =
        a.choose(v, a.constant(LitmusValue::address(ValueKind::address, "x")), a.number(2));
    const Symbolic product = a.apply(ValueOp::mul, either, a.number(3));
    CHECK(product.alternatives.size() == 1);
    const auto faults = a.take_faults();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].when == v);
    CHECK(a.take_faults().empty());
}
