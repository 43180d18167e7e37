// SPDX-License-Identifier: Apache-2.0
//
// Spaces of the upper half against spaces of the lower half. While a PE stays in one space of the lower half,
// what it does in the upper half is what it would do in spaces that all have that one's ASID.
#include <fmt/format.h>

#include "model/program/judged_schedule.hpp"
#include "tests/cross/random_contexts.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeds.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

using tests::Opinion;

/// The same seed is the same schedule in either half.
class OneHalf {
  public:
    OneHalf(std::uint64_t seed, bool closed, bool upper)
        : world_(seed, tests::World::el1_0), closed_(closed), upper_(upper) {}

    std::string text() {
        std::string result = world_.machine();
        const int threads = world_.chance(2) ? 1 : 2;
        result += upper_ ? "space A { ttbr = 1; }\nspace B { ttbr = 1; }\nspace P { asid = 5; }\n"
                         : "space A { asid = 5; }\nspace B { asid = 5; }\n";
        result += region("a", "0x80000000", "A") + region("b", "0x90000000", "B");
        if (closed_) result += threads == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads; ++t) {
            result += fmt::format("thread P{} in {}{} {{\n", t, world_.one_of({"A", "A", "B"}),
                                  upper_ ? ", P" : "");
            for (std::uint64_t k = 2 + world_.below(7); k > 0; --k)
                result += "    " + statement(threads == 1) + "\n";
            if (threads == 2) result += fmt::format("    store(f{0}, 1);\n    await(f{1} == 1);\n", t, 1 - t);
            result += "}\n";
        }
        return result;
    }

  private:
    std::string region(const char* name, const char* pa, const char* space) {
        return fmt::format("region {} {{ va = {}; pa = {}; size = 4K; space = {};{} }}\n", name,
                           upper_ ? "0xffffffffc0400000" : "0x400000", pa, space,
                           world_.chance(4) ? " global = true;" : "");
    }

    std::string statement(bool alone) {
        const std::string at = world_.one_of({"a", "b"});
        if (world_.chance(3))
            return world_.one_of(
                {"dsb(ish);", "dsb(ish);", "dsb(ishst);", "dsb(nsh);", "isb();", "isb();", "eret();"});
        if (world_.chance(3)) return world_.one_of({"switch(A);", "switch(B);"});
        if (world_.chance(2))
            return world_.one_of({"tlbi(aside1is, asid = 5);", "tlbi(aside1, asid = 5);",
                                  "tlbi(aside1is, asid = 6);", fmt::format("tlbi(vae1is, {}, asid = 5);", at),
                                  fmt::format("tlbi(vale1is, {}, asid = 5);", at),
                                  fmt::format("tlbi(vaae1, {});", at), "tlbi(vmalle1is);", "tlbi(vmalle1);"});
        return world_.change(alone);
    }

    tests::RandomWorld world_;
    bool closed_, upper_;
};

void compare_halves(bool closed) {
    tests::Seeds seeds("TLBCHECK_CROSS_HALVES", 200, 4000);
    int unsafe = 0, safe = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = OneHalf(*seed, closed, true).text();
        const auto lower = tests::program_of_text(OneHalf(*seed, closed, false).text());
        const auto upper = tests::program_of_text(text);
        REQUIRE(lower.has_value() == upper.has_value());
        if (!lower) continue;
        const Opinion one = tests::by_axioms(*lower, tests::random_context_property(*lower, *seed));
        const Opinion other = tests::by_axioms(*upper, tests::random_context_property(*upper, *seed));
        (one == Opinion::unsafe ? unsafe : safe) += 1;
        INFO("seed " << *seed << "\n" << text);
        // Where there are PEs that nothing is said of, they may be in a space of any ASID.
        if (closed || one == Opinion::unsafe) CHECK(one == other);
    }
    CHECK(unsafe > 0);
    CHECK(safe > 0);
}

}  // namespace

TEST_CASE("spaces of the upper half are judged as those of the lower half with one ASID", "[long]") {
    compare_halves(true);
}

TEST_CASE("where other PEs may be, the upper half is no safer than the lower half", "[long]") {
    compare_halves(false);
}
