// SPDX-License-Identifier: Apache-2.0
//
// What the program answers, read from `check --json`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/program.hpp"

namespace tlbcheck::tests {

/// "unsafe" for one question; the verdicts joined by blanks, in the order of the file, for several. What the
/// file expects does not enter. When the program gives no document: "exit N: " and what it wrote to stderr.
std::string verdicts(const std::string& file, const std::vector<std::string>& options = {});

/// The .sched files below examples/, sorted, relative to the source folder.
std::vector<std::string> examples();

}  // namespace tlbcheck::tests
