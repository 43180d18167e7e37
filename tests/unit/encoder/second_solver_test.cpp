// SPDX-License-Identifier: Apache-2.0
//
// The second solver's answers, and the proof that it writes.
#include "encoder/second_solver.hpp"

#include <stdexcept>

#include "model/limits/budget.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::encoder;
using tlbcheck::model::Formula;
using tlbcheck::model::logic::FormulaPool;

TEST_CASE("a contradiction has a proof that ends with the empty clause, the rest has none") {
    if (!second_solver_available()) {
        tlbcheck::tests::skip("a build without CaDiCaL");
        return;
    }
    CHECK(second_solver_version().rfind("CaDiCaL ", 0) == 0);
    const tlbcheck::tests::TemporaryFolder folder;
    const auto proof = folder.path() / "proof";
    FormulaPool pool;
    const Formula a = pool.variable("a"), b = pool.variable("b");
    Clauses clauses(pool);
    clauses.require(pool.either(a, b));
    clauses.require(pool.either(a, !b));
    clauses.require(pool.either(!a, b));
    CHECK(prove_unsatisfiable(clauses, proof) == SecondOpinion::satisfiable);
    clauses.require(pool.either(!a, !b));
    CHECK(prove_unsatisfiable(clauses, proof) == SecondOpinion::unsatisfiable);
    const std::string text = tlbcheck::tests::read_text(proof);
    REQUIRE(text.size() >= 2);
    CHECK((text == "0\n" || text.substr(text.size() - 3) == "\n0\n"));
    CHECK_THROWS_AS(prove_unsatisfiable(clauses, folder.path() / "none" / "proof"), std::runtime_error);
}

TEST_CASE("the second solver keeps to the budget") {
    if (!second_solver_available()) {
        tlbcheck::tests::skip("a build without CaDiCaL");
        return;
    }
    const tlbcheck::tests::TemporaryFolder folder;
    tlbcheck::model::Limits limits;
    limits.milliseconds = 0;
    tlbcheck::model::Budget budget(limits);
    FormulaPool pool;
    Clauses clauses(pool);
    clauses.require(pool.variable("a"));
    const tlbcheck::model::BudgetScope scope(budget);
    CHECK_THROWS_AS(prove_unsatisfiable(clauses, folder.path() / "proof"), tlbcheck::model::LimitReached);
}
