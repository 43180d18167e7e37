// SPDX-License-Identifier: Apache-2.0
//
// The questions of an answer as one SMT-LIB 2 script: a part for each slice and observer, each ended by
// `(reset)`.
#pragma once

#include <string>

#include "checker/report/answer.hpp"
#include "model/program/schedule_program.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

/// Satisfiable is: this observer can see the violation on this slice. The parts of a safe answer say
/// `(set-info :status unsat)`.
std::string smt2_of(const std::string& file, const QuestionReport& question, const model::Slicing& slicing,
                    model::PropertyKind kind);

}  // namespace tlbcheck::checker
