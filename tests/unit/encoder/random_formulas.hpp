// SPDX-License-Identifier: Apache-2.0
//
// Random formulas over a few variables, and what a truth table says of them.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "model/logic/formula.hpp"

namespace tlbcheck::tests {

/// A formula over the pool's variables with about `size` operators.
inline model::logic::Formula random_formula(model::logic::FormulaPool& pool, std::mt19937_64& random,
                                            int size) {
    using model::logic::Formula;
    const auto& variables = pool.variables();
    std::vector<Formula> made(variables.begin(), variables.end());
    for (int i = 0; i < size; ++i) {
        std::vector<Formula> operands;
        for (std::size_t k = 2 + random() % 4; k > 0; --k) {
            const Formula f = made[random() % made.size()];
            operands.push_back(random() % 2 == 0 ? f : !f);
        }
        made.push_back(random() % 2 == 0 ? pool.conjunction(operands) : pool.disjunction(operands));
    }
    return random() % 2 == 0 ? made.back() : !made.back();
}

/// The assignment of that number: bit v is the value of variable v.
inline std::vector<bool> assignment_number(std::size_t variables, std::uint64_t number) {
    std::vector<bool> values(variables);
    for (std::size_t v = 0; v < variables; ++v) values[v] = (number >> v & 1U) != 0;
    return values;
}

}  // namespace tlbcheck::tests
