// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/expand_tlbi.cpp: operands decode to what was asked for.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::says;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;

namespace {

const std::string kernel_region = "region r { va = 0xffff000080000000; pa = 0; size = 64K; }\n";
const std::string user_region = "region r { va = 0x400000; pa = 0; size = 64K; asid = 9; }\n";

/// The scopes of the TLBIs of the thread, as executed.
std::vector<TlbiScope> scopes(const std::string& text) {
    const auto program = sched_program(text);
    const Geometry geometry(program.hardware);
    std::vector<TlbiScope> result;
    for (const Run& run : program.threads.at(0).code) {
        for (std::uint64_t i = 0; i < run.count; ++i) {
            for (const Instruction& instruction : run.body) {
                const Instruction one = instantiate(instruction, i);
                const auto& tlbi = std::get<TlbiInstruction>(one.operation);
                result.push_back(decode_tlbi(tlbi.op, tlbi.operand, geometry));
            }
        }
    }
    return result;
}

}  // namespace

TEST_CASE("a TLBI by address has the page, the level hint and the ASID given") {
    const auto scope = scopes(user_region + "thread P0 tlbi(VALE1IS, r + 0x1234, ttl = 3, asid = 77);").at(0);
    CHECK_FALSE(scope.nothing);
    CHECK(scope.first == 0x401000U);
    CHECK(scope.asid == 77);
    CHECK(scope.level_hint == 3);
    CHECK(scope.last_level_only);
}

TEST_CASE("without asid it is that of the region, in operations that name one") {
    CHECK(scopes(user_region + "thread P0 tlbi(vae1is, r.start + 4K);").at(0).asid == 9);
    CHECK(show(sched_program(user_region + "thread P0 tlbi(vaae1is, r);").threads[0]) ==
          "TLBI VAAE1IS 400\n");
    CHECK(show(sched_program(user_region + "thread P0 { tlbi(aside1is, r); tlbi(aside1is, asid = 5); }")
                   .threads[0]) == "TLBI ASIDE1IS 9000000000000\nTLBI ASIDE1IS 5000000000000\n");
    CHECK(show(sched_program(kernel_region + "thread P0 tlbi(vae1is, r);").threads[0]) ==
          "TLBI VAE1IS ff00008000"
          "0\n");
}

TEST_CASE("raw is the register value as it stands") {
    CHECK(show(sched_program(kernel_region +
                             "thread P0 { tlbi(rvae1is, raw = 0x1234_5678_9abc_def0); tlbi(vae1, raw = 7); }")
                   .threads[0]) == "TLBI RVAE1IS 123456789abcdef0\nTLBI VAE1 7\n");
}

TEST_CASE("tlbi_pages covers each granule of the range once") {
    for (const std::string granule : {"4K", "16K", "64K"}) {
        const auto all = scopes("machine { granule = " + granule +
                                "; } region r { va = 0xffff000080000000; pa = 0; size = 4M; }\nthread P0 "
                                "tlbi_pages(vaale1is, r);");
        std::uint64_t next = 0xffff000080000000;
        for (const TlbiScope& scope : all) {
            REQUIRE_FALSE(scope.nothing);
            REQUIRE(scope.first == next);
            next = *scope.last + 1;
        }
        CHECK(next == 0xffff000080400000);
    }
}

TEST_CASE("tlbi_pages takes a stride, and rounds the range out to it") {
    CHECK(show(sched_program("thread P0 tlbi_pages(vaale1is, range(1M, 5M), stride = 2M);").threads[0]) ==
          "x3 {\nTLBI VAALE1IS 0 +va 200\n}\n");
    CHECK(says("thread P0 tlbi_pages(vaale1is, range(1M, 5M), stride = 5K);",
               "stride is a multiple of the granule"));
}

