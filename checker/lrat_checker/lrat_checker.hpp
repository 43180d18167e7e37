// SPDX-License-Identifier: Apache-2.0
//
// Checks a proof of unsatisfiability that says why each step follows (LRAT: Cruz-Filipe, Heule, Hunt,
// Kaufmann, Schneider-Kamp, CADE 2017): nothing is searched, each named clause either forces its last literal
// or is contradicted. Solvers have it where they keep track; checker/proof_checker/ needs no reasons. Only
// the reading of DIMACS is shared with that one, and nothing with a solver.
#pragma once

#include <istream>

#include "checker/proof_checker/proof_checker.hpp"

namespace tlbcheck::lrat_checker {

/// True iff the steps in `proof` show that the clauses cannot hold together. Clauses are numbered from 1 in
/// the order of the file, steps have larger numbers in rising order. Refused are: anything not exactly of the
/// format, a reason that is no clause (any more), forces nothing or comes after the contradiction, steps by
/// RAT (no solver we ask makes any), a proof that goes on after its empty clause or does not come to one.
proof_checker::Verdict check_lrat(const proof_checker::Cnf& cnf, std::istream& proof);

}  // namespace tlbcheck::lrat_checker
