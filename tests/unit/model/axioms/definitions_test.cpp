// SPDX-License-Identifier: Apache-2.0
//
// Names that are defined, and those that stand for primitives.
#include "model/axioms/definitions.hpp"

#include "model/axioms/walk_reads.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;

TEST_CASE("a name that is not defined is the graph's primitive of that name") {
    const Definitions d({});
    CHECK(d.s("W").node()->op == Op::set_primitive);
    CHECK(d.r("po").node()->op == Op::rel_primitive);
    CHECK(d.r("po").node()->name == "po");
    CHECK(d.relations().empty());
    CHECK(d.sets().empty());
}

TEST_CASE("a definition is found under its name from then on, the last one counts") {
    Definitions d({});
    const Rel first = d.define("fr", rel("rf") | rel("co"));
    CHECK(d.r("fr").node() == first.node());
    CHECK(first.node()->name == "fr");
    const Rel second = d.define("fr", inverse(rel("rf")));
    CHECK(d.r("fr").node() == second.node());
    const Set imp = d.define("Imp", set("NExp") & set("R"));
    CHECK(d.s("Imp").node() == imp.node());
    CHECK(d.relations().size() == 1);
    CHECK(d.sets().contains("Imp"));
    CHECK(to_string(imp_ttd_r(d)) == "((Imp & TTD) & R)");
}

TEST_CASE("variants are those given") {
    const Definitions d({"vmsa", "ETS2"});
    CHECK(d.variant("ETS2"));
    CHECK_FALSE(d.variant("ETS3"));
}
