// SPDX-License-Identifier: Apache-2.0
//
// The command line as a value, for the program itself and for what is generated from it (completions, man
// pages).
#pragma once

#include <memory>

#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

/// All subcommands and options; parsing sets `run` to the chosen subcommand's work.
std::unique_ptr<CLI::App> make_program(Runner& run);

/// Parses, runs, returns the exit code (docs/reports.md: 2 for any bad usage or input).
int run_program(int argc, char** argv);

}  // namespace tlbcheck::checker::cli
