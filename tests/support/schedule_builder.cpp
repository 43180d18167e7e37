// SPDX-License-Identifier: Apache-2.0
#include "tests/support/schedule_builder.hpp"

#include <stdexcept>

namespace tlbcheck::tests {

using namespace model;

ScheduleBuilder::ScheduleBuilder(HardwareParameters hardware) : geometry_(hardware) {
    program_.title = "built by a test";
    program_.files = {"test.sched"};
    program_.hardware = hardware;
}

HardwareParameters ScheduleBuilder::small_hardware(int contiguous_entries, int levels) {
    HardwareParameters hardware;
    hardware.contiguous_entries = contiguous_entries;
    hardware.levels = levels;
    return hardware;
}

std::uint32_t ScheduleBuilder::region(int leaves, bool contiguous, int level) {
    Region region;
    const std::uint64_t index = program_.regions.size();
    region.name = "r" + std::to_string(index);
    region.va = va_base + index * geometry_.entry_bytes(level - 1);
    region.pa = pa_base + index * geometry_.entry_bytes(level - 1);
    region.size = static_cast<std::uint64_t>(leaves) * geometry_.entry_bytes(level);
    region.level = level;
    region.contiguous = contiguous;
    program_.regions.push_back(region);
    return static_cast<std::uint32_t>(index);
}

ScheduleBuilder& ScheduleBuilder::thread() {
    program_.threads.push_back({"P" + std::to_string(program_.threads.size()), {Run{}}});
    return *this;
}

std::uint32_t ScheduleBuilder::flag(const std::string& name) {
    program_.flags.push_back(name);
    return static_cast<std::uint32_t>(program_.flags.size() - 1);
}

std::uint64_t ScheduleBuilder::leaf_va(std::uint32_t region, int leaf) const {
    const Region& mapped = program_.regions[region];
    return mapped.va + static_cast<std::uint64_t>(leaf) * geometry_.entry_bytes(mapped.level);
}

Descriptor ScheduleBuilder::leaf_value(std::uint32_t region, int leaf) const {
    const Region& mapped = program_.regions[region];
    return initial_descriptor(program_, {leaf_va(region, leaf), mapped.level, 0});
}

ScheduleBuilder& ScheduleBuilder::add(Operation operation) {
    if (program_.threads.empty()) thread();
    std::vector<Instruction>& body = program_.threads.back().code.back().body;
    Instruction instruction;
    instruction.operation = std::move(operation);
    instruction.place = {0, static_cast<std::uint32_t>(body.size() + 1), 1};
    instruction.helper_place = instruction.place;
    body.push_back(instruction);
    return *this;
}

ScheduleBuilder& ScheduleBuilder::clear(std::uint32_t region, int leaf) {
    return set(region, leaf, {});
}

ScheduleBuilder& ScheduleBuilder::set(std::uint32_t region, int leaf, const Descriptor& value) {
    return add(StoreDescriptor{{leaf_va(region, leaf), program_.regions[region].level, 0}, value});
}

ScheduleBuilder& ScheduleBuilder::clear_table(std::uint32_t region, int level) {
    return add(StoreDescriptor{{geometry_.entry_base(program_.regions[region].va, level), level, 0}, {}});
}

ScheduleBuilder& ScheduleBuilder::set_table(std::uint32_t region, std::uint32_t generation, int level) {
    Descriptor table;
    table.kind = DescriptorKind::table;
    table.oa = generation;
    return add(StoreDescriptor{{geometry_.entry_base(program_.regions[region].va, level), level, 0}, table});
}

ScheduleBuilder& ScheduleBuilder::barrier(BarrierKind kind, const char* option) {
    const auto parsed = parse_barrier(kind, option);
    if (!parsed) throw std::logic_error("no such barrier");
    return add(*parsed);
}

ScheduleBuilder& ScheduleBuilder::tlbi(const char* name, std::uint64_t va, int ttl, std::uint16_t asid) {
    return tlbi_raw(name, encode_va_operand(va, asid, ttl, geometry_.granule()));
}

ScheduleBuilder& ScheduleBuilder::tlbi_raw(const char* name, std::uint64_t operand) {
    const auto op = parse_tlbi(name);
    if (!op) throw std::logic_error("no such TLBI");
    return add(TlbiInstruction{*op, takes_operand(op->base) ? operand : 0});
}

ScheduleBuilder& ScheduleBuilder::flush(std::uint32_t region, int first, int last, const char* name) {
    dsb("ishst");
    for (int leaf = first; leaf <= last; ++leaf) tlbi(name, leaf_va(region, leaf));
    return dsb("ish").isb();
}

ScheduleBuilder& ScheduleBuilder::free_leaf(std::uint32_t region, int leaf) {
    const Region& mapped = program_.regions[region];
    const std::uint64_t bytes = geometry_.entry_bytes(mapped.level);
    return add(Free{std::pair{mapped.pa + static_cast<std::uint64_t>(leaf) * bytes, bytes}});
}

ScheduleBuilder& ScheduleBuilder::free_table(std::uint32_t region, int level, std::uint32_t generation) {
    return add(Free{TablePage{level, geometry_.table_base(program_.regions[region].va, level), generation}});
}

ScheduleBuilder& ScheduleBuilder::store_flag(std::uint32_t flag, bool release, std::uint64_t value) {
    return add(Access{release ? AccessKind::store_release : AccessKind::store, flag, 0, value});
}

ScheduleBuilder& ScheduleBuilder::await(std::uint32_t flag, std::uint64_t value) {
    return add(Await{flag, 0, value});
}

ScheduleBuilder& ScheduleBuilder::new_table(std::uint32_t region, std::uint32_t generation, bool garbage,
                                            int leaves, int level) {
    const Region& mapped = program_.regions[region];
    NewTable table;
    table.page = {level, geometry_.table_base(mapped.va, level), generation};
    table.garbage = garbage;
    if (leaves > 0) {
        Region piece = mapped;
        piece.level = level;
        piece.pa += 0x40000000;
        piece.size = static_cast<std::uint64_t>(leaves) * geometry_.entry_bytes(level);
        table.leaves.push_back(piece);
    }
    program_.new_tables.push_back(table);
    return *this;
}

Property ScheduleBuilder::property(PropertyKind kind, std::uint32_t region) const {
    Property property;
    property.kind = kind;
    if (kind == PropertyKind::no_stale_entry) property.region = region;
    property.hardware = program_.hardware;
    property.text = to_string(kind);
    return property;
}

}  // namespace tlbcheck::tests
