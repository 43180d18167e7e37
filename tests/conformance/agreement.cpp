// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "checker/engine/litmus_engine.hpp"
#include "tests/conformance/normal_state.hpp"
#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/skip.hpp"

namespace tlbcheck::tests {

namespace {

// A test that nobody has an answer for: the solver's time, and how far the enumerator goes.
constexpr std::uint64_t unconfirmed_milliseconds = 60000;
constexpr std::uint64_t too_large_milliseconds =
    5000;  // Then it is only asked to end without a contradiction.
constexpr std::uint64_t enumerated_steps = 45000;
constexpr std::size_t enumerated_events = 200;

std::string listed(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : " | ") + text;
    return all;
}

/// What is in one of the sets alone; empty when they are equal.
std::string difference(const std::string& what, const std::set<std::string>& ours,
                       const std::set<std::string>& herd7) {
    std::set<std::string> more;
    std::set<std::string> missing;
    std::ranges::set_difference(ours, herd7, std::inserter(more, more.end()));
    std::ranges::set_difference(herd7, ours, std::inserter(missing, missing.end()));
    std::string text;
    if (!more.empty()) text += fmt::format("{} that herd7 lacks: {}\n", what, listed(more));
    if (!missing.empty()) text += fmt::format("{} that only herd7 has: {}\n", what, listed(missing));
    return text;
}

std::string against_herd7(const model::LitmusProgram& program, const checker::LitmusStates& answer,
                          const HerdAnswer& herd7) {
    std::set<std::string> ours;
    for (const auto& state : answer.states)
        ours.insert(normal_state(litmus::herd::print_state(program, state)));
    std::set<std::string> theirs;
    for (const std::string& state : herd7.states) theirs.insert(normal_state(state));
    std::string why = difference("states", ours, theirs);
    why += difference("flags", {answer.summary.flags.begin(), answer.summary.flags.end()},
                      {herd7.flags.begin(), herd7.flags.end()});
    if (const std::string seen = litmus::herd::observation(answer.summary); seen != herd7.observation) {
        why += fmt::format("observation {}, herd7 {}\n", seen, herd7.observation);
    }
    if (const bool holds = litmus::herd::condition_holds(program, answer.summary);
        holds != herd7.condition_holds) {
        why += fmt::format("condition holds: {}, herd7 {}\n", holds, herd7.condition_holds);
    }
    if (answer.summary.loop != herd7.loop)
        why += fmt::format("Loop: {}, herd7 {}\n", answer.summary.loop, herd7.loop);
    return why;
}

/// By `check`, which asks the solver one question instead of listing all states.
std::string against_kind(const checker::LitmusJob& job, checker::Kind kind) {
    const bool forall = job.program.quantifier == model::Quantifier::forall;
    const checker::Verdict expected = checker::verdict_of_kind(kind, forall);
    const checker::FileReport report = checker::check_litmus(job);
    if (!report.internal_error.empty()) return "internal error: " + report.internal_error + "\n";
    if (report.questions.size() != 1) return "no question\n";
    const checker::Verdict verdict = report.questions.front().verdict;
    if (verdict == expected) return {};
    return fmt::format("verdict {}, catalogue {}\n", checker::to_string(verdict),
                       checker::to_string(expected));
}

Comparison against_reference(const CatalogueTest& test, const checker::LitmusJob& job) {
    const checker::LitmusStates answer = checker::all_states(job);
    Comparison result;
    if (!answer.internal_error.empty()) {
        result.why = "internal error: " + answer.internal_error + "\n";
    } else if (answer.undecided) {
        result.why = "undecided: " + answer.reason + "\n";
    } else if (test.herd7) {
        result.why = against_herd7(job.program, answer, *test.herd7);
        result.agreement = Agreement::states;
    } else {
        result.why = against_kind(job, *test.kind);
        result.agreement = Agreement::kind;
    }
    return result;
}

/// Solver and enumerator, which were coded apart.
Comparison against_enumerator(const checker::LitmusJob& job, const checker::LitmusOptions& options) {
    tests::enumerator::Limits limits{enumerated_steps, enumerated_events};
    if (const std::uint64_t more = limit_from_environment("TLBCHECK_ENUMERATOR_STEPS", 0); more != 0) {
        limits = {more, tests::enumerator::Limits{}.events};
    }
    const LitmusComparison ways = compare_ways(job, options, limits);
    Comparison result;
    result.agreement = Agreement::unconfirmed;
    if (ways.ways == Ways::agree) result.agreement = Agreement::enumerated;
    if (ways.ways == Ways::differ) result.why = ways.why;
    if (ways.ways != Ways::too_large) return result;
    model::Limits briefly = options.limits;
    briefly.milliseconds = too_large_milliseconds;
    model::Budget budget(briefly);
    const checker::LitmusStates answer = checker::all_states(job, budget);
    if (!answer.internal_error.empty()) result.why = "internal error: " + answer.internal_error + "\n";
    return result;
}

struct Row {
    std::string label;
    std::map<Agreement, std::size_t> count;
    std::size_t tests = 0;
    double seconds = 0, slowest = 0;
    std::string slowest_test;
};

std::string table(const Row& row, const std::vector<std::string>& unconfirmed) {
    const auto of = [&](Agreement kind) {
        const auto it = row.count.find(kind);
        return it == row.count.end() ? 0 : it->second;
    };
    std::string text = fmt::format("{:<20} {:>6} {:>8} {:>8} {:>11} {:>12} {:>9}\n", "catalogue", "tests",
                                   "states", "by kind", "enumerated", "unconfirmed", "disagree");
    text += fmt::format("{:<20} {:>6} {:>8} {:>8} {:>11} {:>12} {:>9}\n", row.label, row.tests,
                        of(Agreement::states), of(Agreement::kind), of(Agreement::enumerated),
                        of(Agreement::unconfirmed), of(Agreement::disagree));
    text += fmt::format("{:.1f} s, the slowest {:.2f} s ({})\n", row.seconds, row.slowest, row.slowest_test);
    for (const std::string& name : unconfirmed) text += fmt::format("unconfirmed: {}\n", name);
    return text;
}

/// Printed, and kept beside the test for `./dev test` to show at its end.
void publish(const Row& row, const std::string& text) {
    fmt::print("{}", text);
    std::fflush(stdout);
    const char* folder = std::getenv("TLBCHECK_AGREEMENT_DIR");  // NOLINT(concurrency-mt-unsafe): one thread
    if (folder == nullptr) return;
    std::string name = row.label;
    std::ranges::replace(name, '/', '-');
    std::ranges::replace(name, ' ', '-');
    std::filesystem::create_directories(folder);
    std::ofstream(std::filesystem::path(folder) / (name + ".txt")) << text;
}

}  // namespace

