// SPDX-License-Identifier: Apache-2.0
//
// The verdict of one question and nothing else, for trials of an edited schedule.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::checker {

const model::Property& property_of(const litmus::sched::Question& question);
/// safe, unsafe or undecided (`why` says why); no cause, no witness: the first slice that is not safe ends
/// it. Throws LimitReached.
Verdict question_verdict(const litmus::sched::Question& question, bool slicing, std::string& why);
/// "no_stale_entry(linear) {ets = 2}".
std::string question_text(const litmus::sched::Question& question);
/// True iff some question's program has instructions of compiled kernel code.
bool runs_kernel_code(const std::vector<litmus::sched::Question>& questions);
/// How many warnings of a DSB that is narrower than a broadcast TLBI the programs have.
std::size_t narrow_count(const std::vector<litmus::sched::Question>& questions);

}  // namespace tlbcheck::checker
