// SPDX-License-Identifier: Apache-2.0
//
// Litmus tests: all final states, the condition's verdict, drawings and proofs.
#include "checker/engine/litmus_engine.hpp"

#include "checker/engine/litmus_query.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;

namespace {

/// Message passing; `between`: an instruction between the two of each thread.
std::string message_passing(const std::string& first, const std::string& second,
                            const std::string& condition = "exists (1:X0=1 /\\ 1:X2=0)") {
    return "AArch64 MP\n{ 0:X1=x; 0:X3=y; 1:X1=y; 1:X3=x; 0:X0=1; }\n"
           " P0 | P1 ;\n STR W0,[X1] | LDR W0,[X1] ;\n " +
           first + " | " + second + " ;\n STR W0,[X3] | LDR W2,[X3] ;\n" + condition + "\n";
}

LitmusJob job_of(const std::string& text, const LitmusOptions& options = {}) {
    auto job = litmus_job(litmus::make_source("MP.litmus", text), options);
    REQUIRE(job);
    return job.value();
}

}  // namespace

TEST_CASE("all final states, with and without barriers") {
    const LitmusStates open = all_states(job_of(message_passing("NOP", "NOP")));
    CHECK(open.states.size() == 4);
    CHECK_FALSE(open.undecided);
    const LitmusStates ordered = all_states(job_of(message_passing("DMB ST", "DMB LD")));
    CHECK(ordered.states.size() == 3);
    CHECK(all_states(job_of(message_passing("DMB ST", "NOP"))).states.size() == 4);
    LitmusOptions unreduced;
    unreduced.reduction = false;
    CHECK(all_states(job_of(message_passing("DMB ST", "DMB LD"), unreduced)).states == ordered.states);
}

TEST_CASE("exists, not exists and forall") {
    const auto verdict = [](const std::string& barriers, const std::string& condition) {
        const FileReport report = check_litmus(job_of(message_passing(barriers, barriers, condition)));
        REQUIRE(report.questions.size() == 1);
        return report.questions[0].verdict;
    };
    CHECK(verdict("NOP", "exists (1:X0=1 /\\ 1:X2=0)") == Verdict::allowed);
    CHECK(verdict("DMB SY", "exists (1:X0=1 /\\ 1:X2=0)") == Verdict::forbidden);
    CHECK(verdict("DMB SY", "forall (1:X0=0 \\/ 1:X2=1)") == Verdict::required);
    CHECK(verdict("NOP", "forall (1:X0=0 \\/ 1:X2=1)") != Verdict::required);
}

TEST_CASE("an allowed outcome is drawn, a forbidden one proved by cycles") {
    FileReport report;
    const Explanation allowed = explain_litmus(job_of(message_passing("NOP", "NOP")), report);
    REQUIRE(allowed.questions.size() == 1);
    REQUIRE(allowed.questions[0].graph);
    CHECK(allowed.questions[0].graph->threads.size() == 2);
    CHECK_FALSE(allowed.questions[0].proof);
    bool reads_from = false;
    for (const GraphEdge& e : allowed.questions[0].graph->edges) {
        REQUIRE(e.from < allowed.questions[0].graph->events.size());
        REQUIRE(e.to < allowed.questions[0].graph->events.size());
        reads_from = reads_from || e.relation.text() == "rf";
    }
    CHECK(reads_from);
    const Explanation forbidden = explain_litmus(job_of(message_passing("DMB SY", "DMB SY")), report);
    REQUIRE(forbidden.questions.at(0).proof);
    REQUIRE_FALSE(forbidden.questions[0].proof->excluded.empty());
    bool barrier_ordered = false;
    for (const ProofCycle& cycle : forbidden.questions[0].proof->excluded[0].cycles) {
        for (std::size_t i = 0; i < cycle.edges.size(); ++i) {
            CHECK(cycle.edges[i].to == cycle.edges[(i + 1) % cycle.edges.size()].from);
            barrier_ordered = barrier_ordered || cycle.edges[i].rule.text() == "bob";
        }
    }
    CHECK(barrier_ordered);
}

TEST_CASE("a witness is judged without the solver") {
    const LitmusJob job = job_of(message_passing("NOP", "NOP"));
    LitmusQuery query(job);
    REQUIRE(query.solver().check(query.built().condition) == encoder::Outcome::satisfiable);
    model::logic::Assignment found(query.built().graph.pool(), query.solver().assignment());
    CHECK(query.refused(found).empty());
    CHECK(query.incomplete().empty());
    CHECK(query.test_error().empty());
    model::logic::Assignment nothing(query.built().graph.pool(), {});
    CHECK_FALSE(query.refused(nothing).empty());
}

TEST_CASE("out of time a litmus test is undecided") {
    const LitmusJob job = job_of(message_passing("NOP", "NOP"));
    model::Limits limits;
    limits.milliseconds = 0;
    model::Budget budget(limits);
    const LitmusStates states = all_states(job, budget);
    CHECK(states.undecided);
    CHECK(states.reason.find("out of time") == 0);
}

TEST_CASE("what cannot be read is an error") {
    CHECK_FALSE(litmus_job(
        litmus::make_source("bad.litmus", "AArch64 bad\n{}\n P0 ;\n NOSUCH X0 ;\nexists (true)\n"), {}));
}
