// SPDX-License-Identifier: Apache-2.0
//
// Which symbols of a test share a contiguous set or a level 2 descriptor: header fields Contiguous and
// SameTable, and what the initial state writes of the Contiguous hint (docs/litmus.md).
#pragma once

#include <string>
#include <vector>

#include "litmus/herd/sections.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

/// Lays the test's symbols out where one of its variants asks for it, and calls each level 2 descriptor by
/// the first symbol of its block. `contiguous`: symbols of descriptors in which the initial state writes the
/// hint. Fails at the place of a bad header field.
void lay_out(const Source& source, const Sections& sections, const std::vector<std::string>& contiguous,
             model::LitmusProgram& program);

}  // namespace tlbcheck::litmus::herd
