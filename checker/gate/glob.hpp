// SPDX-License-Identifier: Apache-2.0
//
// File patterns of tlbcheck.toml.
#pragma once

#include <string_view>

namespace tlbcheck::checker {

/// Whether `path` ('/' between parts) matches: `?` one character and `*` any number of them, neither a '/';
/// `**` any number of characters with '/', and `**/` also nothing at all. Takes time in the product of the
/// lengths.
bool glob_match(std::string_view pattern, std::string_view path);

}  // namespace tlbcheck::checker
