// SPDX-License-Identifier: Apache-2.0
//
// A second SAT solver, CaDiCaL, asked for what Z3 found to be unsatisfiable: it writes down a proof that a
// program of a few hundred lines can check. No CaDiCaL name leaves encoder/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "encoder/clauses.hpp"

namespace tlbcheck::encoder {

enum class SecondOpinion : std::uint8_t { unsatisfiable, satisfiable, undecided };

/// False in a build without CaDiCaL.
bool second_solver_available();
/// "CaDiCaL 1.5.3"; empty in a build without it.
std::string second_solver_version();

/// Solves the clauses and writes a DRAT proof (text form) to `proof`; the proof counts only where the answer
/// is unsatisfiable. Keeps to the running thread's budget: out of time or memory is model::LimitReached.
/// Throws std::runtime_error where the file cannot be written.
SecondOpinion prove_unsatisfiable(const Clauses& clauses, const std::filesystem::path& proof);

/// False where the solver keeps no reasons (CaDiCaL before 1.7: Debian 12).
bool second_solver_gives_reasons();
/// Solves the clauses in the file `cnf` (DIMACS), as above, and writes a proof with reasons (LRAT, text form)
/// to `proof`; its clauses are numbered from 1 in the file's order.
SecondOpinion prove_with_reasons(const std::filesystem::path& cnf, const std::filesystem::path& proof);

}  // namespace tlbcheck::encoder
