// SPDX-License-Identifier: Apache-2.0
//
// Entry point of the herd7 litmus front end: text to program.
#pragma once

#include <string>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

struct ReadOptions {
    /// Tags of --variant, in order; the header's Variant= is applied after them: tags unite, the last fault
    /// mode wins.
    std::vector<std::string> variants;
    std::optional<int> unroll;  ///< default number of unrollings; the header's Unroll= wins
};

/// Reads a test. Errors carry their place; a bad tag in `options` has none.
Result<model::LitmusProgram> read_litmus(const Source& source, const ReadOptions& options = {});

/// True when the text starts as a herd7 test does ("AArch64 NAME").
bool looks_like_litmus(std::string_view text);

}  // namespace tlbcheck::litmus::herd
