// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/litmus_check.hpp"

#include <algorithm>
#include <filesystem>

#include "litmus/herd/reader.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::tests {

namespace {

using model::logic::Formula;

constexpr std::size_t litmus_event_limit = 150;
constexpr std::size_t state_limit = 300;

/// What final states show: each group of formulas is one observable, of which the first that holds counts.
std::vector<std::vector<Formula>> observables(const model::LitmusGraph& graph) {
    std::vector<std::vector<Formula>> result;
    for (const model::FinalValue& f : graph.finals) {
        for (const model::Symbolic& element : f.elements) {
            std::vector<Formula> values;
            for (const auto& a : element.alternatives) values.push_back(a.when);
            result.push_back(std::move(values));
        }
    }
    for (const model::PossibleFault& f : graph.faults) result.push_back({f.when});
    result.push_back({graph.condition});
    return result;
}

/// "The final state is that of the assignment."
Formula state_of(model::logic::FormulaPool& pool, const std::vector<std::vector<Formula>>& observed,
                 model::logic::Assignment& assignment) {
    std::vector<Formula> same;
    for (const std::vector<Formula>& group : observed) {
        const auto holds = std::ranges::find_if(group, [&](Formula f) { return assignment.value(f); });
        if (holds != group.end()) {
            same.push_back(*holds);
        } else {
            for (const Formula f : group) same.push_back(!f);
        }
    }
    return pool.conjunction(same);
}

}  // namespace

std::vector<LitmusTest> litmus_tests_below(const std::string& folder) {
    std::vector<std::pair<std::uintmax_t, LitmusTest>> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".litmus") continue;
        found.emplace_back(entry.file_size(),
                           LitmusTest{entry.path().stem().string(), entry.path().string()});
    }
    std::ranges::sort(found, [](const auto& a, const auto& b) {
        return std::tie(a.first, a.second.path) < std::tie(b.first, b.second.path);
    });
    // In strides, so that a run cut short has seen tests of all kinds.
    constexpr std::size_t stride = 12;
    std::vector<LitmusTest> tests;
    for (std::size_t start = 0; start < stride; ++start) {
        for (std::size_t i = start; i < found.size(); i += stride)
            tests.push_back(std::move(found[i].second));
    }
    return tests;
}

LitmusProbe::LitmusProbe(model::LitmusGraph graph, const model::MemoryModel& model,
                         std::uint64_t milliseconds)
    : graph_(std::make_unique<model::LitmusGraph>(std::move(graph))),
      formulas_(graph_->graph, model),
      solver_(graph_->graph.pool()),
      milliseconds_(milliseconds) {
    solver_.require_graph(graph_->graph);
    counts_ = graph_->graph.pool().conjunction(
        {!graph_->cutoff, !graph_->any_error, graph_->filter.value_or(model::logic::true_formula)});
    solver_.require(counts_);
}

std::optional<LitmusProbe> LitmusProbe::open(const LitmusTest& test, const std::set<std::string>& variants,
                                             const model::MemoryModel& model, std::uint64_t milliseconds) {
    std::string why;
    const litmus::Source source = litmus::read_source(test.path, why);
    if (!source) return std::nullopt;
    const auto program =
        litmus::herd::read_litmus(source, {{variants.begin(), variants.end()}, std::nullopt});
    if (!program.ok()) return std::nullopt;
    model::Limits limits;
    limits.milliseconds = milliseconds;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    try {
        model::LitmusGraph graph = build_litmus_graph(program.value());
        if (graph.graph.size() > litmus_event_limit || graph.graph.incomplete) return std::nullopt;
        LitmusProbe probe(std::move(graph), model, milliseconds);
        if (!probe.find_outcome()) return std::nullopt;
        return probe;
    } catch (const model::LimitReached&) {
        return std::nullopt;
    }
}

bool LitmusProbe::satisfiable(std::initializer_list<Formula> together) {
    const std::vector<Formula> assumptions(together);
    const encoder::Outcome outcome = solver_.check(assumptions);
    if (outcome == encoder::Outcome::undecided) throw model::OutOfTime(model::Limits{});
    return outcome == encoder::Outcome::satisfiable;
}

/// The states and flags under the model itself; false when there are too many.
bool LitmusProbe::find_outcome() {
    model::FormulaPool& pool = graph_->graph.pool();
    for (const auto& [name, f] : formulas_.flags()) {
        if (satisfiable({formulas_.allowed(), f})) raised_.insert(name);
    }
    const auto observed = observables(*graph_);
    another_ = model::logic::true_formula;
    while (satisfiable({formulas_.allowed(), another_})) {
        if (states_.size() == state_limit) return false;
        model::logic::Assignment assignment(pool, solver_.assignment());
        states_.push_back(state_of(pool, observed, assignment));
        another_ = pool.both(another_, !states_.back());
    }
    return true;
}

bool LitmusProbe::notices_in_time(const Clause& clause) {
    const ClauseFormulas::Mutant mutant = formulas_.without(clause);
    if (mutant.same) return false;
    const auto raised_without = [&](const std::string& name) {
        const auto flag = mutant.flags.find(name);
        return flag != mutant.flags.end() && satisfiable({mutant.allowed, flag->second});
    };
    for (const auto& [name, f] : formulas_.flags()) {
        if (raised_.contains(name) != raised_without(name)) return true;
    }
    if (!mutant.other_choices && !satisfiable({mutant.allowed, !formulas_.allowed()}) &&
        !satisfiable({formulas_.allowed(), !mutant.allowed})) {
        return false;
    }
    if (satisfiable({mutant.allowed, another_})) return true;
    return std::ranges::any_of(states_, [&](Formula s) { return !satisfiable({mutant.allowed, s}); });
}

bool LitmusProbe::notices(const Clause& clause) {
    model::Limits limits;
    limits.milliseconds = milliseconds_;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    try {
        return notices_in_time(clause);
    } catch (const model::LimitReached&) {
        return false;
    }
}

}  // namespace tlbcheck::tests
