// SPDX-License-Identifier: Apache-2.0
//
// `explain --dot`: the execution graph as herd7 users know it, for Graphviz.
#pragma once

#include <string>
#include <vector>

#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

/// One digraph: a cluster a thread, events `a: W[x]=1`, edges coloured and labelled by relation.
std::string dot(const ExecutionGraph& graph);
/// All graphs of an explanation, one digraph after another (as herd7 writes several executions).
std::string explain_dot(const Explanation& explanation);

}  // namespace tlbcheck::checker
