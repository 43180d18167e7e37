// SPDX-License-Identifier: Apache-2.0
//
// Signals that end the program. The handler does only what a handler may (signal-safety(7)).

#include "checker/cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "checker/atomic_file.hpp"
#include "checker/text/progress.hpp"

namespace tlbcheck::checker::cli {

namespace {

constexpr int signalled = 128;  ///< how shells count signals among exit codes

extern "C" void end_program(int signal) {
    remove_unfinished_file();
    erase_progress_line();
    ::_exit(signalled + signal);
}

}  // namespace

void end_when_interrupted() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action {};
        const bool ignored = ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
        if (ignored && signal == SIGHUP) continue;
        action = {};
        action.sa_handler = end_program;
        ::sigfillset(&action.sa_mask);
        ::sigaction(signal, &action, nullptr);
    }
}

}  // namespace tlbcheck::checker::cli
