// SPDX-License-Identifier: Apache-2.0
//
// Bounds the nesting of what the parser reads and of the trees it builds.
#pragma once

#include "litmus/sched/parser.hpp"

namespace tlbcheck::litmus::sched {

constexpr int max_nesting = 100;  ///< of statements and expressions within each other
constexpr int max_height = 300;   ///< of an expression's tree

class Parser::Nested {
  public:
    Nested(int& depth, const Where& where) : depth_(depth) {
        if (depth >= max_nesting)
            fail(where, "this is nested too deeply", "at most 100 levels; a def makes it flatter");
        ++depth_;
    }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    Nested(Nested&&) = delete;
    Nested& operator=(Nested&&) = delete;

  private:
    int& depth_;
};

}  // namespace tlbcheck::litmus::sched
