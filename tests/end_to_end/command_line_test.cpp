// SPDX-License-Identifier: Apache-2.0
//
// The command line as a contract: exit codes, what is printed, several files, limits.
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/end_to_end/examples.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::string> several{batched, "examples/flush_mistakes/no_isb.sched",
                                       "examples/user_mappings/munmap.sched",
                                       "examples/user_mappings/wrong_asid.sched"};

}  // namespace

TEST_CASE("check prints a line a file and an indented line a question") {
    const auto run = run_tlbcheck({"check", per_leaf});
    CHECK(run.status == 0);
    CHECK(run.out ==
          "examples/unmap_hotplug/per_leaf.sched: pass\n"
          "  no_stale_entry(linear): unsafe\n"
          "  no_stale_entry(linear) {contiguous_fill = shattered}: unsafe\n"
          "  no_stale_entry(linear) {contiguous_fill = coalesced}: safe\n"
          "  no_stale_entry(linear) {contiguous_fill = none}: safe\n");
    CHECK(run_tlbcheck({"check", "--quiet", per_leaf}).out ==
          "examples/unmap_hotplug/per_leaf.sched: pass\n");
}

TEST_CASE("a failed expectation exits 1 and says what was expected") {
    const auto run = run_tlbcheck({"check", "--contiguous-fill", "none", per_leaf});
    CHECK(run.status == 1);
    CHECK(run.out.find("per_leaf.sched: fail\n") != std::string::npos);
    CHECK(run.out.find("{contiguous_fill = none}: safe (expected unsafe)\n") != std::string::npos);
}

TEST_CASE("bad usage and bad input exit 2, and nothing is run") {
    for (const std::vector<std::string>& bad :
         std::vector<std::vector<std::string>>{{},
                                               {"frobnicate"},
                                               {"check"},
                                               {"check", "not/there.sched"},
                                               {"check", "--granule", "5K", batched},
                                               {"check", "--timeout", "-1", batched},
                                               {"check", "-j", "0", batched},
                                               {"check", "-D", "nonsense", batched},
                                               {"check", "-D", "no_such_param=1", batched},
                                               {"check", "--shard", "3/2", batched},
                                               {"check", "--shard", "0/2", batched},
                                               {"check", "--shard", "1/0", batched},
                                               {"check", "--shard", "1", batched},
                                               {"check", "--shard", "x/2", batched},
                                               {"check", "--shard", "", batched},
                                               {"check", "--kinds", "not/there.txt", batched},
                                               {"check", batched, "not/there.sched"},
                                               {"states", batched},
                                               {"compare", batched},
                                               {"explain", "--svg", "not/there/x.svg", batched}}) {
        const auto run = run_tlbcheck(bad);
        CAPTURE(bad);
        CHECK(run.status == 2);
        CHECK(run.out.empty());
        CHECK_FALSE(run.err.empty());
    }
}

TEST_CASE("an option that is for none of the inputs is bad usage") {
    const std::string test = "tests/mutation/litmus/LB+acqs.litmus";
    const auto said = [](const std::vector<std::string>& arguments) {
        const auto run = run_tlbcheck(arguments);
        CHECK(run.status == 2);
        CHECK(run.out.empty());
        return run.err;
    };
    for (const char* command : {"check", "gate"}) {
        CHECK(said({command, "--kernel", "mmu.bc", test}) ==
              "tlbcheck: error: --kernel is for schedules that call kernel code, and no input does\n");
        CHECK(said({command, "--kernel", "mmu.bc", batched}) ==
              "tlbcheck: error: --kernel is for schedules that call kernel code, and no input does\n");
        CHECK(said({command, "--ets", "2", test}) ==
              "tlbcheck: error: --ets is for schedules, and no input is one\n");
    }
    CHECK(said({"check", "--variant", "vmsa", batched}) ==
          "tlbcheck: error: --variant is for litmus tests, and no input is one\n");
    CHECK(run_tlbcheck({"check", "--quiet", "--ets", "2", test, batched}).status == 0);
    CHECK(run_tlbcheck({"check", "--quiet", "--ets", "2", "--shard", "1/2", test, batched}).status == 0);
}

TEST_CASE("a mistaken command line is told what to do") {
    const auto error = [](const std::vector<std::string>& arguments) {
        const auto run = run_tlbcheck(arguments);
        CHECK(run.status == 2);
        CHECK(run.out.empty());
        return run.err;
    };
    CHECK(
        error({"chek", "a.sched"}) ==
        "tlbcheck: error: 'chek' is no command (did you mean 'check'? tlbcheck --help lists the commands)\n");
    CHECK(error({"a.sched"}) ==
          "tlbcheck: error: 'a.sched' is no command (to judge a file: tlbcheck check a.sched)\n");
    CHECK(error({"check", "examples"}) ==
          "tlbcheck: error: 'examples' is a folder\nhint: tlbcheck gate examples runs everything below it\n");
    CHECK(error({"check", "--granuel", "4K", "examples/user_mappings/munmap.sched"}).find("--granuel") !=
          std::string::npos);
}

