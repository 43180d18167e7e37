// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/litmus_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tlbcheck::tests {

namespace {

using litmus::herd::FinalState;
using tests::enumerator::Extent;
using tests::enumerator::LitmusOutcomes;

std::set<FinalState> states_of(const LitmusOutcomes& outcomes) {
    std::set<FinalState> result;
    for (const auto* part : {&outcomes.satisfying, &outcomes.others}) {
        for (const auto& outcome : *part) result.insert({outcome.values, outcome.faults});
    }
    return result;
}

std::string states_only_in(const model::LitmusProgram& program, const std::set<FinalState>& a,
                           const std::set<FinalState>& b, const char* whose) {
    std::set<FinalState> rest;
    std::ranges::set_difference(a, b, std::inserter(rest, rest.end()));
    std::string text;
    for (const FinalState& state : rest) {
        text += fmt::format("only {}: {}\n", whose, litmus::herd::print_state(program, state));
    }
    return text;
}

std::string differences(const checker::LitmusJob& job, const checker::LitmusStates& solved,
                        const LitmusOutcomes& enumerated) {
    const std::set<FinalState> states = states_of(enumerated);
    std::string why = states_only_in(job.program, solved.states, states, "the solver has");
    why += states_only_in(job.program, states, solved.states, "the enumerator has");
    const auto count = [](const auto& set) { return static_cast<int>(set.size()); };
    if (solved.summary.positive != count(enumerated.satisfying) ||
        solved.summary.negative != count(enumerated.others)) {
        why += fmt::format(
            "states that satisfy the condition and that do not: solver {}, {}, enumerator {}, {}\n",
            solved.summary.positive, solved.summary.negative, enumerated.satisfying.size(),
            enumerated.others.size());
    }
    if (solved.summary.flags != enumerated.flags) {
        why += fmt::format("flags: solver [{}], enumerator [{}]\n", fmt::join(solved.summary.flags, ", "),
                           fmt::join(enumerated.flags, ", "));
    }
    if (solved.summary.loop != enumerated.loop) {
        why += fmt::format("Loop: solver {}, enumerator {}\n", solved.summary.loop, enumerated.loop);
    }
    // The solver's stands with its place.
    const bool same_error = enumerated.errors.empty()
                                ? solved.error.empty()
                                : solved.error.find(enumerated.errors.front()) != std::string::npos;
    if (!same_error) {
        why += fmt::format("errors: solver [{}], enumerator [{}]\n", solved.error,
                           fmt::join(enumerated.errors, ", "));
    }
    return why;
}

}  // namespace

LitmusComparison compare_ways(const checker::LitmusJob& job, const checker::LitmusOptions& options,
                              const tests::enumerator::Limits& limits,
                              const model::LitmusGraphLimits& graph_limits) {
    LitmusComparison result;
    const model::LitmusGraph built = model::build_litmus_graph(job.program, graph_limits);
    if (graph_limits.any_origin && built.graph.incomplete) {
        result.ways = Ways::too_large;
        return result;
    }
    result.enumerated = tests::enumerator::litmus_outcomes(built, job.definitions->model, limits);
    if (!result.enumerated.internal_error.empty()) {
        result.ways = Ways::differ;
        result.why = result.enumerated.internal_error + "\n";
        return result;
    }
    if (result.enumerated.extent != Extent::complete) {
        result.ways = Ways::too_large;
        return result;
    }
    model::Budget budget(options.limits);
    const checker::LitmusStates solved = checker::all_states(job, budget);
    if (solved.undecided) {
        result.why = solved.reason;
        return result;
    }
    result.why = differences(job, solved, result.enumerated);
    result.ways = result.why.empty() ? Ways::agree : Ways::differ;
    return result;
}

}  // namespace tlbcheck::tests
