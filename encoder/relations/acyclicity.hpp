// SPDX-License-Identifier: Apache-2.0
//
// "This relation has no cycle" as a formula, without making its transitive closure: only the strongly
// connected components of the upper bound can hold a cycle, and in each the events are eliminated one by one
// (as variables are in Gaussian elimination), the cheapest first.
#pragma once

#include "encoder/relations/symbolic_algebra.hpp"

namespace tlbcheck::encoder {

/// Formula that holds iff the edges of `r` between executed events form no cycle.
Formula acyclic(SymbolicAlgebra& algebra, const SymbolicRelation& r);

}  // namespace tlbcheck::encoder
