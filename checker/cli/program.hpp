// SPDX-License-Identifier: Apache-2.0
//
// The command line as a value, for the program itself and for what is generated from it (completions, man
// pages).
#pragma once

#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

/// All subcommands with their options.
Program make_program();

/// Parses, runs, returns the exit code (docs/reports.md: 2 for any bad usage or input).
int run_program(int argc, char** argv);

}  // namespace tlbcheck::checker::cli
