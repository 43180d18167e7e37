// SPDX-License-Identifier: Apache-2.0
//
// Writing a certificate. The list is written last, and the folder renamed after it: what was interrupted has
// another name and no list.
#include "checker/certificate/certificate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>
#include <system_error>

#include "checker/engine/asked_formulas.hpp"
#include "encoder/second_solver.hpp"
#include "encoder/solver.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

namespace fs = std::filesystem;

/// Both solvers or a proof and its check disagree.
class Disagreement : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

void write_file(const fs::path& path, std::string_view text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw std::runtime_error(fmt::format("cannot write '{}'", path.string()));
}

/// The proof is there, but nobody would read it again.
class TooLarge : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A name that a comment line can hold.
std::string one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

std::string cnf_text(const encoder::Clauses& clauses, const std::string& comments) {
    std::string text = comments;
    for (std::size_t v = 1; v <= clauses.variable_count(); ++v) {
        const auto named = clauses.named(static_cast<encoder::Literal>(v));
        if (named) text += fmt::format("c variable {}: {}\n", v, one_line(clauses.pool().name(*named)));
    }
    text += fmt::format("p cnf {} {}\n", clauses.variable_count(), clauses.clause_count());
    for (const encoder::Literal l : clauses.literals()) text += l == 0 ? "0\n" : fmt::format("{} ", l);
    return text;
}

std::string comments_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "c " + one_line(line) + "\n";
    return text;
}

std::string slice_text(const model::Slice& slice) {
    std::string text;
    for (const model::LeafRange& range : slice.stands_for) {
        if (!text.empty()) text += ", ";
        text += to_string(AddressRange{range.first, range.last, range.step, range.count});
        if (text.size() > 400) return text + ", ...";
    }
    return text;
}

/// The question without any way to violate it: a disjunction of nothing.
encoder::Clauses contradiction() {
    static const model::logic::FormulaPool pool;
    encoder::Clauses clauses(pool);
    clauses.require(model::logic::false_formula);
    return clauses;
}

/// Why a safe answer has no formulas.
std::string nothing_asked(const model::Slicing& slicing) {
    if (slicing.slices.empty()) return "nothing is asked: no address has a translation that changes";
    return "nothing is asked: at bbm_level 3 entries do not conflict";
}

bool may_be_replaced(const fs::path& folder) {
    return !fs::exists(folder) ||
           (fs::is_directory(folder) && (fs::is_empty(folder) || fs::exists(folder / "certificate.json")));
}

}  // namespace

std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return fmt::format("{:016x}", hash);
}

Certificate::Certificate(fs::path folder) : folder_(std::move(folder)) {
    if (!encoder::second_solver_available())
        throw std::runtime_error("this build has no second solver (CaDiCaL): it cannot certify");
    while (!folder_.has_filename() && folder_.has_parent_path()) folder_ = folder_.parent_path();
    std::error_code error;
    if (!may_be_replaced(folder_))
        throw std::runtime_error(
            fmt::format("'{}' is there and no certificate: it is left as it is", folder_.string()));
    partial_ = folder_;
    partial_ += fmt::format(".unfinished-{}", getpid());
    fs::create_directories(partial_ / "proofs", error);
    if (error)
        throw std::runtime_error(fmt::format("cannot make '{}': {}", partial_.string(), error.message()));
    list_.version = model_identity().version;
    list_.first_solver = "Z3 " + encoder::solver_version();
    list_.second_solver = encoder::second_solver_version();
}

Certificate::~Certificate() {
    std::error_code ignored;
    if (!finished_) fs::remove_all(partial_, ignored);
}

/// A second proof of the same, with the reasons of each step; false where the solver keeps none.
bool Certificate::ask_for_reasons(const fs::path& cnf, const fs::path& proof) const {
    if (!encoder::second_solver_gives_reasons()) return false;
    if (encoder::prove_with_reasons(cnf, proof) != encoder::SecondOpinion::unsatisfiable)
        throw Disagreement(list_.second_solver + " does not prove again what it has proved");
    return true;
}

