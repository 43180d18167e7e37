// SPDX-License-Identifier: Apache-2.0
//
// Results with their places, fingerprints and flows.

#include "checker/report/sarif.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "checker/report/json_parts.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

struct SarifRule {
    std::string_view id, name, short_text, full_text;
};

constexpr std::array sarif_rules{
    SarifRule{
        "no_stale_entry", "NoStaleEntry", "A stale translation survives the schedule",
        "After the schedule has completed, an access can still translate through an old descriptor value."},
    SarifRule{"no_use_after_free", "NoUseAfterFree", "Freed memory is reached through an old translation",
              "An access, or a table walk, can reach memory that the schedule has handed to a new owner."},
    SarifRule{
        "no_bbm_violation", "NoBbmViolation", "Break-before-make is violated",
        "A live descriptor changes in a way that needs break-before-make, and the sequence is not there."},
    SarifRule{"no_tlb_conflict", "NoTlbConflict", "Conflicting TLB entries can be live",
              "Two entries of one PE's TLB can match one address and differ in size or result."},
    SarifRule{"never_invalid", "NeverInvalid", "A live region can meet a translation fault",
              "An access to a region that must stay mapped can find it invalid, however short the time."},
    SarifRule{"no_lost_update", "NoLostUpdate", "A flag that hardware set in a descriptor is lost",
              "A plain store can overwrite the access flag or dirty state that hardware has just set, or "
              "hardware can "
              "set one in a table page after it was freed."},
    SarifRule{
        "condition", "LitmusDisagreement", "A litmus test's outcome is not the expected one",
        "What Arm's memory model allows for the test's condition differs from the declared expectation."},
    SarifRule{"input", "InputError", "The input cannot be judged",
              "The file has an error or uses something unsupported."},
    SarifRule{"internal", "InternalDisagreement", "Two judges of one answer disagree",
              "A fault of the checker: please report it with the file."},
    SarifRule{
        "warning", "Warning", "The answer may prove less than it seems",
        "For example, a property that stays safe with every TLBI taken out says nothing about the flushes."},
    SarifRule{
        "step", "StepNotNeeded", "A barrier or TLBI could be left out or weaker",
        "All assertions of the schedule stay safe without it, or with less, when all else stays as it is."},
};

std::size_t rule_index(std::string_view id) {
    for (std::size_t i = 0; i < sarif_rules.size(); ++i) {
        if (sarif_rules[i].id == id) return i;
    }
    return 5;  // Any further kind of question is a condition.
}

bool is_uri_safe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/").find(c) != std::string_view::npos;
}

