// SPDX-License-Identifier: Apache-2.0
//
// One question: the verdict with all that is reported of it, sliced and whole.
#include "checker/engine/question_engine.hpp"

#include "checker/engine/whole_witness.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::Asked;

TEST_CASE("an unsafe answer has its addresses, its cause and the place of the fault") {
    const Asked asked(tests::unmap(tests::bad_unmap));
    const QuestionAnswer answer = asked.answer();
    CHECK(answer.report.verdict == Verdict::unsafe);
    CHECK(answer.report.rule == "no_stale_entry");
    CHECK(answer.report.affected == std::vector<AddressRange>{{0xffff000000000000, 0xffff000000000fff}});
    REQUIRE(answer.report.cause);
    CHECK(answer.report.cause->kind == "old_leaf");
    CHECK(answer.report.cause->remedy == "changes");
    CHECK(answer.report.cause->tested);
    REQUIRE(answer.report.cause->changes.size() == 1);
    CHECK(answer.report.cause->changes[0].kind == "dsb_after_tlbi");
    REQUIRE(answer.report.offence);
    CHECK(answer.report.offence->place.line == 4);
    CHECK(answer.internal_error.empty());
    REQUIRE(answer.witness_schedule);
}

TEST_CASE("a cause is tested only where that is wanted") {
    const Asked asked(tests::unmap(tests::bad_unmap, "witness no_stale_entry(R);"));
    ScheduleOptions options;
    options.causes = Causes::failed;
    const QuestionAnswer expected = asked.answer(options);
    REQUIRE(expected.report.cause);
    CHECK_FALSE(expected.report.cause->tested);
    options.causes = Causes::none;
    CHECK_FALSE(Asked(tests::unmap(tests::bad_unmap)).answer(options).report.cause->tested);
}

TEST_CASE("the whole schedule and its slices answer alike") {
    for (const std::string& code : {tests::good_unmap, tests::bad_unmap}) {
        const Asked asked(tests::unmap(code));
        ScheduleOptions whole;
        whole.slicing = false;
        const QuestionAnswer a = asked.answer(), b = asked.answer(whole);
        CHECK(a.report.verdict == b.report.verdict);
        CHECK(a.report.affected == b.report.affected);
        REQUIRE(b.slicing);
        CHECK(b.slicing->whole);
        CHECK_FALSE(a.slicing->whole);
    }
}

TEST_CASE("the witness is of the whole schedule where that is small") {
    const Asked asked(
        tests::unmap("clear(R[0]); clear(R[2]); dsb(ishst); tlbi(vaale1is, R[2]); dsb(ish); isb();"));
    const QuestionAnswer answer = asked.answer();
    REQUIRE(answer.witness_schedule);
    CHECK(answer.witness_schedule->threads[0].code.size() == 6);
    model::JudgedSchedule part = *answer.witness_schedule;
    part.threads[0].code.resize(4);
    CHECK(small_whole(asked.program(), asked.property(), part));
    CHECK_FALSE(
        small_whole(asked.program(), asked.property(), *answer.witness_schedule));  // nothing is lacking
    const std::string large = tests::unmap("for (l : R) { clear(l); dsb(ishst); tlbi(vaale1is, l); isb(); }",
                                           "assert no_stale_entry(R);", "size = 2M;");
    const Asked too_large(large);
    CHECK_FALSE(small_whole(too_large.program(), too_large.property(), part));
}

TEST_CASE("a slice's counterexample that the whole schedule does not have is an internal error") {
    const Asked good(tests::unmap(tests::good_unmap)), bad(tests::unmap(tests::bad_unmap));
    QuestionAnswer answer = bad.answer();
    REQUIRE(answer.witness);
    model::JudgedSchedule part = *answer.witness_schedule;
    part.threads[0].code.pop_back();
    answer.witness_schedule = std::make_shared<model::JudgedSchedule>(part);
    judge_whole(answer, good.program(), good.property());
    CHECK(answer.internal_error == refuted(good.property(), 0xffff000000000000));
    CHECK(answer.internal_error.find("0xffff000000000000") != std::string::npos);
}

TEST_CASE("vacuous answers are told: no TLBI is needed, no barrier is, nothing executes") {
    const auto warning = [](const std::string& text, bool wanted = true) {
        ScheduleOptions options;
        options.vacuity = wanted;
        const QuestionAnswer answer = Asked(text).answer(options);
        CHECK(answer.report.verdict == Verdict::safe);
        return answer.report.warnings.empty() ? std::string() : answer.report.warnings.front();
    };
    CHECK(warning(tests::unmap(tests::good_unmap)).empty());
    CHECK(warning(tests::unmap("dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); isb();"))
              .find("every TLBI taken out") != std::string::npos);
    CHECK(warning(tests::unmap("set(R[0]); dsb(ish); isb();")).find("every barrier taken out") !=
          std::string::npos);
    CHECK(warning(tests::unmap("set(R[0]); dsb(ish); isb();"), false).empty());
    CHECK(warning("flag never;\n" + tests::unmap("store(never, 2); await(never == 1); clear(R[0]);"))
              .find("no execution") != std::string::npos);
    CHECK(warning("region r { va = 0x400000; pa = 0x80000000; size = 4K; }\n"
                  "thread P0 { clear(r); dsb(ishst); tlbi(vaae1is, r); dsb(ish); isb(); store(f, 1); }\n"
                  "thread P1 { if (read(f) == 7) { dead: ; } }\nassert no_stale_entry(r) at dead;")
              .find("no execution comes to the label") != std::string::npos);
}

TEST_CASE("a descriptor replaced while live violates break-before-make where the hardware asks for it") {
    const std::string code = "set(R[0], pa = 0x90000000); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); isb();";
    const QuestionAnswer answer = Asked(tests::unmap(code, "assert no_bbm_violation;")).answer();
    CHECK(answer.report.verdict == Verdict::unsafe);
    CHECK(answer.report.affected == std::vector<AddressRange>{{0xffff000000000000, 0xffff000000000fff}});
    REQUIRE(answer.report.offence);
    CHECK(answer.report.offence->place.line == 4);
    CHECK(answer.report.cause->kind == "live_replacement");
    REQUIRE(answer.witness);
    CHECK(answer.witness->witness.update == model::InstructionRef{0, 0});
    ScheduleOptions whole;
    whole.slicing = false;
    CHECK(Asked(tests::unmap(code, "assert no_bbm_violation;")).answer(whole).report.affected ==
          answer.report.affected);
    CHECK(Asked(tests::unmap("clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); " + code,
                             "assert no_bbm_violation;"))
              .answer()
              .report.verdict == Verdict::safe);
}
