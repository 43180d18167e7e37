// SPDX-License-Identifier: Apache-2.0
//
// Depth-first search of the machine's states for a complete run that breaks the property.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

struct SearchResult {
    bool exhausted =
        true;  ///< every state was looked at; false: stopped at `limit` states, or at a violation
    std::optional<std::vector<MachineAction>>
        path;                  ///< choices of a violating run, from the initial state to its end
    std::uint64_t states = 0;  ///< distinct states met
};

/// Looks for a violating run, meeting at most `limit` states.
SearchResult search(const Machine& machine, std::uint64_t limit);

}  // namespace tlbcheck::model
