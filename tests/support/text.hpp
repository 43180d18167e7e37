// SPDX-License-Identifier: Apache-2.0
//
// What tests ask of a text.
#pragma once

#include <string>

namespace tlbcheck::tests {

/// Whether `part` occurs in `text`.
inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace tlbcheck::tests
