// SPDX-License-Identifier: Apache-2.0
//
// What a statement of a schedule is there for: storing, flushing, freeing, telling other threads.
#pragma once

#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::checker {

/// What a statement does, whatever helpers it calls.
struct Purpose {
    bool store = false;  ///< to a descriptor
    bool tlbi = false;
    bool barrier = false;
    bool free = false;
    bool signal = false;  ///< a store to a flag or an address
    bool wait = false;
    bool kernel = false;  ///< compiled code: anything
    bool only_maintains() const { return !store && !free && !signal && !wait && !kernel; }
};
Purpose purpose_of(const litmus::sched::Statement& statement, const litmus::sched::SyntaxTree& tree);

}  // namespace tlbcheck::checker
