// SPDX-License-Identifier: Apache-2.0
//
// Which barriers complete which TLBIs.
#include "model/arch/completion.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

Barrier dsb(std::string_view option) {
    return parse_barrier(BarrierKind::dsb, option).value();
}
TlbiOp tlbi(std::string_view name) {
    return parse_tlbi(name).value();
}

}  // namespace

TEST_CASE("a DSB of any width completes a TLBI for its own PE", "[completion]") {
    for (const char* width : {"nsh", "ish", "osh", "sy"}) {
        CHECK(completes_here(dsb(width), tlbi("vaae1")));
        CHECK(completes_here(dsb(width), tlbi("vaae1is")));
        CHECK(completes_here(dsb(width), tlbi("vaae1os")));
    }
}

TEST_CASE("a DSB as wide as the TLBI's domain completes it elsewhere", "[completion]") {
    CHECK_FALSE(completes_elsewhere(dsb("nsh"), tlbi("vaae1is")));
    CHECK(completes_elsewhere(dsb("ish"), tlbi("vaae1is")));
    CHECK(completes_elsewhere(dsb("osh"), tlbi("vaae1is")));
    CHECK(completes_elsewhere(dsb("sy"), tlbi("vaae1is")));
    CHECK_FALSE(completes_elsewhere(dsb("nsh"), tlbi("vaae1os")));
    CHECK_FALSE(completes_elsewhere(dsb("ish"), tlbi("vaae1os")));
    CHECK(completes_elsewhere(dsb("osh"), tlbi("vaae1os")));
    CHECK(completes_elsewhere(dsb("sy"), tlbi("vaae1os")));
}

TEST_CASE("DSB LD, DSB ST, DMB and ISB complete no TLBI", "[completion]") {
    for (const char* option : {"ishld", "ishst", "ld", "st"}) {
        CHECK_FALSE(completes_tlbis(dsb(option)));
        CHECK_FALSE(completes_here(dsb(option), tlbi("vaae1")));
        CHECK_FALSE(completes_elsewhere(dsb(option), tlbi("vaae1is")));
    }
    CHECK_FALSE(completes_tlbis(parse_barrier(BarrierKind::dmb, "sy").value()));
    CHECK_FALSE(completes_tlbis(Barrier{}));
}

TEST_CASE("a DSB nXS completes TLBIs nXS only", "[completion]") {
    Barrier nxs = dsb("sy");
    nxs.nxs = true;
    CHECK(completes_tlbis(nxs));
    CHECK(completes_here(nxs, tlbi("vaae1isnxs")));
    CHECK_FALSE(completes_here(nxs, tlbi("vaae1is")));
    CHECK_FALSE(completes_elsewhere(nxs, tlbi("vaae1is")));
    CHECK(completes_elsewhere(dsb("sy"), tlbi("vaae1isnxs")));
}

TEST_CASE("stores wait for a DSB that is not of loads", "[completion]") {
    CHECK(completes_stores(dsb("ishst")));
    CHECK(completes_stores(dsb("nsh")));
    CHECK_FALSE(completes_stores(dsb("ishld")));
    CHECK_FALSE(completes_stores(parse_barrier(BarrierKind::dmb, "sy").value()));
}
