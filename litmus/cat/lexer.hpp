// SPDX-License-Identifier: Apache-2.0
//
// From the text of a cat file to tokens.
#pragma once

#include <vector>

#include "litmus/cat/token.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::cat {

/// All tokens of `source`, the last one being end_of_text. `file` is the number put in their spans.
/// Comments are `(* ... *)` (nested), `// ...` and `# ...`.
/// Throws InputError at a character no token starts with, and at an unclosed comment or string.
std::vector<Token> tokenise(const Source& source, std::uint32_t file);

}  // namespace tlbcheck::litmus::cat
