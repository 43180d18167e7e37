// SPDX-License-Identifier: Apache-2.0
// Tests of model/program/pe_contexts.cpp.

#include "model/program/pe_contexts.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

ScheduleProgram two_spaces() {
    ScheduleProgram program;
    program.spaces = {{"A", 5, false, 0}, {"B", 5, false, 0}, {"V", 0, true, 1}};
    return program;
}

Operation write_ttbr0(SpaceId space) {
    return ContextChange{ContextChange::Kind::switch_space, space};
}
const Operation isb = Barrier{BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false};
const Operation write_vttbr = ContextChange{ContextChange::Kind::switch_vm, 2};

}  // namespace

TEST_CASE("a context lasts to the event that synchronises the next write") {
    const Operation none = write_ttbr0(no_space), b = write_ttbr0(1);
    const std::vector<const Operation*> code{&none, &isb, &b, &isb};
    const PeContexts contexts = contexts_of(two_spaces(), code, PeStart{0}, std::nullopt, 1, std::nullopt);
    REQUIRE(contexts.all.size() == 3);
    CHECK_FALSE(contexts.switches);
    CHECK(contexts.all[0].end == std::size_t{1});
    CHECK(contexts.all[1].begin == std::size_t{0});
    CHECK(contexts.all[1].end == std::size_t{3});
    CHECK(contexts.all[2].space == 1);
    CHECK_FALSE(contexts.all[2].ended());
}

TEST_CASE("without synchronisation the access may be made in either") {
    const Operation b = write_ttbr0(1);
    const PeContexts contexts =
        contexts_of(two_spaces(), {&isb, &b}, PeStart{0}, std::nullopt, 1, std::nullopt);
    REQUIRE(contexts.all.size() == 2);
    CHECK_FALSE(contexts.all[0].ended());
    CHECK_FALSE(contexts.all[1].ended());
}

TEST_CASE("an observer in another space switches, with an ISB") {
    const PeContexts contexts = contexts_of(two_spaces(), {&isb}, PeStart{0}, std::nullopt, 1, std::nullopt);
    CHECK(contexts.switches);
    REQUIRE(contexts.all.size() == 2);
    CHECK(contexts.all[0].end == std::size_t{2});
    CHECK(contexts.all[1].begin == std::size_t{1});
}

TEST_CASE("VTTBR has contexts of its own") {
    const Operation b = write_ttbr0(1);
    const std::vector<const Operation*> code{&write_vttbr, &b, &isb};
    CHECK(contexts_of(two_spaces(), code, PeStart{std::nullopt, no_space}, std::nullopt, 2, std::nullopt)
              .all.size() == 2);
    CHECK(vms_at(code, no_space, 1) == std::vector<SpaceId>{no_space, 2});
    CHECK(vms_at(code, no_space, 3) == std::vector<SpaceId>{2});
}

TEST_CASE("entries are shared where the ASID or the VMID is") {
    ScheduleProgram program = two_spaces();
    CHECK(entries_shared(program, 0, 1));
    CHECK_FALSE(entries_shared(program, 2, 0));
    program.spaces[1].asid = 6;
    CHECK_FALSE(entries_shared(program, 0, 1));
    Region global;
    global.va = spaces::within(0x1000, 0);
    program.regions = {global};
    CHECK(entries_shared(program, 0, 1));
    CHECK_FALSE(entries_shared(program, 1, 0));
}

TEST_CASE("a PE goes by other spaces where entries are shared, or a switch is not synchronised") {
    ScheduleProgram program = two_spaces();
    const Operation none = write_ttbr0(no_space), a = write_ttbr0(0), b = write_ttbr0(1);
    const PeStart in_none{no_space, std::nullopt, std::nullopt, std::nullopt}, in_a{0, {}, {}, {}};
    CHECK(goes_by_others(program, {&a, &isb, &none, &isb, &b, &isb}, in_none, 1));
    CHECK(goes_by_others(program, {}, in_a, 1));
    CHECK_FALSE(goes_by_others(program, {}, in_none, 1));
    CHECK(goes_by_others(program, {}, {}, 1));  // it may have started in the other one
    CHECK_FALSE(goes_by_others(program, {&b, &isb}, in_none, 1));
    program.spaces[1].asid = 6;
    CHECK_FALSE(goes_by_others(program, {&b, &isb}, in_a, 1));
    CHECK(goes_by_others(program, {&b}, in_a, 1));
    CHECK_FALSE(goes_by_others(program, {}, {}, 1));
}

