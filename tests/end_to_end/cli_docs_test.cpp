// SPDX-License-Identifier: Apache-2.0
//
// Completions, man pages and --help of the program as built, tried in the shells and formatters that are
// there.
#include <filesystem>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::string> commands{"check",  "explain", "compare", "minimize",
                                        "repair", "states",  "gate",    "completions"};

bool have(const std::string& program) {
    return run_command({"sh", "-c", "command -v " + program}).status == 0;
}

/// Completions that bash gives after `words`, the last of which is being typed.
std::string completed(const std::string& words) {
    const TemporaryFolder folder;
    folder.write("completion.bash", run_tlbcheck({"completions", "bash"}).out);
    folder.write("sample.sched", "");
    const std::string script =
        "source ./completion.bash; COMP_WORDS=(" + words +
        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tlbcheck; echo \"${COMPREPLY[*]}\"";
    const auto run = run_command({"bash", "-c", script}, {}, folder.path());
    CHECK(run.err.empty());
    return run.out;
}

}  // namespace

TEST_CASE("bash completes the program's commands, options, values and files") {
    const TemporaryFolder folder;
    folder.write("completion.bash", run_tlbcheck({"completions", "bash"}).out);
    CHECK(run_command({"bash", "-n", "completion.bash"}, {}, folder.path()).status == 0);
    CHECK(completed("tlbcheck ''") ==
          "check explain compare minimize repair states gate recheck extract kernel-info completions\n");
    CHECK(completed("tlbcheck che") == "check\n");
    CHECK(completed("tlbcheck check --gran") == "--granule\n");
    CHECK(completed("tlbcheck check --granule ''") == "4K 16K 64K\n");
    CHECK(completed("tlbcheck explain --contiguous-fill co") == "coalesced\n");
    CHECK(completed("tlbcheck check --kinds sam") == "sample.sched\n");
    CHECK(completed("tlbcheck completions f") == "fish\n");
}

TEST_CASE("zsh and fish get scripts of their own, another shell is bad usage") {
    CHECK(run_tlbcheck({"completions", "zsh"}).out.starts_with("#compdef tlbcheck\n"));
    CHECK(run_tlbcheck({"completions", "fish"}).out.starts_with("# fish completion for tlbcheck\n"));
    CHECK(run_tlbcheck({"completions", "tcsh"}).status == 2);
}

TEST_CASE("every command has a help with an example and a man page without faults") {
    const TemporaryFolder folder;
    REQUIRE(run_tlbcheck({"write-docs", folder.path().string()}).status == 0);
    const auto pages = folder.path() / "man1";
    std::vector<std::string> names{"tlbcheck.1"};
    for (const std::string& command : commands) {
        CAPTURE(command);
        CHECK(run_tlbcheck({command, "--help"}).out.find("Example: ") != std::string::npos);
        names.push_back("tlbcheck-" + command + ".1");
    }
    for (const std::string& name : names) {
        CAPTURE(name);
        REQUIRE(std::filesystem::exists(pages / name));
        CHECK(read_text(pages / name).find(".SH EXAMPLES\n") != std::string::npos);
        if (have("groff")) {
            CHECK(run_command({"groff", "-man", "-Tutf8", "-ww", "-z", name}, {}, pages).err.empty());
        }
        if (have("mandoc"))
            CHECK(run_command({"mandoc", "-Tlint", "-Wwarning", name}, {}, pages).status == 0);
    }
}

TEST_CASE("the hidden command is hidden") {
    CHECK(run_tlbcheck({"--help"}).out.find("write-docs") == std::string::npos);
    CHECK(run_tlbcheck({"completions", "bash"}).out.find("write-docs") == std::string::npos);
}
