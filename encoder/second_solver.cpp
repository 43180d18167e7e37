// SPDX-License-Identifier: Apache-2.0
//
// CaDiCaL 1.5 (Debian 12) and 2.1 (Debian 13): the part of the interface that both have.
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

/// A proof ends with the empty clause. CaDiCaL may go on writing after it, and does not write it where it is
/// among the clauses given.
void end_with_empty_clause(const std::filesystem::path& proof) {
    std::uintmax_t length = 0;
    bool ended = false;
    {
        std::ifstream in(proof, std::ios::binary);
        for (std::string line; !ended && std::getline(in, line) && !in.eof();) {
            length += line.size() + 1;
            ended = line == "0";
        }
    }
    std::filesystem::resize_file(proof, length);
    if (!ended) std::ofstream(proof, std::ios::binary | std::ios::app) << "0\n";
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

SecondOpinion prove_unsatisfiable(const Clauses& clauses, const std::filesystem::path& proof) {
    model::need_memory(bytes_each * clauses.literals().size());
    const File file(std::fopen(proof.c_str(), "w"));
    if (!file) cannot_write(proof, errno);
    OutOfTime out_of_time;  // outlives the solver, which keeps its address
    CaDiCaL::Solver solver;
    solver.set("quiet", 1);
    solver.set("binary", 0);
    if (!solver.trace_proof(file.get(), proof.c_str())) cannot_write(proof, EIO);
    solver.connect_terminator(&out_of_time);
    for (const Literal l : clauses.literals()) solver.add(l);
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
    if (outcome == unsatisfiable_code) {
        end_with_empty_clause(proof);
        return SecondOpinion::unsatisfiable;
    }
    return outcome == satisfiable_code ? SecondOpinion::satisfiable : SecondOpinion::undecided;
}

#else

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
