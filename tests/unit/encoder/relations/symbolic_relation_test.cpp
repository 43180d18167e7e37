// SPDX-License-Identifier: Apache-2.0
#include "encoder/relations/symbolic_relation.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::encoder;

TEST_CASE("a cell is certain, open or out") {
    FormulaPool pool;
    const Formula v = pool.variable("v"), w = pool.variable("w");
    SymbolicRelation r(70);
    r.must().set(1, 69);
    r.set_open(1, {{2, v}, {65, w}});
    CHECK(r.size() == 70);
    CHECK(r.at(1, 69).is_true());
    CHECK(r.at(1, 2) == v);
    CHECK(r.at(1, 65) == w);
    CHECK(r.at(1, 3).is_false());
    CHECK(r.at(2, 2).is_false());
    CHECK(r.open_count() == 2);
    CHECK(r.may().count() == 3);
    CHECK(r.may().test(1, 65));
    SymbolicRelation other = r;
    CHECK(other == r);
    other.set_open(1, {{2, v}});
    CHECK_FALSE(other == r);
}
