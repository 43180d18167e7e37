// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/findings.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "tests/mutation/reasons.hpp"

namespace tlbcheck::tests {

namespace {

constexpr const char* heading =
    "# Which tests notice a clause of the axioms that is dropped, or why none can. Written by "
    "tlbcheck_mutation\n"
    "# (docs/mutation.md). Parts: clause; comparison of relations; litmus test; schedule; reason.\n";

std::string reason_for(const Finding& f) {
    if (f.seen_by_a_test()) return "";
    const std::string redundant = f.relations ? "" : why_redundant(f.clause);
    return redundant.empty() ? why_unseen(f.clause, f.of_schedules) : redundant;
}

/// Noticed by nothing, and for no known reason. The clauses that schedules add have no text to be compared
/// with: a test has to notice them, once tests were asked.
bool unexplained(const Finding& f, bool behaviour_asked) {
    if (f.seen_by_a_test() || (f.of_schedules ? !behaviour_asked : f.relations)) return false;
    return reason_for(f).empty();
}

struct Numbers {
    std::size_t all = 0, relations = 0, litmus = 0, schedule = 0, any_test = 0, explained = 0;
    void add(const Finding& f) {
        ++all;
        relations += f.relations ? 1 : 0;
        litmus += f.litmus.empty() ? 0 : 1;
        schedule += f.schedule.empty() ? 0 : 1;
        any_test += f.seen_by_a_test() ? 1 : 0;
        explained += !f.seen_by_a_test() && !reason_for(f).empty() ? 1 : 0;
    }
};

}  // namespace

std::string text_of(const ClauseKey& key) {
    const auto& [where, kind, text, context, number] = key;
    std::string line = fmt::format("{}: {} {}", where, describe(kind), text == where ? "" : text);
    if (!context.empty() && context != where && context != text) line += "   in " + context;
    if (number > 0) line += fmt::format("   #{}", number + 1);
    return line;
}

std::string report_of(const Findings& findings) {
    std::string report = heading;
    for (const auto& [key, f] : findings) {
        report += fmt::format("{}\t{}\t{}\t{}\t{}\n", text_of(key), f.relations ? "relations" : "-",
                              f.litmus.empty() ? "-" : f.litmus, f.schedule.empty() ? "-" : f.schedule,
                              reason_for(f));
    }
    return report;
}

std::optional<std::map<std::string, KeptFinding>> read_report(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    std::map<std::string, KeptFinding> kept;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream parts(line);
        std::string clause, relations, litmus, schedule;
        std::getline(parts, clause, '\t');
        std::getline(parts, relations, '\t');
        std::getline(parts, litmus, '\t');
        std::getline(parts, schedule, '\t');
        const auto name = [](const std::string& part) { return part == "-" ? std::string() : part; };
        kept[clause] = {relations == "relations", name(litmus), name(schedule)};
    }
    return kept;
}

std::size_t summarise(const Findings& findings, bool behaviour_asked) {
    std::map<bool, Numbers> numbers;
    std::size_t open = 0;
    for (const auto& [key, f] : findings) {
        numbers[f.of_schedules].add(f);
        if (!unexplained(f, behaviour_asked)) continue;
        ++open;
        fmt::print("NOT NOTICED, NO REASON KNOWN: {}\n", text_of(key));
    }
    for (const auto& [of_schedules, n] : numbers) {
        fmt::print(
            "{}: {} clauses; {} noticed by a test ({} by litmus tests, {} by schedules), {} by the "
            "comparison of relations; {} without a test, with the reason\n",
            of_schedules ? "axioms of schedules alone" : "Arm's model", n.all, n.any_test, n.litmus,
            n.schedule, n.relations, n.explained);
    }
    fmt::print("{} clauses unexplained\n", open);
    std::fflush(stdout);
    return open;
}

}  // namespace tlbcheck::tests
