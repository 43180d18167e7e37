// SPDX-License-Identifier: Apache-2.0
//
// The small changes that make a schedule stronger: a barrier or a flush put in, a barrier strengthened, a
// TLBI widened. Each alone can only take executions away, so that a set of them that fails fails with fewer
// too; but for those that put other addresses in place of some.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/advice/source/moves.hpp"
#include "checker/advice/source/steps.hpp"
#include "checker/advice/source/told_change.hpp"

namespace tlbcheck::checker {

struct Addition {
    std::string what;
    std::vector<PartEdit> edits;
    int changes = 1;  ///< how many edits it counts as; a whole flush counts as two
    int weight = 1;   ///< among additions of as many edits: the cheaper first
    /// Additions of one group exclude each other: they replace the same text.
    std::size_t group = 0;
    std::vector<std::size_t> covers = {};   ///< others that do nothing beside this one
    std::vector<std::size_t> exceeds = {};  ///< others than which this one alone is at least as strong
    bool only_adds = true;                  ///< false: what was flushed before may no longer be
    /// Statement of the file that it is in by way of copied helpers, and one that it puts something else in
    /// place of.
    std::optional<std::size_t> inside = std::nullopt, replaces = std::nullopt;
    ChangeForm form = ChangeForm::other;
    std::optional<Kin> kin = std::nullopt;
};

/// The two cannot be made together: they change the same text.
bool exclude_each_other(const Addition& a, const Addition& b);

/// Steps on lines that the original does not have.
enum class NewSteps : std::uint8_t {
    like_others,
    as_they_are,  ///< not made stronger: they were put in as they are wanted
};
std::vector<Addition> additions_of(const Draft& draft, const std::vector<SourceStep>& steps,
                                   NewSteps new_steps);

}  // namespace tlbcheck::checker
