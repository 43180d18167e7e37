// SPDX-License-Identifier: Apache-2.0
//
// Escape sequences, where the terminal has them.

#include "checker/text/color.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace tlbcheck::checker {

std::optional<ColorPolicy> parse_color_policy(std::string_view word) {
    if (word == "auto") return ColorPolicy::automatic;
    if (word == "always") return ColorPolicy::always;
    if (word == "never") return ColorPolicy::never;
    return std::nullopt;
}

bool use_color(ColorPolicy policy, int fd) {
    return use_color(policy, ::isatty(fd) == 1, std::getenv("NO_COLOR"), std::getenv("TERM"));
}

bool use_color(ColorPolicy policy, bool is_terminal, const char* no_color, const char* term) {
    if (policy != ColorPolicy::automatic) return policy == ColorPolicy::always;
    if (no_color != nullptr && *no_color != '\0') return false;
    return is_terminal && term != nullptr && std::string_view(term) != "dumb";
}

std::string Painter::operator()(Tone tone, std::string_view text) const {
    if (!on_ || text.empty()) return std::string(text);
    int code = 0;
    switch (tone) {
        case Tone::plain:
            return std::string(text);
        case Tone::good:
            code = 32;
            break;
        case Tone::bad:
            code = 31;
            break;
        case Tone::unsure:
            code = 33;
            break;
        case Tone::strong:
            code = 1;
            break;
        case Tone::faint:
            code = 2;
            break;
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace tlbcheck::checker
