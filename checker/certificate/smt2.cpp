// SPDX-License-Identifier: Apache-2.0
//
// The comments tell a reader which schedule, question, slice, observer and event a part speaks of.
#include "checker/certificate/smt2.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/asked_formulas.hpp"

namespace tlbcheck::checker {

namespace {

std::string comment(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return "; " + text + "\n";
}

}  // namespace

std::string smt2_of(const std::string& file, const QuestionReport& question, const model::Slicing& slicing,
                    model::PropertyKind kind) {
    std::string text;
    for (const model::Slice& slice : slicing.slices) {
        for_each_asked(kind, slice.schedule, [&](const AskedFormulas& asked) {
            text +=
                comment(fmt::format("{}: {}: {}", file, full_text(question), to_string(question.verdict)));
            text += comment(
                fmt::format("slice at 0x{:x}, {}", slice.schedule.candidates.front(), asked.observer));
            for (const std::string& line : asked.legend) text += comment(line);
            if (question.verdict == Verdict::safe) text += "(set-info :status unsat)\n";
            text += asked.smtlib(question.text) + "(reset)\n\n";
        });
    }
    return text;
}

}  // namespace tlbcheck::checker
