// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation of a VM's page that moves: the recipe with pieces left out or changed, by the timeline,
// the machine and the formulas.
#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "model/slice/slicing.hpp"
#include "tests/cross/bbm_by_formulas.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeds.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

using tests::Opinion;

class MovedPage {
  public:
    explicit MovedPage(std::uint64_t seed) : random_(seed * 2 + 1) {}

    std::string text() {
        std::string result = fmt::format(
            "machine {{ levels = {}; contiguous_entries = 2; bbm_level = {}; walk_cache = {}; }}\n"
            "vm A {{ vmid = 1; }}\nvm B {{ vmid = {}; }}\n"
            "region a {{ vm = A; ipa = 0x400000; pa = 0x80000000; size = 4K; }}\n"
            "region b {{ vm = B; ipa = 0x400000; pa = 0x90000000; size = 4K; }}\n",
            one_of({"2", "3"}), one_of({"0", "0", "2"}), one_of({"per_entry", "per_page"}),
            one_of({"1", "2", "2"}));
        const bool two = chance(2), closed = chance(3);
        if (closed) result += two ? "cpus P0, P1;\n" : "cpus P0;\n";
        result += "thread P0 in A {\n" + mostly(chance(5) ? "clear(table(a, 3));" : "clear(a);") +
                  mostly(one_of({"dsb(ish);", "dsb(ishst);"}));
        if (two) {
            result += "    store(f, 1);\n    await(g == 1);\n    set(a, pa = 0xa0000000);\n}\n";
            result += fmt::format("thread P1 in {} {{\n", one_of({"A", "A", "A", "B"}));
            return result + mostly("await(f == 1);") + flushes() + "    store(g, 1);\n}\n";
        }
        return result + flushes() + "    set(a, pa = 0xa0000000);\n}\n";
    }

  private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    bool chance(std::uint64_t n) { return below(n) == 0; }
    std::string one_of(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }
    /// Left out now and then.
    std::string mostly(const std::string& statement) { return chance(12) ? "" : "    " + statement + "\n"; }

    std::string barrier() { return mostly(one_of({"dsb(ish);", "dsb(ish);", "dsb(ish);", "dsb(nsh);"})); }
    std::string flushes() {
        const std::string is = chance(5) ? "" : "is";
        if (chance(4))
            return mostly(fmt::format("tlbi({}{});", one_of({"vmalls12e1", "alle1"}), is)) + barrier();
        std::string result = mostly(fmt::format("tlbi({}{}, {});", one_of({"ipas2e1", "ipas2e1", "ipas2le1"}),
                                                is, one_of({"a", "a", "a", "b"}))) +
                             barrier();
        if (chance(6)) result += fmt::format("    switch({});\n    isb();\n", one_of({"A", "B"}));
        return result + mostly(fmt::format("tlbi(vmalle1{});", is)) + barrier();
    }

    std::mt19937_64 random_;
};

model::Property asked(const model::ScheduleProgram& program, std::uint64_t) {
    model::Property property;
    property.kind = model::PropertyKind::no_bbm_violation;
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

/// A page of VM 1 between unmapping and mapping elsewhere.
std::string recipe(const std::string& flushes) {
    return "vm A { vmid = 1; }\nvm B { vmid = 2; }\n"
           "region a { vm = A; ipa = 0x400000; pa = 0x80000000; size = 4K; }\n"
           "thread P0 in A { clear(a); dsb(ish); " +
           flushes + " set(a, pa = 0xa0000000); }\n";
}

}  // namespace

TEST_CASE("break-before-make of a VM's page: the answers that were derived, by formulas too") {
    const std::vector<std::pair<std::string, Opinion>> derived{
        {"tlbi(ipas2e1is, a); dsb(ish); tlbi(vmalle1is); dsb(ish);", Opinion::safe},
        {"tlbi(ipas2e1is, a); dsb(ish);", Opinion::unsafe},  // what combines both stages stays
        {"tlbi(vmalle1is); dsb(ish);", Opinion::unsafe},     // the entry of stage 2 stays
        {"tlbi(vmalle1is); dsb(ish); tlbi(ipas2e1is, a); dsb(ish);", Opinion::unsafe},  // combined again
        {"tlbi(ipas2e1is, a); tlbi(vmalle1is); dsb(ish);", Opinion::unsafe},  // may act the other way round
        {"tlbi(ipas2e1is, a); dsb(ish); tlbi(vmalle1is);", Opinion::unsafe},  // not complete
        {"tlbi(vmalls12e1is); dsb(ish);", Opinion::safe},
        {"switch(B); isb(); tlbi(vmalls12e1is); dsb(ish);", Opinion::unsafe},  // another VMID
        {"switch(B); isb(); tlbi(alle1is); dsb(ish);", Opinion::safe},
        {"tlbi(ipas2e1is, a); dsb(ish); switch(B); isb(); tlbi(vmalle1is); dsb(ish);", Opinion::unsafe},
    };
    for (const auto& [flushes, answer] : derived) {
        INFO(flushes);
        const auto program = tests::program_of_text(recipe(flushes));
        REQUIRE(program);
        const model::Property property = asked(*program, 0);
        const tests::Opinions opinions = tests::opinions_on(*program, property);
        CHECK(opinions.machine == answer);
        CHECK(opinions.whole == answer);
        CHECK(tests::by_bbm_formulas(model::whole(*program, property)) == answer);
    }
}

TEST_CASE("machine and timeline agree on break-before-make of a VM's page", "[long]") {
    tests::compare_opinions(
        tests::Seeds("TLBCHECK_CROSS_STAGE2_BBM", 300, 10000),
        [](std::uint64_t seed) { return MovedPage(seed).text(); }, asked);
}

TEST_CASE("formulas and timeline agree on break-before-make of a VM's page", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_STAGE2_BBM", 300, 10000);
    int all = 0, unsafe = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = MovedPage(*seed).text();
        const auto program = tests::program_of_text(text);
        if (!program) continue;
        const model::Property property = asked(*program, *seed);
        const Opinion walked = tests::by_axioms(*program, property);
        if (walked == Opinion::undecided) continue;
        ++all;
        unsafe += walked == Opinion::unsafe ? 1 : 0;
        if (tests::by_bbm_formulas(model::whole(*program, property)) != walked)
            FAIL_CHECK(fmt::format("seed {}\n{}", *seed, text));
    }
    WARN(fmt::format("{} questions, {} unsafe", all, unsafe));
    CHECK(all > 100);
    CHECK(unsafe > 0);
    CHECK(unsafe < all);
}
