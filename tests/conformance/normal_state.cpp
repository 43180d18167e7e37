// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/normal_state.hpp"

#include <set>

namespace tlbcheck::tests {

std::string normal_state(std::string_view state) {
    std::set<std::string> entries;
    std::string entry;
    const auto finish = [&] {
        if (!entry.empty()) entries.insert(entry);
        entry.clear();
    };
    for (const char c : state) {
        if (c == ';') {
            finish();
        } else if (c != ' ' && c != '\t') {
            entry += c;
        }
    }
    finish();
    std::string text;
    for (const std::string& each : entries) text += each + "; ";
    return text;
}

}  // namespace tlbcheck::tests
