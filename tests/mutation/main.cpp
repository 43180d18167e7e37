// SPDX-License-Identifier: Apache-2.0
//
// Mutation check of Arm's model: drops or weakens each clause of model/axioms in turn and reports which tests
// notice. Exit 1 when a clause is noticed by none and no reason is known why.
//
//   tlbcheck_mutation [--executions N] [--every K] [--litmus FOLDER [--tests N] [--milliseconds N]] [--quiet]
//
// --executions  random executions a set of variants (default 20000)
// --every       only every K-th clause, for a quick run
// --litmus      also run the litmus tests below FOLDER; each clause stops at the first test that notices
// --tests         only the first N of them, which are short and long ones mixed
// --milliseconds  limit of one solver run (default 2000)
// --quiet       only clauses that nothing notices, and the summary
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "model/axioms/arm_model.hpp"
#include "tests/mutation/litmus_check.hpp"
#include "tests/mutation/reasons.hpp"
#include "tests/mutation/relation_check.hpp"
#include "tests/support/random_execution.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

struct Options {
    std::size_t executions = 20'000;
    std::size_t every = 1;
    std::string litmus;
    std::size_t tests = static_cast<std::size_t>(-1);
    std::uint64_t milliseconds = 2'000;
    bool quiet = false;
};

struct Finding {
    tests::Clause clause;
    bool relations = false;  ///< noticed by the comparison of relations, under some variants
    std::string litmus;      ///< a litmus test that notices
};

std::optional<Options> parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--quiet") {
            options.quiet = true;
            continue;
        }
        if (i + 1 == argc) return std::nullopt;
        const char* value = argv[++i];
        const auto number = static_cast<std::size_t>(std::strtoull(value, nullptr, 10));
        if (option == "--litmus") {
            options.litmus = value;
        } else if (option == "--executions" && number > 0) {
            options.executions = number;
        } else if (option == "--every" && number > 0) {
            options.every = number;
        } else if (option == "--tests") {
            options.tests = number;
        } else if (option == "--milliseconds" && number > 0) {
            options.milliseconds = number;
        } else {
            return std::nullopt;
        }
    }
    return options;
}

std::string text_of(const tests::Clause& c) {
    std::string text = fmt::format("{}: {} {}", c.where, describe(c.kind), c.text == c.where ? "" : c.text);
    const bool in_part = !c.context.empty() && c.context != c.where && c.context != c.text;
    return in_part ? fmt::format("{}   in {}", text, c.context) : text;
}

using Findings = std::map<tests::ClauseKey, Finding>;

/// The clauses of Arm's model under all sets of variants, every K-th of them.
Findings all_clauses(const Options& options) {
    Findings findings;
    for (const std::set<std::string>& variants : tests::model_variants()) {
        const std::vector<tests::Clause> clauses =
            tests::clauses_of(model::axioms::arm_model({variants.begin(), variants.end()}));
        const std::vector<tests::ClauseKey> keys = tests::keys_of(clauses);
        for (std::size_t i = 0; i < clauses.size(); ++i)
            findings.try_emplace(keys[i], Finding{clauses[i], false, ""});
    }
    std::size_t number = 0;
    std::erase_if(findings, [&](const auto&) { return number++ % options.every != 0; });
    return findings;
}

void check_relations(const std::set<std::string>& variants, const Options& options, Findings& findings) {
    const model::MemoryModel model = model::axioms::arm_model({variants.begin(), variants.end()});
    const std::vector<tests::Clause> all = tests::clauses_of(model);
    const std::vector<tests::ClauseKey> keys = tests::keys_of(all);
    std::vector<tests::Clause> clauses;
    std::vector<Finding*> open;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto finding = findings.find(keys[i]);
        if (finding == findings.end() || finding->second.relations) continue;
        clauses.push_back(all[i]);
        open.push_back(&finding->second);
    }
    for (const std::size_t i : tests::noticed_by_relations(model, clauses, options.executions, 7))
        open[i]->relations = true;
}

/// Test by test, each asked about the clauses that no test before it noticed.
void check_litmus(const std::set<std::string>& variants, const Options& options, Findings& findings) {
    const model::MemoryModel model = model::axioms::arm_model({variants.begin(), variants.end()});
    const std::vector<tests::Clause> clauses = tests::clauses_of(model);
    const std::vector<tests::ClauseKey> keys = tests::keys_of(clauses);
    std::size_t runs = 0, left_out = 0, number = 0;
    std::vector<tests::LitmusTest> all = tests::litmus_tests_below(options.litmus);
    if (all.size() > options.tests) all.resize(options.tests);
    for (const tests::LitmusTest& test : all) {
        auto probe = tests::LitmusProbe::open(test, variants, model, options.milliseconds);
        ++number;
        if (!probe) {
            ++left_out;
            continue;
        }
        for (std::size_t i = 0; i < clauses.size(); ++i) {
            const auto finding = findings.find(keys[i]);
            if (finding == findings.end() || !finding->second.litmus.empty()) continue;
            if (probe->notices(clauses[i])) finding->second.litmus = test.name;
        }
        runs += probe->solver_runs();
        std::fprintf(stderr, "%zu of %zu tests, %zu solver runs\n", number, all.size(), runs);
    }
    fmt::print(
        "{}: {} tests, {} of them left out (unreadable here or too large), {} solver runs, {} clauses "
        "noticed so far\n",
        fmt::join(variants, ","), all.size(), left_out, runs,
        std::ranges::count_if(findings, [](const auto& f) { return !f.second.litmus.empty(); }));
    std::fflush(stdout);
}

/// The variants that litmus tests are run under.
const std::vector<std::set<std::string>> litmus_variants = {{"vmsa"}, {"vmsa", "ETS2"}, {"vmsa", "ETS3"}};

int report(const Options& options, const Findings& findings) {
    std::size_t relations = 0, litmus = 0, explained = 0, unexplained = 0;
    for (const auto& [key, f] : findings) {
        relations += f.relations ? 1 : 0;
        litmus += f.litmus.empty() ? 0 : 1;
        std::string by = f.relations ? "relations" : "";
        if (!f.litmus.empty()) by += (by.empty() ? "" : ", ") + f.litmus;
        if (by.empty()) {
            const std::string why = why_redundant(f.clause);
            ++(why.empty() ? unexplained : explained);
            fmt::print("{}\n    noticed by none: {}\n", text_of(f.clause),
                       why.empty() ? "NO REASON KNOWN" : why);
        } else if (!options.quiet) {
            fmt::print("{}\n    noticed by: {}\n", text_of(f.clause), by);
        }
    }
    fmt::print(
        "{} clauses: {} noticed by the comparison of relations, {} by litmus tests; {} follow from others, "
        "{} unexplained\n",
        findings.size(), relations, litmus, explained, unexplained);
    return unexplained == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<Options> options = parse(argc, argv);
    if (!options) {
        std::fprintf(stderr,
                     "usage: tlbcheck_mutation [--executions N] [--every K] [--litmus FOLDER "
                     "[--tests N] [--milliseconds N]] [--quiet]\n");
        return 2;
    }
    Findings findings = all_clauses(*options);
    for (const std::set<std::string>& variants : tests::model_variants())
        check_relations(variants, *options, findings);
    if (!options->litmus.empty()) {
        for (const std::set<std::string>& variants : litmus_variants)
            check_litmus(variants, *options, findings);
    }
    return report(*options, findings);
}
