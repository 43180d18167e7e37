// SPDX-License-Identifier: Apache-2.0
#include "model/break_before_make/bbm.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/model/break_before_make/bbm_programs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::testing;

namespace {

BbmVerdict verdict(const ScheduleProgram& program, int level = 0) {
    return check_no_bbm_violation(program, bbm(level)).verdict;
}

std::vector<Instruction> flush(std::uint64_t va) {
    return {dsb("ishst"), tlbi("vaale1is", va, 0), dsb("ish"), isb()};
}

/// Contiguous pages, made again page by page without the Contiguous bit.
ScheduleProgram unfold_directly(std::uint64_t size) {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    append(program, {set_leaf(base_va, 3, base_pa, false, page, page)}, size / page);
    append(program, flush(base_va));
    return program;
}

ScheduleProgram unfold_with_bbm(std::uint64_t size) {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    append(program, {clear(base_va, 3, page)}, size / page);
    append(program, {dsb("ishst")});
    append(program, {tlbi("vaale1is", base_va, page)}, size / page);
    append(program, {dsb("ish"), isb()});
    append(program, {set_leaf(base_va, 3, base_pa, false, page, page)}, size / page);
    return program;
}

}  // namespace

TEST_CASE("dropping Contiguous without break-before-make is a violation, unless the hardware has FEAT_BBM") {
    const ScheduleProgram program = unfold_directly(64 * 1024);
    CHECK(verdict(program, 0) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::safe);
    CHECK(verdict(program, 2) == BbmVerdict::safe);
    const BbmAnswer answer = check_no_bbm_violation(program, bbm());
    REQUIRE(answer.first);
    CHECK(answer.first->change == BbmChange::contiguous);
    CHECK(answer.first->va == base_va);
    CHECK(answer.first->missing == "no invalid descriptor was stored in between");
}

TEST_CASE("a page made Contiguous while a neighbour of its set is still mapped plain is a violation") {
    ScheduleProgram program = program_of(region(base_va, base_pa, 16 * page, 3, false));
    append(program, {clear(base_va, 3, 0), dsb("ishst"), tlbi("vaale1is", base_va, 0), dsb("ish"),
                     set_leaf(base_va, 3, base_pa, true, 0, 0)});
    CHECK(verdict(program) == BbmVerdict::unsafe);
}

TEST_CASE("a whole set broken, flushed and made again is no violation, at any size") {
    CHECK(verdict(unfold_with_bbm(64 * 1024)) == BbmVerdict::safe);
    const ScheduleProgram large = unfold_with_bbm(std::uint64_t{1} << 40);
    const BbmAnswer answer = check_no_bbm_violation(large, bbm());
    CHECK(answer.verdict == BbmVerdict::safe);
    CHECK(answer.slicing.slices.size() == 1);
}

TEST_CASE("break-before-make page by page does not break a contiguous set") {
    ScheduleProgram program = program_of(region(base_va, base_pa, 64 * 1024, 3, true));
    append(program,
           {clear(base_va, 3, page), dsb("ishst"), tlbi("vaale1is", base_va, page), dsb("ish"), isb(),
            set_leaf(base_va, 3, base_pa, false, page, page)},
           16);
    CHECK(verdict(program) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::safe);
}

TEST_CASE("a set with one page not flushed is a violation") {
    ScheduleProgram program = unfold_with_bbm(64 * 1024);
    program.threads[0].code[2].count = 15;
    const BbmAnswer answer = check_no_bbm_violation(program, bbm());
    CHECK(answer.verdict == BbmVerdict::unsafe);
    REQUIRE(answer.first);
    CHECK(answer.first->missing.find("no TLBI that removes an entry") != std::string::npos);
}

