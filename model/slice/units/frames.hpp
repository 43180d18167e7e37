// SPDX-License-Identifier: Apache-2.0
//
// Names of physical memory in a slice's canonical form (docs/slicing.md, lemma 7).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/slice/arithmetic/line.hpp"

namespace tlbcheck::model {

/// Names physical memory in frames of the unit's size, in the order of first use; the place in the frame is
/// kept.
class Frames {
  public:
    explicit Frames(std::uint64_t bytes) : bytes_(bytes) {}

    std::uint64_t name(std::uint64_t address) {
        const std::uint64_t start = address - address % bytes_;
        const auto found = std::find(starts_.begin(), starts_.end(), start);
        if (found != starts_.end()) return static_cast<std::uint64_t>(found - starts_.begin());
        starts_.push_back(start);
        return starts_.size() - 1;
    }
    void name(const AddressRange& range) { name(range.first), name(range.last); }

    /// Frames of the slice that `range` meets, with the part met.
    void write_parts(const AddressRange& range, std::vector<std::uint64_t>& tokens) const {
        for (std::size_t i = 0; i < starts_.size(); ++i) {
            const AddressRange frame{starts_[i], starts_[i] + (bytes_ - 1)};
            if (!frame.meets(range)) continue;
            tokens.push_back(i);
            tokens.push_back(std::max(range.first, frame.first) - frame.first);
            tokens.push_back(std::min(range.last, frame.last) - frame.first);
        }
        tokens.push_back(~std::uint64_t{0});
    }
    std::uint64_t offset(std::uint64_t address) const { return address % bytes_; }

  private:
    std::uint64_t bytes_;
    std::vector<std::uint64_t> starts_;
};

}  // namespace tlbcheck::model
