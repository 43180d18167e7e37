// SPDX-License-Identifier: Apache-2.0
//
// The tlbcheck program: reads the command line and runs one subcommand. Exit codes are those of
// docs/reports.md.
#include <cstdio>
#include <exception>

#include "checker/cli/heap.hpp"
#include "checker/cli/interrupt.hpp"
#include "checker/cli/program.hpp"

int main(int argc, char** argv) {
    try {
        tlbcheck::checker::cli::end_when_interrupted();
        tlbcheck::checker::cli::prepare_heap();
        return tlbcheck::checker::cli::run_program(argc, argv);
    } catch (const std::exception& e) {
        // An error that could not be printed arrives here too; the run failed by what it was to say.
        if (std::ferror(stderr) != 0) return tlbcheck::checker::cli::bad_input;
        std::fprintf(stderr, "tlbcheck: internal error: %s\n", e.what());
        return 4;
    }
}
