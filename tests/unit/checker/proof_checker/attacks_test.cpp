// SPDX-License-Identifier: Apache-2.0
//
// Wrong proofs made by hand, each against clauses that can be met: what an attacker of a checker of DRAT
// proofs would try.
#include <sstream>

#include "checker/proof_checker/proof_checker.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::proof_checker;  // NOLINT(google-build-using-namespace)

namespace {

/// "" where proved, else why not.
std::string refusal(const std::string& cnf_text, const std::string& proof_text) {
    std::istringstream cnf_in(cnf_text), proof_in(proof_text);
    Cnf cnf;
    std::vector<Step> proof;
    std::string why;
    if (!read_cnf(cnf_in, cnf, why) || !read_proof(proof_in, proof, why)) return why;
    const Verdict verdict = check_proof(cnf, proof);
    return verdict.proved ? "" : verdict.why;
}

}  // namespace

TEST_CASE("RAT counts by the first literal only, against all clauses there are") {
    // 1 or 2, 1 or not 2: met by 1. "Not 1" is RAT on no literal.
    CHECK(refusal("p cnf 2 2\n1 2 0\n1 -2 0\n", "-1 0\n0\n") == "step 1: does not follow");
    // RAT on 3, which no clause denies; the same clause by its other literal is not.
    const std::string cnf = "p cnf 3 2\n1 2 0\n-3 1 0\n";
    CHECK(refusal(cnf, "3 -1 0\n0\n") == "step 2: does not follow");
    CHECK(refusal(cnf, "-1 3 0\n0\n") == "step 1: does not follow");
    // Each of the two is RAT alone; the second no longer is, once the first is there.
    const std::string free = "p cnf 2 1\n1 -1 2 0\n";
    CHECK(refusal(free, "2 0\n-2 0\n0\n") == "step 2: does not follow");
    // The resolvent has to follow, not only not to contradict.
    CHECK(refusal("p cnf 3 1\n1 2 3 0\n", "-1 2 0\n0\n") == "step 1: does not follow");
}

TEST_CASE("a literal that holds lends nothing to RAT") {
    // 1 holds; not 1 has no resolvent but with the unit itself.
    CHECK(refusal("p cnf 2 2\n1 0\n-1 2 0\n", "-1 0\n0\n") == "step 1: does not follow");
    CHECK(refusal("p cnf 2 2\n1 0\n-1 2 0\n", "-2 1 0\n-2 0\n0\n") == "step 2: does not follow");
}

TEST_CASE("deleting units, reasons and what they forced proves nothing more") {
    // The unit is deleted, and its negation added as if nobody had said it.
    CHECK(refusal("p cnf 2 2\n1 0\n-1 2 0\n", "d 1 0\n-1 0\n0\n") == "step 2: does not follow");
    // The reason of 2 is deleted, and then 2 denied.
    CHECK(refusal("p cnf 2 2\n1 0\n-1 2 0\n", "d -1 2 0\n-2 0\n0\n") == "step 2: does not follow");
    // A forced literal's clause goes in two copies; one is the reason and stays.
    CHECK(refusal("p cnf 2 3\n1 0\n-1 2 0\n2 -1 0\n", "d -1 2 0\nd 2 -1 0\n-2 0\n0\n") ==
          "step 3: does not follow");
    // RAT on a literal whose only adversary was deleted is right, and adding the adversary again is not.
    CHECK(refusal("p cnf 2 2\n1 2 0\n-1 2 0\n", "d -1 2 0\n1 0\n-1 2 0\n0\n") == "step 3: does not follow");
    CHECK(refusal("p cnf 2 2\n1 2 0\n-1 2 0\n", "d 2 1 0\nd 1 2 0\n0\n") ==
          "step 2: deletes a clause that is not there");
}

TEST_CASE("the empty clause comes from the clauses or not at all") {
    CHECK(refusal("p cnf 1 1\n1 0\n", "0\n") == "step 1: does not follow");
    CHECK(refusal("p cnf 1 1\n1 0\n", "d 0\n0\n") == "step 1: deletes a clause that is not there");
    CHECK(refusal("p cnf 0 0\n", "0\n") == "step 1: does not follow");
    CHECK(refusal("p cnf 0 0\n", "") == "does not come to the empty clause");
    CHECK(refusal("p cnf 1 1\n1 0\n", "0\n0\n") == "step 1: does not follow");
}

TEST_CASE("literals that stand twice and tautologies are clauses like any other") {
    CHECK(refusal("p cnf 2 2\n1 1 2 0\n-1 -1 2 0\n", "-2 0\n0\n") == "step 1: does not follow");
    CHECK(refusal("p cnf 2 2\n1 1 2 0\n-1 -1 2 0\n", "2 0\n0\n") == "step 2: does not follow");
    CHECK(refusal("p cnf 2 3\n1 1 2 0\n-1 -1 2 0\n-2 -2 -2 0\n", "0\n").empty());  // this one holds
    CHECK(refusal("p cnf 2 2\n1 -1 0\n2 -2 0\n", "1 0\n-1 0\n0\n") != "");
    CHECK(refusal("p cnf 2 2\n1 -1 0\n2 -2 0\n", "1 -1 0\n1 -1 2 0\n0\n") == "step 3: does not follow");
    CHECK(refusal("p cnf 1 1\n1 -1 0\n", "d -1 1 0\n0\n") == "step 2: does not follow");
}

TEST_CASE("numbers that overflow, that are written otherwise and that are too large") {
    const std::string cnf = "p cnf 2 2\n1 2 0\n-1 2 0\n";
    for (const char* literal :
         {"4294967297", "-4294967297", "18446744073709551615", "-9223372036854775808", "9223372036854775807",
          "2147483648", "-2147483648", "8388609", "+2", "-0", "02", "-02", "2.0", "2e0", "0x2", "", "--2"}) {
        CAPTURE(literal);
        CHECK(refusal(cnf, std::string(literal) + " 0\n0\n") == "line 1: not a step of a proof");
        CHECK(refusal("p cnf 2 1\n" + std::string(literal) + " 0\n", "0\n") ==
              "line 2: not a clause over the variables declared");
    }
    CHECK(refusal(cnf, "8388608 0\n0\n") == "step 1: has a variable that no clause has");
    CHECK(refusal(cnf, "-3 0\n0\n") == "step 1: has a variable that no clause has");
    CHECK(refusal(cnf, std::string("2 0\n\0\n0\n", 8)) == "line 2: not a step of a proof");
    CHECK(refusal(cnf, "2 0\r\n0\r\n") == "line 1: not a step of a proof");
    CHECK(refusal("p cnf 8388608 1\n1 0\n", "0\n") ==
          "more variables are declared than the clauses can have");
    CHECK(refusal("p cnf -1 0\n", "0\n") == "line 1: expected `p cnf VARIABLES CLAUSES`");
    CHECK(refusal("p cnf 2 2\np cnf 0 1\n0\n", "0\n") == "line 2: not a clause over the variables declared");
}
