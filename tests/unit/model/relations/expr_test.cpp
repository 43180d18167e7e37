// SPDX-License-Identifier: Apache-2.0
//
// Expressions as text, what is empty at once, and names.
#include "model/relations/expr.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("an expression is told in cat's signs") {
    const Rel po = rel("po"), rf = rel("rf");
    const Set W = set("W"), R = set("R");
    CHECK(to_string(po | rf) == "(po | rf)");
    CHECK(to_string(po & ~rf) == "(po & ~rf)");
    CHECK(to_string(po - rf) == "(po \\ rf)");
    CHECK(to_string(W >> po >> R) == "(([W]; po); [R])");
    CHECK(to_string(W * R) == "(W * R)");
    CHECK(to_string(plus(inverse(opt(star(po))))) == "po*?^-1+");
    CHECK(to_string(domain(po) | range(rf)) == "(domain(po) | range(rf))");
    CHECK(to_string(~W - universe_set()) == "(~W \\ _)");
    CHECK(to_string(id() | universe_rel()) == "(id | _)");
    CHECK(to_string(empty_set()) == "{}");
    CHECK(to_string(empty_rel()) == "0");
}

TEST_CASE("the empty relation and set are seen through") {
    const Rel po = rel("po"), none = empty_rel();
    const Set W = set("W"), nobody = empty_set();
    CHECK((po | none).node() == po.node());
    CHECK((none | po).node() == po.node());
    CHECK((po - none).node() == po.node());
    CHECK((W | nobody).node() == W.node());
    CHECK((nobody | W).node() == W.node());
    CHECK((W - nobody).node() == W.node());
    for (const Rel& r : {po & none, none & po, none - po, po >> none, none >> po, nobody >> po, po >> nobody,
                         W * nobody, nobody * W, id(nobody), inverse(none), plus(none)})
        CHECK(to_string(r) == "0");
    for (const Set& s : {W & nobody, nobody & W, nobody - W}) CHECK(to_string(s) == "{}");
    // A reflexive closure of nothing is not nothing.
    CHECK(to_string(opt(none)) == "0?");
    CHECK(to_string(star(none)) == "0*");
}

TEST_CASE("C++ binds >> tighter than &") {
    const Rel a = rel("a"), b = rel("b"), c = rel("c");
    CHECK(to_string(a & b >> c) == "(a & (b; c))");
}

TEST_CASE("a name stands for the expression, whose body stays what it was") {
    const Rel named_rel = named("dob", rel("po") | rel("rf"));
    CHECK(named_rel.node()->name == "dob");
    CHECK(to_string(named_rel) == "(po | rf)");
    CHECK(to_string(named_rel >> rel("co")) == "(dob; co)");
    // A second name does not take the first one away, nor does one of a primitive.
    const Rel again = named("ob", named_rel);
    CHECK(to_string(again) == "(dob | 0)");
    CHECK(to_string(named("alias", rel("po"))) == "(po | 0)");
    CHECK(named("po", rel("po")).node()->op == Op::rel_primitive);
    CHECK(to_string(named("HU", set("W"))) == "(W | {})");
    CHECK(named("W", set("W")).node()->op == Op::set_primitive);
    CHECK(to_string(named("M", set("R") | set("W")) & set("Exp")) == "(M & Exp)");
    CHECK(named("nothing", empty_rel()).node()->name == "nothing");
}

TEST_CASE("sets and relations are told apart") {
    CHECK(is_set(set("W").node()->op));
    CHECK(is_set(range(rel("po")).node()->op));
    CHECK_FALSE(is_set(rel("po").node()->op));
    CHECK_FALSE(is_set(id(set("W")).node()->op));
}

TEST_CASE("recursive relations have one body each") {
    const Rel x = rel_variable("x"), y = rel_variable("y");
    const std::vector<Rel> solved = fixpoint({x, y}, {rel("po") | y, x >> x});
    REQUIRE(solved.size() == 2);
    CHECK(solved[0].node()->op == Op::rel_fixpoint);
    CHECK(solved[1].node()->index == 1);
    CHECK(solved[1].node()->operands.size() == 2);
    CHECK(to_string(solved[1]) == "y");
    CHECK_THROWS_AS(fixpoint({x, y}, {rel("po")}), std::logic_error);
}
