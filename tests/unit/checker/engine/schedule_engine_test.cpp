// SPDX-License-Identifier: Apache-2.0
//
// A file's questions: checked, explained, costed, and asked for every size.
#include "checker/engine/schedule_engine.hpp"

#include "checker/engine/schedule_proof.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::Asked;

TEST_CASE("every question is answered and compared with what it expects") {
    const ScheduleJob job = tests::job_of(
        tests::unmap(tests::bad_unmap,
                     "assert no_stale_entry(R);\nwitness no_stale_entry(R);\nassert no_use_after_free;"));
    const FileReport report = check_schedule(job, {});
    REQUIRE(report.questions.size() == 3);
    CHECK(report.questions[0].verdict == Verdict::unsafe);
    CHECK(outcome_of(report.questions[0]) == Outcome::failed);
    CHECK(outcome_of(report.questions[1]) == Outcome::met);
    CHECK(report.questions[2].verdict == Verdict::safe);
    CHECK(verdict_of(report) == FileVerdict::fail);
    CHECK(report.internal_error.empty());
}

TEST_CASE("a file that cannot be read is an error with its place") {
    const auto job = load_schedule("/no such file.sched", {});
    REQUIRE_FALSE(job);
}

TEST_CASE("out of time the questions are undecided, not safe") {
    ScheduleJob job = tests::job_of(tests::unmap(tests::good_unmap));
    model::Limits limits;
    limits.milliseconds = 0;
    job.budget = std::make_shared<model::Budget>(limits);
    const FileReport report = check_schedule(job, {});
    REQUIRE(report.questions.size() == 1);
    CHECK(report.questions[0].verdict == Verdict::undecided);
    CHECK(report.questions[0].reason.find("out of time") == 0);
    CHECK(verdict_of(report) == FileVerdict::undecided);
}

TEST_CASE("an unsafe answer is explained by a timeline whose last step is the judged access") {
    const ScheduleJob job = tests::job_of(tests::unmap(tests::bad_unmap));
    FileReport report;
    const Explanation explained = explain_schedule(job, {}, report);
    REQUIRE(explained.questions.size() == 1);
    REQUIRE(explained.questions[0].timeline);
    CHECK(explained.questions[0].timeline->steps.size() >= 4);
    CHECK(explained.questions[0].graph);
    CHECK_FALSE(explained.questions[0].proof);
    CHECK(report.questions.at(0).verdict == Verdict::unsafe);
    CHECK(report.internal_error.empty());
    REQUIRE_FALSE(explained.sources.empty());
    CHECK(explained.sources[0].file == "asked.sched");
}

TEST_CASE("a safe answer is proved: each wrong reading by cycles of named rules") {
    const ScheduleJob job = tests::job_of(tests::unmap(tests::good_unmap));
    FileReport report;
    const Explanation explained = explain_schedule(job, {}, report);
    REQUIRE(explained.questions.at(0).proof);
    const Proof& proof = *explained.questions[0].proof;
    CHECK_FALSE(proof.summary.empty());
    REQUIRE_FALSE(proof.excluded.empty());
    for (const ExcludedReading& reading : proof.excluded) {
        CHECK_FALSE(reading.reading.empty());
        REQUIRE_FALSE(reading.cycles.empty());
        for (const ProofCycle& cycle : reading.cycles) {
            REQUIRE_FALSE(cycle.edges.empty());
            for (std::size_t i = 0; i < cycle.edges.size(); ++i)
                CHECK(cycle.edges[i].to == cycle.edges[(i + 1) % cycle.edges.size()].from);
        }
    }
    CHECK_FALSE(
        prove_slice(Asked(tests::unmap(tests::good_unmap)).whole(), model::PropertyKind::no_stale_entry)
            .empty());
}

TEST_CASE("what a schedule costs, and how that grows") {
    const ComparedSchedule cost = cost_of_schedule(
        tests::job_of(
            tests::unmap("for (l : R) { clear(l); tlbi(vaale1is, l); tlbi(vaale1, l); } dsb(ish); isb();")),
        {});
    CHECK(cost.cost.tlbis.count == 8);
    CHECK(cost.cost.broadcasts.count == 4);
    CHECK(cost.cost.dsbs.count == 1);
    CHECK(cost.cost.isbs.count == 1);
    CHECK(cost.cost.descriptor_stores.count == 4);
    CHECK(cost.cost.instructions.count == 14);
    CHECK(cost.cost.dsbs.growth == "constant");
    CHECK(cost.cost.broadcasts.growth == "1 per leaf");
    CHECK(cost.cost.tlbis.growth == "2 per leaf");
}

TEST_CASE("a verdict that holds for every size says so; one of the whole schedule does not") {
    ScheduleOptions options;
    options.any_size = true;
    const ScheduleJob job = tests::job_of(
        tests::unmap("for (l : R) { clear(l); } dsb(ishst); tlbi(vmalle1is); dsb(ish); isb();"));
    const FileReport report = check_schedule(job, options);
    REQUIRE(report.questions.at(0).any_size);
    CHECK(report.questions[0].any_size->holds);
    CHECK_FALSE(report.questions[0].any_size->why.empty());
    options.slicing = false;
    const FileReport whole = check_schedule(job, options);
    REQUIRE(whole.questions.at(0).any_size);
    CHECK_FALSE(whole.questions[0].any_size->holds);
}

TEST_CASE("a witness goes into the report step by step where it is asked for") {
    ScheduleOptions options;
    const ScheduleJob job = tests::job_of(tests::unmap(tests::bad_unmap));
    CHECK(check_schedule(job, options).questions.at(0).flow.empty());
    options.flows = true;
    CHECK_FALSE(check_schedule(job, options).questions.at(0).flow.empty());
}
