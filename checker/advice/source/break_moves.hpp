// SPDX-License-Identifier: Apache-2.0
//
// Stores of new values after break-before-make.
#pragma once

#include <vector>

#include "checker/advice/source/moves.hpp"

namespace tlbcheck::checker {

/// Break-before-make before a store, and the unfolding of a contiguous set before it: changes of the order of
/// stores, one a result.
std::vector<Move> breaks_before_stores(const Draft& draft);
/// For `no_lost_update`: what hardware has set in a region is read and kept before a table is taken away or
/// memory freed.
std::vector<Move> flags_read_first(const Draft& draft);

}  // namespace tlbcheck::checker
