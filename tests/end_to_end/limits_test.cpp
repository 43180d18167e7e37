// SPDX-License-Identifier: Apache-2.0
//
// --timeout and --memory bound all that is done for a file: out of either is undecided, exit 3, whatever ran
// out. Nothing here looks at a clock.
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/end_to_end/examples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

const std::string large = "examples/unmap_hotplug/batched_2g.sched";

/// A schedule of so many flushes of one page, none of which a slice can leave out.
std::string many_flushes(int count) {
    std::string text = "region r { va = 0xffff000080000000; pa = 0; size = 4K; level = 3; }\nthread P0 {\n";
    for (int i = 0; i < count; ++i)
        text += "set(r, pa = 0x1000); dsb(ish); tlbi(vaale1is, r); dsb(ish); clear(r);\n";
    return text + "}\nassert no_stale_entry(r);\n";
}

const std::string litmus_test =
    "AArch64 SB\n{ 0:X1=x; 0:X3=y; 1:X1=y; 1:X3=x; }\n P0 | P1 ;\n MOV W0,#1 | MOV W0,#1 ;\n"
    " STR W0,[X1] | STR W0,[X1] ;\n LDR W2,[X3] | LDR W2,[X3] ;\nexists (0:X2=0 /\\ 1:X2=0)\n";

void check_undecided(const ProgramResult& run, const std::string& reason) {
    CAPTURE(run.out, run.err);
    CHECK(run.status == 3);
    CHECK((has(run.out, reason) || has(run.err, reason)));
    CHECK(has(run.out + run.err, "undecided"));
    CHECK_FALSE(has(run.out, ": safe"));
}

}  // namespace

TEST_CASE("a schedule too large to be solved in one piece runs out of time or memory") {
    check_undecided(run_tlbcheck({"check", "--no-slicing", "--timeout", "1", large}),
                    "out of time (limit: 1 s)");
    check_undecided(run_tlbcheck({"check", "--no-slicing", "--memory", "64", large}),
                    "out of memory (limit: 64 MiB)");
    check_undecided(run_tlbcheck({"explain", "--no-slicing", "--memory", "64", large}), "out of memory");
}

TEST_CASE("every command is undecided without time") {
    const TemporaryFolder folder;
    const auto test = folder.write("sb.litmus", litmus_test).string();
    const std::string reason = "out of time (limit: 0.001 s)";
    check_undecided(run_tlbcheck({"check", "--timeout", "0.001", batched}), reason);
    check_undecided(run_tlbcheck({"explain", "--timeout", "0.001", batched}), reason);
    check_undecided(run_tlbcheck({"compare", "--timeout", "0.001", batched, batched}), "undecided");
    check_undecided(run_tlbcheck({"gate", "--timeout", "0.001", batched}), "undecided");
    check_undecided(run_tlbcheck({"check", "--timeout", "0.001", test}), reason);
    check_undecided(run_tlbcheck({"explain", "--timeout", "0.001", test}), reason);
    check_undecided(run_tlbcheck({"states", "--timeout", "0.001", test}), reason);
}

TEST_CASE("every command is undecided without memory") {
    const TemporaryFolder folder;
    const auto file = folder.write("many.sched", many_flushes(1000)).string();
    const std::string reason = "out of memory (limit: 16 MiB)";
    check_undecided(run_tlbcheck({"check", "--memory", "16", file}), reason);
    check_undecided(run_tlbcheck({"explain", "--memory", "16", file}), reason);
    check_undecided(run_tlbcheck({"compare", "--memory", "16", file, file}), "undecided");
    check_undecided(run_tlbcheck({"gate", "--memory", "16", file}), "undecided");
}

TEST_CASE("whatever the memory, an answer is the same or undecided, and never an internal error") {
    const std::string whole = run_tlbcheck({"check", batched}).out;
    for (int mebibytes = 16; mebibytes < 40; ++mebibytes) {
        const auto run = run_tlbcheck({"check", "--memory", std::to_string(mebibytes), batched});
        CAPTURE(mebibytes, run.out, run.err);
        CHECK((run.status == 0 || run.status == 3));
        if (run.status == 0) CHECK(run.out == whole);
        if (run.status == 3) CHECK(has(run.out, "out of memory"));
    }
}

TEST_CASE("a limit that is not reached changes nothing") {
    const auto limited = run_tlbcheck({"explain", "--timeout", "3600", "--memory", "65536", batched});
    CHECK(limited.status == 0);
    CHECK(limited.out == run_tlbcheck({"explain", batched}).out);
}

TEST_CASE("limits are each file's own") {
    const TemporaryFolder folder;
    const auto file = folder.write("many.sched", many_flushes(1000)).string();
    for (const char* jobs : {"1", "2"}) {
        const auto run = run_tlbcheck({"check", "-j", jobs, "--memory", "64", file, batched, file, batched});
        CAPTURE(run.out);
        CHECK(run.status == 3);
        CHECK(has(run.out, "many.sched: undecided"));
        CHECK(has(run.out, "batched.sched: pass"));
    }
}

TEST_CASE("the JSON document says what ran out") {
    const auto run = run_tlbcheck({"check", "--json", "--no-slicing", "--memory", "64", large});
    CHECK(run.status == 3);
    const auto document = nlohmann::json::parse(run.out);
    const auto& question = document.at("files").at(0).at("questions").at(0);
    CHECK(question.at("verdict") == "undecided");
    CHECK(question.at("reason") == "out of memory (limit: 64 MiB)");
    CHECK(document.at("exit_code") == 3);
}
