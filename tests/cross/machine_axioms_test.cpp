// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine against the axioms on random small schedules, for every hardware parameter, and
// the whole schedule against its slices (docs/formal-model.md sections 7 and 8). TLBCHECK_CROSS_SCHEDULES
// sets how many, TLBCHECK_CROSS_SECONDS how long, TLBCHECK_CROSS_FIRST the first seed.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/cross/litmus_comparison.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

std::string report(const model::ScheduleProgram& program, const model::Property& property) {
    const auto differ = [&](const model::ScheduleProgram& p) {
        const model::Judging& judging = property.judging;
        const auto kept = [&](std::uint32_t thread) { return thread < p.threads.size(); };
        if ((judging.moment && !kept(*judging.moment)) || !std::ranges::all_of(judging.threads, kept))
            return false;
        return tests::opinions_on(p, property).disagree();
    };
    const model::ScheduleProgram small = tests::shrink(program, differ);
    return tests::to_string(tests::opinions_on(small, property)) + "\n" + tests::describe(small, property) +
           tests::machine_run(small, property) + tests::axioms_witness(small, property);
}

/// What stores map is another page than the one there at the start.
model::ScheduleProgram move_pages(model::ScheduleProgram program) {
    for (model::ScheduleThread& thread : program.threads) {
        for (model::Run& run : thread.code) {
            for (model::Instruction& instruction : run.body) {
                auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
                if (store != nullptr && store->value.kind == model::DescriptorKind::leaf)
                    store->value.oa += std::uint64_t{1} << 40;
            }
        }
    }
    return program;
}

/// What was compared; a run in which hardly anything was decided has compared nothing.
struct MachineTally {
    std::map<std::string, int> kinds;
    int all = 0, decided = 0, unsafe = 0;

    template <typename Report>
    void add(const model::Property& property, const tests::Opinions& opinions, const Report& report_of) {
        ++kinds[fmt::format("{}: {}", property.text, tests::to_string(opinions))];
        ++all;
        decided += opinions.decided() ? 1 : 0;
        unsafe += opinions.decided() && opinions.machine == tests::Opinion::unsafe ? 1 : 0;
        if (opinions.disagree()) FAIL_CHECK(report_of());
    }
    void finish() const {
        for (const auto& [kind, times] : kinds) WARN(fmt::format("{:6} {}", times, kind));
        CHECK(2 * decided > all);
        if (all < 100) return;
        CHECK(unsafe > 0);
        CHECK(unsafe < decided);
    }
};

}  // namespace

TEST_CASE("machine and axioms, and slices and whole, agree on random schedules", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_SCHEDULES", 1500, 10000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_property(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms, and slices and whole, agree where flushes repeat and nest", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_FLUSHES", 1500, 20000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_flushes(*seed);
        const model::Property property = tests::random_property(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms agree where memory is freed twice, and where tables nest", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_FREES", 600, 6000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program =
            *seed % 3 == 0 ? tests::random_nested_tables(*seed) : tests::random_frees(*seed);
        model::Property property = tests::random_property(program, *seed);
        if (*seed % 3 == 1) {
            property.kind = model::PropertyKind::no_use_after_free;
            property.region.reset();
            property.text = to_string(property.kind);
        }
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms, and slices and whole, agree where hardware sets flags", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_UPDATES", 1500, 70000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        model::ScheduleProgram program = *seed % 3 == 0   ? tests::random_flushes(*seed)
                                         : *seed % 3 == 1 ? tests::random_frees(*seed)
                                                          : tests::random_schedule(*seed);
        model::Property property = tests::random_property(program, *seed);
        tests::manage_flags(program, property, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("the machine and the timeline of break-before-make agree", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_BBM_MACHINE", 500, 10000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = *seed % 5 == 0   ? tests::random_schedule(*seed)
                                               : *seed % 5 == 1 ? tests::random_flushes(*seed)
                                               : *seed % 5 == 2 ? move_pages(tests::random_orders(*seed))
                                                                : tests::random_nested_tables(*seed);
        model::Property property = tests::random_property(program, *seed);
        property.kind = model::PropertyKind::no_bbm_violation;
        property.text = to_string(property.kind);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms, and slices and whole, agree on never_invalid", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_NEVER_INVALID", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_never_invalid(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms, and slices and whole, agree at moments and by named PEs", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_JUDGING", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_judging(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms agree where threads go by what they read", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_BRANCHES", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        model::ScheduleProgram program = tests::random_branches(*seed);
        const model::Property property = tests::random_branch_property(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms agree where loads and releases carry the order of barriers", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_ORDERS", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        model::ScheduleProgram program = tests::random_orders(*seed);
        const model::Property property = *seed % 4 == 1   ? tests::random_never_invalid(program, *seed)
                                         : *seed % 4 == 2 ? tests::random_judging(program, *seed)
                                                          : tests::random_property(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms agree on hardware that needs TLBIs repeated", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_REPEAT", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program =
            *seed % 2 == 0 ? tests::random_schedule(*seed) : tests::random_flushes(*seed);
        model::Property property = tests::random_property(program, *seed);
        property.hardware.repeat_tlbi = true;
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("machine and axioms, and slices and whole, agree where contents are kept", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_CONTENTS", 1000, 19000);
    MachineTally tally;
    while (const auto seed = seeds.next()) {
        model::ScheduleProgram program = tests::random_schedule(*seed);
        tests::keep_contents(program, *seed);
        const model::Property property = tests::random_property(program, *seed);
        tally.add(property, tests::opinions_on(program, property), [&] { return report(program, property); });
    }
    tally.finish();
}

TEST_CASE("hardware that may fill either way is unsafe where hardware that shatters is", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_SCHEDULES", 1500, 10000);
    int all = 0, decided = 0;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        model::Property property = tests::random_property(program, *seed);
        property.hardware.contiguous_fill = model::ContiguousFill::any;
        const tests::Opinion any = tests::by_machine(program, property);
        property.hardware.contiguous_fill = model::ContiguousFill::shattered;
        const tests::Opinion shattered = tests::by_machine(program, property);
        INFO(tests::describe(program, property));
        ++all;
        if (any == tests::Opinion::undecided || shattered == tests::Opinion::undecided) continue;
        ++decided;
        CHECK(any == shattered);
    }
    CHECK(2 * decided > all);
}
