// SPDX-License-Identifier: Apache-2.0
//
// The documents of `minimize --json` and `repair --json`.
#include "checker/report/advice_text.hpp"
#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {

namespace {

Json json_of(const std::optional<Counterexample>& found) {
    if (!found) return nullptr;
    return {{"question", found->question}, {"sentence", found->sentence}};
}

Json json_of(const StepReport& step) {
    return {{"place", checker::json_of(step.place)}, {"called_from", checker::json_of(step.called_from)},
            {"statement", step.statement},           {"executed", step.executed},
            {"need", to_string(step.need)},          {"weaker", step.weaker},
            {"without", json_of(step.without)},      {"note", step.note}};
}

Json json_of(const AdvisedSchedule& schedule) {
    return {{"changes", schedule.changes},
            {"cost", checker::json_of(schedule.cost)},
            {"judged_whole", schedule.whole_judged},
            {"diff", schedule.diff},
            {"schedule", schedule.text.empty() ? Json(nullptr) : Json(schedule.text)}};
}

template <typename Report>
Json document_of(const char* schema, const Report& report) {
    Json document = document_head(schema);
    document["file"] = report.file;
    document["title"] = report.title;
    document["outcome"] = to_string(report.outcome);
    document["exit_code"] = static_cast<int>(exit_code(report));
    document["reason"] = report.reason;
    document["internal_error"] = report.internal_error;
    document["questions"] = report.questions;
    document["warnings"] = report.warnings;
    document["cost"] = json_of(report.cost);
    return document;
}

}  // namespace

std::string minimize_json(const MinimizeReport& report) {
    Json document = document_of("tlbcheck.minimize/1", report);
    document["steps"] = Json::array();
    for (const StepReport& step : report.steps) document["steps"].push_back(json_of(step));
    document["cheapest"] = report.cheapest ? json_of(*report.cheapest) : Json(nullptr);
    return dumped(document);
}

std::string repair_json(const RepairReport& report) {
    Json document = document_of("tlbcheck.repair/1", report);
    document["violated"] = Json::array();
    for (const Counterexample& found : report.violated) document["violated"].push_back(json_of(found));
    document["bound"] = report.bound;
    document["unfinished"] = report.unfinished;
    document["repairs"] = Json::array();
    for (const AdvisedSchedule& repair : report.repairs) document["repairs"].push_back(json_of(repair));
    return dumped(document);
}

}  // namespace tlbcheck::checker
