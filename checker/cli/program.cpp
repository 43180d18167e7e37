// SPDX-License-Identifier: Apache-2.0
//
// The program's commands, a hint for a word that is none, and exit codes.
#include "checker/cli/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string_view>

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
bool names_no_command(CLI::App& program, std::string_view word) {
    if (word.empty() || word.starts_with('-')) return false;
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) {
        if (command->get_name() == word) return false;
        if (!command->get_group().empty()) names.push_back(command->get_name());
    }
    const auto meant = litmus::nearest(word, names);
    std::string hint = "tlbcheck --help lists the commands";
    if (meant) hint = fmt::format("did you mean '{}'? {}", *meant, hint);
    if (word.ends_with(".sched") || word.ends_with(".litmus"))
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

std::unique_ptr<CLI::App> make_program(Runner& run) {
    auto program = std::make_unique<CLI::App>(
        "Checks TLB invalidation orderings on Arm: a stale-entry witness, or a proof that there is none.",
        "tlbcheck");
    program->require_subcommand(1);
    program->set_version_flag("--version", version_text());
    add_check(*program, run);
    add_explain(*program, run);
    add_compare(*program, run);
    add_states(*program, run);
    add_gate(*program, run);
    add_recheck(*program, run);
    add_completions(*program, run);
    program->footer(
        "Exit codes: 0 as expected, 1 an expectation failed, 2 bad usage or input, 3 undecided, 4 internal "
        "error.\n"
        "Example: tlbcheck check examples/unmap_hotplug/per_leaf.sched");
    return program;
}

int run_program(int argc, char** argv) {
    Runner run;
    const auto program = make_program(run);
    if (argc > 1 && names_no_command(*program, argv[1])) return bad_input;
    try {
        program->parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const bool fine = program->exit(e) == 0;
        std::cout.flush();
        return fine ? with_output_checked(0) : bad_input;
    }
    return with_output_checked(run());
}

}  // namespace tlbcheck::checker::cli
