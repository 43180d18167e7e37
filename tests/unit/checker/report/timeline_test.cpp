// SPDX-License-Identifier: Apache-2.0

#include "checker/report/timeline.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("memory after a step carries every change so far", "[timeline]") {
    const Timeline timeline = tests::seed_timeline();
    const auto invalid = [&](int step) {
        const auto memory = memory_after(timeline, step);
        return std::count_if(memory.begin(), memory.end(),
                             [](const MemoryDescriptor& d) { return !d.value.valid(); });
    };
    CHECK(invalid(-1) == 0);
    CHECK(invalid(1) == 1);
    CHECK(invalid(static_cast<int>(timeline.steps.size()) - 1) == 4);
    CHECK(memory_after(timeline, 1).size() == timeline.memory.size());
}

TEST_CASE("runs of minor steps are folded, those with arrows are kept", "[timeline]") {
    Timeline timeline = tests::seed_timeline();
    for (std::size_t i = 11; i < 19; ++i) timeline.steps[i].minor = true;
    const Timeline shorter = folded(timeline);
    // The last DSB carries an arrow, so seven steps become one.
    REQUIRE(shorter.steps.size() == timeline.steps.size() - 6);
    CHECK(shorter.steps[11].kind == StepKind::folded);
    CHECK(shorter.steps[11].text == "... 7 further steps");
    const int last = static_cast<int>(shorter.steps.size()) - 1;
    CHECK(memory_after(shorter, last) == memory_after(timeline, static_cast<int>(timeline.steps.size()) - 1));
    for (std::size_t i = 0; i < timeline.arrows.size(); ++i) {
        CHECK(shorter.steps[shorter.arrows[i].from].text == timeline.steps[timeline.arrows[i].from].text);
        CHECK(shorter.steps[shorter.arrows[i].to].text == timeline.steps[timeline.arrows[i].to].text);
    }
}

TEST_CASE("what is folded: two minor steps at least, none with an arrow", "[timeline]") {
    Timeline timeline;
    timeline.pes = {"PE0"};
    timeline.steps.resize(9);
    for (std::size_t i = 0; i < timeline.steps.size(); ++i) timeline.steps[i].text = std::to_string(i);
    CHECK(folds_of(timeline).empty());
    for (const std::size_t i : {0U, 1U, 3U, 5U, 6U, 7U, 8U}) timeline.steps[i].minor = true;
    CHECK(folds_of(timeline) == std::vector<Fold>{{0, 1}, {5, 8}});
    timeline.arrows.push_back({6, 2, RuleName("rf"), ""});
    CHECK(folds_of(timeline) == std::vector<Fold>{{0, 1}, {7, 8}});
    const TimelineStep fold = step_of(timeline, {7, 8});
    CHECK(fold.kind == StepKind::folded);
    CHECK(fold.text == "... 2 further steps");
    CHECK(fold.detail.find("From \"7\" to \"8\"") == 0);
    CHECK(folded(timeline).steps.size() == 7);
}

TEST_CASE("a walk cache is idle while it holds entries and none is stale", "[timeline]") {
    Timeline timeline;
    timeline.pes = {"PE0", "PE1", "PE2"};
    timeline.steps.resize(2);
    for (TimelineStep& step : timeline.steps) step.pes.resize(3);
    CachedEntry entry;
    timeline.steps[0].pes[0].walk_cache = {entry};
    timeline.steps[0].pes[1].walk_cache = {entry};
    timeline.steps[0].pes[2].tlb = {entry};
    CHECK(idle_walk_caches(timeline) == std::vector<bool>{true, true, false});
    entry.stale = true;
    timeline.steps[1].pes[1].walk_cache = {entry};
    CHECK(idle_walk_caches(timeline) == std::vector<bool>{true, false, false});
}

TEST_CASE("a timeline without minor steps folds to itself", "[timeline]") {
    CHECK(folded(tests::seed_timeline()).steps.size() == tests::seed_timeline().steps.size());
}

TEST_CASE("a flow leads through the statements, each step at the place its PE is at", "[timeline]") {
    Timeline timeline = tests::seed_timeline();
    const Place stated{"a.sched", 40, 1};
    timeline.steps[1].minor = true;
    const auto flow = flow_of(timeline, stated);
    REQUIRE(flow.size() == timeline.steps.size() - 1);
    const Place& first = timeline.steps.front().place;
    CHECK(flow.front().place == (first.file.empty() ? stated : first));
    CHECK(flow.back().place == stated);
    CHECK(flow.back().essential);
    for (const FlowStep& step : flow) {
        CHECK_FALSE(step.place.file.empty());
        CHECK(step.text.find("PE") == 0);
    }
}
