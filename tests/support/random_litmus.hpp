// SPDX-License-Identifier: Apache-2.0
//
// Small random litmus tests of virtual memory, as text in herd7's format: for comparing two ways of answering
// them. The same seed gives the same text everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace tlbcheck::tests {

struct RandomLitmusOptions {
    int items = 4;         ///< at most so many accesses, barriers or sequences in each thread
    bool three = true;     ///< sometimes a third thread
    bool hardware = true;  ///< sometimes hardware updates of the access flag and dirty state (TTHM)
    bool handlers = true;  ///< sometimes fault handlers
    bool walks = false;    ///< variants mlpt, contig or both: level 2 descriptors, the Contiguous hint
};

/// Two or three threads that load, store, update atomically, read and write descriptors, invalidate and
/// order; an initial state with some descriptor out of the ordinary; a condition on registers, memory and
/// faults.
std::string random_litmus(std::uint64_t seed, const RandomLitmusOptions& options = {});

}  // namespace tlbcheck::tests
