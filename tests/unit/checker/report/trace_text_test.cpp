// SPDX-License-Identifier: Apache-2.0

#include "checker/report/trace_text.hpp"

#include "checker/text/text_tools.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("the trace shows columns, TLB contents, the bad access and the cause", "[trace_text]") {
    const std::string text = trace_text(tests::unsafe_explanation(), Painter(false));
    CHECK(text.find("     PE0 (P0)") != std::string::npos);
    CHECK(text.find("PE1 (observer)\n") != std::string::npos);
    CHECK(text.find("  2  clear linear[0]") != std::string::npos);
    CHECK(text.find("memory: linear[0] = invalid") != std::string::npos);
    CHECK(text.find("STALE") != std::string::npos);
    CHECK(text.find("!! load 0xffff000080000000") != std::string::npos);
    CHECK(text.find("cause: PE1 keeps an entry for linear[0]") != std::string::npos);
    CHECK(text.find("RNGLXZ (Arm ARM D8.7") != std::string::npos);
}

TEST_CASE("a step of kernel code shows the kernel's line where its text is known", "[trace_text]") {
    Explanation explanation = tests::unsafe_explanation();
    TimelineStep& step = explanation.questions.front().timeline->steps.at(1);
    step.kernel = {{"unmap_one", "mm/own.c", 2}};
    CHECK(trace_text(explanation, Painter(false)).find("| ") == std::string::npos);
    explanation.sources.push_back({"mm/own.c", {"first line", "\tclear_one(slot);"}});
    const std::string text = trace_text(explanation, Painter(false));
    CHECK(text.find("unmap_one mm/own.c:2\n") != std::string::npos);
    CHECK(text.find("   | clear_one(slot);\n") != std::string::npos);
    CHECK(text.find("first line") == std::string::npos);
}

TEST_CASE("the trace of a safe answer shows the cycles with their rules", "[trace_text]") {
    const std::string text = trace_text(tests::safe_explanation(), Painter(false));
    CHECK(
        text.find(
            "excluded: PE1's load of 0xffff000080000000 translates through the initial value of linear[0]") !=
        std::string::npos);
    CHECK(text.find("before, by TLBI-ca") != std::string::npos);
    CHECK(text.find("no execution has it") != std::string::npos);
}

TEST_CASE("no line of the trace is wider than asked, nor ends in a space", "[trace_text]") {
    const std::string text = trace_text(tests::unsafe_explanation(), Painter(false), 110);
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = text.find('\n', begin);
        const std::string line = text.substr(begin, end - begin);
        INFO(line);
        CHECK(character_count(line) <= 112);
        CHECK((line.empty() || line.back() != ' '));
        begin = end + 1;
    }
}

TEST_CASE("a litmus witness is told by its events and edges", "[trace_text]") {
    const std::string text = trace_text(tests::litmus_explanation(), Painter(false));
    CHECK(text.find("P1:\n  c: R[y]=1\n") != std::string::npos);
    CHECK(text.find("  b -rf-> c\n") != std::string::npos);
}
