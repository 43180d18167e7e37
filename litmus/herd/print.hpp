// SPDX-License-Identifier: Apache-2.0
//
// What herd7 prints of a litmus test: values, final states, the condition, and the whole result of `states`.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "model/graph/litmus/litmus_graph.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

/// "1", "x", "PTE(x)", "label:\"P1:L0\"", "(oa:PA(x), db:0)": default fields are left out.
std::string print_value(const model::LitmusValue& value);
/// The same, numbers cut to the type and signed or not by it.
std::string print_value(const model::LitmusValue& value, const model::LitmusType& type);
/// "1:X2", "[x]", "[PTE(x)]", "x[1]".
std::string print_location(const model::LitmusLocation& location, bool brackets = true);
/// "exists (1:X2=0 /\ fault(P1:L0,x))"
std::string print_condition(const model::LitmusProgram& program);

/// One final state: values of the program's displayed locations in order (array elements in order), and the
/// faults, each one that some pattern of the test matches, sorted. States are ordered as herd7 lists them.
struct FinalState {
    std::vector<std::vector<model::LitmusValue>> values;
    std::vector<model::LitmusFault> faults;
    friend auto operator<=>(const FinalState&, const FinalState&) = default;
    friend bool operator==(const FinalState&, const FinalState&) = default;
};
/// "1:X2=0; [x]=1;  ~Fault(P1:L0,x);", without a newline.
std::string print_state(const model::LitmusProgram& program, const FinalState& state);

/// What is known of all states, by the proposition of the condition.
struct ResultSummary {
    bool some_satisfies = false, some_violates = false;
    int positive = 0, negative = 0;  ///< distinct states that satisfy the proposition, and that do not
    bool loop = false;               ///< some candidate was cut off by the unrolling limit
    std::vector<std::string> flags;  ///< names, in the order to print
};
/// True when the condition as quantified holds ("Ok").
bool condition_holds(const model::LitmusProgram& program, const ResultSummary& summary);
/// "Never", "Sometimes", "Always"
std::string observation(const ResultSummary& summary);
/// The result in herd7's format, without a Time line; ends in an empty line.
std::string print_result(const model::LitmusProgram& program, const std::set<FinalState>& states,
                         const ResultSummary& summary);

}  // namespace tlbcheck::litmus::herd
