// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0, as code scanning services read it: rules are the properties of docs/formal-model.md section 6
// and disagreement of a litmus test; results stand at the statement at fault.
#pragma once

#include <string>
#include <vector>

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// Results: failed expectations and inputs that could not be judged (level error), undecided questions and
/// warnings (level warning). Relative paths stay relative to the source root.
std::string sarif(const std::vector<FileReport>& files);

}  // namespace tlbcheck::checker
