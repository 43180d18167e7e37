// SPDX-License-Identifier: Apache-2.0
//
// Checking a certificate again: its list, that the files are those listed, and every proof.
#include <fmt/format.h>

#include <map>
#include <sstream>

#include "checker/certificate/certificate.hpp"
#include "checker/lrat_checker/lrat_checker.hpp"
#include "litmus/source_file.hpp"

namespace tlbcheck::checker {

namespace {

namespace fs = std::filesystem;

/// Reads files of one folder.
class Folder {
  public:
    explicit Folder(const fs::path& folder)
        : folder_(folder), root_((folder / "certificate.json").string()) {}

    bool read(const fs::path& name, std::string& text, std::string& why) const {
        const fs::path path = folder_ / name;
        const litmus::Source source =
            root_.holds(path.string()) ? root_.read(path.string(), why, most_certificate_bytes) : nullptr;
        if (!source && why.empty()) why = "lies outside of the folder";
        if (!source) why = fmt::format("'{}' {}", name.string(), why);
        if (source) text = source->text;
        return source != nullptr;
    }

  private:
    fs::path folder_;
    litmus::IncludeRoot root_;
};

/// What is wrong with one proof, or "".
std::string complaint(const fs::path& folder, const CertifiedQuery& query, std::size_t& steps) {
    const CheckedFiles now = check_files(folder, query.name, !query.lrat_digest.empty());
    if (!now.unreadable.empty()) return now.unreadable;
    steps += now.verdict.steps;
    if (!now.verdict.proved) return now.verdict.why;
    if (now.cnf_digest != query.cnf_digest) return "its clauses are not those that were certified";
    if (now.proof_digest != query.proof_digest) return "its proof is not the one that was certified";
    if (now.lrat_digest != query.lrat_digest)
        return "its proof with reasons is not the one that was certified";
    return {};
}

}  // namespace

CheckedFiles check_files(const fs::path& folder, const std::string& stem, bool reasons) {
    CheckedFiles result;
    const Folder files(folder);
    const fs::path proofs = "proofs";
    std::string cnf_text, proof_text, lrat_text;
    if (!files.read(proofs / (stem + ".cnf"), cnf_text, result.unreadable) ||
        !files.read(proofs / (stem + ".drat"), proof_text, result.unreadable) ||
        (reasons && !files.read(proofs / (stem + ".lrat"), lrat_text, result.unreadable)))
        return result;
    result.cnf_digest = fingerprint(cnf_text);
    result.proof_digest = fingerprint(proof_text);
    if (reasons) result.lrat_digest = fingerprint(lrat_text);
    proof_checker::Cnf cnf;
    std::vector<proof_checker::Step> proof;
    std::istringstream clauses(std::move(cnf_text)), steps(std::move(proof_text)), lrat(std::move(lrat_text));
    std::string& why = result.verdict.why;
    if (!read_cnf(clauses, cnf, why)) {
        why = "clauses, " + why;
    } else if (!read_proof(steps, proof, why)) {
        why = "proof, " + why;
    } else {
        result.verdict = check_proof(cnf, proof);
    }
    if (!reasons || !result.verdict.proved) return result;
    const proof_checker::Verdict again = lrat_checker::check_lrat(cnf, lrat);
    if (!again.proved) result.verdict = {false, "proof with reasons, " + again.why, result.verdict.steps};
    return result;
}

Recheck recheck(const fs::path& folder) {
    Recheck result;
    std::string text;
    CertificateList list;
    if (std::string why; !Folder(folder).read("certificate.json", text, why)) {
        result.unreadable = fmt::format("'{}' is no certificate: {}", folder.string(), why);
        return result;
    }
    if (std::string why; !read_certificate(text, list, why)) {
        result.unreadable = fmt::format("'{}': {}", (folder / "certificate.json").string(), why);
        return result;
    }
    std::map<std::string, std::string> known;  // equal proofs once
    for (const CertifiedQuery& query : list.proved) {
        auto [at, fresh] = known.try_emplace(query.name + query.cnf_digest + query.proof_digest);
        if (fresh) {
            ++result.proofs;
            at->second = complaint(folder, query, result.steps);
        }
        if (!at->second.empty()) {
            result.refused.push_back(fmt::format("{}: {} ({}; {}): proof {}: {}", query.file, query.question,
                                                 query.slice, query.observer, query.name, at->second));
        }
    }
    return result;
}

}  // namespace tlbcheck::checker
