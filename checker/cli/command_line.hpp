// SPDX-License-Identifier: Apache-2.0
//
// Parsing of the command line. The one place that knows the library for it.
#pragma once

#include <functional>
#include <variant>

#include "checker/cli/options.hpp"

namespace tlbcheck::checker::cli {

/// What `argv` asks for: the chosen command's work, its options taken; or, after help or a complaint was
/// printed, an exit code: 0 or 2.
std::variant<std::function<int()>, int> parse_command_line(const Program& program, int argc,
                                                           const char* const* argv);

}  // namespace tlbcheck::checker::cli
