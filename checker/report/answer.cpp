// SPDX-License-Identifier: Apache-2.0
//
// Words for verdicts and the rules that turn verdicts and expectations into file verdicts and exit codes
// (docs/reports.md).

#include "checker/report/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "checker/text/text_tools.hpp"
#include "model/arch/hardware_table.hpp"
#include "model/axioms/arm_model.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 6> verdict_words{{
    {Verdict::safe, "safe"},
    {Verdict::unsafe, "unsafe"},
    {Verdict::allowed, "allowed"},
    {Verdict::forbidden, "forbidden"},
    {Verdict::required, "required"},
    {Verdict::undecided, "undecided"},
}};

}  // namespace

std::string_view to_string(FrontEnd front_end) {
    switch (front_end) {
        case FrontEnd::sched:
            return "sched";
        case FrontEnd::litmus:
            return "litmus";
        case FrontEnd::casemate:
            return "casemate";
    }
    return "?";
}

std::string_view to_string(Verdict verdict) {
    const auto* found = std::find_if(verdict_words.begin(), verdict_words.end(),
                                     [&](auto& word) { return word.first == verdict; });
    return found == verdict_words.end() ? "?" : found->second;
}

std::optional<Verdict> parse_verdict(std::string_view word) {
    for (const auto& [verdict, name] : verdict_words) {
        if (name == word) return verdict;
    }
    return std::nullopt;
}

std::string_view to_string(ExpectationSource source) {
    switch (source) {
        case ExpectationSource::none:
            return "none";
        case ExpectationSource::assertion:
            return "assert";
        case ExpectationSource::witness:
            return "witness";
        case ExpectationSource::kinds:
            return "kinds";
        case ExpectationSource::config:
            return "config";
    }
    return "?";
}

std::string_view to_string(Need need) {
    switch (need) {
        case Need::needed:
            return "needed";
        case Need::could_be_weaker:
            return "could be weaker";
        case Need::not_needed:
            return "not needed";
        case Need::undecided:
            return "undecided";
    }
    return "?";
}

std::string_view to_string(FileVerdict verdict) {
    switch (verdict) {
        case FileVerdict::pass:
            return "pass";
        case FileVerdict::fail:
            return "fail";
        case FileVerdict::undecided:
            return "undecided";
        case FileVerdict::error:
            return "error";
    }
    return "?";
}

std::string_view to_string(BaselineState state) {
    switch (state) {
        case BaselineState::none:
            return "none";
        case BaselineState::known:
            return "known";
        case BaselineState::fixed:
            return "fixed";
        case BaselineState::changed:
            return "changed";
        case BaselineState::fresh:
            return "new";
    }
    return "?";
}

std::string to_string(const AddressRange& range) {
    const std::uint64_t bytes = range.last - range.first + 1;
    std::string text =
        fmt::format("0x{:x}-0x{:x} ({})", range.first, range.last, bytes == 0 ? "all" : size_text(bytes));
    if (range.count > 1)
        text += fmt::format(" and so on every {}, {} in all", size_text(range.step), range.count);
    return text;
}

std::vector<StepNote> droppable(const FileReport& file) {
    std::vector<StepNote> steps;
    if (!file.minimized || !file.minimized->why_not.empty()) return steps;
    for (const StepNote& step : file.minimized->steps)
        if (step.need == Need::not_needed || step.need == Need::could_be_weaker) steps.push_back(step);
    return steps;
}

std::string step_sentence(const StepNote& step) {
    std::string text = step.statement;
    if (step.place != step.called_from) text += fmt::format(" ({}:{})", step.place.file, step.place.line);
    if (step.need == Need::not_needed)
        text += " is not needed: all else as it is, every assertion stays safe without it";
    else
        text += fmt::format(" could be weaker: {}", fmt::join(step.weaker, "; or "));
    return step.note.empty() ? text : fmt::format("{} ({})", text, step.note);
}

Outcome outcome_of(const QuestionReport& question) {
    if (question.baseline == BaselineState::known) return Outcome::known;
    if (question.baseline == BaselineState::fixed || question.baseline == BaselineState::changed)
        return Outcome::failed;
    if (question.no_execution && question.strict) return Outcome::failed;
    if (!question.expected) {
        return question.verdict == Verdict::undecided ? Outcome::undecided : Outcome::no_expectation;
    }
    if (question.verdict == *question.expected) return Outcome::met;
    return question.verdict == Verdict::undecided ? Outcome::undecided : Outcome::failed;
}

void be_strict(FileReport& file) {
    for (QuestionReport& question : file.questions) question.strict = true;
}

FileVerdict verdict_of(const FileReport& file) {
    if (!file.error.empty() || !file.internal_error.empty()) return FileVerdict::error;
    const auto some = [&](Outcome outcome) {
        return std::any_of(file.questions.begin(), file.questions.end(),
                           [&](const QuestionReport& question) { return outcome_of(question) == outcome; });
    };
    if (some(Outcome::failed)) return FileVerdict::fail;
    return some(Outcome::undecided) ? FileVerdict::undecided : FileVerdict::pass;
}

std::string full_text(const QuestionReport& question) {
    if (question.differs.empty()) return question.text;
    return fmt::format("{} {{{}}}", question.text, fmt::join(question.differs, ", "));
}

std::string verdict_phrase(const QuestionReport& question) {
    const std::string verdict(to_string(question.verdict));
    const bool surprising = question.expected && *question.expected != question.verdict;
    const std::string expected = surprising ? fmt::format("expected {}", to_string(*question.expected)) : "";
    if (question.baseline == BaselineState::none && question.no_execution && question.strict && !surprising)
        return verdict + " (but no execution is allowed at all)";
    switch (question.baseline) {
        case BaselineState::known:
            return fmt::format("{} (known{}{})", verdict, surprising ? ": " : "", expected);
        case BaselineState::fixed:
            return fmt::format("{} (fixed: the baseline still records {})", verdict,
                               to_string(question.recorded.value_or(Verdict::undecided)));
        case BaselineState::changed:
            return fmt::format("{} (changed: the baseline records {})", verdict,
                               to_string(question.recorded.value_or(Verdict::undecided)));
        case BaselineState::none:
        case BaselineState::fresh:
            break;
    }
    return surprising ? fmt::format("{} ({})", verdict, expected) : verdict;
}

std::vector<HardwareItem> hardware_items(const model::HardwareParameters& hardware) {
    std::vector<HardwareItem> items;
    for (const model::HardwareParameter& parameter : model::hardware_table()) {
        const auto value = parameter.get(hardware);
        if (!value) continue;
        items.push_back({std::string(parameter.key), std::string(parameter.values[*value].word),
                         is_default(parameter, hardware)});
    }
    return items;
}

ModelIdentity model_identity() {
    ModelIdentity identity;
    identity.version = TLBCHECK_VERSION;
    identity.herdtools7_commit = model::axioms::cat_commit;
    return identity;
}

ExitCode exit_code(const std::vector<FileReport>& files) {
    const auto some = [&](FileVerdict verdict) {
        return std::any_of(files.begin(), files.end(),
                           [&](const FileReport& file) { return verdict_of(file) == verdict; });
    };
    const auto bad = [](const FileReport& file) { return !file.error.empty(); };
    if (std::any_of(files.begin(), files.end(), bad)) return ExitCode::bad_input;
    if (some(FileVerdict::error)) return ExitCode::internal_error;
    if (some(FileVerdict::fail)) return ExitCode::failed;
    return some(FileVerdict::undecided) ? ExitCode::undecided : ExitCode::ok;
}

}  // namespace tlbcheck::checker
