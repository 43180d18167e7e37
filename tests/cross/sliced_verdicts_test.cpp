// SPDX-License-Identifier: Apache-2.0
//
// Slices against the whole schedule on small random schedules, verdicts only: tables, both walk caches,
// repeated and nested flushes, two threads, TLBIs of every shareability (docs/slicing.md, theorem 1).
// TLBCHECK_CROSS_VERDICTS sets how many; see also Seeds.
#include <fmt/format.h>

#include <map>

#include "tests/cross/litmus_comparison.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

model::ScheduleProgram schedule_of(std::uint64_t seed) {
    if (seed % 3 == 0) return tests::random_nested_tables(seed);
    return seed % 3 == 1 ? tests::random_flushes(seed) : tests::random_schedule(seed);
}

/// Time grows faster than the square of the number of instructions, and what goes wrong goes wrong in few.
bool is_small(const model::ScheduleProgram& program) {
    constexpr std::uint64_t most = 24;
    std::uint64_t count = 0;
    for (const model::ScheduleThread& thread : program.threads) count += model::instruction_count(thread);
    return count <= most;
}

std::string report_sliced(const model::ScheduleProgram& program, const model::Property& property) {
    const auto differ = [&](const model::ScheduleProgram& p) {
        return tests::verdicts_on(p, property).differ();
    };
    const model::ScheduleProgram small = tests::shrink(program, differ);
    return tests::to_string(tests::opinions_on(small, property)) + "\n" + tests::describe(small, property);
}

}  // namespace

TEST_CASE("slices and whole schedules have the same verdicts", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_VERDICTS", 6000, 30000);
    std::map<std::string, int> kinds;
    int all = 0, alike = 0, unsafe = 0, undecided = 0;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = schedule_of(*seed);
        if (!is_small(program)) continue;
        const model::Property property = tests::random_property(program, *seed);
        const tests::SliceVerdicts verdicts = tests::verdicts_on(program, property);
        alike += verdicts.cut ? 0 : 1;
        if (!verdicts.cut) continue;
        ++all;
        ++kinds[property.text];
        unsafe += verdicts.whole == tests::Opinion::unsafe ? 1 : 0;
        undecided += verdicts.decided() ? 0 : 1;
        if (verdicts.differ()) FAIL_CHECK(report_sliced(program, property));
    }
    for (const auto& [kind, times] : kinds) WARN(fmt::format("{:6} {}", times, kind));
    WARN(fmt::format("{} questions ({} unsafe, {} undecided); of {} more the slice is the whole", all, unsafe,
                     undecided, alike));
    CHECK(undecided * 100 <= all);
    if (all < 100) return;
    CHECK(all > alike);
    CHECK(unsafe > 0);
    CHECK(unsafe < all);
}
