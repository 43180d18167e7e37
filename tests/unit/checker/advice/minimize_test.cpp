// SPDX-License-Identifier: Apache-2.0
//
// For small schedules: which steps are needed, what weaker would do, and what the cheapest combination is.
#include "checker/advice/minimize.hpp"

#include "checker/advice/question_verdict.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

MinimizeReport minimized(const std::string& text, MinimizeDepth depth = MinimizeDepth::all) {
    return minimize(tests::job_of(text), {}, depth);
}

std::string needs(const MinimizeReport& report) {
    std::string text;
    for (const StepReport& step : report.steps)
        text += (text.empty() ? "" : ", ") + std::string(to_string(step.need));
    return text;
}

ScheduleCost cost_of(std::uint64_t broadcasts, std::uint64_t tlbis, std::uint64_t dsbs, std::uint64_t isbs,
                     std::uint64_t instructions) {
    ScheduleCost cost;
    cost.broadcasts.count = broadcasts;
    cost.tlbis.count = tlbis;
    cost.dsbs.count = dsbs;
    cost.isbs.count = isbs;
    cost.instructions.count = instructions;
    return cost;
}

}  // namespace

TEST_CASE("of a good flush every step is needed, each with a counterexample without it", "[minimize]") {
    const MinimizeReport report = minimized(tests::unmap(tests::good_unmap));
    CHECK(report.outcome == AdviceOutcome::nothing_to_do);
    CHECK(needs(report) == "needed, needed, needed, needed");
    CHECK_FALSE(report.cheapest);
    CHECK(report.questions == std::vector<std::string>{"no_stale_entry(R)"});
    CHECK(report.warnings.empty());
    CHECK(report.internal_error.empty());
    for (const StepReport& step : report.steps) {
        CAPTURE(step.statement);
        REQUIRE(step.without);
        CHECK(step.without->question == "no_stale_entry(R)");
        CHECK_FALSE(step.without->sentence.empty());
        CHECK(step.executed == 1);
        CHECK(step.place == step.called_from);
        CHECK(step.weaker.empty());
    }
}

TEST_CASE("what is superfluous is left out, and a barrier weakened, of the cheapest combination",
          "[minimize]") {
    const MinimizeReport report = minimized(tests::unmap(
        "clear(R[0]); dsb(ish);\ntlbi(vmalle1is);\ndsb(ish);\ntlbi(vaale1is, R[0]); dsb(ish); isb();"));
    CHECK(report.outcome == AdviceOutcome::done);
    CHECK(needs(report) == "not needed, not needed, not needed, not needed, not needed, needed");
    REQUIRE(report.cheapest);
    CHECK(report.cheapest->changes == std::vector<std::string>{"leave out tlbi(vmalle1is) (line 5)",
                                                               "leave out dsb(ish) (line 4)",
                                                               "DSB ISHST in place of dsb(ish) (line 6)"});
    CHECK(report.cheapest->whole_judged);
    CHECK(report.cheapest->cost.tlbis.count == 1);
    CHECK(report.cheapest->cost.dsbs.count == 2);
    CHECK(report.cost.dsbs.count == 3);
    // The text is what it says: it is safe, and nothing of it can go.
    const MinimizeReport again = minimized(report.cheapest->text);
    CHECK(again.outcome == AdviceOutcome::nothing_to_do);
    CHECK(needs(again) == "needed, needed, needed, needed");
}

TEST_CASE("a TLBI is weakened to what is still enough", "[minimize]") {
    const MinimizeReport report =
        minimized(tests::unmap("clear(R[0]); dsb(ishst);\ntlbi(vmalle1is);\ndsb(ish); isb();"));
    REQUIRE(report.steps.size() == 4);
    CHECK(report.steps[1].need == Need::could_be_weaker);
    CHECK(report.steps[1].weaker == std::vector<std::string>{"TLBI VAALE1IS of R alone"});
    REQUIRE(report.steps[1].without);
    CHECK(report.steps[0].need == Need::needed);
}

TEST_CASE("a flush in each iteration can stand behind the loop", "[minimize]") {
    const MinimizeReport report = minimized(tests::unmap(
        "for (l : leaves(R)) {\nclear(l);\ndsb(ishst);\ntlbi(vaale1is, l);\ndsb(ish);\nisb();\n}"));
    REQUIRE(report.cheapest);
    CHECK(needs(report) == "needed, could be weaker, needed, needed");
    CHECK(report.steps[1].executed == 4);
    const std::string behind = "flush once behind the loop of line 4, not in each iteration";
    CHECK(report.steps[1].weaker == std::vector<std::string>{behind});
    CHECK(report.cheapest->changes == std::vector<std::string>{behind});
    CHECK(report.cost.dsbs.count == 8);
    CHECK(report.cheapest->cost.dsbs.count == 2);
}

TEST_CASE("nothing is said to be superfluous of a schedule that is not safe, or asks nothing", "[minimize]") {
    const MinimizeReport unsafe = minimized(tests::unmap(tests::bad_unmap));
    CHECK(unsafe.outcome == AdviceOutcome::not_safe);
    CHECK(unsafe.steps.empty());
    CHECK(unsafe.reason.starts_with("no_stale_entry(R) is violated: "));
    CHECK_FALSE(unsafe.cheapest);
    const MinimizeReport none = minimized(tests::unmap(tests::good_unmap, "witness no_stale_entry(R);"));
    CHECK(none.outcome == AdviceOutcome::no_questions);
    CHECK(none.steps.empty());
}

TEST_CASE("that nothing is needed for a question that holds anyway is told", "[minimize]") {
    const MinimizeReport report = minimized(tests::unmap("isb();"));
    CHECK(report.warnings.size() == 1);
    CHECK(needs(report) == "not needed");
    CHECK(report.steps.at(0).note == vacuous_note);
}

TEST_CASE("without combinations the steps are judged alone", "[minimize]") {
    const MinimizeReport report =
        minimized(tests::unmap(tests::good_unmap + " isb();"), MinimizeDepth::steps);
    CHECK(report.outcome == AdviceOutcome::done);
    CHECK(needs(report) == "needed, needed, needed, not needed, not needed");
    CHECK_FALSE(report.cheapest);
    for (const StepReport& step : report.steps) CHECK_FALSE(step.without);
}

TEST_CASE("broadcasts count before TLBIs, these before DSBs, ISBs and instructions", "[minimize]") {
    const ScheduleCost base = cost_of(2, 2, 2, 2, 2);
    CHECK_FALSE(cheaper(base, base));
    CHECK(cheaper(cost_of(1, 9, 9, 9, 9), base));
    CHECK(cheaper(cost_of(2, 1, 9, 9, 9), base));
    CHECK(cheaper(cost_of(2, 2, 1, 9, 9), base));
    CHECK(cheaper(cost_of(2, 2, 2, 1, 9), base));
    CHECK(cheaper(cost_of(2, 2, 2, 2, 1), base));
    CHECK_FALSE(cheaper(base, cost_of(1, 9, 9, 9, 9)));
    CHECK_FALSE(cheaper(cost_of(2, 2, 2, 2, 3), base));
}
