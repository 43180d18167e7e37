// SPDX-License-Identifier: Apache-2.0
//
// The checker of proofs: what it accepts follows, and nothing that can be met is ever refuted to its
// satisfaction.
#include "checker/proof_checker/proof_checker.hpp"

#include <sstream>

#include "tests/support/catch.hpp"

using namespace tlbcheck::proof_checker;  // NOLINT(google-build-using-namespace)

namespace {

Cnf cnf_of(const std::string& text) {
    std::istringstream in(text);
    Cnf cnf;
    std::string why;
    REQUIRE(read_cnf(in, cnf, why));
    return cnf;
}

std::vector<Step> proof_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<Step> proof;
    std::string why;
    REQUIRE(read_proof(in, proof, why));
    return proof;
}

bool proved(const std::string& cnf, const std::string& proof) {
    return check_proof(cnf_of(cnf), proof_of(proof)).proved;
}

std::string cnf_error(const std::string& text) {
    std::istringstream in(text);
    Cnf cnf;
    std::string why;
    return read_cnf(in, cnf, why) ? "" : why;
}

bool proof_reads(const std::string& text) {
    std::istringstream in(text);
    std::vector<Step> proof;
    std::string why;
    return read_proof(in, proof, why);
}

/// All four clauses over two variables.
const std::string square = "p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n";
/// The same without one: 1 and 2 both false meet it.
const std::string open_square = "p cnf 2 3\n1 -2 0\n-1 2 0\n-1 -2 0\n";

}  // namespace

TEST_CASE("a proof by unit propagation is accepted") {
    CHECK(proved(square, "1 0\n0\n"));
    CHECK(proved("p cnf 1 2\n1 0\n-1 0\n", "0\n"));
    CHECK(proved("p cnf 0 1\n0\n", "0\n"));
    CHECK(proved("c with a comment\np cnf 3 4\n1 0\n-1 2 0\n-2 3 0\n-3 0\n", "0\n"));
}

TEST_CASE("what does not follow is refused, with its step") {
    const Verdict verdict = check_proof(cnf_of(open_square), proof_of("-1 0\n1 0\n0\n"));
    CHECK_FALSE(verdict.proved);
    CHECK(verdict.why == "step 2: does not follow");
    CHECK_FALSE(proved(square, "0\n"));  // true, but by no propagation
    CHECK_FALSE(proved("p cnf 1 1\n1 0\n", "0\n"));
}

TEST_CASE("a proof has to end with its empty clause") {
    CHECK_FALSE(proved(square, ""));
    CHECK_FALSE(proved(square, "1 0\n"));
    CHECK_FALSE(proved(square, "1 0\n0\n2 0\n"));
    CHECK(check_proof(cnf_of(square), proof_of("1 0\n")).why == "does not come to the empty clause");
}

TEST_CASE("deleted clauses are gone") {
    CHECK_FALSE(proved(square, "d 1 2 0\n1 0\n0\n"));
    CHECK(proved(square, "1 0\nd 1 2 0\n0\n"));
    CHECK(check_proof(cnf_of(square), proof_of("d 1 0\n1 0\n0\n")).why ==
          "step 1: deletes a clause that is not there");
}

TEST_CASE("a clause is the same whatever the order of its literals, and as often as it is there") {
    CHECK(proved("p cnf 2 5\n1 2 0\n2 1 0\n1 -2 0\n-1 2 0\n-1 -2 0\n", "d 1 2 0\n1 0\n0\n"));
    CHECK_FALSE(proved("p cnf 2 5\n1 2 0\n2 1 0\n1 -2 0\n-1 2 0\n-1 -2 0\n", "d 1 2 0\nd 2 1 0\n1 0\n0\n"));
    CHECK(proved("p cnf 1 2\n1 1 0\n-1 -1 0\n", "0\n"));
}

TEST_CASE("the reason of a literal that holds is kept though it is deleted") {
    CHECK(proved("p cnf 2 3\n1 0\n-1 2 0\n-2 0\n", "d 1 0\n0\n"));
}

TEST_CASE("a clause whose resolvents all follow may be added by its first literal") {
    // Variable 3 is in no clause: 3 or not 1 changes nothing that can be met, but is implied by nothing.
    const Cnf cnf = cnf_of("p cnf 3 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n");
    CHECK(check_proof(cnf, proof_of("3 -1 0\n1 0\n0\n")).proved);
    // By its first literal only: resolved on -1, it meets clauses whose resolvents do not follow.
    const Cnf open = cnf_of("p cnf 3 2\n1 2 0\n-3 1 0\n");
    CHECK(check_proof(open, proof_of("3 -1 0\n0\n")).why == "step 2: does not follow");
    CHECK(check_proof(open, proof_of("-1 3 0\n0\n")).why == "step 1: does not follow");
}

TEST_CASE("a variable that no clause declares is refused") {
    CHECK_FALSE(proved(square, "3 0\n1 0\n0\n"));
}

TEST_CASE("files that are not exactly of the format are refused") {
    CHECK(cnf_error("") == "no header");
    CHECK(cnf_error("p cnf 2 2\n1 2 0\n") == "1 clauses, but the header says 2");
    CHECK(cnf_error("p cnf 2 1\n1 3 0\n") == "line 2: not a clause over the variables declared");
    CHECK(cnf_error("p cnf 2 1\n1 2\n") == "line 2: not a clause over the variables declared");
    CHECK(cnf_error("p cnf 2 1\n1 2 0") == "line 2: not a clause over the variables declared");
    CHECK(cnf_error("p cnf 2 1\n1 0 2 0\n") == "line 2: not a clause over the variables declared");
    CHECK(cnf_error("p cnf 99999999999 1\n1 0\n") == "line 1: expected `p cnf VARIABLES CLAUSES`");
    CHECK(cnf_error("q cnf 2 1\n1 0\n") == "line 1: expected `p cnf VARIABLES CLAUSES`");
    CHECK(proof_reads("1 0\nd 1 0\n0\n"));
    CHECK_FALSE(proof_reads("1 0\n0"));
    CHECK_FALSE(proof_reads("1\n"));
    CHECK_FALSE(proof_reads("x 1 0\n"));
    CHECK_FALSE(proof_reads("\n"));
    CHECK_FALSE(proof_reads("1  0\n"));
    CHECK_FALSE(proof_reads("99999999 0\n"));
}
