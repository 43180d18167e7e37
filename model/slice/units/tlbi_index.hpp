// SPDX-License-Identifier: Apache-2.0
//
// Finds the TLBIs that meet a unit's translations. A nest of loops is expanded to many lines of one operation
// each; of these the ones that meet a unit through a wide entry only (the table descriptor of a level above
// its own table) all mean the same to it. They are kept in lists by that entry, in program order, so that a
// thread's walk can skip those that add nothing without looking at each.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/slice/arithmetic/line.hpp"
#include "model/slice/units/barrier_word.hpp"

namespace tlbcheck::model {

/// Lines of one operation each, of one thread, that differ in their address only; ascending in program order.
using AlikeLines = std::vector<const Line*>;

inline CodePlace place_of(const Line& line, std::uint64_t iteration) {
    return {line.run, iteration, line.position};
}

class TlbiIndex {
  public:
    explicit TlbiIndex(const Lines& lines);

    /// Ids of lines that meet `range`: strided or repeated ones, or such whose address is rounded.
    void find_runs(bool last_level, const AddressRange& range, std::vector<std::uint32_t>& ids) const {
        runs_[last_level ? 1 : 0].find(range, ids);
    }
    /// Ids of the others that meet `range`.
    void find_single(bool last_level, const AddressRange& range, std::vector<std::uint32_t>& ids) const {
        single_[last_level ? 1 : 0].find(range, ids);
    }
    /// The same as lists. Not for two threads at once: lists are made when first asked for.
    const std::vector<AlikeLines>& alike(bool last_level, const AddressRange& range) const;
    /// Operations without an address that stand alone.
    const std::vector<AlikeLines>& everywhere() const { return everywhere_; }

  private:
    std::vector<AlikeLines> group(const std::vector<std::uint32_t>& ids) const;

    const Lines& lines_;
    RangeIndex runs_[2], single_[2];
    std::vector<AlikeLines> everywhere_;
    mutable std::map<std::pair<bool, std::pair<std::uint64_t, std::uint64_t>>, std::vector<AlikeLines>>
        alike_;
};

/// A line of one operation that touches the same bytes however it is looked at.
inline bool single(const Line& line) {
    return line.count == 1 && line.alignment == 0;
}

}  // namespace tlbcheck::model
