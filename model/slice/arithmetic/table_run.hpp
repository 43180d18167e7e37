// SPDX-License-Identifier: Apache-2.0
//
// Rows of table pages made by a schedule, each the continuation of the one before (docs/slicing.md, theorem
// 2).
#pragma once

#include <cstdint>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// True iff tables[from, to), all generations of one place, hold what those of the place `bytes` below hold,
/// with all addresses `bytes` higher. `tables` is ascending by page.
bool continues(const std::vector<NewTable>& tables, std::size_t from, std::size_t to, std::uint64_t bytes);

}  // namespace tlbcheck::model
