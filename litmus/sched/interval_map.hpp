// SPDX-License-Identifier: Apache-2.0
//
// A map from 64-bit addresses to values that holds runs of equal or evenly growing values as one segment.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tlbcheck::litmus::sched {

/// Value must have `Value advanced(std::uint64_t bytes) const`, the value that many addresses further on, and
/// ==.
template <typename Value>
class IntervalMap {
  public:
    /// Addresses first .. last hold `value` (that of `first`), or nothing.
    struct Segment {
        std::uint64_t first = 0;
        std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
        std::optional<Value> value;
    };

    friend bool operator==(const IntervalMap& a, const IntervalMap& b) { return a.segments_ == b.segments_; }

    /// The longest stretch around `address` that is one segment or one gap.
    Segment find(std::uint64_t address) const {
        Segment result;
        auto after = segments_.upper_bound(address);
        if (after != segments_.end()) result.last = after->first - 1;
        if (after == segments_.begin()) return result;
        const auto& [first, stored] = *std::prev(after);
        if (address <= stored.last) return {first, stored.last, stored.value};
        result.first = stored.last + 1;
        return result;
    }

    /// What first .. last holds, gaps left out, cut to it.
    std::vector<Segment> within(std::uint64_t first, std::uint64_t last) const {
        std::vector<Segment> result;
        for (std::uint64_t at = first;;) {
            Segment segment = find(at);
            if (segment.value) {
                if (segment.first < at) segment.value = segment.value->advanced(at - segment.first);
                result.push_back({at, std::min(segment.last, last), segment.value});
            }
            if (segment.last >= last) return result;
            at = segment.last + 1;
        }
    }

    /// first .. last hold `value` (that of `first`), or nothing.
    void assign(std::uint64_t first, std::uint64_t last, const std::optional<Value>& value) {
        cut(first);
        if (last != std::numeric_limits<std::uint64_t>::max()) cut(last + 1);
        segments_.erase(segments_.lower_bound(first), segments_.upper_bound(last));
        if (!value) return;
        auto at = segments_.emplace(first, Stored{last, *value}).first;
        if (at != segments_.begin()) at = join(std::prev(at), at);
        const auto next = std::next(at);
        if (next != segments_.end()) join(at, next);
    }

    std::size_t size() const { return segments_.size(); }

  private:
    struct Stored {
        std::uint64_t last;
        Value value;
        friend bool operator==(const Stored&, const Stored&) = default;
    };
    using Iterator = typename std::map<std::uint64_t, Stored>::iterator;

    /// Makes `address` the first of its segment, if it lies in one.
    void cut(std::uint64_t address) {
        auto after = segments_.upper_bound(address);
        if (after == segments_.begin()) return;
        auto& [first, stored] = *std::prev(after);
        if (first == address || stored.last < address) return;
        const Stored tail{stored.last, stored.value.advanced(address - first)};
        stored.last = address - 1;
        segments_.emplace(address, tail);
    }

    /// One segment of both where the second goes on as the first would; the segment that holds left's
    /// addresses.
    Iterator join(Iterator left, Iterator right) {
        const bool adjacent = left->second.last + 1 == right->first;
        if (!adjacent || !(left->second.value.advanced(right->first - left->first) == right->second.value))
            return right;
        left->second.last = right->second.last;
        segments_.erase(right);
        return left;
    }

    std::map<std::uint64_t, Stored> segments_;
};

}  // namespace tlbcheck::litmus::sched
