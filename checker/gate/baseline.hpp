// SPDX-License-Identifier: Apache-2.0
//
// A baseline: the verdicts of an earlier run. The gate accepts what it records and fails only on what is new,
// changed or fixed (docs/reports.md, "Baselines").
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::checker {

struct RecordedAnswer {
    Verdict verdict = Verdict::undecided;
    bool as_expected = true;  ///< false: it was a failure, or undecided, when recorded
    friend bool operator==(const RecordedAnswer&, const RecordedAnswer&) = default;
};
/// By file and full_text(question).
struct Baseline {
    std::map<std::string, std::map<std::string, RecordedAnswer>> files;
    friend bool operator==(const Baseline&, const Baseline&) = default;
};

/// What a later run will be compared with. Files that could not be judged are left out.
Baseline baseline_of(const std::vector<FileReport>& files);
/// `old` with the files of `now` replaced: a run over a part of the suite keeps the rest.
Baseline updated(Baseline old, const Baseline& now);
/// Schema "tlbcheck.baseline/1", sorted, one question a line: made to be kept under version control.
std::string baseline_json(const Baseline& baseline);
litmus::Result<Baseline> parse_baseline(const litmus::Source& source);

/// Marks each question with what the baseline says of it, and returns the recorded questions that a file of
/// the run no longer has, as "file: question".
std::vector<std::string> apply_baseline(std::vector<FileReport>& files, const Baseline& baseline);

}  // namespace tlbcheck::checker
