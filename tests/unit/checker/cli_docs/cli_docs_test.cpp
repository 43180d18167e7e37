// SPDX-License-Identifier: Apache-2.0
//
// Completions and man pages of a small program; the scripts are tried in the shells that are installed.

#include "checker/cli/options.hpp"
#include "checker/cli_docs/command_doc.hpp"
#include "checker/cli_docs/completions.hpp"
#include "checker/cli_docs/man_page.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

namespace {

CommandDoc sample() {
    static std::string granule, html;
    static std::vector<std::string> files;
    static bool json = false;
    const cli::Command check{"check",
                             "Says whether it's [really] safe: yes or no",
                             ".example with a dot\n  tool check -j a.sched",
                             {cli::flag("-j,--json", json, "Write JSON"),
                              cli::choice("--granule", granule, {"4K", "16K", "64K"}, "Translation granule"),
                              cli::text("--html", html, "FILE", "Write a page"),
                              cli::texts("FILE", files, "", "What to check").must_be_given()},
                             {}};
    const cli::Command states{"states", "All outcomes", "", {}, {}};
    const cli::Command hidden{"write", "Not for users", "", {}, {}, true};
    return cli::command_doc({"tool", "Checks flush schedules", "", "1.2", {check, states, hidden}});
}

/// Completions that bash gives after `words`, the last of which is being typed.
std::string bash_completes(const std::string& words) {
    const tests::TemporaryFolder folder;
    folder.write("completion.bash", completion_script(sample(), Shell::bash));
    const std::string script = "source ./completion.bash; COMP_WORDS=(" + words +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tool; echo \"${COMPREPLY[*]}\"";
    const auto result = tests::run_command({"bash", "-c", script}, {}, folder.path());
    CHECK(result.err.empty());
    return result.out;
}

bool have(const std::string& program) {
    const bool there = tests::run_command({"sh", "-c", "command -v " + program}).status == 0;
    if (!there) tests::skip("no " + program + " here");
    return there;
}

}  // namespace

TEST_CASE("a program is told as its options are", "[cli_docs]") {
    const CommandDoc doc = sample();
    REQUIRE(doc.commands.size() == 2);
    const CommandDoc& check = doc.commands[0];
    REQUIRE(check.positionals.size() == 1);
    CHECK(check.positionals[0].value_name == "FILE");
    CHECK(check.positionals[0].many);
    CHECK(check.positionals[0].required);
    REQUIRE(check.options.size() == 4);  // --help as well
    CHECK(check.options[1].kind == ValueKind::none);
    CHECK(check.options[2].choices == std::vector<std::string>{"4K", "16K", "64K"});
    CHECK(check.options[3].kind == ValueKind::file);
}

TEST_CASE("bash completes commands, options, values and files", "[cli_docs]") {
    CHECK(bash_completes("tool ''") == "check states\n");
    CHECK(bash_completes("tool ch") == "check\n");
    CHECK(bash_completes("tool check --g") == "--granule\n");
    CHECK(bash_completes("tool check --granule ''") == "4K 16K 64K\n");
    CHECK(bash_completes("tool check --granule = 6") == "64K\n");
    CHECK(bash_completes("tool check compl") == "completion.bash\n");
}

TEST_CASE("zsh and fish accept their scripts", "[cli_docs]") {
    const tests::TemporaryFolder folder;
    folder.write("_tool", completion_script(sample(), Shell::zsh));
    folder.write("tool.fish", completion_script(sample(), Shell::fish));
    if (have("zsh")) CHECK(tests::run_command({"zsh", "-n", "_tool"}, {}, folder.path()).status == 0);
    if (have("fish"))
        CHECK(tests::run_command({"fish", "--no-execute", "tool.fish"}, {}, folder.path()).status == 0);
    const std::string zsh = completion_script(sample(), Shell::zsh);
    CHECK(zsh.find("'check:Says whether it'\\''s [really] safe\\: yes or no'") != std::string::npos);
    CHECK(zsh.find("'(--granule)--granule=[Translation granule]:value:(4K 16K 64K)'") != std::string::npos);
    const std::string fish = completion_script(sample(), Shell::fish);
    CHECK(fish.find("-n '__fish_seen_subcommand_from check' -l granule -x -a '4K 16K 64K' -d 'Translation "
                    "granule'") != std::string::npos);
}

TEST_CASE("there is a man page for the program and for each command", "[cli_docs]") {
    const auto pages = man_pages(sample(), "1.2");
    REQUIRE(pages.size() == 3);
    const std::string& page = pages.at("tool-check.1");
    CHECK(page.find(".TH \"TOOL\\-CHECK\" 1 \"2026-11-25\" \"tool 1.2\"") == 0);
    CHECK(page.find("\\fB\\-j\\fR, \\fB\\-\\-json\\fR\nWrite JSON") != std::string::npos);
    CHECK(page.find("\n\\&.example with a dot\n") != std::string::npos);
    CHECK(page.find("\\fIFILE\\fR...") != std::string::npos);
    CHECK(pages.at("tool.1").find(".BR tool\\-check (1),\n.BR tool\\-states (1)") != std::string::npos);
}

TEST_CASE("groff finds nothing wrong with the man pages", "[cli_docs]") {
    if (!have("groff")) return tests::skip("groff is not there");
    for (const auto& [name, page] : man_pages(sample(), "1.2")) {
        const auto result = tests::run_command({"groff", "-man", "-Tutf8", "-ww", "-z"}, page);
        CHECK(result.status == 0);
        CHECK(result.err.empty());
    }
}

TEST_CASE("shell names are read", "[cli_docs]") {
    CHECK(parse_shell("zsh") == Shell::zsh);
    CHECK_FALSE(parse_shell("csh").has_value());
}
