// SPDX-License-Identifier: Apache-2.0
//
// A memory model as data: constraints, flags, and the relations an execution chooses by ordering pairs of
// events one way or the other (cat `with r from enumeration`).
#pragma once

#include <string>
#include <vector>

#include "model/relations/expr.hpp"

namespace tlbcheck::model {

enum class CheckKind : std::uint8_t { irreflexive, acyclic, empty };

/// One constraint of the model. `name` is the cat name ("external", "coWW-Exp", "atomic").
struct Check {
    CheckKind kind = CheckKind::irreflexive;
    std::string name;
    Rel relation;
    /// True: the constraint holds for every walk on its own, i.e. of `relation` restricted to (Walk_i | TLBI)
    /// for each walk i of the graph (docs/formal-model.md section 3, "One time line").
    bool per_walk = false;
    bool negated = false;  ///< cat `~empty` as a constraint
};

/// A flag is raised when `relation` is not empty (cat `flag ~empty`), or is empty when `negated`.
struct Flag {
    std::string name;
    Rel relation;
    bool negated = false;
    CheckKind kind = CheckKind::empty;
};

/// A chosen relation: orders each pair of `pairs` one way or the other, except those that `forced` already
/// orders, which keep that order (cat enumerate-ordered-pairs). Primitive relation `name` of the evaluators.
struct PairChoice {
    std::string name;  ///< "TLBI-after"
    Rel pairs;
    Rel forced;
};

struct MemoryModel {
    std::string name;
    std::vector<PairChoice> choices;
    std::vector<Check> checks;
    std::vector<Flag> flags;
};

}  // namespace tlbcheck::model
