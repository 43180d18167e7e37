// SPDX-License-Identifier: Apache-2.0
//
// Where statements of a schedule's text begin and end, in bytes: the syntax tree has only where they begin.
#pragma once

#include <cstddef>
#include <vector>

#include "litmus/sched/token.hpp"

namespace tlbcheck::checker {

class SourceSpans {
  public:
    /// `source` has been parsed without an error, and outlives this.
    explicit SourceSpans(const litmus::Source& source);

    /// Bytes from the text's start; `place` is that of a token.
    std::size_t offset(const litmus::Place& place) const;
    /// Of the token before the one at `place`.
    std::size_t offset_before(const litmus::Place& place) const;
    /// The byte behind the statement that begins at `place`, its ';' or '}' included.
    std::size_t statement_end(const litmus::Place& place) const;
    /// The byte behind the parenthesis that closes the first one at or behind `place`.
    std::size_t call_end(const litmus::Place& place) const;
    /// Behind the '}' of the item (def, thread) whose name stands at `place`, and that has parameters or not.
    std::size_t item_end(const litmus::Place& place) const;

  private:
    std::size_t index(const litmus::Place& place) const;
    std::size_t begin_of(std::size_t token) const;
    std::size_t end_of(std::size_t token) const;
    /// Index of the token behind the one that closes what `token` opens.
    std::size_t behind_matching(std::size_t token) const;
    std::size_t behind_statement(std::size_t token) const;

    const litmus::SourceText& text_;
    std::vector<litmus::sched::Token> tokens_;
};

}  // namespace tlbcheck::checker
