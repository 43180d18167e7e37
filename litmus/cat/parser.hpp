// SPDX-License-Identifier: Apache-2.0
//
// From tokens to the syntax tree of a cat file.
#pragma once

#include "litmus/cat/syntax.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::cat {

/// Parses a whole file. `file` is the number put in all spans. Throws InputError.
///
/// Precedence, loosest first: `|`, `++`, `;`, `\`, `&`, then product and the postfix `*` `+` `?` and prefix
/// `~`, then `^-1`. As in herd, prefix `~` and product do not mix with a postfix operator or another product
/// without parentheses.
File parse(const Source& source, std::uint32_t file);

}  // namespace tlbcheck::litmus::cat
