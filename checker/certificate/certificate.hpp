// SPDX-License-Identifier: Apache-2.0
//
// A certificate for safe answers: for each question, observer and slice the clauses that an unsafe execution
// would satisfy, and a proof that nothing does. The proof is found by a second solver and checked by
// checker/proof_checker from the files as written. The folder appears whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "checker/proof_checker/proof_checker.hpp"
#include "checker/report/answer.hpp"
#include "encoder/clauses.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

/// One proof, as the certificate's list has it.
struct CertifiedQuery {
    std::string file, question, slice, observer;  ///< in words
    std::string name;                             ///< the files are proofs/NAME.cnf and proofs/NAME.drat
    std::uint64_t variables = 0, clauses = 0, steps = 0;
    std::string cnf_digest,
        proof_digest;         ///< fingerprints of the files: against accidents, not against forgers
    std::string lrat_digest;  ///< of proofs/NAME.lrat; empty where the solver gave no reasons
    friend auto operator<=>(const CertifiedQuery&, const CertifiedQuery&) = default;
};

struct CertificateList {
    std::string version, first_solver, second_solver;
    std::vector<CertifiedQuery> proved;
};

/// What certifying one answer came to.
struct CertifyOutcome {
    CertificateSummary summary;
    std::string undecided;       ///< non-empty: out of time or memory
    std::string internal_error;  ///< non-empty: the solvers disagree, or a proof does not hold
};

/// Several threads may certify at the same time.
class Certificate {
  public:
    /// Starts a certificate that will be the folder `folder`. Throws std::runtime_error where that exists and
    /// is neither empty nor an earlier certificate, or nothing can be written there.
    explicit Certificate(std::filesystem::path folder);
    /// What was not finished is removed.
    ~Certificate();
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;
    Certificate(Certificate&&) = delete;
    Certificate& operator=(Certificate&&) = delete;

    /// Proves that every slice of a safe answer is safe for every observer. Keeps to the running thread's
    /// budget.
    CertifyOutcome certify(const std::string& file, const QuestionReport& question,
                           const model::Slicing& slicing, model::PropertyKind kind);
    /// Writes the list and puts the folder in its place. Throws std::runtime_error.
    void finish();

  private:
    bool ask_for_reasons(const std::filesystem::path& cnf, const std::filesystem::path& proof) const;
    CertifiedQuery prove(const encoder::Clauses& clauses, const std::string& comments, const std::string& by);

    std::filesystem::path folder_, partial_;
    std::mutex mutex_;
    CertificateList list_;
    bool finished_ = false;
};

/// The outcome of checking a certificate again.
struct Recheck {
    std::size_t proofs = 0, steps = 0;
    std::vector<std::string> refused;  ///< a line for each thing that does not hold
    std::string unreadable;            ///< non-empty: this is no certificate
};
Recheck recheck(const std::filesystem::path& folder);

/// Bytes of a file of a certificate that is read; a proof that is larger does not count as one.
inline constexpr std::size_t most_certificate_bytes = std::size_t{256} << 20U;

/// The clauses and the proof in proofs/STEM.cnf and proofs/STEM.drat of the folder, checked as they stand in
/// the files, and those in STEM.lrat where `reasons` are wanted. Files that are no regular ones, lie outside
/// of the folder or are too large are not read.
struct CheckedFiles {
    std::string unreadable;  ///< non-empty: nothing was checked
    proof_checker::Verdict verdict;
    std::string cnf_digest, proof_digest, lrat_digest;
};
CheckedFiles check_files(const std::filesystem::path& folder, const std::string& stem, bool reasons);

/// "certificate.json" and back (checker/certificate/manifest.cpp). False with `why`.
std::string certificate_json(const CertificateList& list);
bool read_certificate(const std::string& text, CertificateList& list, std::string& why);
/// The README of the folder: what is proved by which file.
std::string certificate_readme(const CertificateList& list);
/// 64-bit FNV-1a as 16 hexadecimal digits.
std::string fingerprint(std::string_view text);

}  // namespace tlbcheck::checker
