// SPDX-License-Identifier: Apache-2.0
#include "model/slice/slicing.hpp"

#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/unit/model/slice/schedules.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::testing;

namespace {

/// Which slice (by canonical form) each unit start belongs to.
std::map<std::uint64_t, const Slice*> owners(const Slicing& slicing, std::uint64_t unit) {
    std::map<std::uint64_t, const Slice*> result;
    bool disjoint = true;
    for (const Slice& slice : slicing.slices) {
        for (const LeafRange& range : slice.stands_for) {
            for (std::uint64_t k = 0; k < range.count; ++k) {
                for (std::uint64_t va = range.first + k * range.step; va <= range.last + k * range.step;
                     va += unit) {
                    disjoint = result.emplace(va, &slice).second && disjoint;
                }
            }
        }
    }
    REQUIRE(disjoint);
    return result;
}

std::size_t instructions(const Slice& slice) {
    std::size_t count = 0;
    for (const JudgedThread& thread : slice.schedule.threads) count += thread.code.size();
    return count;
}

}  // namespace

TEST_CASE("a flush for each leaf of a contiguous region has one slice at every size") {
    for (const std::uint64_t size :
         {std::uint64_t{1} << 20, std::uint64_t{1} << 31, std::uint64_t{1} << 40}) {
        const ScheduleProgram program = per_leaf(size, true);
        const Slicing slicing = slice(program, property());
        REQUIRE(slicing.slices.size() == 1);
        CHECK(slicing.units == size / (16 * page));
        CHECK(slicing.leaves == size / page);
        CHECK(slicing.visited < 64);
        CHECK(slicing.slices[0].schedule.candidates.size() == 16);
        CHECK(instructions(slicing.slices[0]) == 80);
        REQUIRE(slicing.slices[0].stands_for.size() == 1);
        CHECK(slicing.slices[0].stands_for[0] == LeafRange{base_va, base_va + (size - 1)});
    }
}

TEST_CASE("a batched flush has one slice at every size") {
    for (const bool contiguous : {false, true}) {
        const ScheduleProgram program = batched(std::uint64_t{1} << 40, contiguous);
        const Slicing slicing = slice(program, property());
        REQUIRE(slicing.slices.size() == 1);
        CHECK(slicing.visited < 64);
        CHECK(instructions(slicing.slices[0]) == (contiguous ? 35 : 5));
    }
}

TEST_CASE("an all-level flush of other pages does not matter while no table changes") {
    const ScheduleProgram program = per_leaf(std::uint64_t{1} << 30, false, "vaae1is");
    const Slicing slicing = slice(program, property());
    REQUIRE(slicing.slices.size() == 1);
    CHECK(instructions(slicing.slices[0]) == 5);
}

TEST_CASE("an all-level flush of other pages matters once their table is unhooked") {
    const std::uint64_t size = std::uint64_t{4} << 20;
    ScheduleProgram program = per_leaf(size, false, "vaae1is");
    program.threads[0].code.push_back(
        {2,
         {clear(base_va, 2, size / 2), dsb("ishst"), tlbi("vaae1is", base_va, size / 2), dsb("ish"), isb()}});
    const Slicing slicing = slice(program, property());
    CHECK(slicing.slices.size() > 1);
    CHECK(slicing.slices.size() < 10);
    for (const Slice& s : slicing.slices) CHECK(instructions(s) < 40);
}

TEST_CASE("a flush of everything for each leaf collapses") {
    const std::uint64_t size = std::uint64_t{1} << 36;
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    program.threads[0].code.push_back(
        {size / page, {clear(base_va, 3, page), dsb("ishst"), tlbi_all(), dsb("ish"), isb()}});
    const Slicing slicing = slice(program, property());
    REQUIRE(slicing.slices.size() == 1);
    CHECK(instructions(slicing.slices[0]) == 80);
}

TEST_CASE("a range one page short leaves the last unit apart") {
    const std::uint64_t size = 64 * page;
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, false));
    program.threads[0].code.push_back({64, {clear(base_va, 3, page)}});
    program.threads[0].code.push_back({1, {dsb("ishst")}});
    program.threads[0].code.push_back({63, {tlbi("vaale1is", base_va, page)}});
    program.threads[0].code.push_back({1, {dsb("ish"), isb()}});
    const Slicing slicing = slice(program, property());
    REQUIRE(slicing.slices.size() == 2);
    CHECK(slicing.slices[0].units == 63);
    CHECK(slicing.slices[1].stands_for ==
          std::vector<LeafRange>{{base_va + 63 * page, base_va + 64 * page - 1}});
}

TEST_CASE("frees are found by the memory that the unit maps") {
    const std::uint64_t size = std::uint64_t{1} << 32;
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    program.threads[0].code.push_back(
        {size / page,
         {clear(base_va, 3, page), dsb("ishst"), tlbi("vaale1is", base_va, page), dsb("ish"), isb(),
          free_pages(base_pa, page, page)}});
    const Slicing slicing = slice(program, property(PropertyKind::no_use_after_free));
    REQUIRE(slicing.slices.size() == 2);  // no barrier follows the last free
    CHECK(slicing.slices[1].units == 1);
    CHECK(instructions(slicing.slices[0]) == 98);
    CHECK(instructions(slicing.slices[1]) == 96);
    CHECK(slicing.visited < 64);
}

TEST_CASE("a wait for translated memory is judged whole") {
    ScheduleProgram program = per_leaf(64 * page, false);
    Instruction wait;
    wait.operation = Await{std::nullopt, base_va, 1};
    program.threads.push_back({"P1", {{1, {wait}}}});
    const Slicing slicing = slice(program, property());
    CHECK(slicing.whole);
    CHECK(!slicing.why_whole.empty());
    REQUIRE(slicing.slices.size() == 1);
    CHECK(slicing.slices[0].schedule.candidates.size() == 64);
}

namespace {

void require_same(const ScheduleProgram& program, const Property& asked) {
    const Slicing fast = slice(program, asked);
    const Slicing slow = slice(program, asked, {.visit_every_unit = true});
    REQUIRE(fast.units == slow.units);
    REQUIRE(fast.leaves == slow.leaves);
    REQUIRE(fast.slices.size() == slow.slices.size());
    const auto a = owners(fast, page);
    const auto b = owners(slow, page);
    REQUIRE(a.size() == b.size());
    bool same = true;
    for (const auto& [va, owner] : a) same = same && b.at(va)->canonical == owner->canonical;
    REQUIRE(same);
}

}  // namespace

TEST_CASE("arithmetic over loops finds the same slices as visiting every unit", "[random]") {
    std::mt19937 random(1);
    const int rounds = tlbcheck::tests::sanitized ? 200 : 800;
    for (int round = 0; round < rounds; ++round) {
        const ScheduleProgram program = random_schedule(random);
        Property asked =
            property(round % 3 == 0 ? PropertyKind::no_use_after_free : PropertyKind::no_stale_entry);
        if (round % 7 == 0) asked.hardware.walk_cache = WalkCache::per_page;
        INFO("round " << round);
        require_same(program, asked);
    }
}

TEST_CASE("arithmetic over loops finds the same slices where blocks become tables", "[random]") {
    std::mt19937 random(1);
    for (int round = 0; round < 12; ++round) {
        INFO("round " << round);
        const ScheduleProgram program = random_split(random);
        const PropertyKind kind =
            round % 2 == 0 ? PropertyKind::no_use_after_free : PropertyKind::no_stale_entry;
        require_same(program, property(kind));
    }
}
