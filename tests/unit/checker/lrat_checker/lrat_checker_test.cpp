// SPDX-License-Identifier: Apache-2.0
//
// The checker of proofs with reasons: what it accepts, and what an attacker would try.
#include "checker/lrat_checker/lrat_checker.hpp"

#include <sstream>

#include "tests/support/catch.hpp"

using namespace tlbcheck;  // NOLINT(google-build-using-namespace)

namespace {

/// "" where proved, else why not.
std::string refusal(const std::string& cnf_text, const std::string& proof_text) {
    std::istringstream cnf_in(cnf_text), proof(proof_text);
    proof_checker::Cnf cnf;
    std::string why;
    REQUIRE(read_cnf(cnf_in, cnf, why));
    const proof_checker::Verdict verdict = lrat_checker::check_lrat(cnf, proof);
    return verdict.proved ? "" : verdict.why;
}

/// All four clauses over two variables.
const std::string square = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n";

}  // namespace

TEST_CASE("steps with their reasons are accepted") {
    CHECK(refusal(square, "5 1 0 1 2 0\n6 0 5 3 4 0\n").empty());
    CHECK(refusal(square, "7 1 0 1 2 0\n7 d 1 2 0\n9 0 7 3 4 0\n").empty());
    CHECK(refusal("p cnf 0 1\n0\n", "2 0 1 0\n").empty());
    CHECK(refusal("p cnf 1 2\n1 1 0\n-1 -1 0\n", "3 0 1 2 0\n").empty());
}

TEST_CASE("reasons that are none are refused") {
    CHECK(refusal(square, "5 1 0 1 3 0\n") == "step 1: has a reason that forces nothing");
    CHECK(refusal(square, "5 1 0 1 0\n") == "step 1: does not follow");
    CHECK(refusal(square, "5 1 0 0\n") == "step 1: does not follow");
    CHECK(refusal(square, "5 1 0\n") == "step 1: gives no reasons");
    CHECK(refusal(square, "5 1 0 1 2 3 0\n") == "step 1: has reasons after its contradiction");
    CHECK(refusal(square, "5 1 0 1 9 0\n") == "step 1: has a reason that is no clause");
    CHECK(refusal(square, "5 1 0 -1 2 0\n") == "step 1: has a reason that is no clause");  // RAT
    CHECK(refusal(square, "5 1 0 5 0\n") == "step 1: has a reason that is no clause");     // itself
    CHECK(refusal(square, "5 0 1 2 3 4 0\n") == "step 1: has a reason that forces nothing");
    CHECK(refusal(square, "5 1 -1 0 1 0\n") == "step 1: holds whatever its variables are");
    CHECK(refusal(square, "5 1 0 1 2 0\n5 d 5 0\n6 0 5 3 4 0\n") == "step 3: has a reason that is no clause");
    CHECK(refusal(square, "5 d 1 0\n5 d 1 0\n") == "step 2: deletes a clause that is not there");
}

TEST_CASE("a step cannot take the place of a clause, nor go on after the end") {
    CHECK(refusal(square, "4 1 0 1 2 0\n") == "step 1: has a number that is not larger than all before");
    CHECK(refusal(square, "5 1 0 1 2 0\n5 -1 0 3 4 0\n") ==
          "step 2: has a number that is not larger than all before");
    CHECK(refusal(square, "5 1 0 1 2 0\n6 0 5 3 4 0\n7 2 0 6 0\n") ==
          "step 3: goes on after the empty clause");
    CHECK(refusal(square, "5 1 0 1 2 0\n") == "does not come to the empty clause");
    CHECK(refusal(square, "") == "does not come to the empty clause");
    CHECK(refusal(square, "5 1 0 1 2 0\n6 0 5 3 4 0") == "step 2: is cut short");
}

TEST_CASE("lines that are not exactly of the format are refused") {
    for (const char* line :
         {"", "5", "5 1 0 1 2", "5 1 0 1 2 0 ", "5  1 0 1 2 0", "x 1 0 1 2 0", "5 1 d 0 1 0", "d 5 1 0",
          "5 d d 1 0", "5 99999999999999999999 0 1 0", "5 1 0 1 2 0\r"}) {
        CAPTURE(line);
        CHECK(refusal(square, std::string(line) + "\n") == "step 1: is not of the format");
    }
    CHECK(refusal(square, "5 3 0 1 2 0\n") == "step 1: has a variable that no clause has");
    CHECK(refusal(square, "5 -9223372036854775808 0 1 2 0\n") == "step 1: has a variable that no clause has");
    CHECK(refusal(square, "9223372036854775807 1 0 1 2 0\n9223372036854775807 0 5 3 4 0\n") ==
          "step 2: has a number that is not larger than all before");
}
