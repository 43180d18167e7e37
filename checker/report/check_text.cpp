// SPDX-License-Identifier: Apache-2.0
//
// A line a file, and what lies below it.

#include "checker/report/check_text.hpp"

#include <fmt/format.h>

#include "checker/report/kernel_place.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::size_t ranges_shown = 4;

Tone tone_of(FileVerdict verdict) {
    switch (verdict) {
        case FileVerdict::pass:
            return Tone::good;
        case FileVerdict::undecided:
            return Tone::unsure;
        case FileVerdict::fail:
        case FileVerdict::error:
            return Tone::bad;
    }
    return Tone::plain;
}

Tone tone_of(const QuestionReport& question) {
    switch (outcome_of(question)) {
        case Outcome::met:
            return Tone::good;
        case Outcome::failed:
            return Tone::bad;
        case Outcome::undecided:
        case Outcome::known:
            return Tone::unsure;
        case Outcome::no_expectation:
            return Tone::strong;
    }
    return Tone::plain;
}

std::string ranges_text(const std::vector<AddressRange>& ranges, bool all) {
    const std::size_t shown = all ? ranges.size() : std::min(ranges.size(), ranges_shown);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + to_string(ranges[i]);
    if (shown < ranges.size())
        text += fmt::format(", and {} more (--verbose lists them)", ranges.size() - shown);
    return text;
}

std::string class_text(const SliceClass& slices) {
    std::string text = fmt::format("{} of {}: {}", count_text(slices.count, "slice", "slices"),
                                   count_text(slices.leaves, "leaf", "leaves"), to_string(slices.verdict));
    if (slices.first_va) text += fmt::format(", the first at 0x{:x}", *slices.first_va);
    return text;
}

class Lines {
  public:
    explicit Lines(const TextOptions& options) : options_(options) {}

    void detail(std::string_view label, std::string_view text, Tone tone = Tone::faint) {
        out_ += fmt::format("    {} {}\n", options_.paint(tone, fmt::format("{}:", label)), text);
    }
    void plain(std::string_view line) { out_ += fmt::format("{}\n", line); }
    std::string take() { return std::move(out_); }

    void question(const QuestionReport& question) {
        const std::string verdict(to_string(question.verdict));
        std::string line =
            fmt::format("  {}: {}{}", full_text(question), options_.paint(tone_of(question), verdict),
                        verdict_phrase(question).substr(verdict.size()));
        plain(line);
        details(question);
    }

  private:
    void details(const QuestionReport& question) {
        const bool verbose = options_.detail == Detail::verbose;
        const Outcome outcome = outcome_of(question);
        const bool wanted = verbose || outcome == Outcome::failed || outcome == Outcome::undecided;
        if (wanted && !question.reason.empty()) detail("because", question.reason);
        if (wanted && question.cause) {
            for (const RequestedChange& change : question.cause->changes) detail("change", change.text);
        }
        if (wanted && question.offence) {
            const std::string& text = question.offence->text;
            detail("at", to_string(question.offence->place) + (text.empty() ? "" : ": " + text));
            if (verbose)
                for (const model::KernelFrame& frame : question.offence->kernel) detail("in", text_of(frame));
        }
        if (wanted && !question.affected.empty())
            detail("addresses", ranges_text(question.affected, verbose));
        if (question.slicing && verbose) slices(*question.slicing);
        if (question.any_size) {
            detail("any size",
                   fmt::format("{}: {}", question.any_size->holds ? "yes" : "no", question.any_size->why));
        }
        if (question.certificate) {
            detail("certified",
                   fmt::format("{}, {}", count_text(question.certificate->proofs, "proof", "proofs"),
                               count_text(question.certificate->steps, "step", "steps")));
        }
        for (const std::string& warning : question.warnings) detail("warning", warning, Tone::unsure);
    }

    void slices(const Slicing& slicing) {
        if (!slicing.reason_whole.empty())
            detail("slices", fmt::format("solved whole: {}", slicing.reason_whole));
        for (const SliceClass& slices : slicing.classes) detail("slices", class_text(slices));
    }

    const TextOptions& options_;
    std::string out_;
};

}  // namespace

std::string check_text(const FileReport& file, const TextOptions& options) {
    Lines lines(options);
    const FileVerdict verdict = verdict_of(file);
    lines.plain(fmt::format("{}: {}", file.file, options.paint(tone_of(verdict), to_string(verdict))));
    if (options.detail == Detail::quiet) return lines.take();
    for (const QuestionReport& question : file.questions) lines.question(question);
    for (const std::string& warning : file.warnings) lines.detail("warning", warning, Tone::unsure);
    if (options.detail == Detail::verbose)
        for (const KernelNoteReport& note : file.kernel) lines.detail("kernel", text_of(note));
    if (!file.error.empty()) lines.plain(file.error);
    if (!file.internal_error.empty()) lines.detail("internal error", file.internal_error, Tone::bad);
    return lines.take();
}

}  // namespace tlbcheck::checker
