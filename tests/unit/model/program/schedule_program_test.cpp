// SPDX-License-Identifier: Apache-2.0
// Tests of model/program/schedule_program.cpp: what a compact schedule and its initial tables denote.

#include "model/program/schedule_program.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

Instruction stepping(Operation operation) {
    Instruction instruction;
    instruction.operation = std::move(operation);
    instruction.va_step = 0x1000;
    instruction.pa_step = 0x2000;
    return instruction;
}

Descriptor leaf(std::uint64_t oa) {
    Descriptor descriptor;
    descriptor.kind = DescriptorKind::leaf;
    descriptor.oa = oa;
    return descriptor;
}

ScheduleProgram two_regions() {
    ScheduleProgram program;
    Region page;
    page.name = "page";
    page.va = 0x400000;
    page.pa = 0x80000000;
    page.size = 0x2000;
    page.contiguous = true;
    Region block;
    block.name = "block";
    block.va = 0x40000000;
    block.pa = 0x90000000;
    block.size = 0x400000;
    block.level = 2;
    block.writable = false;
    block.global = false;
    block.attributes = Attr::device_ngnre;
    program.regions = {page, block};
    return program;
}

}  // namespace

TEST_CASE("an instruction of iteration i has its numbers advanced by i steps") {
    const auto store = std::get<StoreDescriptor>(
        instantiate(stepping(StoreDescriptor{{0x5000, 3, 0}, leaf(0x8000)}), 3).operation);
    CHECK(store.slot.va == 0x8000);
    CHECK(store.value.oa == 0xe000);
    CHECK(std::get<TlbiInstruction>(instantiate(stepping(TlbiInstruction{{}, 7}), 2).operation).operand ==
          0x2007);
    CHECK(std::get<Access>(instantiate(stepping(Access{AccessKind::load, {}, 1, 5}), 1).operation).va ==
          0x1001);
    CHECK(std::get<Await>(instantiate(stepping(Await{{}, 1, 5}), 1).operation).va == 0x1001);
    const auto free = std::get<Free>(
        instantiate(stepping(Free{std::pair<std::uint64_t, std::uint64_t>{0, 4096}}), 1).operation);
    CHECK(std::get<0>(free.what) == std::pair<std::uint64_t, std::uint64_t>{0x2000, 4096});
    const auto table = std::get<Free>(instantiate(stepping(Free{TablePage{3, 0x10000, 2}}), 1).operation);
    CHECK(std::get<TablePage>(table.what) == TablePage{3, 0x11000, 2});
    CHECK(instantiate(stepping(Barrier{}), 9).va_step == 0);
}

TEST_CASE("a table descriptor's generation and an invalid value do not step") {
    Descriptor table;
    table.kind = DescriptorKind::table;
    table.oa = 1;
    CHECK(std::get<StoreDescriptor>(instantiate(stepping(StoreDescriptor{{0, 2, 0}, table}), 5).operation)
              .value.oa == 1);
    CHECK(
        std::get<StoreDescriptor>(instantiate(stepping(StoreDescriptor{{0, 2, 0}, {}}), 5).operation).value ==
        Descriptor{});
}

TEST_CASE("numbers step modulo 2^64") {
    Instruction down = stepping(TlbiInstruction{{}, 10});
    down.va_step = ~std::uint64_t{0};
    CHECK(std::get<TlbiInstruction>(instantiate(down, 3).operation).operand == 7);
}

TEST_CASE("instructions are counted by iterations") {
    ScheduleThread thread;
    thread.code = {{1, std::vector<Instruction>(3)},
                   {1ULL << 28, std::vector<Instruction>(5)},
                   {0, std::vector<Instruction>(2)}};
    CHECK(instruction_count(thread) == 3 + 5 * (1ULL << 28));
}

TEST_CASE("tables of the first generation lead to the leaves of the regions") {
    const ScheduleProgram program = two_regions();
    CHECK(initial_descriptor(program, {0, 0, 0}).kind == DescriptorKind::table);
    CHECK(initial_descriptor(program, {0, 1, 0}).kind == DescriptorKind::table);
    CHECK(initial_descriptor(program, {0x400000, 2, 0}).kind == DescriptorKind::table);
    CHECK(initial_descriptor(program, {0x400000, 2, 0}).oa == 0);
    CHECK(initial_descriptor(program, {0x600000, 2, 0}) == Descriptor{});
    const Descriptor page = initial_descriptor(program, {0x401000, 3, 0});
    CHECK(page.kind == DescriptorKind::leaf);
    CHECK(page.oa == 0x80001000);
    CHECK(page.contiguous);
    CHECK(page.db);
    CHECK_FALSE(initial_descriptor(program, {0x402000, 3, 0}).valid());
    const Descriptor block = initial_descriptor(program, {0x40200000, 2, 0});
    CHECK(block.oa == 0x90200000);
    CHECK_FALSE(block.db);
    CHECK(block.not_global);
    CHECK(block.attributes == Attr::device_ngnre);
}

TEST_CASE("a region that is not mapped has tables and invalid leaves") {
    ScheduleProgram program = two_regions();
    program.regions[0].mapped = false;
    CHECK(initial_descriptor(program, {0x400000, 2, 0}).kind == DescriptorKind::table);
    CHECK_FALSE(initial_descriptor(program, {0x400000, 3, 0}).valid());
}

TEST_CASE("new tables hold their leaves, or garbage, or nothing") {
    ScheduleProgram program = two_regions();
    NewTable empty;
    empty.page = {3, 0x400000, 1};
    NewTable garbage;
    garbage.page = {3, 0x400000, 2};
    garbage.garbage = true;
    NewTable full;
    full.page = {3, 0x40000000, 1};
    full.leaves = {program.regions[1]};
    program.new_tables = {empty, full, garbage};
    std::sort(program.new_tables.begin(), program.new_tables.end(),
              [](const NewTable& a, const NewTable& b) { return a.page < b.page; });
    CHECK_FALSE(initial_descriptor(program, {0x400000, 3, 1}).valid());
    const Descriptor old = initial_descriptor(program, {0x401000, 3, 2});
    CHECK(old.kind == DescriptorKind::leaf);
    CHECK(old.oa != initial_descriptor(program, {0x402000, 3, 2}).oa);
    CHECK(initial_descriptor(program, {0x40001000, 3, 1}).oa == 0x90001000);
    CHECK_FALSE(initial_descriptor(program, {0x40001000, 3, 7}).valid());
}

TEST_CASE("the page of a slot follows the geometry") {
    const Geometry geometry{HardwareParameters{}};
    CHECK(table_of({0x401000, 3, 4}, geometry) == TablePage{3, 0x400000, 4});
    CHECK(table_of({0x401000, 2, 0}, geometry) == TablePage{2, 0, 0});
}

TEST_CASE("properties have the names of the language") {
    CHECK(to_string(PropertyKind::no_stale_entry) == "no_stale_entry");
    CHECK(to_string(PropertyKind::no_use_after_free) == "no_use_after_free");
    CHECK(to_string(PropertyKind::no_bbm_violation) == "no_bbm_violation");
    CHECK(to_string(PropertyKind::no_tlb_conflict) == "no_tlb_conflict");
}
