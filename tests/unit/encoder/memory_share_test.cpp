// SPDX-License-Identifier: Apache-2.0
//
// Out of memory is told with the limit; without one nothing is limited.
#include "encoder/memory_share.hpp"

#include "encoder/solver.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck;
using encoder::MemoryShare;

namespace {

/// A pigeon hole problem: needs work, and memory for what the solver learns.
void require_pigeons(encoder::Solver& solver, model::FormulaPool& pool, int holes) {
    std::vector<std::vector<model::Formula>> in(static_cast<std::size_t>(holes) + 1);
    for (auto& pigeon : in) {
        for (int h = 0; h < holes; ++h) pigeon.push_back(pool.variable("in"));
        solver.require(pool.disjunction(pigeon));
    }
    for (std::size_t h = 0; h < static_cast<std::size_t>(holes); ++h) {
        for (std::size_t a = 0; a < in.size(); ++a) {
            for (std::size_t b = a + 1; b < in.size(); ++b) solver.exclude(in[a][h], in[b][h]);
        }
    }
}

}  // namespace

TEST_CASE("out of memory tells the limit of the input") {
    model::Limits limits;
    limits.mebibytes = 5;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    const MemoryShare share;
    try {
        share.out_of_memory();
    } catch (const model::LimitReached& reached) {
        CHECK(reached.resource() == model::Resource::memory);
        CHECK(std::string(reached.text()).find("5 MiB") != std::string::npos);
    }
}

TEST_CASE("a solver stays below the limit of its input, and the next one is not bound by it") {
    model::Limits limits;
    limits.mebibytes = 1;
    {
        model::Budget budget(limits);
        const model::BudgetScope scope(budget);
        model::FormulaPool pool;
        encoder::Solver solver(pool);
        const auto solve = [&] {
            require_pigeons(solver, pool, 60);
            return solver.check();
        };
        CHECK_THROWS_AS(solve(), model::LimitReached);
    }
    model::FormulaPool pool;
    encoder::Solver solver(pool);
    require_pigeons(solver, pool, 5);
    CHECK(solver.check() == encoder::Outcome::unsatisfiable);
}
