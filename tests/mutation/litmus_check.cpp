// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/litmus_check.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "encoder/solver.hpp"
#include "litmus/herd/reader.hpp"

namespace tlbcheck::tests {

namespace {

using model::logic::Formula;

constexpr std::size_t event_limit = 150;
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

/// The state of an assignment as text, and the formula that says "another state".
std::pair<std::string, Formula> state_of(model::logic::FormulaPool& pool,
                                         const std::vector<std::vector<Formula>>& observed,
                                         model::logic::Assignment& assignment) {
    std::string text;
    std::vector<Formula> same;
    for (const std::vector<Formula>& group : observed) {
        const auto holds = std::ranges::find_if(group, [&](Formula f) { return assignment.value(f); });
        text += fmt::format("{} ", holds - group.begin());
        if (holds != group.end()) {
            same.push_back(*holds);
        } else {
            for (const Formula f : group) same.push_back(!f);
        }
    }
    return {text, !pool.conjunction(same)};
}

bool equal(const model::SymbolicRelation& a, const model::SymbolicRelation& b) {
    if (!(a.must() == b.must())) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto same_cell = [](const model::Cell& x, const model::Cell& y) {
            return x.column == y.column && x.when == y.when;
        };
        if (!std::ranges::equal(a.open(i), b.open(i), same_cell)) return false;
    }
    return true;
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

std::optional<LitmusProbe> LitmusProbe::open(const LitmusTest& test, const std::set<std::string>& variants,
                                             const model::MemoryModel& model, std::uint64_t milliseconds) {
    std::string why;
    const litmus::Source source = litmus::read_source(test.path, why);
    if (!source) return std::nullopt;
    auto program = litmus::herd::read_litmus(source, {{variants.begin(), variants.end()}, std::nullopt});
    if (!program.ok()) return std::nullopt;
    LitmusProbe probe(std::move(program).value(), model, milliseconds);
    const auto baseline = probe.outcome(model);
    if (!baseline) return std::nullopt;
    probe.baseline_ = *baseline;
    probe.graph_ = std::make_unique<model::LitmusGraph>(build_litmus_graph(probe.program_));
    probe.formulas_ = std::make_unique<model::ModelFormulas>(probe.graph_->graph, probe.model_);
    return probe;
}

std::optional<Outcome> LitmusProbe::outcome(const model::MemoryModel& model) {
    ++runs_;
    model::Limits limits;
    limits.milliseconds = milliseconds_;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    try {
        return outcome_in_time(model);
    } catch (const model::LimitReached&) {
        return std::nullopt;
    }
}

std::optional<Outcome> LitmusProbe::outcome_in_time(const model::MemoryModel& model) const {
    model::LitmusGraph graph = build_litmus_graph(program_);
    if (graph.graph.size() > event_limit || graph.graph.incomplete) return std::nullopt;
    model::FormulaPool& pool = graph.graph.pool();
    model::ModelFormulas formulas(graph.graph, model);
    const auto observed = observables(graph);
    std::vector<std::pair<std::string, Formula>> flags;
    for (const model::Flag& flag : model.flags) flags.emplace_back(flag.name, formulas.flag(flag));
    encoder::Solver solver(pool);
    solver.require_graph(graph.graph);
    for (const Formula f : formulas.checks()) solver.require(f);
    solver.require(!graph.cutoff);
    solver.require(!graph.any_error);
    if (graph.filter) solver.require(*graph.filter);
    std::set<std::string> lines;
    for (const auto& [name, f] : flags) {
        const auto raised = solver.check(f);
        if (raised == encoder::Outcome::undecided) return std::nullopt;
        if (raised == encoder::Outcome::satisfiable) lines.insert("flag " + name);
    }
    for (std::size_t states = 0;; ++states) {
        const auto found = solver.check();
        if (found == encoder::Outcome::unsatisfiable) break;
        if (found == encoder::Outcome::undecided || states == state_limit) return std::nullopt;
        model::logic::Assignment assignment(pool, solver.assignment());
        const auto [text, another] = state_of(pool, observed, assignment);
        lines.insert(text);
        solver.require(another);
    }
    return fmt::format("{}", fmt::join(lines, "\n"));
}

bool LitmusProbe::touches(const Clause& clause) {
    if (!clause.definition) return true;
    const model::NodePointer mutant = without_clause(clause);
    const auto as_relation = [](const model::NodePointer& n) {
        return model::is_set(n->op) ? model::id(model::Set(n)) : model::Rel(n);
    };
    model::SymbolicEvaluator& evaluator = formulas_->evaluator();
    const model::SymbolicRelation before = evaluator.evaluate(as_relation(clause.definition));
    return !equal(before, evaluator.evaluate(as_relation(mutant)));
}

bool LitmusProbe::notices(const Clause& clause) {
    if (!touches(clause)) return false;
    const auto mutant = outcome(without_clause(model_, clause));
    return mutant && *mutant != baseline_;
}

}  // namespace tlbcheck::tests
