// SPDX-License-Identifier: Apache-2.0
#include "checker/report/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {

namespace {

using Json = nlohmann::ordered_json;

struct Row {
    const char* name;
    CostFigure ScheduleCost::*figure;
};
constexpr std::array rows{
    Row{"TLBIs", &ScheduleCost::tlbis},
    Row{"  of them broadcast", &ScheduleCost::broadcasts},
    Row{"DSBs", &ScheduleCost::dsbs},
    Row{"ISBs", &ScheduleCost::isbs},
    Row{"descriptor stores", &ScheduleCost::descriptor_stores},
    Row{"instructions", &ScheduleCost::instructions},
};

std::string figure_text(const CostFigure& figure) {
    return figure.growth.empty() ? std::to_string(figure.count) : fmt::format("{} ({})", figure.count, figure.growth);
}

Tone tone_of(Verdict verdict) {
    if (verdict == Verdict::safe) return Tone::good;
    return verdict == Verdict::unsafe ? Tone::bad : Tone::unsure;
}

void add_verdicts(std::string& text, const char* side, const ComparedSchedule& schedule, const Painter& paint) {
    text += fmt::format("{}  {}{}\n", side, schedule.report.file,
                        schedule.report.title.empty() ? "" : fmt::format("  \"{}\"", schedule.report.title));
    for (std::size_t i = 0; i < schedule.report.questions.size(); ++i) {
        const QuestionReport& q = schedule.report.questions[i];
        text += fmt::format("     {}: {}\n", full_text(q), paint(tone_of(q.verdict), to_string(q.verdict)));
        const std::string witness = i < schedule.witnesses.size() ? schedule.witnesses[i] : "";
        if (!witness.empty()) text += fmt::format("       {}\n", witness);
    }
}

Json side_json(const ComparedSchedule& schedule) {
    Json questions = Json::array();
    for (std::size_t i = 0; i < schedule.report.questions.size(); ++i) {
        const QuestionReport& q = schedule.report.questions[i];
        questions.push_back({{"text", q.text},
                             {"differs", q.differs},
                             {"verdict", std::string(to_string(q.verdict))},
                             {"cause", i < schedule.witnesses.size() ? schedule.witnesses[i] : ""}});
    }
    Json cost = Json::object();
    const std::array<const char*, 6> keys{"tlbis", "broadcasts", "dsbs", "isbs", "descriptor_stores", "instructions"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const CostFigure& figure = schedule.cost.*(rows[i].figure);
        cost[keys[i]] = {{"count", figure.count}, {"growth", figure.growth}};
    }
    return {{"file", schedule.report.file}, {"title", schedule.report.title}, {"questions", questions}, {"cost", cost}};
}

}  // namespace

std::string comparison_text(const Comparison& c, const Painter& paint) {
    std::string text;
    add_verdicts(text, "A", c.a, paint);
    add_verdicts(text, "B", c.b, paint);
    std::size_t name_width = 0;
    std::size_t a_width = 1;
    for (const Row& row : rows) {
        name_width = std::max(name_width, std::string_view(row.name).size());
        a_width = std::max(a_width, figure_text(c.a.cost.*(row.figure)).size());
    }
    text += fmt::format("\n{:<{}}  {:<{}}  {}\n", "", name_width, "A", a_width, "B");
    for (const Row& row : rows) {
        text += fmt::format("{:<{}}  {:<{}}  {}\n", row.name, name_width, figure_text(c.a.cost.*(row.figure)), a_width,
                            figure_text(c.b.cost.*(row.figure)));
    }
    return text;
}

std::string comparison_json(const Comparison& c) {
    const Json document = {{"schema", "tlbcheck.compare/1"}, {"a", side_json(c.a)}, {"b", side_json(c.b)}};
    return document.dump(2) + "\n";
}

}  // namespace tlbcheck::checker
