// SPDX-License-Identifier: Apache-2.0
#include "litmus/herd/print.hpp"

#include "tests/unit/litmus/herd/test_text.hpp"

using namespace tlbcheck::litmus;
using namespace tlbcheck::litmus::herd;
using namespace tlbcheck::model;

namespace {
const char* const text =
    "AArch64 T\nHash=0a\n{ int x; uint64_t 0:X1; [PTE(x)]=(db:0); 0:X4=x; }\n P0 ;\n L0: STR W0,[X4] ;\n"
    "locations [Fault(P0:L0,x);PTE(x);0:X2;]\n~exists (x=1 /\\ 0:X1=3 /\\ fault(P0,x,MMU:Permission))\n";

FinalState state(std::uint64_t x1, std::uint64_t x2, std::uint64_t x, bool fault) {
    LitmusDescriptor d;
    d.oa = "x";
    d.db = 0;
    FinalState s;
    s.values = {{LitmusValue::of(x1)}, {LitmusValue::of(x2)}, {LitmusValue::of(x)}, {LitmusValue::of(d)}};
    if (fault) {
        LitmusFault f;
        f.labels = {"L0"};
        f.address = LitmusValue::address(ValueKind::address, "x");
        f.type = "D-MMU:Permission";
        s.faults.push_back(f);
    }
    return s;
}
}  // namespace

TEST_CASE(
    "states list registers, memory, descriptors, then faults; faults that did not happen are negated, last "
    "first") {
    const auto p = program_of(text);
    CHECK(print_state(p, state(3, 0, 1, false)) ==
          "0:X1=3; 0:X2=0; [x]=1; [PTE(x)]=(oa:PA(x), db:0);  ~Fault(P0:L0,x); ~Fault(P0,x,MMU:Permission);");
    CHECK(print_state(p, state(3, 0, 1, true)) ==
          "0:X1=3; 0:X2=0; [x]=1; [PTE(x)]=(oa:PA(x), db:0); Fault(P0:L0,x,MMU:Permission);");
}

TEST_CASE("numbers are shown by the type of their location") {
    const auto p = program_of(text);
    CHECK(print_state(p, state(~std::uint64_t{0}, 0xffffffff, 0xffffffff, false)).substr(0, 46) ==
          "0:X1=18446744073709551615; 0:X2=-1; [x]=-1; [P");
}

TEST_CASE("the result has herd7's lines; witnesses of ~exists are swapped, the observation is not") {
    const auto p = program_of(text);
    ResultSummary summary;
    summary.some_violates = true;
    summary.negative = 1;
    summary.flags = {"Warning-BBM-expected"};
    summary.loop = true;
    CHECK(print_result(p, {state(3, 0, 1, false)}, summary) ==
          "Test T Forbidden\nStates 1\n"
          "0:X1=3; 0:X2=0; [x]=1; [PTE(x)]=(oa:PA(x), db:0);  ~Fault(P0:L0,x); ~Fault(P0,x,MMU:Permission);\n"
          "Loop Ok\nWitnesses\nPositive: 1 Negative: 0\nFlag Warning-BBM-expected\n"
          "Condition ~exists ([x]=1 /\\ 0:X1=3 /\\ fault(P0,x,MMU:Permission))\nObservation T Never 0 "
          "1\nHash=0a\n\n");
}

TEST_CASE("observation and condition follow from what some states do") {
    const auto p = program_of(one_thread("NOP", "x=0;", "forall x=0"));
    ResultSummary both;
    both.some_satisfies = both.some_violates = true;
    CHECK(observation(both) == "Sometimes");
    CHECK_FALSE(condition_holds(p, both));
    ResultSummary always;
    always.some_satisfies = true;
    CHECK(observation(always) == "Always");
    CHECK(condition_holds(p, always));
}
