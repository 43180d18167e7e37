// SPDX-License-Identifier: Apache-2.0
//
// Look-ups in a relation between bounds.
#include "encoder/relations/symbolic_relation.hpp"

#include <algorithm>

namespace tlbcheck::encoder {

Formula SymbolicRelation::at(std::size_t row, std::size_t column) const {
    if (must_.test(row, column)) return logic::true_formula;
    const auto& cells = open_[row];
    const auto it = std::ranges::lower_bound(cells, column, {}, &Cell::column);
    return it != cells.end() && it->column == column ? it->when : logic::false_formula;
}

BitMatrix SymbolicRelation::may() const {
    BitMatrix result = must_;
    for (std::size_t i = 0; i < open_.size(); ++i) {
        for (const Cell& c : open_[i]) result.set(i, c.column);
    }
    return result;
}

std::size_t SymbolicRelation::open_count() const {
    std::size_t n = 0;
    for (const auto& row : open_) n += row.size();
    return n;
}

}  // namespace tlbcheck::encoder
