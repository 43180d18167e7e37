// SPDX-License-Identifier: Apache-2.0
//
// The gate's text: what a reviewer wants to know first is what changed.

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "checker/gate/gate.hpp"
#include "checker/report/check_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

struct Section {
    std::string_view title;
    Tone tone = Tone::plain;
    std::vector<std::string> lines;
    std::size_t count = 0;
};

struct Totals {
    std::size_t questions = 0, good = 0, failed = 0, undecided = 0, known = 0, errors = 0;
};

void add_details(std::vector<std::string>& lines, const QuestionReport& question) {
    const Place& place = question.offence ? question.offence->place : question.place;
    if (place.line != 0) {
        lines.push_back(fmt::format(
            "    at {}{}", to_string(place),
            question.offence && !question.offence->text.empty() ? ": " + question.offence->text : ""));
    }
    if (!question.reason.empty()) lines.push_back(fmt::format("    because {}", question.reason));
}

class Summary {
  public:
    void add(const FileReport& file) {
        if (verdict_of(file) == FileVerdict::error) {
            ++totals_.errors;
            ++errors_.count;
            errors_.lines.push_back(
                fmt::format("  {}: {}", file.file, file.error.empty() ? file.internal_error : file.error));
            return;
        }
        for (const QuestionReport& question : file.questions) add(file, question);
        for (const std::string& warning : file.warnings) warn(fmt::format("  {}: {}", file.file, warning));
        for (const StepNote& step : droppable(file)) {
            ++steps_.count;
            steps_.lines.push_back(fmt::format("  {}: {}", to_string(step.called_from), step_sentence(step)));
        }
        if (file.minimized && !file.minimized->why_not.empty()) {
            ++not_minimized_.count;
            not_minimized_.lines.push_back(fmt::format("  {}: {}", file.file, file.minimized->why_not));
        }
    }
    void add_gone(const std::vector<std::string>& gone) {
        for (const std::string& line : gone) gone_.lines.push_back(fmt::format("  {}", line));
        gone_.count = gone.size();
    }

    std::string text(const GateResult& result, const Painter& paint) const {
        std::string out;
        for (const Section* section : {&errors_, &failed_, &changed_, &fixed_, &gone_, &undecided_,
                                       &warnings_, &steps_, &not_minimized_}) {
            if (section->lines.empty()) continue;
            out += fmt::format("{}\n",
                               paint(section->tone, fmt::format("{} ({}):", section->title, section->count)));
            for (const std::string& line : section->lines) out += line + "\n";
        }
        if (!fixed_.lines.empty() || !changed_.lines.empty() || !gone_.lines.empty()) {
            out += fmt::format("To accept these: --update-baseline rewrites {}.\n", result.baseline_path);
        }
        return out + totals(result, paint);
    }

  private:
    void warn(std::string line) {
        ++warnings_.count;
        warnings_.lines.push_back(std::move(line));
    }
    void add(const FileReport& file, const QuestionReport& question) {
        ++totals_.questions;
        const std::string line =
            fmt::format("  {}: {}: {}", file.file, full_text(question), verdict_phrase(question));
        Section* section = nullptr;
        switch (outcome_of(question)) {
            case Outcome::failed:
                ++totals_.failed;
                section = question.baseline == BaselineState::fixed     ? &fixed_
                          : question.baseline == BaselineState::changed ? &changed_
                                                                        : &failed_;
                break;
            case Outcome::undecided:
                ++totals_.undecided;
                section = &undecided_;
                break;
            case Outcome::known:
                ++totals_.known;
                break;
            case Outcome::met:
            case Outcome::no_expectation:
                ++totals_.good;
                break;
        }
        for (const std::string& warning : question.warnings) {
            warn(fmt::format("  {}: {}: {}", file.file, full_text(question), warning));
        }
        if (section == nullptr) return;
        ++section->count;
        section->lines.push_back(line);
        if (section != &fixed_) add_details(section->lines, question);
    }

    std::string totals(const GateResult& result, const Painter& paint) const {
        std::string line =
            fmt::format("{}, {}: {} as expected", count_text(result.files.size(), "file", "files"),
                        count_text(totals_.questions, "question", "questions"), totals_.good);
        if (totals_.failed != 0) line += fmt::format(", {} failed", totals_.failed);
        if (!gone_.lines.empty()) line += fmt::format(", {} gone", gone_.count);
        if (totals_.undecided != 0) line += fmt::format(", {} undecided", totals_.undecided);
        if (totals_.errors != 0) line += fmt::format(", {} could not be judged", totals_.errors);
        if (totals_.known != 0) line += fmt::format(", {} known ({})", totals_.known, result.baseline_path);
        const ExitCode code = exit_code(result);
        const Tone tone = code == ExitCode::ok          ? Tone::good
                          : code == ExitCode::undecided ? Tone::unsure
                                                        : Tone::bad;
        const std::string_view word = code == ExitCode::ok          ? "pass"
                                      : code == ExitCode::undecided ? "undecided"
                                                                    : "fail";
        return fmt::format("{}: {}\n", paint(tone, word), line);
    }

    Totals totals_;
    Section errors_{"could not be judged", Tone::bad, {}, 0}, failed_{"failed", Tone::bad, {}, 0},
        changed_{"changed", Tone::bad, {}, 0}, fixed_{"fixed", Tone::good, {}, 0},
        gone_{"in the baseline, but no longer asked", Tone::bad, {}, 0},
        undecided_{"undecided", Tone::unsure, {}, 0}, warnings_{"warnings", Tone::unsure, {}, 0},
        steps_{"could be left out or weaker, each by itself", Tone::plain, {}, 0},
        not_minimized_{"not minimized", Tone::plain, {}, 0};
};

}  // namespace

std::string gate_summary(const GateResult& result, const Painter& paint, bool verbose) {
    std::string out;
    Summary summary;
    for (const FileReport& file : result.files) {
        if (verbose) out += check_text(file, {Detail::normal, paint});
        summary.add(file);
    }
    summary.add_gone(result.gone);
    return out + summary.text(result, paint);
}

}  // namespace tlbcheck::checker
