// SPDX-License-Identifier: Apache-2.0
#include "checker/cli/program.hpp"

#include <fmt/format.h>

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
    try {
        program->parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return program->exit(e) == 0 ? 0 : bad_input;
    }
    return run();
}

}  // namespace tlbcheck::checker::cli
