// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/normal_state.hpp"

#include "tests/support/catch.hpp"

using tlbcheck::tests::normal_state;

TEST_CASE("the order of entries and spaces do not matter") {
    CHECK(normal_state("[x]=1; [y]=2;") == normal_state("  [y]=2;[x]=1;  "));
    CHECK(normal_state("[x]=(oa:PA(x), valid:0);") == normal_state("[x]=(oa:PA(x),valid:0);"));
    CHECK(normal_state("1:X0=1; 1:X0=1;") == normal_state("1:X0=1;"));
}

TEST_CASE("values and faults do matter") {
    CHECK(normal_state("[x]=1;") != normal_state("[x]=2;"));
    CHECK(normal_state("[x]=1; ~Fault(P0);") != normal_state("[x]=1; Fault(P0);"));
    CHECK(normal_state("").empty());
}
