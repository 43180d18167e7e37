// SPDX-License-Identifier: Apache-2.0
//
// Corrupted certificates. Real proofs of random contradictions are held against clauses that can be met (one
// clause of the contradiction left out, or a literal changed): no proof may pass there, corrupted or not. How
// many: TLBCHECK_CORRUPTED_PROOFS.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <sstream>

#include "checker/proof_checker/proof_checker.hpp"
#include "encoder/second_solver.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::proof_checker;  // NOLINT(google-build-using-namespace)
namespace encoder = tlbcheck::encoder;
namespace logic = tlbcheck::model::logic;

namespace {

std::size_t wanted() {
    const char* text = std::getenv("TLBCHECK_CORRUPTED_PROOFS");  // NOLINT(concurrency-mt-unsafe): one thread
    if (text != nullptr) return std::strtoull(text, nullptr, 10);
    return tlbcheck::tests::long_pass() ? 100'000 : 4000;
}

/// Random clauses of three literals each, near the ratio at which half of such sets can be met.
Cnf random_cnf(std::mt19937_64& random, Literal variables) {
    Cnf cnf{variables, {}};
    const auto count = static_cast<std::size_t>(variables) * 9 / 2;
    while (cnf.clauses.size() < count) {
        Clause clause;
        for (int k = 0; k < 3; ++k) {
            const auto v = static_cast<Literal>(1 + random() % static_cast<std::uint64_t>(variables));
            clause.push_back(random() % 2 == 0 ? v : -v);
        }
        cnf.clauses.push_back(clause);
    }
    return cnf;
}

bool can_be_met(const Cnf& cnf) {
    for (std::uint64_t n = 0; n < 1ULL << static_cast<unsigned>(cnf.variables); ++n) {
        const auto holds = [&](Literal l) { return ((n >> (std::abs(l) - 1)) & 1U) == (l > 0 ? 1U : 0U); };
        if (std::ranges::all_of(cnf.clauses, [&](const Clause& c) { return std::ranges::any_of(c, holds); }))
            return true;
    }
    return false;
}

/// The second solver's proof; empty where the clauses can be met.
std::vector<Step> solved(const Cnf& cnf, const std::filesystem::path& file) {
    logic::FormulaPool pool;
    for (Literal v = 0; v < cnf.variables; ++v) pool.variable("v");
    encoder::Clauses clauses(pool);
    for (Literal v = 1; v <= cnf.variables; ++v)
        clauses.literal(pool.of_variable(static_cast<logic::Variable>(v - 1)));
    for (const Clause& c : cnf.clauses) {
        std::vector<logic::Formula> parts;
        for (const Literal l : c) {
            const logic::Formula f = pool.of_variable(static_cast<logic::Variable>(std::abs(l) - 1));
            parts.push_back(l > 0 ? f : !f);
        }
        clauses.require(pool.disjunction(parts));
    }
    if (encoder::prove_unsatisfiable(clauses, file) != encoder::SecondOpinion::unsatisfiable) return {};
    std::istringstream in(tlbcheck::tests::read_text(file));
    std::vector<Step> proof;
    std::string why;
    REQUIRE(read_proof(in, proof, why));
    return proof;
}

void corrupt(std::vector<Step>& proof, std::mt19937_64& random) {
    Step& step = proof[random() % proof.size()];
    switch (random() % 5) {
        case 0:
            step.deletion = !step.deletion;
            break;
        case 1:
            if (!step.clause.empty()) step.clause[random() % step.clause.size()] *= -1;
            break;
        case 2:
            if (!step.clause.empty()) step.clause.erase(step.clause.begin());
            break;
        case 3:
            step.clause.push_back(static_cast<Literal>(1 + random() % 3));
            break;
        default:
            std::swap(step, proof[random() % proof.size()]);
    }
}

}  // namespace

TEST_CASE("no proof, corrupted or not, passes for clauses that can be met", "[long]") {
    if (!encoder::second_solver_available()) {
        tlbcheck::tests::skip("this build has no second solver");
        return;
    }
    const tlbcheck::tests::TemporaryFolder folder;
    std::mt19937_64 random(1);
    std::size_t tried = 0, contradictions = 0;
    while (tried < wanted()) {
        Cnf cnf = random_cnf(random, static_cast<Literal>(5 + random() % 6));
        const std::vector<Step> proof = solved(cnf, folder.path() / "proof");
        CHECK(can_be_met(cnf) == proof.empty());
        if (proof.empty()) continue;
        ++contradictions;
        CHECK(check_proof(cnf, proof).proved);
        for (std::size_t gone = 0; gone < cnf.clauses.size(); gone += 3) {
            Cnf less = cnf;
            less.clauses.erase(less.clauses.begin() + static_cast<std::ptrdiff_t>(gone));
            if (!can_be_met(less)) continue;
            for (int k = 0; k < 40; ++k, ++tried) {
                std::vector<Step> changed = proof;
                for (int n = 0; n < k % 4; ++n) corrupt(changed, random);
                CAPTURE(contradictions, gone, k);
                REQUIRE_FALSE(check_proof(less, changed).proved);
            }
        }
    }
    CHECK(contradictions > 10);
}
