// SPDX-License-Identifier: Apache-2.0
//
// Small random schedules as text, for what edits texts. The same seed gives the same text everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace tlbcheck::tests {

/// One or two regions of two to four leaves that one or two threads change, flush and free, by kernel
/// helpers, by a helper of the file and by single steps, in loops and outside; some step may be missing,
/// weaker than it should be, aimed elsewhere or at a wrong place. One to three assertions.
std::string random_schedule_text(std::uint64_t seed);

}  // namespace tlbcheck::tests