TEST_CASE("a question that runs out of time is undecided: exit 3") {
    const auto run =
        run_tlbcheck({"check", "--timeout", "0.001", "examples/unmap_hotplug/batched_64k.sched"});
    CHECK(run.status == 3);
    CHECK(run.out.find(": undecided\n") != std::string::npos);
    CHECK(run.out.find("out of time") != std::string::npos);
}

TEST_CASE("the JSON document is versioned, names the model, and holds the exit code") {
    const auto run = run_tlbcheck({"check", "--json", per_leaf});
    const auto document = nlohmann::json::parse(run.out);
    CHECK(document.at("schema") == "tlbcheck.check/1");
    CHECK(document.at("model").at("herdtools7_commit") == "5feffe4e8");
    CHECK(document.at("exit_code") == run.status);
    CHECK(document.at("files").at(0).at("file") == per_leaf);
}

TEST_CASE("-D sets a param") {
    const TemporaryFolder folder;
    const auto file = folder.write("d.sched",
                                   "include \"linux.sched\";\nparam flush = true;\n"
                                   "region r { va = 0xffff000080000000; pa = 0; size = 4K; level = 3; }\n"
                                   "thread P0 { clear(r); if (flush) flush_tlb_kernel_range(r); }\n"
                                   "assert no_stale_entry(r);\n");
    CHECK(verdicts(file.string()) == "safe");
    CHECK(verdicts(file.string(), {"-D", "flush=false"}) == "unsafe");
    CHECK(run_tlbcheck({"check", "-D", "flush=false", file.string()}).status == 1);
}

TEST_CASE("a file that asks nothing says so") {
    const TemporaryFolder folder;
    const std::string file = folder
                                 .write("asks_nothing.sched",
                                        "region r { va = 0x400000; pa = 0x80000000; size = 4K; }\n"
                                        "thread P0 { clear(r); dsb(ish); isb(); }\n")
                                 .string();
    const std::string said = "the file asks nothing";
    const auto checked = run_tlbcheck({"check", file});
    CHECK(checked.status == 0);
    CHECK(checked.out.find(said) != std::string::npos);
    CHECK(run_tlbcheck({"gate", file}).out.find(said) != std::string::npos);
    CHECK(run_tlbcheck({"explain", file}).err.find(said) != std::string::npos);
}

TEST_CASE("--kinds takes one file, and what follows it is checked") {
    const TemporaryFolder folder;
    const auto test = folder.write("one.litmus",
                                   "AArch64 one\n{ 0:X1=x; }\n P0          ;\n LDR W0,[X1] ;\n"
                                   "exists (0:X0=1)\n");
    for (const auto& [kind, status] :
         {std::pair("Forbid", 0), std::pair("Never", 0), std::pair("Allow", 1), std::pair("Sometimes", 1)}) {
        const auto kinds = folder.write("kinds.txt", std::string("one ") + kind + "\n");
        CHECK(run_tlbcheck({"check", "--kinds", kinds.string(), test.string()}).status == status);
        CHECK(run_tlbcheck({"check", test.string(), "--kinds", kinds.string()}).status == status);
    }
}

TEST_CASE("several files give the same output with any number of jobs") {
    for (const char* form : {"--verbose", "--json"}) {
        const auto one = run_tlbcheck(with({"check", form, "-j", "1"}, several));
        CHECK(one.status == 0);
        for (const char* jobs : {"2", "4"}) {
            const auto run = run_tlbcheck(with({"check", form, "-j", jobs}, several));
            CHECK(run.out == one.out);
            CHECK(run.status == one.status);
        }
    }
}

TEST_CASE("shards part the files among them") {
    const auto whole = run_tlbcheck(with({"check", "--quiet"}, several));
    std::string lines;
    for (const char* shard : {"1/2", "2/2"})
        lines += run_tlbcheck(with({"check", "--quiet", "--shard", shard}, several)).out;
    CHECK(lines.size() == whole.out.size());
    for (const std::string& file : several) CHECK(lines.find(file + ": pass\n") != std::string::npos);
    const auto by_environment = run_command(with(
        {"env", "CI_NODE_INDEX=2", "CI_NODE_TOTAL=2", program_path().string(), "check", "--quiet"}, several));
    CHECK(by_environment.out == run_tlbcheck(with({"check", "--quiet", "--shard", "2/2"}, several)).out);
    for (const char* index : {"CI_NODE_INDEX=0", "CI_NODE_INDEX=3", "CI_NODE_INDEX=", "CI_NODE_INDEX=one"}) {
        const auto bad = run_command(
            with({"env", index, "CI_NODE_TOTAL=2", program_path().string(), "check", "--quiet"}, several));
        CHECK(bad.status == 2);
        CHECK(bad.out.empty());
    }
}
