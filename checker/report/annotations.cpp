// SPDX-License-Identifier: Apache-2.0
//
// One workflow command for each file and question that is not as expected.

#include "checker/report/annotations.hpp"

#include <fmt/format.h>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

std::string annotation(std::string_view level, const Place& place, std::string_view title,
                       std::string_view message) {
    std::string text = fmt::format("::{} file={}", level, annotation_escaped(place.file, true));
    if (place.line != 0) text += fmt::format(",line={}", place.line);
    if (place.column != 0) text += fmt::format(",col={}", place.column);
    return text + fmt::format(",title={}::{}\n", annotation_escaped(title, true),
                              annotation_escaped(message, false));
}

std::string annotations_of(const FileReport& file, const QuestionReport& question) {
    std::string text;
    const Place declared = question.place.file.empty() ? Place{file.file, 0, 0} : question.place;
    const Outcome outcome = outcome_of(question);
    if (outcome == Outcome::failed || outcome == Outcome::undecided) {
        const std::string title = fmt::format("{}: {}", full_text(question), verdict_phrase(question));
        const std::string& message = question.reason.empty() ? title : question.reason;
        text += annotation(outcome == Outcome::failed ? "error" : "warning",
                           question.offence ? question.offence->place : declared, title, message);
    }
    for (const std::string& warning : question.warnings) {
        text += annotation("warning", declared, full_text(question), warning);
    }
    return text;
}

}  // namespace

std::string github_annotations(const std::vector<FileReport>& files) {
    std::string text;
    for (const FileReport& file : files) {
        const Place whole{file.file, 0, 0};
        if (!file.error.empty()) text += annotation("error", whole, "input error", file.error);
        if (!file.internal_error.empty())
            text += annotation("error", whole, "internal error", file.internal_error);
        for (const QuestionReport& question : file.questions) text += annotations_of(file, question);
        for (const std::string& warning : file.warnings)
            text += annotation("warning", whole, "tlbcheck", warning);
        for (const StepNote& step : droppable(file))
            text += annotation("notice", step.called_from, to_string(step.need), step_sentence(step));
    }
    return text;
}

}  // namespace tlbcheck::checker
