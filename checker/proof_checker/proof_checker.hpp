// SPDX-License-Identifier: Apache-2.0
//
// Checks a proof of unsatisfiability, knowing nothing of who found it (DRAT: Wetzler, Heule, Hunt, SAT 2014).
// Going forward through the proof, each added clause must follow from the clauses there so far by unit
// propagation (RUP), or be one whose addition keeps satisfiability by its first literal (RAT); the last one
// must be the empty clause.
//
// To believe an answer, this folder is what has to be right: nothing here is shared with a solver.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/proof_checker/dimacs.hpp"

namespace tlbcheck::proof_checker {

struct Verdict {
    bool proved = false;
    std::string why;        ///< of a proof that is refused
    std::size_t steps = 0;  ///< of the proof, added clauses
};

/// True iff `proof` shows that the clauses cannot hold together. A proof that goes on after its empty clause,
/// or does not come to one, is refused, and so are the deletion of a clause that is not there and variables
/// beyond those that the clauses declare. Where a deleted clause is the only reason of a literal that holds,
/// it is kept (as in drat-trim): more clauses never prove less.
Verdict check_proof(const Cnf& cnf, const std::vector<Step>& proof);

}  // namespace tlbcheck::proof_checker
