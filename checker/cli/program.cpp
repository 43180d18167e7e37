// SPDX-License-Identifier: Apache-2.0
//
// The program: its commands, and what it says when none was meant.

#include "checker/cli/program.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "checker/cli/command_line.hpp"
#include "encoder/solver.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::checker::cli {

namespace {

std::string version_text() {
    const ModelIdentity identity = model_identity();
    std::string extensions;
    for (const std::string& e : identity.extensions) extensions += (extensions.empty() ? "" : ", ") + e;
    return fmt::format("{} {}\nmodel: herdtools7 {} (aarch64.cat), extensions: {}\nsolver: Z3 {}",
                       identity.tool, identity.version, identity.herdtools7_commit, extensions,
                       encoder::solver_version());
}

/// Says so when the first word is no command, with the one that was probably meant; true when it did.
bool names_no_command(const Program& program, std::string_view word) {
    if (word.empty() || word.starts_with('-')) return false;
    std::vector<std::string> names;
    for (const Command& command : program.commands) {
        if (command.name == word) return false;
        if (!command.hidden) names.push_back(command.name);
    }
    std::string hint = "tlbcheck --help lists the commands";
    if (const std::string meant = litmus::did_you_mean(word, names); !meant.empty())
        hint = fmt::format("{} {}", meant, hint);
    if (word.ends_with(".sched") || word.ends_with(".litmus") || word.ends_with(".log"))
        hint = fmt::format("to judge a file: tlbcheck check {}", litmus::printable(word, 200));
    fmt::print(stderr, "tlbcheck: error: '{}' is no command ({})\n", litmus::printable(word, 200), hint);
    return true;
}

/// What could not be printed, to a full disk for example, must not pass for success.
int with_output_checked(int status) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    fmt::print(stderr, "tlbcheck: error: cannot write to standard output\n");
    return bad_input;
}

}  // namespace

Program make_program() {
    return {
        "tlbcheck",
        "Checks TLB invalidation orderings on Arm: a stale-entry witness, or a proof that there is none.",
        "Exit codes: 0 as expected, 1 an expectation failed, 2 bad usage or input, 3 undecided, 4 internal "
        "error.\n"
        "Example: tlbcheck check examples/unmap_hotplug/per_leaf.sched",
        version_text(),
        {check_command(), explain_command(), compare_command(), minimize_command(), repair_command(),
         states_command(), gate_command(), recheck_command(), extract_command(), kernel_info_command(),
         completions_command(), write_docs_command()}};
}

int run_program(int argc, char** argv) {
    const Program program = make_program();
    if (argc > 1 && names_no_command(program, argv[1])) return bad_input;
    const auto parsed = parse_command_line(program, argc, argv);
    if (const int* done = std::get_if<int>(&parsed)) return *done == 0 ? with_output_checked(0) : *done;
    return with_output_checked(std::get<std::function<int()>>(parsed)());
}

}  // namespace tlbcheck::checker::cli
