// SPDX-License-Identifier: Apache-2.0
//
// Changes of the order in which a schedule's statements stand: flushes earlier and later in their block, a
// wait for another thread, a change made in place, a region left as it is.
#pragma once

#include <vector>

#include "checker/advice/source/moves.hpp"

namespace tlbcheck::checker {

/// A flush, with the barriers around it, that something else follows in its block: behind the next statement
/// that stores, behind the last that does, and behind the last statement of the block.
std::vector<Move> later_flushes(const Draft& draft);
/// A flush that a free or a signal to another thread comes before in its block: before that.
std::vector<Move> earlier_flushes(const Draft& draft);
/// A thread waits for the end of another one before it frees.
std::vector<Move> waits_before_frees(const Draft& draft);
/// For what must never be invalid: a `set` in place, without the `clear` before it; the flush comes behind
/// it.
std::vector<Move> stores_in_place(const Draft& draft);
/// For what must never be invalid: nothing that the schedule stores to a region of `never_invalid`, or frees
/// of it. A last resort: the change is not made at all.
std::vector<Move> regions_left(const Draft& draft);

}  // namespace tlbcheck::checker