/// `by`: who gave the answer. The proof's files are named by the clauses: equal clauses are proved once.
CertifiedQuery Certificate::prove(const encoder::Clauses& clauses, const std::string& comments,
                                  const std::string& by) {
    const std::string text = cnf_text(clauses, comments);
    CertifiedQuery query;
    query.name = query.cnf_digest = fingerprint(text);
    query.variables = clauses.variable_count();
    query.clauses = clauses.clause_count();
    {
        const std::scoped_lock lock(mutex_);
        const auto same = std::ranges::find(list_.proved, query.name, &CertifiedQuery::name);
        if (same != list_.proved.end()) return *same;
    }
    // Another thread may be at the same clauses: each writes files of its own and renames them.
    const std::string own = fmt::format("{}.{}", query.name, fmt::ptr(&query));
    const fs::path cnf = partial_ / "proofs" / (own + ".cnf"), proof = partial_ / "proofs" / (own + ".drat");
    write_file(cnf, text);
    const encoder::SecondOpinion opinion = encoder::prove_unsatisfiable(clauses, proof);
    if (opinion == encoder::SecondOpinion::satisfiable)
        throw Disagreement(fmt::format("{} finds an execution where {} finds none", list_.second_solver, by));
    if (opinion == encoder::SecondOpinion::undecided)
        throw Disagreement(list_.second_solver + " gave up without a proof");
    const fs::path lrat = partial_ / "proofs" / (own + ".lrat");
    const bool reasons = ask_for_reasons(cnf, lrat);
    const CheckedFiles checked = check_files(partial_, own, reasons);
    if (!checked.unreadable.empty()) throw TooLarge("the proof " + checked.unreadable);
    if (!checked.verdict.proved) {
        throw Disagreement(
            fmt::format("the proof of {} does not hold: {}", list_.second_solver, checked.verdict.why));
    }
    query.steps = checked.verdict.steps;
    query.proof_digest = checked.proof_digest;
    query.lrat_digest = checked.lrat_digest;
    fs::rename(cnf, partial_ / "proofs" / (query.name + ".cnf"));
    fs::rename(proof, partial_ / "proofs" / (query.name + ".drat"));
    if (reasons) fs::rename(lrat, partial_ / "proofs" / (query.name + ".lrat"));
    return query;
}

CertifyOutcome Certificate::certify(const std::string& file, const QuestionReport& question,
                                    const model::Slicing& slicing, model::PropertyKind kind) {
    CertifyOutcome outcome;
    std::vector<CertifiedQuery> found;
    std::set<std::string> distinct;
    const bool timeline = kind == model::PropertyKind::no_bbm_violation;
    const std::string by = timeline ? "the timeline of what may be cached" : list_.first_solver;
    try {
        const auto add = [&](CertifiedQuery query, const std::string& slice, const std::string& observer) {
            query.file = file;
            query.question = full_text(question);
            query.slice = slice;
            query.observer = observer;
            if (distinct.insert(query.name).second) outcome.summary.steps += query.steps;
            found.push_back(std::move(query));
        };
        for (const model::Slice& slice : slicing.slices) {
            for_each_asked(kind, slice.schedule, [&](const AskedFormulas& asked) {
                add(prove(asked.clauses(), comments_of(asked.legend), by), slice_text(slice), asked.observer);
            });
        }
        if (found.empty()) {
            const std::string why = nothing_asked(slicing);
            add(prove(contradiction(), comments_of({why}), by), "every address", why);
        }
    } catch (const TooLarge& error) {
        outcome.undecided = fmt::format("not certified: {}", error.what());
        return outcome;
    } catch (const Disagreement& error) {
        outcome.internal_error = error.what();
        return outcome;
    } catch (...) {
        outcome.undecided = "not certified: " + model::limit_that_was_reached();
        return outcome;
    }
    outcome.summary.proofs = distinct.size();
    const std::scoped_lock lock(mutex_);
    list_.proved.insert(list_.proved.end(), found.begin(), found.end());
    return outcome;
}

void Certificate::finish() {
    std::ranges::sort(list_.proved);
    write_file(partial_ / "README", certificate_readme(list_));
    write_file(partial_ / "certificate.json", certificate_json(list_));
    // Proofs of answers that did not become safe are not listed.
    std::set<std::string> listed;
    for (const CertifiedQuery& q : list_.proved) listed.insert(q.name);
    for (const auto& entry : fs::directory_iterator(partial_ / "proofs")) {
        if (!listed.contains(entry.path().stem().string())) fs::remove(entry.path());
    }
    std::error_code error;
    fs::path old = folder_;
    old += fmt::format(".replaced-{}", getpid());
    if (!may_be_replaced(folder_))
        throw std::runtime_error(fmt::format("'{}' is no certificate", folder_.string()));
    // Where the file system can exchange two names there is a whole certificate at any moment.
    if (fs::exists(folder_) &&
        ::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, folder_.c_str(), RENAME_EXCHANGE) == 0) {
        old = partial_;
    } else {
        if (fs::exists(folder_)) fs::rename(folder_, old, error);
        if (!error) fs::rename(partial_, folder_, error);
    }
    if (error)
        throw std::runtime_error(fmt::format("cannot write '{}': {}", folder_.string(), error.message()));
    finished_ = true;
    fs::remove(old / "certificate.json", error);  // first: without it the rest is no certificate
    fs::remove_all(old, error);
}

}  // namespace tlbcheck::checker
