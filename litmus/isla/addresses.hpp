// SPDX-License-Identifier: Apache-2.0
//
// The declarations of a set-up: names of virtual, intermediate and physical addresses, and what is asserted
// of them. Values are chosen so that all of it holds, the same ones every time.
#pragma once

#include <string>
#include <vector>

#include "litmus/isla/setup.hpp"

namespace tlbcheck::litmus::isla {

/// Reads the declarations, assertions and options of the set-up, skipping its tables.
void read_addresses(const Source& source, Span span, const std::vector<std::string>& symbolic,
                    SetupResult& result);

}  // namespace tlbcheck::litmus::isla
