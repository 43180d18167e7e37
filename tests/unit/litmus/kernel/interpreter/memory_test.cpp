// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/interpreter/memory.cpp.

#include "litmus/kernel/interpreter/memory.hpp"

#include "litmus/kernel/interpreter/errors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::litmus::kernel::interpreter;
using tlbcheck::tests::has;

namespace {

std::string why(const std::function<void()>& work) {
    try {
        work();
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("only what was made can be reached") {
    Memory memory;
    memory.add_area({"the linear map", 0xffff'0000'0000'0000, 0xffff'0000'ffff'ffff, 0x4000'0000});
    memory.make_page(0x4000'1000, true);
    CHECK(memory.find(0xffff'0000'0000'1008, "a read").pa == 0x4000'1008);
    CHECK(has(why([&] { memory.find(0xffff'0000'0000'2000, "a read"); }), "0x40002000"));
    CHECK(has(why([&] { memory.find(0x18, "a store"); }), "a store through a null pointer (address 0x18)"));
    CHECK(has(why([&] { memory.find(0xffff'8000'0000'0000, "a read"); }), "none of the areas"));
    memory.remove_page(0x4000'1000);
    CHECK(has(why([&] { memory.find(0xffff'0000'0000'1008, "a read"); }), "neither a table nor allocated"));
}

TEST_CASE("addresses outside of areas go through the tables, each time anew") {
    Memory memory;
    std::uint64_t target = 0x8000;
    memory.make_page(0x8000, true);
    memory.make_page(0x9000, true);
    memory.translate = [&](std::uint64_t va) -> std::optional<std::uint64_t> {
        if (va < 0xffff'8000'0000'0000) return std::nullopt;
        return target + va % page_bytes;
    };
    CHECK(memory.find(0xffff'8000'0000'0010, "a read").pa == 0x8010);
    CHECK(memory.fast_read(0xffff'8000'0000'0010, 8) == nullptr);
    target = 0x9000;
    CHECK(memory.find(0xffff'8000'0000'0010, "a read").pa == 0x9010);
}

TEST_CASE("bytes that nobody set") {
    Memory memory;
    memory.add_area({"objects", 0x10000, 0x1ffff, Memory::private_pa, true});
    memory.make_page(0x5000, false);
    CHECK_FALSE(memory.is_known(0x5000, 8));
    memory.write_physical(0x5000, 7, 4);
    CHECK(memory.is_known(0x5000, 4));
    CHECK(memory.read_physical(0x5000, 4) == 7);
    CHECK_THROWS_AS(memory.read_physical(0x5000, 8), Refusal);
    memory.mark_unknown(0x10ffc, 8);
    CHECK_FALSE(memory.is_known(Memory::private_pa + 0xffc, 4));
    CHECK_FALSE(memory.is_known(Memory::private_pa + 0x1000, 4));
    CHECK(memory.is_known(Memory::private_pa + 0x1004, 8));
}

TEST_CASE("a copy takes unknown bytes along") {
    Memory memory;
    memory.add_area({"objects", 0x10000, 0x1ffff, Memory::private_pa, true});
    for (unsigned i = 0; i < 16; ++i) memory.write_physical(memory.find(0x10000 + i, "").pa, i, 1);
    memory.mark_unknown(0x10004, 2);
    memory.copy(0x10008, 0x10000, 8);
    CHECK(memory.read_physical(Memory::private_pa + 8, 4) == 0x03020100);
    CHECK_FALSE(memory.is_known(Memory::private_pa + 12, 2));
    CHECK(memory.read_physical(Memory::private_pa + 14, 2) == 0x0706);
    memory.copy(0x10001, 0x10000, 3);  // overlapping, as memmove
    CHECK(memory.read_physical(Memory::private_pa, 4) == 0x02010000);
}

TEST_CASE("tables are read fast and never stored to fast") {
    Memory memory;
    memory.add_area({"the linear map", 0x100000, 0x1fffff, 0});
    memory.make_page(0, true);
    memory.find(0x100000, "a read");
    CHECK(memory.fast(0x100000, 8) != nullptr);
    memory.set_use(0, PageUse::table);
    memory.find(0x100000, "a read");
    CHECK(memory.fast(0x100000, 8) == nullptr);
    CHECK(memory.fast_read(0x100000, 8) != nullptr);
    CHECK(memory.fast_read(0x100ffc, 8) == nullptr);  // goes over the end of the page
}

TEST_CASE("memory is bounded") {
    Memory memory;
    memory.most_pages = 2;
    memory.make_page(0, true);
    memory.make_page(0x1000, true);
    CHECK_THROWS_AS(memory.make_page(0x2000, true), LimitReached);
}

TEST_CASE("what is touched is remembered by words, the first place of each") {
    Memory memory;
    memory.touched(0x1004, 8, false, [] { return 5U; });
    memory.touched(0x1000, 1, false, [] { return 6U; });
    memory.touched(0x1000, 8, true, [] { return 7U; });
    REQUIRE(memory.touched_words().size() == 2);
    CHECK(memory.touched_words().at(0x200).read == 5);
    CHECK(memory.touched_words().at(0x200).written == 7);
    CHECK(memory.touched_words().at(0x201).written == Touched::never);
}
