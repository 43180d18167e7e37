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
    const ScheduleProgram program;
    const Geometry geometry{program.hardware};
    const std::uint64_t va = spaces::within(0x400000, 1), ipa = spaces::within(0x40000000, 0);
    StageLeaf first = leaf_at(2, false);
    first.value.not_global = true;
    StageLeaf second = leaf_at(3, true);
    second.value.db = false;
    const StageLeaf both = combined_leaf(program, first, second, va, ipa, 0x80000000);
    CHECK(both.level == 3);
    CHECK(both.value.contiguous);
    CHECK_FALSE(both.value.writable());
    CHECK(both.value.not_global);
    CHECK(both.value.oa == 0x80000000);
    CHECK(nominal_bytes(geometry, first) == 0x200000);
    CHECK(nominal_bytes(geometry, second) == 0x10000);
    const StageLeaf other = combined_leaf(program, second, first, va, ipa, 0x80000000);
    CHECK(other.level == 3);
    CHECK(other.value.contiguous);
}

TEST_CASE("contents of a combined entry are those of a page of physical memory") {
    ScheduleProgram program;
    Region memory;
    memory.va = spaces::within(0x40000000, 0);
    memory.pa = 0x80000000;
    memory.size = 0x4000;
    program.regions = {memory};
    const std::uint64_t va = spaces::within(0x400000, 1), ipa = spaces::within(0x40001000, 0);
    const auto page = [&](const StageLeaf& first, const StageLeaf& second) {
        const Descriptor both = combined_leaf(program, first, second, va, ipa, 0x80001000).value;
        return contents_at(both, 0x400000, 0x80001000);
    };
    StageLeaf first = leaf_at(3, false), second = leaf_at(3, false);
    CHECK(page(first, second) == 0x80001000);
    second.value.contents = 0x90000000 - ipa;  // stage 2: as another page of memory
    CHECK(page(first, second) == 0x90000000);
    first.value.contents = 0x40003000 - va;  // stage 1: as another IPA
    CHECK(page(first, second) == 0x80003000);
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
