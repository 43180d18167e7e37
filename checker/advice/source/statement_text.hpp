// SPDX-License-Identifier: Apache-2.0
//
// Texts of statements taken apart and written anew: names replaced, loops with another body.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::checker {

/// The text with each name of the map replaced, members and argument names left alone.
std::string substituted(std::string_view text, const std::map<std::string, std::string>& values);

/// Whether one of the names stands in the text, as a word of its own.
bool mentions(std::string_view text, const std::set<std::string>& names);

/// The parts of a list at its outermost commas, without the spaces around them.
std::vector<std::string> split_at_commas(std::string_view text);

/// What the loop runs over, as a stretch: `linear` of `leaves(linear)`, `x` of `tables(x, 3)`.
std::string stretch_of(std::string_view loop);

/// "for (leaf : leaves(linear))".
std::string loop_head(const std::string& loop);

/// The loop written anew: its head, and a body of these statements.
std::string loop_text(const std::string& head, const std::vector<std::string>& body,
                      const std::string& indent);

/// The lines one below the other, all but the first indented.
std::string joined_lines(const std::vector<std::string>& lines, const std::string& indent);

}  // namespace tlbcheck::checker
