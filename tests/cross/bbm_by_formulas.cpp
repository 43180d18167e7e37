// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/bbm_by_formulas.hpp"

#include "encoder/solver.hpp"
#include "model/break_before_make/bbm_formulas.hpp"
#include "tests/support/catch.hpp"

namespace tlbcheck::tests {

Opinion by_bbm_formulas(const model::JudgedSchedule& schedule) {
    const model::BbmFormulas formulas = model::bbm_formulas(schedule);
    if (formulas.violated.is_false()) return Opinion::safe;
    encoder::Solver solver(formulas.pool);
    for (const model::Formula f : formulas.required) solver.require(f);
    REQUIRE(solver.check() == encoder::Outcome::satisfiable);
    return solver.check(formulas.violated) == encoder::Outcome::satisfiable ? Opinion::unsafe : Opinion::safe;
}

}  // namespace tlbcheck::tests
