// SPDX-License-Identifier: Apache-2.0
//
// A litmus execution as herd7 draws it, and the cycles that forbid an outcome.
#pragma once

#include "checker/engine/litmus_query.hpp"
#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

ExecutionGraph draw_execution(LitmusQuery& query, model::logic::Assignment& assignment);
/// The cycles that every candidate execution satisfying the condition contains.
Proof prove_forbidden(LitmusQuery& query);

}  // namespace tlbcheck::checker
