// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation where `cpus` names all PEs, each of which may flush for itself: the timeline, the machine
// and the formulas, on answers that were derived and on random schedules.
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

/// A page that P0 moves, after it told the others to flush theirs.
class ShootDown {
  public:
    explicit ShootDown(std::uint64_t seed) : random_(seed * 2 + 1) {}

    std::string text() {
        const std::uint64_t others = chance(4) ? 2 : 1;
        std::string result = fmt::format(
            "machine {{ levels = {}; contiguous_entries = 2; bbm_level = {}; walk_cache = {}; }}\n",
            one_of({"2", "3"}), one_of({"0", "0", "2"}), one_of({"per_entry", "per_page"}));
        set_ = chance(5);
        result += fmt::format("region a {{ va = 0x400000; pa = 0x80000000; size = {}; asid = 5;{} }}\n",
                              set_ ? "8K" : "4K", set_ ? " contiguous = true;" : "");
        result += others == 2 ? "cpus P0, P1, P2;\n" : "cpus P0, P1;\n";
        result += "thread P0 {\n" + sender(others) + "}\n";
        for (std::uint64_t t = 1; t <= others; ++t)
            result += fmt::format("thread P{} {{\n{}}}\n", t, handler(t));
        return result;
    }

  private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    bool chance(std::uint64_t n) { return below(n) == 0; }
    std::string one_of(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }
    /// Left out now and then.
    std::string mostly(const std::string& statement) { return chance(24) ? "" : "    " + statement + "\n"; }

    std::string flush(bool broadcast) {
        const std::string suffix = broadcast ? one_of({"is", "is", "os"}) : "";
        return mostly(
                   one_of({fmt::format("tlbi(vae1{}, a);", suffix), fmt::format("tlbi(vae1{}, a);", suffix),
                           fmt::format("tlbi(vale1{}, a);", suffix),
                           fmt::format("tlbi(aside1{}, asid = 5);", suffix),
                           fmt::format("tlbi(vmalle1{});", suffix)})) +
               mostly(broadcast ? one_of({"dsb(ish);", "dsb(ish);", "dsb(nsh);", "dsb(sy);"})
                                : one_of({"dsb(nsh);", "dsb(nsh);", "dsb(ish);", "dsb(ishst);"}));
    }

    std::string sender(std::uint64_t others) {
        const bool table = chance(4);
        const std::string move =
            set_ ? "set(a, pa = 0xa0000000, contiguous = true);" : "set(a, pa = 0xa0000000);";
        std::string result = mostly(table ? "clear(table(a, 3));" : "clear(a);");
        if (table && chance(2)) result += mostly("clear(a);");
        result += mostly(one_of({"dsb(ish);", "dsb(ishst);"}));
        const bool before = chance(2);
        if (before) result += flush(chance(4));
        result += "    store(ipi, 1);\n";
        if (chance(6)) result += "    " + move + "\n";
        for (std::uint64_t t = 1; t <= others; ++t) result += mostly(fmt::format("await(ack{} == 1);", t));
        if (!before) result += flush(chance(4));
        if (table) result += fmt::format("    set(table(a, 3));\n{}", mostly("dsb(ishst);"));
        return result + "    " + move + "\n" + mostly("dsb(ish);");
    }

    std::string handler(std::uint64_t t) {
        std::string result = mostly("await(ipi == 1);");
        if (chance(8)) result += "    clear(a);\n";
        result += mostly("exception();") + flush(chance(6));
        if (chance(8)) result += flush(false);
        return result + mostly("isb();") + mostly("eret();") + fmt::format("    store(ack{}, 1);\n", t);
    }

    std::mt19937_64 random_;
    bool set_ = false;
};

model::Property break_before_make_of(const model::ScheduleProgram& program, std::uint64_t) {
    model::Property property;
    property.kind = model::PropertyKind::no_bbm_violation;
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

Opinion by_formulas(const model::ScheduleProgram& program) {
    return tests::by_bbm_formulas(model::whole(program, break_before_make_of(program, 0)));
}

/// The recipe with the pieces of each thread.
std::string recipe(const std::string& sender, const std::string& handler, const std::string& more = {}) {
    return fmt::format(
        "region a {{ va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }}\n"
        "cpus P0, P1{};\n"
        "thread P0 {{ clear(a); dsb(ish); {} store(ipi, 1); await(ack == 1); set(a, pa = 0xa0000000); }}\n"
        "thread P1 {{ await(ipi == 1); exception(); {} eret(); store(ack, 1); }}\n{}",
        more.empty() ? "" : ", P2", sender, handler, more);
}

}  // namespace

TEST_CASE("break-before-make by a local TLBI on each PE: the answers that were derived") {
    const std::string own = "tlbi(vae1, a); dsb(nsh); isb();";
    struct Derived {
        std::string text;
        Opinion answer;
    };
    const std::vector<Derived> derived{
        {recipe(own, own), Opinion::safe},
        {recipe("", own), Opinion::unsafe},                             // P0 keeps its entry
        {recipe(own, ""), Opinion::unsafe},                             // P1 keeps its entry
        {recipe(own, "tlbi(vae1, a); isb();"), Opinion::unsafe},        // not complete
        {recipe(own, "tlbi(vae1, a); dsb(nshst);"), Opinion::unsafe},   // waits for stores alone
        {recipe(own, own, "thread P2 { isb(); }\n"), Opinion::unsafe},  // P2 is not told
        {recipe("", "tlbi(vae1is, a); dsb(ish);"), Opinion::safe},      // one for all
        {recipe("", "tlbi(vae1is, a); dsb(nsh);"), Opinion::unsafe},    // complete on P1 alone
        {recipe("tlbi(vae1is, a); dsb(nsh);", own), Opinion::safe},     // the rest by P1's own
        {recipe("tlbi(vae1is, a); dsb(ish);", ""), Opinion::safe},
    };
    for (const Derived& each : derived) {
        INFO(each.text);
        const auto program = tests::program_of_text(each.text);
        REQUIRE(program);
        REQUIRE(program->closed);
        const tests::Opinions opinions = tests::opinions_on(*program, break_before_make_of(*program, 0));
        INFO(tests::to_string(opinions));
        CHECK(opinions.machine == each.answer);
        CHECK(opinions.whole == each.answer);
        CHECK(by_formulas(*program) == each.answer);
    }
}

TEST_CASE("machine and timeline agree on break-before-make where each PE flushes for itself", "[long]") {
    tests::compare_opinions(
        tests::Seeds("TLBCHECK_CROSS_CLOSED_BBM", 400, 10000),
        [](std::uint64_t seed) { return ShootDown(seed).text(); }, break_before_make_of);
}

TEST_CASE("formulas and timeline agree on break-before-make where each PE flushes for itself", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_CLOSED_BBM", 400, 10000);
    int all = 0, unsafe = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = ShootDown(*seed).text();
        const auto program = tests::program_of_text(text);
        if (!program) continue;
        const Opinion walked = tests::by_axioms(*program, break_before_make_of(*program, 0));
        if (walked == Opinion::undecided) continue;
        ++all;
        unsafe += walked == Opinion::unsafe ? 1 : 0;
        if (by_formulas(*program) != walked) FAIL_CHECK(fmt::format("seed {}\n{}", *seed, text));
    }
    CHECK(all > 100);
    CHECK(unsafe > 0);
    CHECK(unsafe < all);
}
