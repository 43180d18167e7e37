// SPDX-License-Identifier: Apache-2.0
//
// The names of orderings and rules that traces and proofs cite, with where they stand and what they say in a
// sentence.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tlbcheck::checker {

struct Rule {
    std::string_view
        name;  ///< as cited: a cat relation ("TLBI-ca"), an Arm ARM rule ("RNGLXZ"), an extension rule
    std::string_view source;  ///< "Arm ARM B2.3; aarch64.cat", "Arm ARM D8.7", "tlbcheck model, section 3"
    std::string_view text;    ///< one sentence
};

/// All rules, by name.
std::span<const Rule> all_rules();
/// The rule of that name, where '-' and '_' are the same; nullptr when it is not in the table.
const Rule* find_rule(std::string_view name);

}  // namespace tlbcheck::checker
