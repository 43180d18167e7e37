// SPDX-License-Identifier: Apache-2.0
//
// A script names what it asserts, defines what it uses, and can be read by any solver.
#include "encoder/smtlib.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
using tlbcheck::encoder::smtlib_script;

TEST_CASE("facts, exclusions and named formulas are asserted, in that order") {
    EventGraph graph;
    FormulaPool& pool = graph.pool();
    const Formula a = pool.variable("rf 1 2"), b = pool.variable("odd|\\name");
    const Formula unused = pool.both(a, pool.variable("unused"));
    CHECK_FALSE(unused.is_constant());
    graph.require(pool.either(a, b));
    graph.exclude(a, b);
    const std::string text = smtlib_script(graph, {{"check external", !a}, {"always", logic::true_formula}});
    CHECK(text ==
          "(set-logic QF_UF)\n"
          "(declare-const |v0 rf 1 2| Bool)\n"
          "(declare-const |v1 odd__name| Bool)\n"
          "(define-fun n5 () Bool (and (not |v0 rf 1 2|) (not |v1 odd__name|)))\n"
          "; every candidate execution: one source for each read, one order of the writes to a place\n"
          "(assert (not n5))\n"
          "(assert (not (and |v0 rf 1 2| |v1 odd__name|)))\n"
          "; check external\n"
          "(assert (! (not |v0 rf 1 2|) :named |a0 check external|))\n"
          "; always\n"
          "(assert (! true :named |a1 always|))\n"
          "(check-sat)\n");
}
