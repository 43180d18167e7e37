// SPDX-License-Identifier: Apache-2.0
//
// The tlbcheck program: reads the command line and runs one subcommand. Exit codes are those of
// architecture.md.
#include <fmt/format.h>

#include <exception>

#include "checker/cli/heap.hpp"
#include "checker/cli/program.hpp"

int main(int argc, char** argv) {
    try {
        tlbcheck::checker::cli::prepare_heap();
        return tlbcheck::checker::cli::run_program(argc, argv);
    } catch (const std::exception& e) {
        fmt::print(stderr, "tlbcheck: internal error: {}\n", e.what());
        return 4;
    }
}
