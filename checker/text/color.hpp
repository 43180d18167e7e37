// SPDX-License-Identifier: Apache-2.0
//
// When output has colour, and the few colours there are. Meaning never hangs on colour alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlbcheck::checker {

/// --color auto|always|never.
enum class ColorPolicy : std::uint8_t { automatic, always, never };
/// nullopt when there is no such word.
std::optional<ColorPolicy> parse_color_policy(std::string_view word);

/// `automatic`: only when file descriptor `fd` is a terminal, TERM is not "dumb", and NO_COLOR is unset or
/// empty (no-color.org). `always` and `never` win over everything.
bool use_color(ColorPolicy policy, int fd);
/// The same rule with its inputs given, for tests. Null pointers stand for unset variables.
bool use_color(ColorPolicy policy, bool is_terminal, const char* no_color, const char* term);

enum class Tone : std::uint8_t { plain, good, bad, unsure, strong, faint };

/// Paints text when `on`, else returns it as it is.
class Painter {
  public:
    Painter() = default;
    explicit Painter(bool on) : on_(on) {}
    std::string operator()(Tone tone, std::string_view text) const;
    bool on() const { return on_; }

  private:
    bool on_ = false;
};

}  // namespace tlbcheck::checker
