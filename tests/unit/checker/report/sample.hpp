// SPDX-License-Identifier: Apache-2.0
//
// Hand-made answers for tests of the report writers: the seed story (a contiguous set of four pages, cleared
// and flushed leaf by leaf) with its counterexample, its safe batched twin with a proof, and a litmus test.
#pragma once

#include "checker/report/explanation.hpp"

namespace tlbcheck::tests {

checker::QuestionReport unsafe_question();  ///< witness met: no_stale_entry(linear) is unsafe
checker::QuestionReport failed_question();  ///< the same, asserted
checker::QuestionReport safe_question();    ///< asserted, with contiguous_fill = coalesced
checker::FileReport sample_file(std::vector<checker::QuestionReport> questions);

checker::Timeline seed_timeline();
checker::Proof batched_proof();
checker::ExecutionGraph message_passing_graph();

checker::Explanation unsafe_explanation();
checker::Explanation safe_explanation();
checker::Explanation litmus_explanation();

}  // namespace tlbcheck::tests
