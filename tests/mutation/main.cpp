// SPDX-License-Identifier: Apache-2.0
//
// Mutation check of the axioms (docs/mutation.md): drops or weakens each clause of model/axioms in turn and
// asks who notices: the comparison with Arm's text, litmus tests, schedules. Exit 1 when a clause is noticed
// by none and no reason is known why.
//
//   tlbcheck_mutation [--litmus FOLDER]... [--schedules FOLDER]... [--random-schedules N] [--report FILE]
//   tlbcheck_mutation --kept FILE [--litmus FOLDER]... [--schedules FOLDER]...
//
// --report            writes what was found
// --kept              a quick run: each clause is asked only of the tests that this report names for it
// --every K           only every K-th clause
// --only NAME         only the clauses of this definition, check, flag or choice
// --executions N      random executions for each set of variants (default 20000)
// --tests N           only the first N litmus tests of a folder, which are short and long ones mixed
// --random-schedules  how many (default 0)
// --milliseconds N    limit of one question to a test (default 2000)
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "tests/mutation/asking.hpp"

namespace tests = tlbcheck::tests;

namespace {

struct Options {
    tests::Asking asking;
    std::size_t every = 1;
    std::string report, kept, only;
};

bool set(Options& options, std::string_view option, const char* value) {
    const std::uint64_t number = std::strtoull(value, nullptr, 10);
    tests::Asking& asking = options.asking;
    if (option == "--litmus") {
        asking.litmus.emplace_back(value);
    } else if (option == "--schedules") {
        asking.schedules.emplace_back(value);
    } else if (option == "--report") {
        options.report = value;
    } else if (option == "--kept") {
        options.kept = value;
    } else if (option == "--only") {
        options.only = value;
    } else if (number == 0) {
        return false;
    } else if (option == "--executions") {
        asking.executions = number;
    } else if (option == "--every") {
        options.every = number;
    } else if (option == "--tests") {
        asking.tests = number;
    } else if (option == "--random-schedules") {
        asking.random_schedules = number;
    } else if (option == "--milliseconds") {
        asking.milliseconds = number;
    } else {
        return false;
    }
    return true;
}

std::optional<Options> parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !set(options, argv[i], argv[i + 1])) return std::nullopt;
    }
    return options;
}

int quick(const Options& options, tests::Findings& findings) {
    const auto kept = tests::read_report(options.kept);
    if (!kept) {
        std::fprintf(stderr, "cannot read %s\n", options.kept.c_str());
        return 2;
    }
    const std::vector<std::string> lost = tests::ask_again(options.asking, *kept, findings);
    for (const std::string& line : lost) fmt::print("{}\n", line);
    return tests::summarise(findings, false) == 0 && lost.empty() ? 0 : 1;
}

int full(const Options& options, tests::Findings& findings) {
    tests::ask_litmus_tests(options.asking, findings);
    tests::ask_schedules(options.asking, findings);
    if (!options.report.empty()) std::ofstream(options.report) << tests::report_of(findings);
    const bool behaviour_asked = !options.asking.litmus.empty() && !options.asking.schedules.empty();
    return tests::summarise(findings, behaviour_asked) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<Options> options = parse(argc, argv);
    if (!options) {
        std::fprintf(stderr,
                     "usage: tlbcheck_mutation [--kept FILE | --report FILE] [--litmus FOLDER]... "
                     "[--schedules FOLDER]... [--random-schedules N] [--every K] [--only NAME] "
                     "[--executions N] [--tests N] [--milliseconds N]\n");
        return 2;
    }
    tests::Findings findings = tests::all_clauses(options->every);
    if (!options->only.empty())
        std::erase_if(findings, [&](const auto& f) { return f.second.clause.where != options->only; });
    tests::ask_relations(options->asking, findings);
    return options->kept.empty() ? full(*options, findings) : quick(*options, findings);
}