TEST_CASE("every barrier of break-before-make is needed") {
    const auto program_with = [](const char* before, const char* after) {
        ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
        append(program, {clear(base_va, 3, 0), dsb(before), tlbi("vaale1is", base_va, 0), dsb(after),
                         set_leaf(base_va, 3, base_pa + page, false, 0, 0)});
        return program;
    };
    CHECK(verdict(program_with("ishst", "ish")) == BbmVerdict::safe);
    CHECK(verdict(program_with("ishld", "ish")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ishst", "ishst")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ishst", "nsh")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ish", "sy")) == BbmVerdict::safe);
}

TEST_CASE("a change of permissions alone needs no break-before-make") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    Instruction read_only = set_leaf(base_va, 3, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(read_only.operation).value.db = false;
    append(program, {read_only});
    CHECK(verdict(program) == BbmVerdict::safe);
}

TEST_CASE("a change of memory attributes needs break-before-make at every level") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    Instruction device = set_leaf(base_va, 3, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(device.operation).value.attributes = Attr::device_ngnre;
    append(program, {device});
    for (const int level : {0, 1, 2, 3}) CHECK(verdict(program, level) == BbmVerdict::unsafe);
}

TEST_CASE("a block split into a table is a change of size; level 2 and nT exempt it") {
    const std::uint64_t block = 2U << 20U;
    ScheduleProgram program = program_of(region(base_va, base_pa, block, 2, false));
    NewTable table;
    table.page = {3, base_va, 1};
    table.leaves = {region(base_va, base_pa, block, 3, false)};
    program.new_tables = {table};
    Instruction split;
    Descriptor pointer;
    pointer.kind = DescriptorKind::table;
    pointer.oa = 1;
    split.operation = StoreDescriptor{{base_va, 2, 0}, pointer};
    append(program, {split});
    CHECK(verdict(program, 0) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::unsafe);
    CHECK(verdict(program, 2) == BbmVerdict::safe);
    Instruction nt = set_leaf(base_va, 2, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(nt.operation).value.nt = true;
    program.threads[0].code.insert(program.threads[0].code.begin(), {1, {nt}});
    append(program, flush(base_va));
    CHECK(verdict(program, 1) == BbmVerdict::unsafe);  // the block without nT was not flushed
    program.threads[0].code.insert(program.threads[0].code.begin() + 1, {1, flush(base_va)});
    CHECK(verdict(program, 1) == BbmVerdict::safe);
}

TEST_CASE("the order of two threads' stores counts only where flags fix it") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    program.flags = {"done"};
    append(program, {clear(base_va, 3, 0), dsb("ishst"), tlbi("vaale1is", base_va, 0), dsb("ish")});
    Instruction signal;
    signal.operation = Access{AccessKind::store_release, 0, 0, 1};
    append(program, {signal});
    Instruction wait;
    wait.operation = Await{0, 0, 1};
    program.threads.push_back({"P1", {{1, {wait, set_leaf(base_va, 3, base_pa + page, false, 0, 0)}}}});
    CHECK(verdict(program) == BbmVerdict::safe);
    program.threads[1].code[0].body.erase(program.threads[1].code[0].body.begin());
    CHECK(verdict(program) == BbmVerdict::unsafe);
}

// VAAE1IS with TTL 2 removes what is above level 2: of the walk for a page, the level 1 descriptor.
TEST_CASE("a walk-cache entry counts where the one above it has gone") {
    const auto stored_after = [](int ttl) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        append(program, {clear(base_va, 1, 0), dsb("ish"), tlbi("vaae1is", base_va, 0, ttl), dsb("ish"),
                         set_leaf(base_va, 3, base_pa + 16 * page, false, 0, 0)});
        return verdict(program);
    };
    CHECK(stored_after(2) == BbmVerdict::unsafe);
    CHECK(stored_after(3) == BbmVerdict::safe);
    CHECK(stored_after(0) == BbmVerdict::safe);
}

// With no barrier between, the table descriptor may be visible first: walks fill from what the page held.
TEST_CASE("a table page hooked up before what is stored in it is visible") {
    const auto hooked_up = [](std::uint64_t held, bool with_barrier) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        NewTable table;
        table.page = {3, base_va, 1};
        table.leaves = {region(base_va, held, page, 3, false)};
        program.new_tables = {table};
        append(program, {clear(base_va, 2, 0), dsb("ish"), tlbi("vaae1is", base_va, 0),
                         tlbi("vaae1is", base_va + page, 0), dsb("ish")});
        Instruction fill = set_leaf(base_va, 3, base_pa, false, 0, 0);
        std::get<StoreDescriptor>(fill.operation).slot.generation = 1;
        append(program, {fill});
        if (with_barrier) append(program, {dsb("ishst")});
        Instruction hook_up = clear(base_va, 2, 0);
        auto& slot = std::get<StoreDescriptor>(hook_up.operation);
        slot.value.kind = DescriptorKind::table;
        slot.value.oa = 1;
        append(program, {hook_up});
        return program;
    };
    CHECK(verdict(hooked_up(base_pa + 16 * page, false)) == BbmVerdict::unsafe);
    CHECK(verdict(hooked_up(base_pa + 16 * page, true)) == BbmVerdict::safe);
    CHECK(verdict(hooked_up(base_pa, false)) == BbmVerdict::safe);
}

// The entry held came through the new table page, what is stored is in the old one.
TEST_CASE("a store to a table page out of the tables counts while a walk cache leads there") {
    const auto replaced_table = [](const char* flush_of_table) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        NewTable table;
        table.page = {3, base_va, 1};
        table.leaves = {region(base_va, base_pa + 16 * page, 2 * page, 3, false)};
        program.new_tables = {table};
        Instruction hook_up = clear(base_va, 2, 0);
        auto& slot = std::get<StoreDescriptor>(hook_up.operation);
        slot.value.kind = DescriptorKind::table;
        slot.value.oa = 1;
        append(program, {clear(base_va, 3, page)}, 2);
        append(program, {dsb("ish")});
        append(program, {tlbi(flush_of_table, base_va, page)}, 2);
        append(program, {dsb("ish"), hook_up, dsb("ish"), set_leaf(base_va, 3, base_pa, false, 0, 0)});
        return program;
    };
    CHECK(verdict(replaced_table("vaale1is")) == BbmVerdict::unsafe);
    // The old table is read again after the TLBI, and gone after one that follows the store.
    CHECK(verdict(replaced_table("vaae1is")) == BbmVerdict::unsafe);
    ScheduleProgram flushed = replaced_table("vaae1is");
    std::vector<Instruction>& last = flushed.threads[0].code.back().body;
    last.insert(last.end() - 1, {tlbi("vaae1is", base_va, 0), dsb("ish")});
    CHECK(verdict(flushed) == BbmVerdict::safe);
}