std::string uri_of(const std::string& file) {
    const std::string path = std::filesystem::path(file).lexically_normal().generic_string();
    std::string uri = path.starts_with('/') ? "file://" : "";
    for (const char c : path) {
        if (is_uri_safe(c))
            uri += c;
        else
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

Json location_of(const Place& place) {
    Json artifact = {{"uri", uri_of(place.file)}};
    if (!place.file.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
    Json physical = {{"artifactLocation", artifact}};
    if (place.line != 0) {
        physical["region"] = {{"startLine", place.line}};
        if (place.column != 0) physical["region"]["startColumn"] = place.column;
    }
    return {{"physicalLocation", physical}};
}

/// FNV-1a, so that a result is known again after lines have moved.
std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return fmt::format("{:016x}", hash);
}

class Results {
  public:
    void add(const FileReport& file) {
        const Place whole{file.file, 0, 0};
        if (!file.error.empty()) push("input", "error", file.error, whole, file.file);
        if (!file.internal_error.empty()) push("internal", "error", file.internal_error, whole, file.file);
        for (const QuestionReport& question : file.questions) add(file, question);
        for (const std::string& warning : file.warnings)
            push("warning", "warning", warning, whole, file.file + warning);
        for (const StepNote& step : droppable(file))
            push("step", "note", step_sentence(step) + ".", step.called_from,
                 file.file + "\n" + step_sentence(step));
    }
    Json take() { return std::move(results_); }

  private:
    void add(const FileReport& file, const QuestionReport& question) {
        const Place declared = question.place.file.empty() ? Place{file.file, 0, 0} : question.place;
        const std::string key = file.file + "\n" + full_text(question);
        const Outcome outcome = outcome_of(question);
        if (outcome == Outcome::failed || outcome == Outcome::undecided || outcome == Outcome::known) {
            std::string text = fmt::format("{}: {}.", full_text(question), verdict_phrase(question));
            if (!question.reason.empty()) text += " " + question.reason;
            const Place& place = question.offence ? question.offence->place : declared;
            const std::string_view level = outcome == Outcome::failed      ? "error"
                                           : outcome == Outcome::undecided ? "warning"
                                                                           : "note";
            push(question.rule, level, text, place, key);
            if (question.offence) relate(declared);
            if (!question.flow.empty()) follow(question);
            compare(question.baseline);
        }
        for (const std::string& warning : question.warnings) {
            push("warning", "warning", fmt::format("{}: {}", full_text(question), warning), declared,
                 key + warning);
        }
    }

    void push(std::string_view rule, std::string_view level, const std::string& text, const Place& place,
              const std::string& key) {
        const std::size_t index = rule_index(rule);
        results_.push_back({{"ruleId", sarif_rules[index].id},
                            {"ruleIndex", index},
                            {"level", level},
                            {"message", {{"text", text}}},
                            {"locations", Json::array({location_of(place)})},
                            {"partialFingerprints", {{"tlbcheckQuestion/v1", fingerprint(key)}}}});
    }

    void relate(const Place& declared) {
        Json location = location_of(declared);
        location["message"] = {{"text", "the property is stated here"}};
        results_.back()["relatedLocations"] = Json::array({location});
    }

    /// The witness as a code flow: one thread flow, for the steps of all PEs have one order.
    void follow(const QuestionReport& question) {
        Json steps = Json::array();
        for (const FlowStep& step : question.flow) {
            Json location = location_of(step.place);
            location["message"] = {{"text", step.text}};
            steps.push_back({{"location", location},
                             {"executionOrder", steps.size() + 1},
                             {"importance", step.essential ? "essential" : "important"}});
        }
        results_.back()["codeFlows"] =
            Json::array({{{"message", {{"text", "an execution that the architecture allows"}}},
                          {"threadFlows", Json::array({{{"locations", steps}}})}}});
    }

    void compare(BaselineState state) {
        if (state == BaselineState::none) return;
        results_.back()["baselineState"] = state == BaselineState::known   ? "unchanged"
                                           : state == BaselineState::fresh ? "new"
                                                                           : "updated";
    }

    Json results_ = Json::array();
};

std::string_view default_level(std::string_view rule) {
    if (rule == "step") return "note";
    return rule == "warning" ? "warning" : "error";
}

Json rules_json() {
    Json rules = Json::array();
    for (const SarifRule& rule : sarif_rules) {
        rules.push_back({{"id", rule.id},
                         {"name", rule.name},
                         {"shortDescription", {{"text", rule.short_text}}},
                         {"fullDescription", {{"text", rule.full_text}}},
                         {"defaultConfiguration", {{"level", default_level(rule.id)}}}});
    }
    return rules;
}

}  // namespace

std::string sarif(const std::vector<FileReport>& files) {
    const ModelIdentity identity = model_identity();
    Results results;
    for (const FileReport& file : files) results.add(file);
    const Json driver = {
        {"name", identity.tool},
        {"semanticVersion", identity.version},
        {"properties",
         {{"herdtools7_commit", identity.herdtools7_commit}, {"extensions", identity.extensions}}},
        {"rules", rules_json()}};
    Json run = {
        {"tool", {{"driver", driver}}}, {"columnKind", "utf16CodeUnits"}, {"results", results.take()}};
    return dumped(
        {{"$schema",
          "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
         {"version", "2.1.0"},
         {"runs", Json::array({run})}});
}

}  // namespace tlbcheck::checker
