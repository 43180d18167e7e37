// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/world/capabilities.cpp.

#include "litmus/kernel/world/capabilities.hpp"

#include "tests/support/catch.hpp"

using tlbcheck::litmus::kernel::world::Capabilities;
using tlbcheck::model::HardwareParameters;

namespace {

Capabilities own() {
    const auto parsed = Capabilities::parse(
        "#ifndef X\n#define X\n#define ARM64_ALWAYS_BOOT\t\t0\n#define ARM64_HAS_TLB_RANGE 7\r\n"
        "#define ARM64_HAS_BBML2_NOABORT 8\n#define ARM64_HAS_LSE_ATOMICS 9\n#define ARM64_WORKAROUND_1 10\n"
        "#define ARM64_NCAPS 11\n#endif\n");
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("capabilities are numbered by the generated header") {
    const Capabilities all = own();
    CHECK(all.numbers().size() == 5);
    CHECK(all.number("ARM64_HAS_TLB_RANGE") == 7);
    CHECK(all.number("HAS_TLB_RANGE") == 7);
    CHECK_FALSE(all.number("ARM64_NCAPS"));
    CHECK(all.name(10) == "ARM64_WORKAROUND_1");
    CHECK(all.name(99) == "capability 99");
    CHECK_FALSE(Capabilities::parse("int x;\n#define OTHER 3\n#define ARM64_X y\n"));
}

TEST_CASE("what a machine has follows the hardware asked about, and the scenario") {
    Capabilities all = own();
    HardwareParameters hardware;
    hardware.tlb_range = false;
    CHECK(all.present(0, hardware));
    CHECK(all.present(9, hardware));
    CHECK_FALSE(all.present(7, hardware));
    CHECK_FALSE(all.present(8, hardware));
    CHECK_FALSE(all.present(10, hardware));
    hardware.tlb_range = true;
    hardware.bbm_level = 3;
    CHECK(all.present(7, hardware));
    CHECK(all.present(8, hardware));
    hardware.bbm_level = 2;
    CHECK_FALSE(all.present(8, hardware));
    CHECK_FALSE(Capabilities::parse("#define ARM64_HAS_BBML3 4")->present(4, hardware));
    hardware.bbm_level = 3;
    CHECK(Capabilities::parse("#define ARM64_HAS_BBML3 4")->present(4, hardware));
    CHECK(all.override_value("WORKAROUND_1", true));
    CHECK(all.override_value("ARM64_HAS_TLB_RANGE", false));
    CHECK_FALSE(all.override_value("HAS_NOTHING", true));
    CHECK(all.present(10, hardware));
    CHECK_FALSE(all.present(7, hardware));
}
