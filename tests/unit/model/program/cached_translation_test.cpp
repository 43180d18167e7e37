// SPDX-License-Identifier: Apache-2.0
//
// Spans and contexts of entries.
#include "model/program/cached_translation.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

ScheduleProgram one_region() {
    ScheduleProgram program;
    Region region;
    region.va = 0x40000000;
    region.size = 0x10000;
    region.global = false;
    region.asid = 7;
    program.regions.push_back(region);
    return program;
}

}  // namespace

TEST_CASE("an entry spans its descriptor, its contiguous set or the page it was walked for") {
    const ScheduleProgram program = one_region();
    const Geometry geometry{HardwareParameters{}};
    const std::uint64_t va = 0x40003123;
    const auto span = [&](int level, EntryReach reach) {
        const auto entry = cached_translation(program, geometry, va, level, false, reach);
        return std::pair(entry.first, entry.last);
    };
    CHECK(span(3, EntryReach::descriptor) == std::pair<std::uint64_t, std::uint64_t>(0x40003000, 0x40003fff));
    CHECK(span(2, EntryReach::descriptor) == std::pair<std::uint64_t, std::uint64_t>(0x40000000, 0x401fffff));
    CHECK(span(3, EntryReach::contiguous_set) ==
          std::pair<std::uint64_t, std::uint64_t>(0x40000000, 0x4000ffff));
    CHECK(span(2, EntryReach::page) == std::pair<std::uint64_t, std::uint64_t>(0x40003000, 0x40003fff));
}

TEST_CASE("an entry has the context of its region, unless its leaf says whether it is global") {
    const ScheduleProgram program = one_region();
    const Geometry geometry{HardwareParameters{}};
    const auto entry = [&](std::uint64_t va, std::optional<bool> global) {
        return cached_translation(program, geometry, va, 3, true, EntryReach::descriptor, global);
    };
    CHECK_FALSE(entry(0x40000000, std::nullopt).global);
    CHECK(entry(0x40000000, std::nullopt).asid == 7);
    CHECK(entry(0x40000000, true).global);
    CHECK(entry(0x50000000, std::nullopt).global);
    CHECK(entry(0x50000000, std::nullopt).asid == 0);
    CHECK_FALSE(entry(0x50000000, false).global);
}

TEST_CASE("an entry of a space of the upper half has the ASID of its PE, or one that no TLBI names") {
    ScheduleProgram program = one_region();
    AddressSpace space{"U"};
    space.upper = true;
    program.spaces = {space};
    constexpr std::uint64_t plain = 0xffff000040000000;
    program.regions[0].va = spaces::within(plain, 0);
    const Geometry geometry{HardwareParameters{}};
    const auto entry = [&](bool leaf, std::optional<std::uint16_t> asid) {
        return cached_translation(program, geometry, program.regions[0].va, 3, leaf, EntryReach::descriptor,
                                  std::nullopt, asid);
    };
    CHECK(entry(true, 5).first == plain);
    const auto removed = [&](const CachedTranslation& of, const char* name, std::uint16_t asid) {
        const TlbiOp op = *parse_tlbi(name);
        return in_scope(decode_tlbi(op, encode_va_operand(plain, asid, 0, Granule::k4), geometry), of);
    };
    for (const bool leaf : {true, false}) {
        const char* const by_asid = "vae1is";
        CHECK(removed(entry(leaf, 5), by_asid, 5));
        CHECK_FALSE(removed(entry(leaf, 5), by_asid, 6));
        CHECK_FALSE(removed(entry(leaf, std::nullopt), by_asid, 5));
        CHECK(removed(entry(leaf, std::nullopt), "vaae1is", 0));
    }
}