TEST_CASE("tlbi_range covers the range exactly, for every size and granule, as the kernel_region orders it") {
    for (const std::string granule : {"4K", "16K", "64K"}) {
        const std::uint64_t bytes = granule == "4K" ? 4096 : granule == "16K" ? 16384 : 65536;
        for (const std::uint64_t pages : {1ULL, 2ULL, 3ULL, 16ULL, 63ULL, 64ULL, 65ULL, 511ULL, 512ULL,
                                          4097ULL, 65535ULL, 524288ULL, 2097152ULL, 2097153ULL, 6300001ULL}) {
            const auto all =
                scopes("machine { granule = " + granule +
                       "; } thread P0 tlbi_range(rvaale1is, range(0xffff000080000000, 0xffff000080000000 + " +
                       std::to_string(pages * bytes) + "));");
            std::uint64_t next = 0xffff000080000000;
            INFO(granule << " " << pages);
            for (const TlbiScope& scope : all) {
                REQUIRE_FALSE(scope.nothing);
                REQUIRE(scope.first == next);
                REQUIRE(scope.last_level_only);
                next = *scope.last + 1;
            }
            CHECK(next == 0xffff000080000000 + pages * bytes);
            if (pages <= 2097152) CHECK(all.size() <= 5);
        }
    }
}

TEST_CASE("tlbi_range takes the plain name too, a TTL hint, and the region's ASID") {
    CHECK(show(sched_program(user_region + "thread P0 tlbi_range(vale1is, r);").threads[0]) ==
          show(sched_program(user_region + "thread P0 tlbi_range(rvale1is, r);").threads[0]));
    const auto all =
        scopes(user_region + "thread P0 tlbi_range(vale1is, range(r.start, r.start + 12K), ttl = 3);");
    REQUIRE(all.size() == 2);
    for (const TlbiScope& scope : all) {
        CHECK(scope.asid == 9);
        CHECK(scope.level_hint == 3);
    }
}

TEST_CASE("a range operation by hand covers (NUM + 1) << (5 * SCALE + 1) granules") {
    const auto scope = scopes(kernel_region + "thread P0 tlbi(rvaale1is, r, scale = 1, num = 2);").at(0);
    CHECK(*scope.last - *scope.first + 1 == 3 * 64 * 4096);
}

TEST_CASE("operations that do not fit are errors") {
    CHECK(says(kernel_region + "thread P0 tlbi(vaae1si, r);", "hint: did you mean 'vaae1"));
    CHECK(says(kernel_region + "thread P0 tlbi(vmalle1is, r);", "VMALLE1IS takes no operand"));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is);", "VAE1IS needs an address"));
    CHECK(says(kernel_region + "thread P0 tlbi(rvae1is, r);", "RVAE1IS needs scale = and num ="));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is, r, num = 3);", "VAE1IS has no scale and num"));
    CHECK(says(kernel_region + "thread P0 tlbi(rvae1is, r, num = 32, scale = 0);", "num is 0 to 31"));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is, r, ttl = 4);", "ttl is 0 to 3"));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is, r, asid = 65536);", "an ASID is 0 to 65535"));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is, 0 - 1);", "-1 is no 64-bit address"));
    CHECK(says(kernel_region + "thread P0 tlbi(vae1is, raw = 1, ttl = 3);", "raw is the whole operand"));
    CHECK(says(kernel_region + "thread P0 tlbi(aside1is);", "ASIDE1IS needs an ASID"));
    CHECK(says(kernel_region + "thread P0 tlbi_pages(rvae1is, r);",
               "tlbi_range(op, x) takes range operations"));
    CHECK(says(kernel_region + "thread P0 tlbi_range(vmalle1is, r);", "VMALLE1IS has no range form"));
}

TEST_CASE("a range operation on a machine without them is an error, unless the schedule asks first") {
    const std::string without = "machine { tlb_range = false; }\n" + kernel_region;
    CHECK(says(without + "thread P0 tlbi_range(rvae1is, r);", "RVAE1IS does not exist on this machine"));
    CHECK(says(without + "thread P0 tlbi(rvae1is, raw = 0);", "RVAE1IS does not exist on this machine"));
    CHECK(sched_errors(
              without +
              "thread P0 if (machine.tlb_range) tlbi_range(rvae1is, r); else tlbi_pages(vae1is, r);") == "");
}
