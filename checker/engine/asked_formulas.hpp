// SPDX-License-Identifier: Apache-2.0
//
// All that stands behind a safe answer for one slice, as formulas: a part for each observer, or the one of
// no_bbm_violation. Certificates and SMT-LIB scripts are made of these.
#pragma once

#include <functional>
#include <string>

#include "encoder/clauses.hpp"
#include "model/program/judged_schedule.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// Valid while it is handed over.
struct AskedFormulas {
    std::string observer;                           ///< who can see the violation, in words
    std::vector<std::string> legend;                ///< what the variables' names speak of, a line each
    std::function<encoder::Clauses()> clauses;      ///< all that an unsafe execution would satisfy
    std::function<std::string(const std::string&)>  ///< the same for other solvers; takes the question's text
        smtlib;
};

/// Calls `take` for each part. Without parts nothing can violate the property: no observer has anything to
/// see.
void for_each_asked(model::PropertyKind kind, const model::JudgedSchedule& schedule,
                    const std::function<void(const AskedFormulas&)>& take);

}  // namespace tlbcheck::checker
