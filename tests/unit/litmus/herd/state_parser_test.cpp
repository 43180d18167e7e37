// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/state_parser.hpp"

#include "litmus/herd/print.hpp"
#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;
using namespace tlbcheck::model;

namespace {
LitmusProgram with_init(const std::string& init) {
    return program_of(one_thread("NOP", init));
}
std::string value_of(const std::string& init) {
    return print_value(with_init(init).initial.at(0).values.at(0));
}
std::string condition_of(const std::string& condition) {
    return print_condition(program_of(one_thread("L0: NOP", "x=0; y=0;", condition)));
}
}  // namespace

TEST_CASE("old and new spelling of descriptors and physical addresses mean the same") {
    CHECK(value_of("pte_x=(oa:phy_y,valid:0);") == "(oa:PA(y), valid:0)");
    CHECK(value_of("[PTE(x)]=(valid:0,oa:PA(y));") == "(oa:PA(y), valid:0)");
    CHECK(value_of("TTD(x)=(oa:PA(y), valid:0);") == "(oa:PA(y), valid:0)");
    CHECK(value_of("[PTE(x)]=phy_y;") == "(oa:PA(y))");
    CHECK(with_init("pte_x=(af:0);").initial[0].location ==
          with_init("[PTE(x)]=(af:0);").initial[0].location);
}

TEST_CASE("a descriptor of a location maps its own page where no oa is given") {
    CHECK(value_of("pte_x=(af:0,db:0,dbm:1,el0:0);") == "(oa:PA(x), af:0, db:0, dbm:1, el0:0)");
}

TEST_CASE("memory attributes, defaults left out") {
    CHECK(value_of("pte_x=(attrs:(Device-GRE));") == "(oa:PA(x), attrs:(Device-GRE))");
    CHECK(value_of("pte_x=(attrs:(Normal,iNC,oNC));") == "(oa:PA(x), attrs:(Normal,ISH,iNC,oNC))");
    CHECK(value_of("pte_x=(ISH,Normal);") == "(oa:PA(x))");
    CHECK(error_of(one_thread("NOP", "pte_x=(attrs:(iNC,iWB));")) == "2:21: conflicting memory attributes");
}

TEST_CASE("types, pointers, arrays and registers in the initial state") {
    const auto p = with_init(
        "int64_t x=7; uint64_t 0:X1=3; int v[2]={4,5}; int64_t 0:X2; 0:X3=PTE(x); [y]=x; 0:W4=v[1]; int "
        "*z=x;");
    CHECK(size_in_bits(p.initial[0].type) == 64);
    CHECK(p.initial[2].type.elements == 2);
    CHECK(p.initial[2].values[1].number == 5);
    CHECK(p.initial[4].values[0].kind == ValueKind::pte);
    CHECK(p.initial[6].values[0].offset == 4);
    CHECK(p.initial[7].type.pointer);
    CHECK(error_of(one_thread("NOP", "int v[2]={1};")) ==
          "2:7: the array has 2 elements and 1 initial values");
    CHECK(error_of(one_thread("NOP", "int v[2]; 0:X1=v[3];")) == "2:2: array 'v' has no element 3");
    CHECK(error_of(one_thread("NOP", "foo_t x=1;")) == "2:3: 'foo_t' is no type");
}

TEST_CASE("a location is initialised once, a label must exist") {
    CHECK(error_of(one_thread("NOP", "x=1; int x=2;")) == "2:3: location 'x' is initialised twice");
    CHECK(error_of(one_thread("NOP", "x=0; 0:X1=P0:L9;")) == "2:3: there is no label 'P0:L9'");
    CHECK(print_value(program_of(one_thread("L0: NOP", "x=0; 0:X1=label:\"P0:L0\";")).initial[1].values[0]) ==
          "label:\"P0:L0\"");
}

TEST_CASE("conditions: negation binds tightest, then =>, then and, then or") {
    CHECK(condition_of("exists ~x=1 /\\ y=2 \\/ 0:X1=3") == "exists (not ([x]=1) /\\ [y]=2 \\/ 0:X1=3)");
    CHECK(condition_of("forall (x=1 \\/ y=2) /\\ true") == "forall (([x]=1 \\/ [y]=2) /\\ true)");
    CHECK(condition_of("~exists x=1 => y=2") == "~exists ([x]=1 => [y]=2)");
    CHECK(condition_of("exists P0:X1=[x]") == "exists (0:X1=[x])");
    CHECK(condition_of("exists x<>1") == "exists (not ([x]=1))");
}

TEST_CASE("faults: any part may be missing") {
    CHECK(condition_of("exists (fault(P0) /\\ Fault(P0:L0,x) /\\ fault(P0:L0,x,MMU:Permission) /\\ "
                       "fault(P0,D-MMU:Translation))") ==
          "exists (fault(P0) /\\ fault(P0:L0,x) /\\ fault(P0:L0,x,MMU:Permission) /\\ "
          "fault(P0,D-MMU:Translation))");
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (fault(P0,x,MMU:Foo))")) ==
          "5:20: fault type 'MMU:Foo' is not supported");
}

TEST_CASE("locations, filter and the quantifiers") {
    const auto p =
        program_of(one_thread("NOP", "x=0;", "locations [0:X1; x; Fault(P0,x);]\nfilter x=1\nforall x=1"));
    CHECK(p.locations.size() == 2);
    CHECK(p.fault_locations.size() == 1);
    CHECK(p.filter.has_value());
    CHECK(p.quantifier == Quantifier::forall);
    CHECK(program_of(one_thread("NOP", "x=0;", "")).quantifier == Quantifier::forall);
}

TEST_CASE("a condition that is cut short or nested without end is refused") {
    CHECK(error_of(one_thread("NOP", "x=0;", "exists (x=")) == "6:1: expected a value");
    CHECK(
        error_of(one_thread("NOP", "x=0;", "exists " + std::string(100000, '('))).find("nested too deeply") !=
        std::string::npos);
}