TEST_CASE("before a switch is synchronised a PE goes by either space, which a later one does not see") {
    ScheduleProgram program = two_spaces();
    program.spaces[1].asid = 6;
    const Operation none = write_ttbr0(no_space), b = write_ttbr0(1);
    const PeStart in_a{0, {}, {}, {}};
    const std::vector<const Operation*> code{&b, &isb, &none, &isb};
    CHECK_FALSE(goes_by_others(program, code, in_a, 1));
    CHECK(goes_by_others(program, code, in_a, 1, AccessTime::any));
    CHECK_FALSE(goes_by_others(program, {&none, &isb, &b, &isb}, in_a, 0, AccessTime::after_thread));
}

namespace {

/// U and W of the upper half.
ScheduleProgram with_upper_half() {
    ScheduleProgram program;
    program.spaces = {{"A", 5, false, 0}, {"B", 6, false, 0}, {"U", 0, false, 0}, {"W", 0, false, 0}};
    program.spaces[2].upper = program.spaces[3].upper = true;
    return program;
}

}  // namespace

TEST_CASE("TTBR1 and the ASID of TTBR0 change each on its own") {
    const ScheduleProgram program = with_upper_half();
    PeStart start{0};
    start.upper = 2;
    const Operation b = write_ttbr0(1), w = ContextChange{ContextChange::Kind::switch_upper, 3};
    const PeContexts both = contexts_of(program, {&b, &w, &isb}, start, std::nullopt, 3, std::nullopt);
    REQUIRE(both.all.size() == 4);
    CHECK_FALSE(both.switches);
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(both.all[k].space == (k < 2 ? 2 : 3));
        CHECK(both.all[k].asid == (k % 2 == 0 ? 5 : 6));
        CHECK(both.all[k].ended() == (k < 3));
    }
    CHECK(both.all[2].begin == std::size_t{1});  // until the ISB the ASID may be the old one
    // With an ISB between the two writes no walk goes by the old tables and the new ASID.
    const PeContexts apart = contexts_of(program, {&w, &isb, &b, &isb}, start, std::nullopt, 3, std::nullopt);
    REQUIRE(apart.all.size() == 3);
    CHECK((apart.all[0].space == 2 && apart.all[0].asid == 5));
    CHECK((apart.all[1].space == 3 && apart.all[1].asid == 5 && apart.all[1].end == std::size_t{3}));
    CHECK((apart.all[2].space == 3 && apart.all[2].asid == 6));
    CHECK_FALSE(same_tags(program, apart.all[0], apart.all[2]));
    CHECK(same_tags(program, apart.all[0], apart.all[1]));
}

TEST_CASE("an ASID that nothing says may be any") {
    const ScheduleProgram program = with_upper_half();
    PeStart start;
    start.upper = 2;
    const Operation b = write_ttbr0(1), none = write_ttbr0(no_space);
    const PeContexts contexts = contexts_of(program, {&b, &isb}, start, std::nullopt, 2, std::nullopt);
    REQUIRE(contexts.all.size() == 2);
    CHECK_FALSE(contexts.all[0].asid);
    CHECK(same_tags(program, contexts.all[0], contexts.all[1]));
    CHECK(contexts_of(program, {&none, &isb}, start, std::nullopt, 2, std::nullopt).all.size() == 1);
    for (const PeContext& other : contexts_elsewhere(program, 2).all) CHECK_FALSE(other.asid);
    CHECK(entries_shared(program, 2, 3));
    CHECK_FALSE(entries_shared(program, 0, 2));
}

TEST_CASE("an observer that enters a space of the upper half keeps its ASID, and synchronises it") {
    const ScheduleProgram program = with_upper_half();
    PeStart start{0};
    start.upper = 2;
    const Operation b = write_ttbr0(1);
    const PeContexts contexts = contexts_of(program, {&b}, start, std::nullopt, 3, std::nullopt);
    CHECK(contexts.switches);
    const PeContext& last = contexts.all.back();
    CHECK((last.space == 3 && last.asid == 6 && last.begin == std::size_t{1} && !last.ended()));
    for (std::size_t k = 0; k + 1 < contexts.all.size(); ++k) CHECK(contexts.all[k].end == std::size_t{2});
}

TEST_CASE("addresses of spaces keep their half") {
    constexpr std::uint64_t high = 0xffff000000400000, low = 0x400000;
    CHECK_FALSE(spaces::of(high));
    CHECK_FALSE(spaces::of(0xfff0000000400000));  // of 52 bits
    for (const SpaceId space : {SpaceId{0}, static_cast<SpaceId>(most_spaces - 1)}) {
        for (const std::uint64_t plain : {high, low}) {
            const std::uint64_t within = spaces::within(plain, space);
            CHECK(spaces::of(within) == space);
            CHECK(spaces::plain(within) == plain);
            CHECK(spaces::is_upper(within) == (plain == high));
        }
    }
}
