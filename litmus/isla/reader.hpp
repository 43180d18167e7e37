// SPDX-License-Identifier: Apache-2.0
//
// Entry point of the front end for .litmus.toml files, the format of isla-axiomatic: text to program.
#pragma once

#include <string_view>

#include "litmus/diagnostics.hpp"
#include "litmus/herd/reader.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::isla {

/// Reads a test; errors carry their place. Of the variants those that say what the hardware has count.
Result<model::LitmusProgram> read_litmus_toml(const Source& source, const herd::ReadOptions& options = {});

/// True when the file's name ends as these files' names do.
bool is_litmus_toml(std::string_view file);

}  // namespace tlbcheck::litmus::isla
