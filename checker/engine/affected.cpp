// SPDX-License-Identifier: Apache-2.0
//
// Ranges of affected addresses, merged where they go on at equal distances.
#include "checker/engine/affected.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tlbcheck::checker {

namespace {

/// Bytes [first, past) of a unit.
using Piece = std::pair<std::uint64_t, std::uint64_t>;

/// A candidate speaks for the addresses up to the next one.
std::vector<Piece> pieces_of(const std::vector<std::uint64_t>& candidates,
                             const std::set<std::uint64_t>& affected, std::uint64_t unit_bytes) {
    std::vector<Piece> pieces;
    const std::uint64_t base = candidates.front();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!affected.contains(candidates[i])) continue;
        const std::uint64_t first = candidates[i] - base;
        const std::uint64_t past = i + 1 < candidates.size() ? candidates[i + 1] - base : unit_bytes;
        if (!pieces.empty() && pieces.back().second == first) {
            pieces.back().second = past;
        } else {
            pieces.emplace_back(first, past);
        }
    }
    return pieces;
}

AddressRange repeated(std::uint64_t first, std::uint64_t bytes, std::uint64_t step, std::uint64_t count) {
    if (count == 1) return {first, first + (bytes - 1)};
    if (bytes == step) return {first, first + (bytes * count - 1)};
    return {first, first + (bytes - 1), step, count};
}

void add_pieces(std::vector<AddressRange>& result, const model::LeafRange& range,
                const std::vector<Piece>& pieces, std::uint64_t unit_bytes) {
    const std::uint64_t units = (range.last - range.first) / unit_bytes + 1;
    for (const auto& [first, past] : pieces) {
        const std::uint64_t at = range.first + first;
        const std::uint64_t bytes = past - first;
        if (bytes == unit_bytes) {
            result.push_back(repeated(at, bytes * units, range.step, range.count));
        } else if (range.count <= units) {
            for (std::uint64_t k = 0; k < range.count; ++k)
                result.push_back(repeated(at + k * range.step, bytes, unit_bytes, units));
        } else {
            for (std::uint64_t u = 0; u < units; ++u)
                result.push_back(repeated(at + u * unit_bytes, bytes, range.step, range.count));
        }
    }
}

/// The whole schedule: its candidates are addresses of their own, not of a unit that is repeated.
std::vector<AddressRange> affected_of_whole(const model::Slice& slice,
                                            const std::set<std::uint64_t>& affected) {
    std::vector<AddressRange> result;
    const std::vector<std::uint64_t>& candidates = slice.schedule.candidates;
    for (const std::uint64_t va : affected) {
        const auto range = std::ranges::find_if(
            slice.stands_for, [&](const model::LeafRange& r) { return r.first <= va && va <= r.last; });
        std::uint64_t last = range == slice.stands_for.end() ? va : range->last;
        const auto next = std::ranges::upper_bound(candidates, va);
        if (next != candidates.end()) last = std::min(last, *next - 1);
        result.push_back({va, last});
    }
    return result;
}

}  // namespace

std::vector<AddressRange> affected_ranges(const model::Slicing& slicing, const model::Slice& slice,
                                          const std::set<std::uint64_t>& affected) {
    if (slicing.whole) return affected_of_whole(slice, affected);
    std::uint64_t bytes = 0;
    for (const model::LeafRange& range : slice.stands_for)
        bytes += (range.last - range.first + 1) * range.count;
    const std::uint64_t unit_bytes = slice.units == 0 ? bytes : bytes / slice.units;
    const std::vector<Piece> pieces = pieces_of(slice.schedule.candidates, affected, unit_bytes);
    std::vector<AddressRange> result;
    for (const model::LeafRange& range : slice.stands_for) add_pieces(result, range, pieces, unit_bytes);
    return result;
}

std::vector<AddressRange> merged(std::vector<AddressRange> ranges) {
    std::ranges::sort(ranges, [](const AddressRange& a, const AddressRange& b) {
        return std::tie(a.first, a.last, a.step, a.count) < std::tie(b.first, b.last, b.step, b.count);
    });
    std::vector<AddressRange> result;
    for (const AddressRange& range : ranges) {
        if (!result.empty() && result.back().count == 1 && range.count == 1 &&
            result.back().last + 1 == range.first) {
            result.back().last = range.last;
        } else {
            result.push_back(range);
        }
    }
    return result;
}

AddressRange reported(const model::LeafRange& range) {
    if (range.count == 1) return {range.first, range.last};
    return {range.first, range.last, range.step, range.count};
}

}  // namespace tlbcheck::checker
