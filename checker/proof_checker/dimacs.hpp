// SPDX-License-Identifier: Apache-2.0
//
// Reads the two text files of a certificate: clauses (DIMACS CNF) and a proof (DRAT, text form).
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace tlbcheck::proof_checker {

/// A variable, from 1, or its negation below 0.
using Literal = std::int32_t;
using Clause = std::vector<Literal>;

inline constexpr Literal most_variables = 1 << 23;  ///< more are refused

struct Cnf {
    Literal variables = 0;
    std::vector<Clause> clauses;
};

/// One line of a proof: a clause that is added, or one that is deleted.
struct Step {
    bool deletion = false;
    Clause clause;
};

/// False, with what is wrong in `why`: anything that is not exactly the format, a literal out of range, a
/// number of clauses that is not the header's, more variables than literals (they would only cost memory).
/// `c` lines are comments and allowed before and after the header.
bool read_cnf(std::istream& in, Cnf& cnf, std::string& why);
/// False as above. Each step stands on a line of its own and ends with 0; the last line ends too.
bool read_proof(std::istream& in, std::vector<Step>& proof, std::string& why);

}  // namespace tlbcheck::proof_checker
