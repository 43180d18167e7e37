// SPDX-License-Identifier: Apache-2.0
// Tests of model/program/guest.cpp: what both stages give.

#include "model/program/guest.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

StageLeaf leaf_at(int level, bool contiguous) {
    StageLeaf leaf;
    leaf.value.kind = DescriptorKind::leaf;
    leaf.value.contiguous = contiguous;
    leaf.level = level;
    return leaf;
}

}  // namespace

TEST_CASE("a combined entry has the rights of both stages and the size of the smaller") {
    const Geometry geometry{HardwareParameters{}};
    StageLeaf first = leaf_at(2, false);
    first.value.not_global = true;
    StageLeaf second = leaf_at(3, true);
    second.value.db = false;
    const StageLeaf both = combined_leaf(geometry, first, second, 0x400000, 0x40000000, 0x80000000);
    CHECK(both.level == 3);
    CHECK(both.value.contiguous);
    CHECK_FALSE(both.value.writable());
    CHECK(both.value.not_global);
    CHECK(both.value.oa == 0x80000000);
    CHECK(nominal_bytes(geometry, first) == 0x200000);
    CHECK(nominal_bytes(geometry, second) == 0x10000);
    const StageLeaf other = combined_leaf(geometry, second, first, 0x400000, 0x40000000, 0x80000000);
    CHECK(other.level == 3);
    CHECK(other.value.contiguous);
}

TEST_CASE("memory is Device where either stage says so, and cacheable where both do") {
    const Attr device = Attr::device_ngnre | Attr::xs;
    const Attr uncached = Attr::onc | Attr::inc | Attr::xs;
    CHECK(combined_attributes(Attr::none, Attr::none) == Attr::none);
    CHECK(combined_attributes(device, Attr::none) == device);
    CHECK(combined_attributes(uncached, device) == device);
    CHECK(combined_attributes(Attr::none, uncached) == uncached);
    CHECK(combined_attributes(Attr::ux, uncached) == (uncached | Attr::ux));
}
