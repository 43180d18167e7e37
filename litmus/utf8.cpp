// SPDX-License-Identifier: Apache-2.0
//
// The length of a character by its first byte; what is overlong, a surrogate or too large shows in its
// second.
#include "litmus/utf8.hpp"

namespace tlbcheck::litmus {

namespace {

std::size_t bytes_after(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return 1;
    if (lead >= 0xE0 && lead <= 0xEF) return 2;
    if (lead >= 0xF0 && lead <= 0xF4) return 3;
    return 0;
}

bool bad_second_byte(unsigned char lead, unsigned char second) {
    return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
           (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) return 1;
    const std::size_t more = bytes_after(byte(0));
    if (more == 0 || text.size() <= more || bad_second_byte(byte(0), byte(1))) return 0;
    for (std::size_t k = 1; k <= more; ++k) {
        if ((byte(k) & 0xC0U) != 0x80U) return 0;
    }
    return more + 1;
}

}  // namespace tlbcheck::litmus
