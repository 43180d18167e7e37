// SPDX-License-Identifier: Apache-2.0
#include "encoder/solver.hpp"

#include <string>
#include <utility>

#include "tests/support/catch.hpp"

using tlbcheck::encoder::Outcome;
using tlbcheck::encoder::Solver;
using tlbcheck::model::logic::Formula;
using tlbcheck::model::logic::FormulaPool;

namespace {

/// `first` and `second` with so many variables of its own that the pool leaves it a node.
Formula wide_conjunction(FormulaPool& pool, Formula first, Formula second) {
    std::vector<Formula> parts{first, second};
    for (int i = 0; i < 40; ++i) parts.push_back(pool.variable("own " + std::to_string(i)));
    return pool.conjunction(parts);
}

}  // namespace

TEST_CASE("a conjunction that is shared by its parts is required in time linear in its nodes") {
    FormulaPool pool;
    const Formula bottom = pool.variable("bottom");
    std::pair<Formula, Formula> level{bottom, pool.variable("other")};
    for (int depth = 0; depth < 60; ++depth) {  // 2^60 ways from the top to the bottom
        level = {wide_conjunction(pool, level.first, level.second),
                 wide_conjunction(pool, level.first, level.second)};
    }
    Solver solver(pool);
    solver.require(level.first);
    CHECK(solver.check() == Outcome::satisfiable);
    CHECK(solver.check(!bottom) == Outcome::unsatisfiable);
}
