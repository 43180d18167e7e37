// SPDX-License-Identifier: Apache-2.0
//
// Checking a certificate again: its list, that the files are those listed, and every proof.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <sstream>

#include "checker/certificate/certificate.hpp"

namespace tlbcheck::checker {

namespace {

namespace fs = std::filesystem;

bool read_file(const fs::path& path, std::string& text) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    text = std::move(all).str();
    return in.good() || in.eof();
}

/// What is wrong with one proof, or "".
std::string complaint(const fs::path& folder, const CertifiedQuery& query, std::size_t& steps) {
    const CheckedFiles now = check_files(folder / "proofs" / query.name);
    steps += now.verdict.steps;
    if (!now.verdict.proved) return now.verdict.why;
    if (now.cnf_digest != query.cnf_digest) return "its clauses are not those that were certified";
    if (now.proof_digest != query.proof_digest) return "its proof is not the one that was certified";
    return {};
}

}  // namespace

CheckedFiles check_files(const fs::path& stem) {
    CheckedFiles result;
    std::string cnf_text, proof_text;
    fs::path cnf_path = stem, proof_path = stem;
    cnf_path += ".cnf";
    proof_path += ".drat";
    if (!read_file(cnf_path, cnf_text) || !read_file(proof_path, proof_text)) {
        result.verdict.why = "its files cannot be read";
        return result;
    }
    result.cnf_digest = fingerprint(cnf_text);
    result.proof_digest = fingerprint(proof_text);
    proof_checker::Cnf cnf;
    std::vector<proof_checker::Step> proof;
    std::istringstream clauses(std::move(cnf_text)), steps(std::move(proof_text));
    std::string& why = result.verdict.why;
    if (!read_cnf(clauses, cnf, why)) {
        why = "clauses, " + why;
    } else if (!read_proof(steps, proof, why)) {
        why = "proof, " + why;
    } else {
        result.clauses = cnf.clauses.size();
        result.verdict = check_proof(cnf, proof);
    }
    return result;
}

Recheck recheck(const fs::path& folder) {
    Recheck result;
    std::string text;
    CertificateList list;
    if (!read_file(folder / "certificate.json", text)) {
        result.unreadable = fmt::format("'{}' has no certificate.json", folder.string());
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
