// SPDX-License-Identifier: Apache-2.0
//
// Readings in words.
#include "checker/advice/misread.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::ScheduleBuilder;

TEST_CASE("a descriptor is the address's own or a neighbour's") {
    const auto hardware = ScheduleBuilder::small_hardware();
    const std::uint64_t va = ScheduleBuilder::va_base;
    CHECK(own_slot(hardware, {va, 3, 0}, va + 8));
    CHECK_FALSE(own_slot(hardware, {va + 0x1000, 3, 0}, va));
    CHECK(own_slot(hardware, {va, 2, 0}, va + 0x1000));
}

TEST_CASE("each reading has a name and a sentence with the address") {
    ScheduleBuilder b;
    b.region(4, true);
    std::set<std::string_view> names;
    std::set<std::string> sentences;
    for (const Misreading kind :
         {Misreading::reused_table, Misreading::old_table, Misreading::old_leaf, Misreading::old_invalid,
          Misreading::old_neighbour, Misreading::final_neighbour, Misreading::final_leaf,
          Misreading::two_entries}) {
        Misread misread;
        misread.kind = kind;
        misread.va = ScheduleBuilder::va_base;
        misread.slot = misread.other_slot = {ScheduleBuilder::va_base, 3, 0};
        CHECK(names.insert(to_string(kind)).second);
        const std::string text = misreading_text(misread, b.program(), b.program().hardware, true);
        INFO(to_string(kind));
        CHECK(text.find("0xffff000080000000") != std::string::npos);
        CHECK(sentences.insert(text).second);
    }
    Misread live;
    live.kind = Misreading::live_replacement;
    live.told = "as the timeline says";
    CHECK(misreading_text(live, b.program(), b.program().hardware, false).find("as the timeline says") !=
          std::string::npos);
    CHECK(names.insert(to_string(live.kind)).second);
}

TEST_CASE("what leads to freed memory is the table's descriptor for a reused table, else the leaf") {
    Misread misread;
    misread.slot = {0x1000, 3, 0};
    misread.other_slot = {0x0, 2, 0};
    misread.kind = Misreading::reused_table;
    CHECK(&leading_slot(misread) == &misread.other_slot);
    misread.kind = Misreading::old_leaf;
    CHECK(&leading_slot(misread) == &misread.slot);
}
