// SPDX-License-Identifier: Apache-2.0
//
// Timelines of slices, completed: no instruction of the schedule is missing, and each stands where program
// order has it.
#include "checker/engine/whole_timeline.hpp"

#include <algorithm>

#include "checker/engine/schedule_engine.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck;  // NOLINT(google-build-using-namespace)

namespace {

model::Instruction barrier(model::BarrierDomain domain) {
    return {model::Barrier{model::BarrierKind::dsb, domain, model::BarrierAccess::full, false}, 0, 0, {}, {}};
}

/// Ten iterations of two barriers, between one ISB and another.
model::ScheduleProgram small_program() {
    model::ScheduleProgram program;
    const model::Instruction isb{model::Barrier{}, 0, 0, {}, {}};
    program.threads.push_back(
        {"P0",
         {{1, {isb}},
          {10, {barrier(model::BarrierDomain::ish), barrier(model::BarrierDomain::osh)}},
          {1, {isb}}}});
    return program;
}

/// What is kept of the first thread, by number; the timeline has a step for each, then the judged access.
struct Replayed {
    model::JudgedSchedule judged;
    checker::Timeline timeline;
};

Replayed replayed(const model::ScheduleProgram& program, const std::vector<std::uint64_t>& kept,
                  std::size_t executed) {
    Replayed result;
    result.judged.program = &program;
    result.judged.threads.push_back({"P0", true, {}});
    result.timeline.pes = {"PE0 (P0)", "PE1 (observer)"};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        result.judged.threads[0].code.push_back({model::Barrier{}, {}, {}, kept[i]});
        if (i >= executed) continue;
        checker::TimelineStep step;
        step.text = "kept " + std::to_string(kept[i]);
        step.position = i;
        step.instructions = 1;
        step.pes.resize(2);
        result.timeline.steps.push_back(step);
    }
    checker::TimelineStep hit;
    hit.pe = 1;
    hit.kind = checker::StepKind::hit;
    hit.text = "hit";
    hit.pes.resize(2);
    result.timeline.steps.push_back(hit);
    result.timeline.arrows.push_back(
        {0, static_cast<std::uint32_t>(result.timeline.steps.size() - 1), "TLB-hit", ""});
    return result;
}

std::vector<std::string> texts(const checker::Timeline& timeline) {
    std::vector<std::string> result;
    for (const checker::TimelineStep& step : timeline.steps) result.push_back(step.text);
    return result;
}

}  // namespace

TEST_CASE("what a slice leaves out stands between what it keeps") {
    const model::ScheduleProgram program = small_program();
    // Kept: the second barrier of iteration 4 and the first of iteration 5 of the loop.
    Replayed r = replayed(program, {8, 9}, 2);
    const model::HardwareParameters hardware;
    checker::add_rest(r.timeline, {program, hardware, r.judged, model::PropertyKind::no_stale_entry, {}});
    CHECK(texts(r.timeline) ==
          std::vector<std::string>{
              "ISB", "iterations 1 to 4 of 10, for other addresses: 7 instructions", "kept 8", "kept 9",
              "iterations 5 to 10 of 10, for other addresses: 11 instructions", "ISB", "hit"});
    CHECK(checker::instruction_count(r.timeline) == checker::instruction_count(program));
    CHECK(r.timeline.arrows[0].from == 2);
    CHECK(r.timeline.arrows[0].to == 6);
    CHECK(r.timeline.steps[1].detail == "From \"DSB ISH\" to \"DSB ISH\".");
    CHECK(checker::instruction_count(checker::folded(r.timeline)) == checker::instruction_count(program));
}

TEST_CASE("what is not executed when the access happens is counted before it") {
    const model::ScheduleProgram program = small_program();
    Replayed r = replayed(program, {8, 9, 20}, 2);
    const model::HardwareParameters hardware;
    checker::add_rest(r.timeline, {program, hardware, r.judged, model::PropertyKind::no_use_after_free, {}});
    const std::vector<std::string> told = texts(r.timeline);
    REQUIRE(told.size() == 6);
    CHECK(told[4] == "not executed by then: 12 instructions");
    CHECK(told[5] == "hit");
    CHECK(checker::instruction_count(r.timeline) == checker::instruction_count(program));
}

TEST_CASE("an arm that a thread went past is told as not executed") {
    checker::ScheduleOptions options;
    const auto job = checker::load_schedule(
        (tests::source_dir() / "examples/address_spaces/lazy_flush_read_too_early.sched").string(), options);
    REQUIRE(job);
    checker::FileReport report;
    const checker::Explanation explanation = checker::explain_schedule(job.value(), options, report);
    REQUIRE(explanation.questions.at(0).timeline);
    const std::vector<std::string> told = texts(*explanation.questions[0].timeline);
    CHECK(std::ranges::count(told, "not executed: the other arm") == 1);
    CHECK(std::ranges::count(told, "TLBI VMALLE1") == 0);
    CHECK(checker::instruction_count(*explanation.questions[0].timeline) ==
          checker::instruction_count(*job.value().questions[0].program));
}

TEST_CASE("timelines of large schedules have every instruction") {
    for (const char* file :
         {"examples/unmap_hotplug/per_leaf_2g.sched", "examples/unmap_hotplug/per_leaf_16k.sched",
          "examples/break_before_make/split_block_without_bbm.sched"}) {
        CAPTURE(file);
        checker::ScheduleOptions options;
        const auto job = checker::load_schedule((tests::source_dir() / file).string(), options);
        REQUIRE(job);
        checker::FileReport report;
        const checker::Explanation explanation = checker::explain_schedule(job.value(), options, report);
        CHECK(report.internal_error.empty());
        int timelines = 0;
        for (std::size_t q = 0; q < explanation.questions.size(); ++q) {
            const auto& timeline = explanation.questions[q].timeline;
            if (!timeline) continue;
            ++timelines;
            const std::uint64_t all = checker::instruction_count(*job.value().questions[q].program);
            CHECK(checker::instruction_count(*timeline) == all);
            CHECK(checker::instruction_count(checker::folded(*timeline)) == all);
            CHECK(timeline->steps.back().kind == checker::StepKind::hit);
            CHECK(timeline->steps.size() < 2000);
        }
        CHECK(timelines > 0);
    }
}
