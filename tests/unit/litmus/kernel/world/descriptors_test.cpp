// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/world/descriptors.cpp.

#include "litmus/kernel/world/descriptors.hpp"

#include "litmus/kernel/interpreter/errors.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::kernel::world;
using namespace tlbcheck::model;

namespace {

Region region(int level) {
    Region result;
    result.va = 0xffff000080000000;
    result.pa = 0x80000000;
    result.size = 64U << 20U;
    result.level = level;
    return result;
}

const Geometry& four_k() {
    static const Geometry geometry{HardwareParameters{}};
    return geometry;
}

/// The model's descriptor for an address of the region, as the schedule's initial state has it.
Descriptor initial(const Region& of, std::uint64_t va) {
    ScheduleProgram program;
    program.regions.push_back(of);
    return initial_descriptor(program, {va, of.level, 0});
}

}  // namespace

TEST_CASE("a region's leaf as a word is the model's descriptor again") {
    for (const int level : {1, 2, 3}) {
        for (const bool contiguous : {false, true}) {
            for (const bool writable : {false, true}) {
                Region each = region(level);
                each.size = level == 1 ? std::uint64_t{1} << 34U : each.size;
                each.va = level == 1 ? 0xffff000000000000 : each.va;
                each.pa = level == 1 ? 0 : each.pa;
                each.contiguous = contiguous;
                each.writable = writable;
                const std::uint64_t va = each.va + four_k().entry_bytes(level);
                const std::uint64_t word = leaf_word(each, va);
                CHECK(kind_of(word, level) == DescriptorKind::leaf);
                CHECK(leaf_of(word, level, four_k()) == initial(each, va));
            }
        }
    }
    Region user = region(3);
    user.global = false;
    user.asid = 3;
    user.attributes = Attr::onc | Attr::inc | Attr::xs;
    CHECK(leaf_of(leaf_word(user, user.va), 3, four_k()) == initial(user, user.va));
}

TEST_CASE("kinds by the low bits and the level") {
    CHECK(kind_of(0, 3) == DescriptorKind::invalid);
    CHECK(kind_of(2, 3) == DescriptorKind::invalid);
    CHECK(kind_of(1, 3) == DescriptorKind::invalid);
    CHECK(kind_of(3, 3) == DescriptorKind::leaf);
    CHECK(kind_of(3, 2) == DescriptorKind::table);
    CHECK(kind_of(1, 2) == DescriptorKind::leaf);
    CHECK(kind_of(table_word(0x5000), 0) == DescriptorKind::table);
    CHECK(address_of(table_word(0x5000), 1, four_k()) == 0x5000);
    CHECK(address_of(leaf_word(region(2), region(2).va + 0x200000), 2, four_k()) == 0x80200000);
}

TEST_CASE("what the model has no word for is named when it changes") {
    const std::uint64_t word = leaf_word(region(3), region(3).va);
    CHECK(unmodelled_difference(word, word).empty());
    CHECK(unmodelled_difference(word, word ^ (std::uint64_t{1} << 50U)) == "GP");
    CHECK(unmodelled_difference(word, word ^ (std::uint64_t{1} << 50U | std::uint64_t{1} << 6U)) ==
          "AP[1], GP");
    CHECK(unmodelled_difference(word, word ^ (std::uint64_t{3} << 53U)).empty());
    CHECK(unmodelled_difference(word, word ^ (std::uint64_t{1} << 7U)).empty());
    CHECK_THROWS_AS(leaf_of(word | 5U << 2U, 3, four_k()), tlbcheck::litmus::kernel::interpreter::Refusal);
}

TEST_CASE("PXN and UXN are rights to execute") {
    const std::uint64_t word = leaf_word(region(3), region(3).va);
    const auto without = [&](unsigned bit) {
        return leaf_of(word & ~(std::uint64_t{1} << bit), 3, four_k());
    };
    CHECK((leaf_of(word, 3, four_k()).attributes & execute_rights) == Attr::none);
    CHECK((without(53).attributes & execute_rights) == Attr::px);
    CHECK((without(54).attributes & execute_rights) == Attr::ux);
    Region executable = region(3);
    executable.attributes = Attr::px;
    CHECK(leaf_of(leaf_word(executable, executable.va), 3, four_k()) == without(53));
}

TEST_CASE("leaves of stage 2 and of EL2 as words are the model's descriptors again") {
    using Kind = DescriptorFormat::Kind;
    for (const Attr type : {Attr::none, Attr::onc | Attr::inc | Attr::xs, Attr::device_ngnre | Attr::xs}) {
        for (const bool writable : {false, true}) {
            Region each = region(3);
            each.va = 0x40000000;
            each.writable = writable;
            each.attributes = type;
            for (const bool fwb : {false, true})
                CHECK(leaf_of(leaf_word(each, each.va, {Kind::stage2, fwb}), 3, four_k(),
                              {Kind::stage2, fwb}) == initial(each, each.va));
            each.global = false;
            CHECK(leaf_of(leaf_word(each, each.va, {Kind::el2}), 3, four_k(), {Kind::el2}) ==
                  initial(each, each.va));
            each.attributes = type | Attr::ux;
            CHECK(leaf_of(leaf_word(each, each.va, {Kind::el2}), 3, four_k(), {Kind::el2}) ==
                  initial(each, each.va));
        }
    }
    // MemAttr 0b0110 is write-back with FEAT_S2FWB alone, 0b1111 without it alone; 0b0100 is reserved.
    const std::uint64_t word = 0x400000800007c3;
    CHECK(leaf_of(word | 6U << 2U, 3, four_k(), {Kind::stage2, true}).attributes == Attr::none);
    CHECK(leaf_of(word | 6U << 2U, 3, four_k(), {Kind::stage2, false}).attributes != Attr::none);
    CHECK_THROWS_AS(leaf_of(word | 4U << 2U, 3, four_k(), {Kind::stage2, false}),
                    tlbcheck::litmus::kernel::interpreter::Refusal);
    CHECK_THROWS_AS(leaf_of(word | 15U << 2U, 3, four_k(), {Kind::stage2, true}),
                    tlbcheck::litmus::kernel::interpreter::Refusal);
    CHECK(unmodelled_difference(word, word ^ 1U << 7U, {Kind::stage2, false}).empty());
    CHECK(unmodelled_difference(word, word ^ 1U << 10U, {Kind::stage2, false}) == "AF");
}
