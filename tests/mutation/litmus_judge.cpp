// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/litmus_judge.hpp"

namespace tlbcheck::tests {

Judge litmus_judge(const std::set<std::string>& /*variants*/) {
    return [](const LitmusTest&, const model::MemoryModel&) { return Outcome(); };
}

std::vector<std::set<std::string>> litmus_variants() {
    return {{"vmsa"}, {"vmsa", "ETS2"}};
}

}  // namespace tlbcheck::tests
