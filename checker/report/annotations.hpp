// SPDX-License-Identifier: Apache-2.0
//
// GitHub workflow commands: `::error file=...,line=...,col=...,title=...::message`, which a pull request
// shows at the line they name.
#pragma once

#include <string>
#include <vector>

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// A line for each failed, undecided or unreadable thing and for each warning; empty when all is well.
std::string github_annotations(const std::vector<FileReport>& files);

}  // namespace tlbcheck::checker