Comparison compare(const CatalogueTest& test, const std::vector<std::string>& variants) {
    const auto start = std::chrono::steady_clock::now();
    checker::LitmusOptions options;
    options.read.variants = variants;
    Comparison result;
    const auto job = checker::load_litmus(test.file.string(), options);
    if (!job) {
        const bool known = test.herd7 || test.kind;  // else nobody says that the test means anything
        if (known) result.why = litmus::render(job.diagnostics());
        result.agreement = known ? Agreement::disagree : Agreement::unconfirmed;
        return result;
    }
    if (test.herd7 || test.kind) {
        result = against_reference(test, job.value());
    } else {
        options.limits.milliseconds = unconfirmed_milliseconds;
        result = against_enumerator(job.value(), options);
    }
    if (!result.why.empty()) result.agreement = Agreement::disagree;
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

std::vector<std::string> run_catalogue(const std::string& name, std::size_t part, std::size_t parts) {
    const auto all = catalogues();
    Row row;
    row.label = parts == 1 ? name : fmt::format("{} {}/{}", name, part + 1, parts);
    std::vector<std::string> disagreements;
    std::vector<std::string> unconfirmed;
    for (const Catalogue& catalogue : all) {
        if (catalogue.name != name) continue;
        for (std::size_t i = part; i < catalogue.tests.size(); i += parts) {
            const CatalogueTest& test = catalogue.tests[i];
            const Comparison found = compare(test, catalogue.variants);
            ++row.tests;
            ++row.count[found.agreement];
            row.seconds += found.seconds;
            if (found.seconds > row.slowest) {
                row.slowest = found.seconds;
                row.slowest_test = test.name;
            }
            if (found.agreement == Agreement::disagree)
                disagreements.push_back(test.name + ":\n" + found.why);
            if (found.agreement == Agreement::unconfirmed) unconfirmed.push_back(test.name);
        }
    }
    if (row.tests == 0 && std::ranges::count(all, name, &Catalogue::name) != 0) {
        disagreements.push_back("the catalogue " + name + " is there and has no tests");
    } else if (row.tests == 0) {
        skip(all.empty() ? how_to_get_catalogues() : "no catalogue " + name + " there");
        publish(row, "skipped: " + how_to_get_catalogues() + "\n");
    } else {
        publish(row, table(row, unconfirmed));
    }
    return disagreements;
}

}  // namespace tlbcheck::tests
