// SPDX-License-Identifier: Apache-2.0
#include "checker/cli/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <string_view>

#include "encoder/solver.hpp"

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

/// How many letters have to be changed, added or left out to come from one word to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// Says so when the first word is no command, with the one that was probably meant; true when it did.
bool names_no_command(CLI::App& program, std::string_view word) {
    if (word.empty() || word.starts_with('-')) return false;
    constexpr std::size_t alike = 2;
    std::size_t nearest = alike + 1;
    std::string meant;
    for (const CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) {
        const std::string& name = command->get_name();
        if (name == word) return false;
        const std::size_t away = distance(name, word);
        if (command->get_group().empty() || away >= nearest) continue;
        nearest = away;
        meant = name;
    }
    std::string hint = "tlbcheck --help lists the commands";
    if (!meant.empty()) hint = fmt::format("did you mean '{}'? {}", meant, hint);
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
