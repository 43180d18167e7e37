// SPDX-License-Identifier: Apache-2.0
//
// A change of a repair as it is told, and by what it is compared with those of other repairs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tlbcheck::checker {

enum class ChangeForm : std::uint8_t {
    other,
    flush_put_in,       ///< statements of its own, of which less may be enough
    everything_put_in,  ///< the same, of what is not asked about too
};

/// What is done, whatever the place of it is within the innermost loop, branch or thread around it.
struct Kin {
    std::string does;    ///< "a flush of R", or which statements move and how
    std::string around;  ///< Draft::around

    friend bool operator==(const Kin&, const Kin&) = default;
};

struct ChangeName {
    std::string what;                       ///< the sentence
    std::optional<Kin> kin = std::nullopt;  ///< nullopt: it has one place
};
/// The same, or the same but for the place.
bool alike(const ChangeName& a, const ChangeName& b);

struct ToldChange {
    ChangeName name;
    std::vector<ChangeName> exceeds = {};  ///< changes that are at most as strong
    ChangeForm form = ChangeForm::other;
};

/// All that the others do is done: by changes that do more, or by as many that are alike.
bool includes(const std::vector<ToldChange>& changes, const std::vector<ToldChange>& others);

}  // namespace tlbcheck::checker
