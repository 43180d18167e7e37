// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation as formulas against the timeline machine, which walks over states: two readings of
// formal-model.md section 5 that share the architecture's rules only. On random schedules, whole and sliced.
// TLBCHECK_CROSS_BBM sets how many; see also Seeds.
#include <fmt/format.h>

#include "model/break_before_make/bbm.hpp"
#include "model/slice/slicing.hpp"
#include "tests/cross/bbm_by_formulas.hpp"
#include "tests/cross/random_contexts.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/seeds.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

bool violated(const model::JudgedSchedule& schedule) {
    return tests::by_bbm_formulas(schedule) == tests::Opinion::unsafe;
}

/// The smallest such schedule that is judged differently as a whole, if the one given is; else that one.
std::string smallest(const model::ScheduleProgram& program, const model::Property& property) {
    const auto differ = [&](const model::ScheduleProgram& p) {
        const model::JudgedSchedule schedule = model::whole(p, property);
        const model::BbmVerdict walked = model::find_bbm_violation(schedule).verdict;
        return walked != model::BbmVerdict::undecided &&
               violated(schedule) != (walked == model::BbmVerdict::unsafe);
    };
    return tests::describe(differ(program) ? tests::shrink(program, differ) : program, property);
}

struct FormulaTally {
    int all = 0, unsafe = 0;

    void compare(const model::ScheduleProgram& program, const model::Property& property,
                 const model::JudgedSchedule& schedule) {
        const model::BbmVerdict walked = model::find_bbm_violation(schedule).verdict;
        if (walked == model::BbmVerdict::undecided) return;
        ++all;
        const bool found = violated(schedule);
        unsafe += found ? 1 : 0;
        if (found == (walked == model::BbmVerdict::unsafe)) return;
        FAIL_CHECK(fmt::format("formulas {}, timeline {}\n{}", found ? "unsafe" : "safe",
                               found ? "safe" : "unsafe", smallest(program, property)));
    }
    void compare(const model::ScheduleProgram& program, std::uint64_t seed) {
        model::Property property = tests::random_property(program, seed);
        property.kind = model::PropertyKind::no_bbm_violation;
        compare(program, property, model::whole(program, property));
        for (const model::Slice& slice : model::slice(program, property).slices)
            compare(program, property, slice.schedule);
    }
};

}  // namespace

TEST_CASE("break-before-make as formulas: the same answers as the timeline machine", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_BBM", 600, 10000);
    FormulaTally tally;
    while (const auto seed = seeds.next()) {
        tally.compare(tests::random_schedule(*seed), *seed);
        tally.compare(tests::random_flushes(*seed), *seed);
        tally.compare(tests::random_nested_tables(*seed), *seed);
    }
    WARN(fmt::format("{} questions, {} unsafe", tally.all, tally.unsafe));
    CHECK(tally.all > 100);
    CHECK(tally.unsafe > 0);
    CHECK(tally.unsafe < tally.all);
}

TEST_CASE("break-before-make as formulas with spaces, VMs and guests, tables in place of others counted",
          "[long]") {
    using tests::World;
    tests::Seeds seeds("TLBCHECK_CROSS_BBM_CONTEXTS", 400, 10000);
    FormulaTally tally;
    while (const auto seed = seeds.next()) {
        for (const World world :
             {World::vms, World::el1_0, World::el2, World::el2_0, World::vms_of_vhe, World::guests}) {
            const auto program = tests::program_of_text(tests::random_contexts(*seed, world));
            if (!program) continue;
            model::Property property = tests::random_context_property(*program, *seed);
            property.kind = model::PropertyKind::no_bbm_violation;
            property.region.reset();
            property.judging.replaced_tables = *seed % 2 == 0;
            tally.compare(*program, property, model::whole(*program, property));
        }
    }
    WARN(fmt::format("{} questions, {} unsafe", tally.all, tally.unsafe));
    CHECK(tally.all > 100);
    CHECK(tally.unsafe > 0);
    CHECK(tally.unsafe < tally.all);
}
