// SPDX-License-Identifier: Apache-2.0
//
// The CI examples as far as they can be tried without the services: the action's script with a stand-in for
// tlbcheck, and the YAML files for what they must name.

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

fs::path ci() {
    return source_dir() / "examples" / "ci";
}

/// Runs the action's script where `tlbcheck` is a script that prints its arguments and exits with `status`.
ProgramResult run_action(const TemporaryFolder& folder, int status) {
    const fs::path fake = folder.write("bin/tlbcheck",
                                       "#!/bin/sh\nprintf '[%s]' \"$@\"; echo\n"
                                       "echo '::error file=a.sched,line=1::x'\nexit " +
                                           std::to_string(status) + "\n");
    fs::permissions(fake, fs::perms::owner_all);
    const std::string at = folder.path().string();
    return run_command({"env", "PATH=" + at + "/bin:/usr/bin:/bin", "RUNNER_TEMP=" + at,
                        "GITHUB_OUTPUT=" + at + "/output", "GITHUB_STEP_SUMMARY=" + at + "/summary",
                        "TLBCHECK_PATH=schedules more", "TLBCHECK_BASELINE=known.json",
                        "TLBCHECK_ARGUMENTS=--timeout 5", "bash",
                        (ci() / "github-action" / "gate.sh").string()});
}

}  // namespace

TEST_CASE("the action passes its inputs on and keeps the gate's exit code", "[ci_examples]") {
    for (const int status : {0, 1, 3}) {
        const TemporaryFolder folder;
        const ProgramResult result = run_action(folder, status);
        CHECK(result.status == status);
        CHECK(result.out.find("[gate][--junit][" + folder.path().string() + "/tlbcheck/junit.xml]") == 0);
        CHECK(result.out.find("[--github][--baseline][known.json][--timeout][5][schedules][more]\n") !=
              std::string::npos);
        CHECK(read_text(folder.path() / "output")
                  .find("sarif=" + folder.path().string() + "/tlbcheck/results.sarif\n") == 0);
        const std::string summary = read_text(folder.path() / "summary");
        CHECK(summary.find("### tlbcheck\n\n```\n[gate]") == 0);
        CHECK(summary.find("::error") == std::string::npos);
    }
}

TEST_CASE("the action's outputs are those of its script", "[ci_examples]") {
    const std::string action = read_text(ci() / "github-action" / "action.yml");
    for (const char* name :
         {"using: composite", "shell: bash", "$GITHUB_ACTION_PATH/gate.sh", "steps.gate.outputs.sarif",
          "steps.gate.outputs.junit", "TLBCHECK_PATH:", "TLBCHECK_BASELINE:", "TLBCHECK_ARGUMENTS:"}) {
        CHECK(action.find(name) != std::string::npos);
    }
    CHECK(read_text(ci() / "gitlab" / "tlbcheck.gitlab-ci.yml").find("junit: tlbcheck.junit.xml") !=
          std::string::npos);
}
