// SPDX-License-Identifier: Apache-2.0
//
// Cycles and closures of concrete relations; cheap where there is no cycle, which is the usual case.
#pragma once

#include "model/relations/bit_matrix.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::tests::enumerator {

using namespace model;  // NOLINT(google-build-using-namespace): it is another reading of the model.

bool has_cycle(const BitMatrix& relation);
/// Transitive closure.
BitMatrix closed(BitMatrix relation);
/// True when the relation holds what the kind of check forbids: a pair on the diagonal, a cycle, any pair.
bool breaks(CheckKind kind, const BitMatrix& relation);

}  // namespace tlbcheck::tests::enumerator
