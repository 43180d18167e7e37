// SPDX-License-Identifier: Apache-2.0
//
// `tlbcheck completions bash|zsh|fish`: completion scripts for a program and its commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checker/cli_docs/command_doc.hpp"

namespace tlbcheck::checker {

enum class Shell : std::uint8_t { bash, zsh, fish };
/// nullopt when there is no such shell.
std::optional<Shell> parse_shell(std::string_view word);

/// A script to be sourced (bash, fish) or put into a folder of $fpath as _NAME (zsh).
std::string completion_script(const CommandDoc& program, Shell shell);

}  // namespace tlbcheck::checker
