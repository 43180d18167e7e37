// SPDX-License-Identifier: Apache-2.0
//
// A relation between its bounds: `must` holds the edges that are there whenever both ends execute, `open`
// those that depend on the choices, each with its formula. Everything else is never there.
#pragma once

#include <cstdint>
#include <vector>

#include "model/logic/formula.hpp"
#include "model/relations/bit_matrix.hpp"

namespace tlbcheck::encoder {

namespace logic = model::logic;

using model::BitMatrix;
using model::BitRow;
using model::for_each_bit;
using model::or_into;
using model::Word;
using model::logic::Formula;
using model::logic::FormulaPool;

struct Cell {
    std::uint32_t column;
    Formula when;
    friend bool operator==(const Cell&, const Cell&) = default;
};

/// A set between its bounds: the formula of each event's membership.
using SymbolicSet = std::vector<Formula>;

class SymbolicRelation {
  public:
    explicit SymbolicRelation(std::size_t size) : must_(size), open_(size) {}
    std::size_t size() const { return open_.size(); }
    const BitMatrix& must() const { return must_; }
    BitMatrix& must() { return must_; }
    const std::vector<Cell>& open(std::size_t row) const { return open_[row]; }
    /// Cells must be sorted by column, not constant, and not in must().
    void set_open(std::size_t row, std::vector<Cell> cells) { open_[row] = std::move(cells); }
    Formula at(std::size_t row, std::size_t column) const;
    /// All edges that may be there.
    BitMatrix may() const;
    std::size_t open_count() const;
    friend bool operator==(const SymbolicRelation&, const SymbolicRelation&) = default;

  private:
    BitMatrix must_;
    std::vector<std::vector<Cell>> open_;
};

}  // namespace tlbcheck::encoder
