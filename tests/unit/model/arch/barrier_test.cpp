// SPDX-License-Identifier: Apache-2.0
// Barrier options: parsing, printing, and the names of the Arm model's sets.
#include "model/arch/barrier.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("every option of DMB and DSB is read in either case and printed back") {
    for (const char* option :
         {"SY", "LD", "ST", "ISH", "ISHLD", "ISHST", "NSH", "NSHLD", "NSHST", "OSH", "OSHLD", "OSHST"}) {
        CAPTURE(option);
        const auto dsb = parse_barrier(BarrierKind::dsb, option);
        REQUIRE(dsb);
        CHECK(to_string(*dsb) == std::string("DSB ") + option);
        CHECK(cat_set(*dsb) == std::string("DSB.") + option);
        const auto dmb = parse_barrier(BarrierKind::dmb, option);
        REQUIRE(dmb);
        CHECK(to_string(*dmb) == std::string("DMB ") + option);
    }
    CHECK(parse_barrier(BarrierKind::dsb, "ishst") == parse_barrier(BarrierKind::dsb, "ISHST"));
}

TEST_CASE("an option gives domain and access") {
    const auto ishld = parse_barrier(BarrierKind::dsb, "ishld");
    REQUIRE(ishld);
    CHECK(ishld->domain == BarrierDomain::ish);
    CHECK(ishld->access == BarrierAccess::ld);
    const auto st = parse_barrier(BarrierKind::dmb, "st");
    REQUIRE(st);
    CHECK(st->domain == BarrierDomain::sy);
    CHECK(st->access == BarrierAccess::st);
}

TEST_CASE("the nXS forms belong to full DSBs only") {
    const auto nxs = parse_barrier(BarrierKind::dsb, "ishnxs");
    REQUIRE(nxs);
    CHECK(nxs->nxs);
    CHECK(to_string(*nxs) == "DSB ISHnXS");
    CHECK_FALSE(parse_barrier(BarrierKind::dsb, "ishstnxs"));
    CHECK_FALSE(parse_barrier(BarrierKind::dsb, "ldnxs"));
    CHECK_FALSE(parse_barrier(BarrierKind::dmb, "ishnxs"));
}

TEST_CASE("ISB takes no option but SY") {
    REQUIRE(parse_barrier(BarrierKind::isb, ""));
    REQUIRE(parse_barrier(BarrierKind::isb, "sy"));
    CHECK(to_string(*parse_barrier(BarrierKind::isb, "")) == "ISB");
    CHECK(cat_set(*parse_barrier(BarrierKind::isb, "SY")) == "ISB");
    CHECK_FALSE(parse_barrier(BarrierKind::isb, "ish"));
}

TEST_CASE("options that do not exist are refused") {
    for (const char* option : {"", "is", "ishs", "syst", "nxs", "full", "ish ", "ishldx"}) {
        CAPTURE(option);
        CHECK_FALSE(parse_barrier(BarrierKind::dsb, option));
    }
}
