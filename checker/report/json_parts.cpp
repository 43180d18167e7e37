// SPDX-License-Identifier: Apache-2.0
//
// Parts that several documents have.

#include "checker/report/json_parts.hpp"

#include "checker/report/cost_text.hpp"
#include "checker/report/kernel_place.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::checker {
namespace {

Json json_of(const Slicing& slicing) {
    Json classes = Json::array();
    for (const SliceClass& slices : slicing.classes) {
        classes.push_back({{"verdict", to_string(slices.verdict)},
                           {"count", slices.count},
                           {"leaves", slices.leaves},
                           {"first_va", slices.first_va ? Json(hex(*slices.first_va)) : Json(nullptr)}});
    }
    return {{"classes", classes},
            {"solved_whole", slicing.reason_whole.empty() ? Json(nullptr) : Json(slicing.reason_whole)}};
}

Json met_of(const QuestionReport& question) {
    if (!question.expected || question.verdict == Verdict::undecided) return nullptr;
    return question.verdict == *question.expected;
}

Json json_of(const CauseReport& cause) {
    Json changes = Json::array();
    for (const RequestedChange& change : cause.changes)
        changes.push_back(
            {{"kind", change.kind}, {"text", change.text}, {"place", checker::json_of(change.place)}});
    return {{"kind", cause.kind}, {"remedy", cause.remedy}, {"tested", cause.tested}, {"changes", changes}};
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json json_of(const MinimizedSteps& minimized) {
    Json steps = Json::array();
    for (const StepNote& step : minimized.steps) {
        steps.push_back({{"place", checker::json_of(step.place)},
                         {"called_from", checker::json_of(step.called_from)},
                         {"statement", step.statement},
                         {"need", to_string(step.need)},
                         {"weaker", step.weaker},
                         {"note", text_or_null(step.note)}});
    }
    return {{"steps", steps}, {"why_not", text_or_null(minimized.why_not)}};
}

Json number_or_word(const std::string& value) {
    if (value == "true") return true;
    if (value == "false") return false;
    const bool digits = !value.empty() &&
                        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? Json(std::stoi(value)) : Json(value);
}

}  // namespace

Json document_head(std::string_view schema) {
    const ModelIdentity identity = model_identity();
    return {
        {"schema", schema},
        {"tool", {{"name", identity.tool}, {"version", identity.version}}},
        {"model", {{"herdtools7_commit", identity.herdtools7_commit}, {"extensions", identity.extensions}}}};
}

Json json_of(const Place& place) {
    if (place.file.empty()) return nullptr;
    return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Json json_of(const ScheduleCost& cost) {
    Json figures = Json::object();
    for (const CostRow& row : cost_rows()) {
        const CostFigure& figure = cost.*row.figure;
        figures[std::string(row.key)] = {{"count", figure.count}, {"growth", figure.growth}};
    }
    return figures;
}

Json json_of(const AddressRange& range) {
    Json json = {{"first", hex(range.first)}, {"last", hex(range.last)}};
    if (range.count > 1) json.update({{"step", range.step}, {"count", range.count}});
    return json;
}

Json json_of(const model::HardwareParameters& hardware) {
    Json items = Json::object();
    for (const HardwareItem& item : hardware_items(hardware)) items[item.name] = number_or_word(item.value);
    return items;
}

Json json_of(const QuestionReport& question) {
    Json affected = Json::array();
    for (const AddressRange& range : question.affected) affected.push_back(json_of(range));
    Json json = {{"text", question.text},
                 {"rule", question.rule},
                 {"differs", question.differs},
                 {"verdict", to_string(question.verdict)},
                 {"expected", question.expected ? Json(to_string(*question.expected)) : Json(nullptr)},
                 {"expected_by", to_string(question.source)},
                 {"met", met_of(question)},
                 {"reason", text_or_null(question.reason)},
                 {"warnings", question.warnings},
                 {"affected", affected}};
    json["slicing"] = question.slicing ? json_of(*question.slicing) : Json(nullptr);
    json["certificate"] = nullptr;
    if (question.certificate)
        json["certificate"] = {{"proofs", question.certificate->proofs},
                               {"steps", question.certificate->steps}};
    json["any_size"] = nullptr;
    if (question.any_size)
        json["any_size"] = {{"holds", question.any_size->holds}, {"why", question.any_size->why}};
    json["baseline"] =
        question.baseline == BaselineState::none ? Json(nullptr) : Json(to_string(question.baseline));
    json["place"] = json_of(question.place);
    json["offence"] = nullptr;
    if (question.offence) {
        json["offence"] = {{"place", json_of(question.offence->place)}, {"text", question.offence->text}};
        if (!question.offence->kernel.empty()) json["offence"]["kernel"] = json_of(question.offence->kernel);
    }
    json["cause"] = question.cause ? json_of(*question.cause) : Json(nullptr);
    json["hardware"] = question.hardware ? json_of(*question.hardware) : Json(nullptr);
    return json;
}

Json json_of(const std::vector<model::KernelFrame>& stack) {
    Json frames = Json::array();
    for (const model::KernelFrame& frame : stack)
        frames.push_back({{"function", frame.function}, {"file", frame.file}, {"line", frame.line}});
    return frames;
}

Json json_of(const FileReport& file) {
    Json questions = Json::array();
    for (const QuestionReport& question : file.questions) questions.push_back(json_of(question));
    Json json = {{"file", file.file},
                 {"front_end", to_string(file.front_end)},
                 {"title", file.title},
                 {"variant", text_or_null(file.variant)},
                 {"verdict", to_string(verdict_of(file))},
                 {"questions", questions},
                 {"warnings", file.warnings},
                 {"error", text_or_null(file.error)},
                 {"internal_error", text_or_null(file.internal_error)}};
    if (file.minimized) json["minimized"] = json_of(*file.minimized);
    if (file.kernel.empty()) return json;
    json["kernel"] = Json::array();
    for (const KernelNoteReport& note : file.kernel) {
        json["kernel"].push_back({{"kind", to_string(note.kind)},
                                  {"name", note.name},
                                  {"value", note.value},
                                  {"stack", json_of(note.stack)}});
    }
    return json;
}

Json summary_of(const std::vector<FileReport>& files) {
    Json summary = {{"files", files.size()}};
    for (const FileVerdict verdict :
         {FileVerdict::pass, FileVerdict::fail, FileVerdict::undecided, FileVerdict::error}) {
        summary[std::string(to_string(verdict))] = std::count_if(
            files.begin(), files.end(), [&](const FileReport& file) { return verdict_of(file) == verdict; });
    }
    return summary;
}

std::string hex(std::uint64_t value) {
    return fmt::format("0x{:x}", value);
}

std::string dumped(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tlbcheck::checker
