// SPDX-License-Identifier: Apache-2.0
//
// A test that cannot be made here must not pass for one that passed: CTest shows it as skipped.
#pragma once

#include <string>

namespace tlbcheck::tests {

/// Says why, and that the run as a whole is to be shown as skipped, unless it fails.
void skip(const std::string& why);

/// Exit code of a run in which something was skipped and nothing failed (SKIP_RETURN_CODE in CMakeLists.txt).
constexpr int skipped_exit_code = 77;
bool something_was_skipped();

}  // namespace tlbcheck::tests
