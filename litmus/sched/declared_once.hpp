// SPDX-License-Identifier: Apache-2.0
//
// What is declared twice.
#pragma once

#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::litmus::sched {

/// Throws InputError at the second declaration of a name among those that one use could mean, or of a def
/// with the name of a builtin.
void check_declared_once(const SyntaxTree& tree);

}  // namespace tlbcheck::litmus::sched
