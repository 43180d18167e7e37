// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation as formulas against the timeline machine, which walks over states: two readings of
// formal-model.md section 5 that share the architecture's rules only. On random schedules, whole and sliced.
// TLBCHECK_CROSS_BBM sets how many; see also Seeds.
#include <fmt/format.h>

#include "encoder/solver.hpp"
#include "model/break_before_make/bbm.hpp"
#include "model/break_before_make/bbm_formulas.hpp"
#include "model/slice/slicing.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/seeds.hpp"

namespace model = tlbcheck::model;
namespace encoder = tlbcheck::encoder;
namespace tests = tlbcheck::tests;

namespace {

bool violated(const model::JudgedSchedule& schedule) {
    const model::BbmFormulas formulas = model::bbm_formulas(schedule);
    if (formulas.violated.is_false()) return false;
    encoder::Solver solver(formulas.pool);
    for (const model::Formula f : formulas.required) solver.require(f);
    REQUIRE(solver.check() == encoder::Outcome::satisfiable);  // else the answer would be safe for nothing
    return solver.check(formulas.violated) == encoder::Outcome::satisfiable;
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
