// SPDX-License-Identifier: Apache-2.0
//
// Small random litmus tests whose values feed back: what a thread reads goes into what it writes, where
// another thread, or the same one, reads it again. The same seed gives the same text everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace tlbcheck::tests {

struct RandomFeedbackOptions {
    int fewest = 2;     ///< accesses of each thread
    int most = 4;       ///< with three threads at most 3
    bool three = true;  ///< sometimes a third thread
};

/// Two or three threads of loads, stores, sums, products and atomic updates on two or three plain locations;
/// all of memory and some registers are shown.
std::string random_feedback(std::uint64_t seed, const RandomFeedbackOptions& options = {});

}  // namespace tlbcheck::tests
