// SPDX-License-Identifier: Apache-2.0
//
// Reads, compares and writes the verdicts of an earlier run.

#include "checker/gate/baseline.hpp"

#include <fmt/format.h>

#include <set>

#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::string_view schema = "tlbcheck.baseline/1";

bool as_expected(const QuestionReport& question) {
    if (question.verdict == Verdict::undecided) return false;
    return !question.expected || question.verdict == *question.expected;
}

BaselineState compare(const QuestionReport& question, const RecordedAnswer* recorded) {
    const bool good = as_expected(question);
    if (recorded == nullptr) return good ? BaselineState::none : BaselineState::fresh;
    if (question.verdict == Verdict::undecided) {
        return recorded->verdict == Verdict::undecided ? BaselineState::known : BaselineState::none;
    }
    if (recorded->verdict == Verdict::undecided) return good ? BaselineState::none : BaselineState::fresh;
    if (good && !recorded->as_expected) return BaselineState::fixed;
    if (!good && recorded->as_expected) return BaselineState::fresh;
    if (question.verdict != recorded->verdict) {
        // As expected then and now, with another verdict: the expectation was changed along with it, which is
        // no news.
        return good && question.expected ? BaselineState::none : BaselineState::changed;
    }
    return good ? BaselineState::none : BaselineState::known;
}

[[noreturn]] void fail(const litmus::Source& source, std::string message, litmus::Place place = {}) {
    throw litmus::InputError(std::move(message), source, place, "write it anew with --update-baseline");
}

RecordedAnswer answer_of(const Json& json, const litmus::Source& source, const std::string& question) {
    const bool whole = json.is_object() && json.contains("verdict") && json["verdict"].is_string() &&
                       json.contains("as_expected") && json["as_expected"].is_boolean() && json.size() == 2;
    const auto verdict = whole ? parse_verdict(json["verdict"].get<std::string>()) : std::nullopt;
    if (!verdict)
        fail(source, fmt::format("the baseline's entry for '{}' is malformed", litmus::printable(question)));
    return {*verdict, json["as_expected"].get<bool>()};
}

Baseline baseline_from(const Json& document, const litmus::Source& source) {
    if (!document.is_object() || document.value("schema", Json()) != Json(schema)) {
        fail(source, fmt::format("not a baseline: \"schema\" is not \"{}\"", schema));
    }
    if (!document.contains("files") || !document["files"].is_object())
        fail(source, "the baseline has no \"files\"");
    Baseline baseline;
    for (const auto& [file, questions] : document["files"].items()) {
        if (!questions.is_object())
            fail(source, fmt::format("the baseline's entry for '{}' is malformed", litmus::printable(file)));
        auto& answers = baseline.files[file];
        for (const auto& [question, answer] : questions.items())
            answers[question] = answer_of(answer, source, question);
    }
    return baseline;
}

}  // namespace

Baseline baseline_of(const std::vector<FileReport>& files) {
    Baseline baseline;
    for (const FileReport& file : files) {
        if (verdict_of(file) == FileVerdict::error) continue;
        auto& answers = baseline.files[file.file];
        for (const QuestionReport& question : file.questions) {
            answers[full_text(question)] = {question.verdict, as_expected(question)};
        }
    }
    return baseline;
}

Baseline updated(Baseline old, const Baseline& now) {
    for (const auto& [file, answers] : now.files) old.files[file] = answers;
    return old;
}

std::string baseline_json(const Baseline& baseline) {
    Json document = document_head(schema);
    document["files"] = Json::object();
    for (const auto& [file, answers] : baseline.files) {
        Json& questions = document["files"][file] = Json::object();
        for (const auto& [question, answer] : answers) {
            questions[question] = {{"verdict", to_string(answer.verdict)},
                                   {"as_expected", answer.as_expected}};
        }
    }
    return dumped(document);
}

litmus::Result<Baseline> parse_baseline(const litmus::Source& source) {
    return litmus::collect([&] {
        Json document;
        try {
            document = Json::parse(source->text);
        } catch (const Json::parse_error& error) {
            const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
            fail(source, "the baseline is not valid JSON", litmus::place_of(source->text, offset));
        } catch (const Json::out_of_range&) {  // the one other way to fail, which tells no offset
            fail(source, "the baseline holds a number that is too large", litmus::place_of(source->text, 0));
        }
        return baseline_from(document, source);
    });
}

std::vector<std::string> apply_baseline(std::vector<FileReport>& files, const Baseline& baseline) {
    std::vector<std::string> gone;
    for (FileReport& file : files) {
        if (verdict_of(file) == FileVerdict::error) continue;
        const auto recorded = baseline.files.find(file.file);
        std::set<std::string> seen;
        for (QuestionReport& question : file.questions) {
            const std::string text = full_text(question);
            seen.insert(text);
            const RecordedAnswer* answer = nullptr;
            if (recorded != baseline.files.end()) {
                const auto found = recorded->second.find(text);
                if (found != recorded->second.end()) answer = &found->second;
            }
            question.baseline = compare(question, answer);
            if (answer != nullptr) question.recorded = answer->verdict;
        }
        if (recorded == baseline.files.end()) continue;
        for (const auto& [text, answer] : recorded->second) {
            if (seen.count(text) == 0) gone.push_back(fmt::format("{}: {}", file.file, text));
        }
    }
    return gone;
}

}  // namespace tlbcheck::checker
