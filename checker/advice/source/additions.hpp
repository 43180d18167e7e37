// SPDX-License-Identifier: Apache-2.0
//
// The small changes that make a schedule stronger: a barrier or a flush put in, a barrier strengthened, a
// TLBI widened. Each alone can only take executions away, so that a set of them that fails fails with fewer
// too.
#pragma once

#include <string>
#include <vector>

#include "checker/advice/source/moves.hpp"
#include "checker/advice/source/steps.hpp"

namespace tlbcheck::checker {

struct Addition {
    std::string what;
    std::vector<PartEdit> edits;
    int changes = 1;  ///< how many edits it counts as; a whole flush counts as two
    int weight = 1;   ///< among additions of as many edits: the cheaper first
    /// Additions of one group exclude each other: they replace the same text.
    std::size_t group = 0;
};

std::vector<Addition> additions_of(const Draft& draft, const std::vector<SourceStep>& steps);

/// Break-before-make before a store, and the unfolding of a contiguous set before it: changes of the order of
/// stores, one a result.
std::vector<Move> breaks_before_stores(const Draft& draft);

}  // namespace tlbcheck::checker
