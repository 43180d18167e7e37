// SPDX-License-Identifier: Apache-2.0
//
// Two columns of verdicts, and the cost of both.

#include "checker/report/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/cost_text.hpp"
#include "checker/report/json_parts.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

Tone tone_of(Verdict verdict) {
    if (verdict == Verdict::safe) return Tone::good;
    if (verdict == Verdict::unsafe) return Tone::bad;
    return verdict == Verdict::undecided ? Tone::unsure : Tone::plain;
}

struct TableRow {
    std::string label, a, b;
    Tone tone_a = Tone::plain, tone_b = Tone::plain;
};

const QuestionReport* find(const FileReport& file, const std::string& text) {
    const auto found =
        std::find_if(file.questions.begin(), file.questions.end(),
                     [&](const QuestionReport& question) { return full_text(question) == text; });
    return found == file.questions.end() ? nullptr : &*found;
}

/// The questions of both, A's order first; "-" where only the other one asks.
std::vector<TableRow> verdict_rows(const Comparison& comparison) {
    std::vector<TableRow> rows;
    for (const QuestionReport& question : comparison.a.report.questions) {
        const QuestionReport* other = find(comparison.b.report, full_text(question));
        rows.push_back({full_text(question), std::string(to_string(question.verdict)),
                        other == nullptr ? "-" : std::string(to_string(other->verdict)),
                        tone_of(question.verdict), other == nullptr ? Tone::plain : tone_of(other->verdict)});
    }
    for (const QuestionReport& question : comparison.b.report.questions) {
        if (find(comparison.a.report, full_text(question)) != nullptr) continue;
        rows.push_back({full_text(question), "-", std::string(to_string(question.verdict)), Tone::plain,
                        tone_of(question.verdict)});
    }
    return rows;
}

std::vector<TableRow> rows_of_cost(const Comparison& comparison) {
    std::vector<TableRow> rows;
    for (const CostRow& row : cost_rows()) {
        rows.push_back({std::string(row.label), figure_text(comparison.a.cost.*row.figure),
                        figure_text(comparison.b.cost.*row.figure)});
    }
    return rows;
}

std::string table(const std::vector<TableRow>& rows, std::size_t label_width, std::size_t width,
                  const Painter& paint) {
    std::string out;
    for (const TableRow& row : rows) {
        const std::string a = fitted(row.a, width, true);
        out += fmt::format("  {}  {}  {}\n", fitted(row.label, label_width, true), paint(row.tone_a, a),
                           paint(row.tone_b, row.b));
    }
    return out;
}

void add_witnesses(std::string& out, std::string_view name, const ComparedSchedule& schedule) {
    for (std::size_t i = 0; i < schedule.witnesses.size() && i < schedule.report.questions.size(); ++i) {
        if (schedule.witnesses[i].empty() || (i > 0 && schedule.witnesses[i] == schedule.witnesses[i - 1]))
            continue;
        out +=
            fmt::format("{}: {}: {}\n", name, full_text(schedule.report.questions[i]), schedule.witnesses[i]);
    }
}

Json json_of(const ComparedSchedule& schedule) {
    return {{"report", checker::json_of(schedule.report)},
            {"cost", checker::json_of(schedule.cost)},
            {"witnesses", schedule.witnesses}};
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Painter& paint) {
    const std::vector<TableRow> verdicts = verdict_rows(comparison), costs = rows_of_cost(comparison);
    std::size_t label_width = 18, width = 12;
    for (const auto* rows : {&verdicts, &costs}) {
        for (const TableRow& row : *rows) {
            label_width = std::max(label_width, character_count(row.label));
            width = std::max(width, character_count(row.a));
        }
    }
    std::string out = fmt::format("A: {}{}\nB: {}{}\n\n", comparison.a.report.file,
                                  comparison.a.report.title.empty() ? "" : ": " + comparison.a.report.title,
                                  comparison.b.report.file,
                                  comparison.b.report.title.empty() ? "" : ": " + comparison.b.report.title);
    out += fmt::format("  {}  {}  {}\n", std::string(label_width, ' '),
                       paint(Tone::strong, fitted("A", width, true)), paint(Tone::strong, "B"));
    out += table(verdicts, label_width, width, paint) + "\n" + table(costs, label_width, width, paint);
    std::string witnesses;
    add_witnesses(witnesses, "A", comparison.a);
    add_witnesses(witnesses, "B", comparison.b);
    return witnesses.empty() ? out : out + "\n" + witnesses;
}

std::string comparison_json(const Comparison& comparison) {
    Json document = document_head("tlbcheck.compare/1");
    document["a"] = json_of(comparison.a);
    document["b"] = json_of(comparison.b);
    return dumped(document);
}

}  // namespace tlbcheck::checker
