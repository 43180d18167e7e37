// SPDX-License-Identifier: Apache-2.0
//
// The text output of `check` (docs/reports.md): a line a file, `FILE: pass|fail|undecided`,
// then indented a line a question, then indented further what is worth knowing about it.
#pragma once

#include <cstdint>
#include <string>

#include "checker/report/answer.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker {

/// quiet: the line a file only; normal: questions, and the cause and addresses of what is not as it should
/// be; verbose: all.
enum class Detail : std::uint8_t { quiet, normal, verbose };

struct TextOptions {
    Detail detail = Detail::normal;
    Painter paint;
};

/// Ends in a newline.
std::string check_text(const FileReport& file, const TextOptions& options);

}  // namespace tlbcheck::checker
