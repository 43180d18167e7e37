// SPDX-License-Identifier: Apache-2.0
//
// CaDiCaL 1.5 (Debian 12), 1.7 (Debian 13) and later: the part of the interface that all have; what differs
// is asked at run time.
#include "encoder/second_solver.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "model/limits/budget.hpp"

#ifdef TLBCHECK_CADICAL
#include <cadical.hpp>
#endif

namespace tlbcheck::encoder {

#ifdef TLBCHECK_CADICAL

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Asked often while CaDiCaL works: true ends the search.
class OutOfTime : public CaDiCaL::Terminator {
  public:
    bool terminate() override {
        const model::Budget* budget = model::current_budget();
        if (budget == nullptr) return false;
        const auto left = budget->time_left();
        return left && left->count() <= 0;
    }
};

[[noreturn]] void cannot_write(const std::filesystem::path& path, int error) {
    throw std::runtime_error("cannot write '" + path.string() +
                             "': " + std::generic_category().message(error));
}

/// A proof ends with the empty clause: what the solver writes after it goes. False where it has none.
template <typename Is>
bool end_with_empty_clause(const std::filesystem::path& proof, const Is& is_empty_clause) {
    std::uintmax_t length = 0;
    bool ended = false;
    {
        std::ifstream in(proof, std::ios::binary);
        for (std::string line; !ended && std::getline(in, line) && !in.eof();) {
            length += line.size() + 1;
            ended = is_empty_clause(line);
        }
    }
    std::filesystem::resize_file(proof, length);
    return ended;
}

/// "7 0 3 5 0": what follows the number is 0 at once.
bool empty_with_reasons(const std::string& line) {
    const std::size_t space = line.find(' ');
    return space != std::string::npos && line.compare(space, 3, " 0 ") == 0;
}

/// For an empty clause among those given, which needs no step: one whose only reason it is.
void add_empty_clause(const std::filesystem::path& cnf, const std::filesystem::path& proof) {
    std::ifstream in(cnf, std::ios::binary);
    std::size_t clauses = 0, empty = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('c') || line.starts_with('p')) continue;
        ++clauses;
        if (line == "0") empty = clauses;
    }
    // Steps that the solver made before it noticed have larger numbers; none of them is needed.
    std::ofstream(proof, std::ios::binary | std::ios::trunc) << clauses + 1 << " 0 " << empty << " 0\n";
}

/// What CaDiCaL holds for a literal, with room for what it learns: measured on the largest examples.
constexpr std::uint64_t bytes_each = 100;

constexpr int satisfiable_code = 10, unsatisfiable_code = 20;  // as the SAT competitions have them

}  // namespace

bool second_solver_available() {
    return true;
}

std::string second_solver_version() {
    return std::string("CaDiCaL ") + CaDiCaL::Solver::version();
}

namespace {

/// Solves what `give` hands over, and writes the proof.
template <typename Give>
SecondOpinion solved(const std::filesystem::path& proof, bool reasons, const Give& give) {
    const File file(std::fopen(proof.c_str(), "w"));
    if (!file) cannot_write(proof, errno);
    OutOfTime out_of_time;  // outlives the solver, which keeps its address
    CaDiCaL::Solver solver;
    solver.set("quiet", 1);
    solver.set("binary", 0);
    if (reasons) solver.set("lrat", 1);
    if (!solver.trace_proof(file.get(), proof.c_str())) cannot_write(proof, EIO);
    solver.connect_terminator(&out_of_time);
    give(solver);
    int outcome = 0;
    {
        // The solver's own memory: an allocation that fails inside of it would be no help.
        const model::UncountedScope uncounted;
        outcome = solver.solve();
    }
    solver.flush_proof_trace();
    solver.close_proof_trace();
    solver.disconnect_terminator();
    model::poll_now();
    if (std::fflush(file.get()) != 0 || std::ferror(file.get()) != 0) cannot_write(proof, errno);
    if (outcome == unsatisfiable_code) return SecondOpinion::unsatisfiable;
    return outcome == satisfiable_code ? SecondOpinion::satisfiable : SecondOpinion::undecided;
}

}  // namespace

SecondOpinion prove_unsatisfiable(const Clauses& clauses, const std::filesystem::path& proof) {
    model::need_memory(bytes_each * clauses.literals().size());
    const SecondOpinion opinion = solved(proof, false, [&](CaDiCaL::Solver& solver) {
        for (const Literal l : clauses.literals()) solver.add(l);
    });
    if (opinion == SecondOpinion::unsatisfiable &&
        !end_with_empty_clause(proof, [](const std::string& line) { return line == "0"; }))
        std::ofstream(proof, std::ios::binary | std::ios::app) << "0\n";
    return opinion;
}

bool second_solver_gives_reasons() {
    return CaDiCaL::Solver::is_valid_option("lrat");
}

SecondOpinion prove_with_reasons(const std::filesystem::path& cnf, const std::filesystem::path& proof) {
    model::need_memory(bytes_each * std::filesystem::file_size(cnf) / 2);
    // Read from the file, for then the solver numbers the clauses as the file has them.
    const SecondOpinion opinion = solved(proof, true, [&](CaDiCaL::Solver& solver) {
        int variables = 0;
        if (const char* error = solver.read_dimacs(cnf.c_str(), variables)) throw std::runtime_error(error);
    });
    if (opinion == SecondOpinion::unsatisfiable && !end_with_empty_clause(proof, empty_with_reasons))
        add_empty_clause(cnf, proof);
    return opinion;
}

#else

bool second_solver_gives_reasons() {
    return false;
}

SecondOpinion prove_with_reasons(const std::filesystem::path& /*cnf*/, const std::filesystem::path& proof) {
    throw std::runtime_error("this build has no second solver (CaDiCaL): it cannot write '" + proof.string() +
                             "'");
}

bool second_solver_available() {
    return false;
}

std::string second_solver_version() {
    return {};
}

SecondOpinion prove_unsatisfiable(const Clauses& /*clauses*/, const std::filesystem::path& /*proof*/) {
    throw std::runtime_error("this build has no second solver (CaDiCaL): it cannot certify");
}

#endif

}  // namespace tlbcheck::encoder
