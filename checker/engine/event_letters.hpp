// SPDX-License-Identifier: Apache-2.0
//
// Names of events in drawings of executions.
#pragma once

#include <cstddef>
#include <string>

namespace tlbcheck::checker {

/// "a", ..., "z", "aa", "ab", ...: the name of the event with that number.
inline std::string letters(std::size_t number) {
    const std::string last(1, static_cast<char>('a' + number % 26));
    return number < 26 ? last : letters(number / 26 - 1) + last;
}

}  // namespace tlbcheck::checker
