// SPDX-License-Identifier: Apache-2.0
//
// JUnit XML, as CI services read it: a testsuite a file, a testcase a question.
#pragma once

#include <string>
#include <vector>

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// A question whose expectation failed is a <failure>, an undecided one is <skipped>, a file that
/// could not be judged is one testcase with an <error>.
std::string junit_xml(const std::vector<FileReport>& files);

}  // namespace tlbcheck::checker
