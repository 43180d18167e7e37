// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/seen_violation.hpp"

#include "checker/advice/question_verdict.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

litmus::sched::Question question_of(const std::string& text) {
    return tests::job_of(text).questions.front();
}

const std::string told_by_interrupt = R"(cpus P0, P1;
space mm { asid = 5; }
region R { va = 0x400000; pa = 0x80000000; size = 4K; space = mm; }
thread P0 in mm { clear(R); dsb(ish); tlbi(vale1, R); dsb(nsh); store(ipi, 1); isb(); free(R); }
thread P1 in mm { await(ipi == 1); exception(); dsb(ish); tlbi(vale1, R); dsb(ish); eret(); }
assert no_use_after_free;
)";

}  // namespace

TEST_CASE("a violation is met again until the edit takes it away", "[seen_violation]") {
    for (const bool slicing : {true, false}) {
        const QuestionVerdict bad = question_verdict(question_of(tests::unmap(tests::bad_unmap)), slicing);
        REQUIRE(bad.verdict == Verdict::unsafe);
        REQUIRE(bad.seen.has_value());
        KnownSlices known;
        CHECK(violated_again(question_of(tests::unmap(tests::bad_unmap)), slicing, *bad.seen, known));
        CHECK(violated_again(question_of(tests::unmap("isb(); " + tests::bad_unmap)), slicing, *bad.seen,
                             known));
        CHECK_FALSE(violated_again(question_of(tests::unmap(tests::good_unmap)), slicing, *bad.seen, known));
    }
}

TEST_CASE("an access inside a thread is looked for between the same instructions", "[seen_violation]") {
    const QuestionVerdict bad = question_verdict(question_of(told_by_interrupt), true);
    REQUIRE(bad.verdict == Verdict::unsafe);
    REQUIRE(bad.seen.has_value());
    CHECK(bad.whole);
    std::string longer = told_by_interrupt;
    longer.replace(longer.find("clear(R);"), 9, "dsb(ish); isb(); clear(R); dsb(ishst);");
    KnownSlices known;
    CHECK(violated_again(question_of(longer), true, *bad.seen, known));
    std::string broadcast = told_by_interrupt;
    broadcast.replace(broadcast.find("tlbi(vale1, R); dsb(nsh);"), 25, "tlbi(vale1is, R); dsb(ish); isb();");
    CHECK_FALSE(violated_again(question_of(broadcast), true, *bad.seen, known));
    CHECK(question_verdict(question_of(broadcast), true).verdict == Verdict::safe);
}

TEST_CASE("what was safe in one slice is known in an equal one, with the address of its own",
          "[seen_violation]") {
    KnownSlices known;
    const auto first = question_of(tests::unmap(tests::bad_unmap));
    const QuestionVerdict one = question_verdict(first, true, &known);
    REQUIRE(one.seen.has_value());
    CHECK_FALSE(one.from_known);
    const QuestionVerdict again = question_verdict(first, true, &known);
    CHECK(again.from_known);
    CHECK(again.seen == one.seen);
}
