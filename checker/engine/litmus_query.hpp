// SPDX-License-Identifier: Apache-2.0
//
// The event graph of one litmus test with its model and a solver that holds everything an execution must
// satisfy.
#pragma once

#include <string>
#include <vector>

#include "checker/engine/litmus_engine.hpp"
#include "encoder/model_formulas.hpp"
#include "encoder/solver.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "model/graph/litmus/litmus_graph.hpp"

namespace tlbcheck::checker {

class LitmusQuery {
  public:
    explicit LitmusQuery(const LitmusJob& job) : LitmusQuery(job, job.reduction) {}
    LitmusQuery(const LitmusJob& job, bool reduction);

    model::LitmusGraph& built() { return built_; }
    encoder::ModelFormulas& formulas() { return formulas_; }
    encoder::Solver& solver() { return solver_; }
    const LitmusJob& job() const { return job_; }
    /// What makes an answer undecided before anything is asked (a value set cut off); "" when nothing does.
    std::string incomplete() const {
        return built_.graph.incomplete ? built_.graph.incomplete_reason : std::string{};
    }
    /// Judges the execution of an assignment without the solver; the complaint, or "".
    std::string refused(model::logic::Assignment& assignment) const;
    /// An error of the test that some candidate runs into; "" when there is none.
    std::string test_error();

  private:
    std::string described(const model::LitmusError& e) const;

    const LitmusJob& job_;
    model::LitmusGraph built_;
    encoder::ModelFormulas formulas_;
    encoder::Solver solver_;
};

}  // namespace tlbcheck::checker
