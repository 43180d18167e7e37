// SPDX-License-Identifier: Apache-2.0
//
// From the affected candidates of a slice to ranges of the whole.
#include "checker/engine/affected.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;

namespace {

/// A slice of pages at 0x1000 ... that stands for the ranges.
model::Slice slice_of(std::vector<std::uint64_t> candidates, std::vector<model::LeafRange> stands_for,
                      std::uint64_t units) {
    model::Slice slice;
    slice.schedule.candidates = std::move(candidates);
    slice.stands_for = std::move(stands_for);
    slice.units = units;
    return slice;
}
using Ranges = std::vector<AddressRange>;

}  // namespace

TEST_CASE("a unit of one page is affected in every unit of its range") {
    const model::Slice slice = slice_of({0x1000}, {{0x1000, 0x4fff}}, 4);
    CHECK(affected_ranges({}, slice, {0x1000}) == Ranges{{0x1000, 0x4fff}});
    CHECK(affected_ranges({}, slice, {}).empty());
}

TEST_CASE("part of each unit is repeated at its distance") {
    // Two units of four pages, the second and third page affected in each.
    const model::Slice slice = slice_of({0x0, 0x1000, 0x2000, 0x3000}, {{0x0, 0x7fff}}, 2);
    CHECK(affected_ranges({}, slice, {0x1000, 0x2000}) == Ranges{{0x1000, 0x2fff, 0x4000, 2}});
    CHECK(affected_ranges({}, slice, {0x0, 0x1000, 0x2000, 0x3000}) == Ranges{{0x0, 0x7fff}});
    CHECK(affected_ranges({}, slice, {0x3000}) == Ranges{{0x3000, 0x3fff, 0x4000, 2}});
}

TEST_CASE("a range that comes again and again is told once") {
    const model::Slice slice = slice_of({0x0}, {{0x0, 0xfff, 0x10000, 5}}, 5);
    CHECK(affected_ranges({}, slice, {0x0}) == Ranges{{0x0, 0xfff, 0x10000, 5}});
    const model::Slice pairs = slice_of({0x0, 0x1000}, {{0x0, 0x3fff, 0x10000, 3}}, 6);
    CHECK(affected_ranges({}, pairs, {0x1000}) ==
          Ranges{{0x1000, 0x1fff, 0x10000, 3}, {0x3000, 0x3fff, 0x10000, 3}});
}

TEST_CASE("of the whole schedule an address speaks up to the next candidate") {
    model::Slicing slicing;
    slicing.whole = true;
    const model::Slice slice = slice_of({0x0, 0x1000, 0x3000}, {{0x0, 0x3fff}}, 3);
    CHECK(affected_ranges(slicing, slice, {0x1000, 0x3000}) == Ranges{{0x1000, 0x2fff}, {0x3000, 0x3fff}});
}

TEST_CASE("neighbours are merged, in ascending order; repeated ones are left") {
    CHECK(merged({{0x2000, 0x2fff}, {0x0, 0xfff}, {0x1000, 0x1fff}}) == Ranges{{0x0, 0x2fff}});
    CHECK(merged({{0x0, 0xfff}, {0x2000, 0x2fff}}) == Ranges{{0x0, 0xfff}, {0x2000, 0x2fff}});
    const Ranges repeated{{0x0, 0xfff, 0x2000, 2}, {0x1000, 0x1fff}};
    CHECK(merged(repeated) == repeated);
    CHECK(reported({0x0, 0xfff, 0x4000, 1}) == AddressRange{0x0, 0xfff});
    CHECK(reported({0x0, 0xfff, 0x4000, 2}) == AddressRange{0x0, 0xfff, 0x4000, 2});
}
