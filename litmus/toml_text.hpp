// SPDX-License-Identifier: Apache-2.0
//
// Untrusted TOML text to a toml++ table.
#pragma once

#define TOML_EXCEPTIONS 0
// The parser asserts what "[)" does not keep, and has an error message for it right behind.
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <toml++/toml.h>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus {

/// Of a region on one line its length, else 1.
Place place_of(const toml::source_region& region);

/// Throws InputError with the place of what is no TOML, or no UTF-8.
toml::table parse_toml(const Source& source);

/// The byte offset of a position of toml++, whose columns count characters.
std::size_t offset_of(std::string_view text, const toml::source_position& position);

}  // namespace tlbcheck::litmus
