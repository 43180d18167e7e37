// SPDX-License-Identifier: Apache-2.0
//
// What ends the program from outside: Ctrl-C, a terminal that closes, a CI job that is cancelled.
#pragma once

namespace tlbcheck::checker::cli {

/// From here on SIGINT, SIGTERM and SIGHUP end the process at once with the exit code that shells show for
/// them (130, 143, 129): no report is written, a file half written is taken away. SIGHUP stays ignored where
/// it was (nohup); SIGINT does not: a script's background jobs are started so, and Ctrl-C is meant for them.
void end_when_interrupted();

}  // namespace tlbcheck::checker::cli
