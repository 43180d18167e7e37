// SPDX-License-Identifier: Apache-2.0
//
// Initial states and final conditions of herd7 litmus files: locations, values, descriptors, propositions, in
// the old (pte_x, phy_x) and the new spelling (PTE(x), PA(x)).
#pragma once

#include "litmus/herd/lexer.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

/// X0..X30, W0.., XZR, WZR, SP, LR and system registers, any case.
std::optional<model::RegisterId> parse_register(std::string_view name, int* width = nullptr);
/// "P12" as 12.
std::optional<int> parse_thread_name(std::string_view text);

std::vector<model::LitmusInitial> parse_initial_state(TokenReader& in);

struct ParsedCondition {
    std::vector<model::LitmusLocation> locations;
    std::vector<model::FaultPattern> fault_locations;
    std::optional<model::Proposition> filter;
    model::Quantifier quantifier = model::Quantifier::forall;
    model::Proposition condition;  ///< `true` when the file has none
};
ParsedCondition parse_condition(TokenReader& in);

// Parts, shared by the two.
model::LitmusLocation parse_location(TokenReader& in);
model::LitmusValue parse_value(TokenReader& in);
/// "(oa:PA(x), valid:0)". Where no oa is given: the page of `for_location` when that is a descriptor's
/// location.
model::LitmusValue parse_descriptor(TokenReader& in, const model::LitmusLocation& for_location);

}  // namespace tlbcheck::litmus::herd
