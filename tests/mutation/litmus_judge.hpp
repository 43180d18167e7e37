// SPDX-License-Identifier: Apache-2.0
//
// The engine that the mutation check asks for the outcome of a litmus test.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/mutation/litmus_check.hpp"

namespace tlbcheck::tests {

/// Asks the solver for all outcomes of a test under a model, the test read under `variants`.
Judge litmus_judge(const std::set<std::string>& variants);

/// The sets of variants that litmus tests are run under.
std::vector<std::set<std::string>> litmus_variants();

}  // namespace tlbcheck::tests
