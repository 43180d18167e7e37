// SPDX-License-Identifier: Apache-2.0
//
// Changes of where a schedule flushes: a flush in a loop goes behind it, or behind each contiguous set; a
// flush goes to a later one.
#pragma once

#include <string>
#include <vector>

#include "checker/advice/source/draft.hpp"
#include "checker/advice/source/purpose.hpp"
#include "checker/advice/source/told_change.hpp"

namespace tlbcheck::checker {

struct Move {
    std::string what;  ///< a sentence: "the flush is moved behind the loop (line 20)"
    std::vector<PartEdit> edits;
    std::vector<std::size_t> steps;  ///< statements that move
    bool puts_in = false;            ///< a flush that the file does not have, and no other would be put in
    std::string exceeds = {};        ///< the sentence of a move that does the same, and less of it
    std::optional<Kin> kin = std::nullopt;
};

/// Flushes in loops of the file itself, each moved behind its loop, to flush all of what it runs over once.
std::vector<Move> flushes_behind_loops(const Draft& draft);
/// The same, once for each contiguous set.
std::vector<Move> flushes_by_set(const Draft& draft);
/// A flush that another follows in its block goes directly before that one.
std::vector<Move> flushes_together(const Draft& draft);
/// A free, or a signal to another thread, goes behind the next flush that follows it: of its block, or of the
/// block around its loop.
std::vector<Move> later_frees(const Draft& draft);

}  // namespace tlbcheck::checker
