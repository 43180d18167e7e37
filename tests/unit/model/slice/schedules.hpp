// SPDX-License-Identifier: Apache-2.0
//
// Compact schedules made by hand, for the tests of slicing.
#pragma once

#include <random>
#include <vector>

#include "model/program/schedule_program.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::model::testing {

inline constexpr std::uint64_t base_va = 0xffff'0000'8000'0000;
inline constexpr std::uint64_t base_pa = 0x8000'0000;
inline constexpr std::uint64_t page = 4096;

inline Region region(std::uint64_t va, std::uint64_t pa, std::uint64_t size, int level, bool contiguous) {
    Region r;
    r.name = "r";
    r.va = va;
    r.pa = pa;
    r.size = size;
    r.level = level;
    r.contiguous = contiguous;
    return r;
}

inline ScheduleProgram program_of(Region r) {
    ScheduleProgram program;
    program.regions = {std::move(r)};
    program.threads = {{"P0", {}}};
    return program;
}

inline Property property(PropertyKind kind = PropertyKind::no_stale_entry) {
    Property p;
    p.kind = kind;
    if (kind == PropertyKind::no_stale_entry) p.region = 0;
    return p;
}

inline Instruction clear(std::uint64_t va, int level, std::uint64_t step) {
    Instruction i;
    i.operation = StoreDescriptor{{va, level, 0}, {}};
    i.va_step = step;
    return i;
}

inline Instruction set_leaf(std::uint64_t va, int level, std::uint64_t pa, bool contiguous,
                            std::uint64_t step, std::uint64_t pa_step) {
    Instruction i;
    Descriptor value;
    value.kind = DescriptorKind::leaf;
    value.oa = pa;
    value.contiguous = contiguous;
    i.operation = StoreDescriptor{{va, level, 0}, value};
    i.va_step = step;
    i.pa_step = pa_step;
    return i;
}

/// A TLBI by VA; `step` in bytes of VA.
inline Instruction tlbi(const char* name, std::uint64_t va, std::uint64_t step, int ttl = 0,
                        Granule granule = Granule::k4) {
    Instruction i;
    i.operation = TlbiInstruction{*parse_tlbi(name), encode_va_operand(va, 0, ttl, granule)};
    i.va_step = step >> 12;
    return i;
}

inline Instruction tlbi_all() {
    Instruction i;
    i.operation = TlbiInstruction{*parse_tlbi("vmalle1is"), 0};
    return i;
}

inline Instruction tlbi_range(std::uint64_t va, int scale, int num, int ttl, std::uint64_t step = 0) {
    Instruction i;
    i.operation =
        TlbiInstruction{*parse_tlbi("rvaale1is"), encode_range_operand(va, 0, scale, num, ttl, Granule::k4)};
    i.va_step = step >> 12;
    return i;
}

inline Instruction barrier(BarrierKind kind, const char* option) {
    Instruction i;
    i.operation = *parse_barrier(kind, option);
    return i;
}
inline Instruction dsb(const char* option) {
    return barrier(BarrierKind::dsb, option);
}
inline Instruction isb() {
    return barrier(BarrierKind::isb, "");
}

inline Instruction free_pages(std::uint64_t pa, std::uint64_t bytes, std::uint64_t step) {
    Instruction i;
    i.operation = Free{std::pair<std::uint64_t, std::uint64_t>{pa, bytes}};
    i.pa_step = step;
    return i;
}

/// One flush for each leaf, all in one loop.
inline ScheduleProgram per_leaf(std::uint64_t size, bool contiguous, const char* op = "vaale1is") {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, contiguous));
    program.threads[0].code.push_back(
        {size / page, {clear(base_va, 3, page), dsb("ishst"), tlbi(op, base_va, page), dsb("ish"), isb()}});
    return program;
}

/// All cleared, then one flush.
inline ScheduleProgram batched(std::uint64_t size, bool contiguous) {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, contiguous));
    program.threads[0].code.push_back({size / page, {clear(base_va, 3, page)}});
    program.threads[0].code.push_back({1, {dsb("ishst")}});
    program.threads[0].code.push_back({size / page, {tlbi("vaale1is", base_va, page)}});
    program.threads[0].code.push_back({1, {dsb("ish"), isb()}});
    return program;
}

/// Random runs over a region of one or two tables' size, with offsets, overlaps, table stores and frees.
ScheduleProgram random_schedule(std::mt19937& random);
/// Blocks split into tables of pages prepared before, with irregularities and flushes.
ScheduleProgram random_split(std::mt19937& random);

}  // namespace tlbcheck::model::testing
