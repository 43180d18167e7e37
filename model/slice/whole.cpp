// SPDX-License-Identifier: Apache-2.0
//
// A schedule as it is, every run unrolled and every leaf a candidate.
#include <algorithm>

#include "model/limits/budget.hpp"
#include "model/program/guest.hpp"
#include "model/slice/arithmetic/cell.hpp"
#include "model/slice/equal_leaves.hpp"
#include "model/slice/slicing.hpp"
#include "model/slice/units/freed_pages.hpp"

namespace tlbcheck::model {

namespace {

/// Inside a guest's blocks: the pages from which on, by some leaf, stage 2 has another descriptor that the
/// schedule writes.
void add_inside_guest_blocks(const ScheduleProgram& program, const JudgedSchedule& schedule,
                             const Geometry& geometry, std::vector<std::uint64_t>& result) {
    std::vector<std::uint64_t> ipas;
    std::vector<std::pair<DescriptorSlot, std::uint64_t>> leaves;  // with the IPA they give
    for (const Region& region : program.regions) {
        if (!guest_of(program, region.va) || region.level == 3) continue;
        const std::uint64_t bytes = geometry.entry_bytes(region.level);
        for (std::uint64_t at = 0; at < region.size; at += bytes)
            leaves.push_back({{region.va + at, region.level, 0}, region.pa + at});
    }
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& i : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&i.operation);
            const auto space = store == nullptr ? std::nullopt : spaces::of(store->slot.va);
            if (!space) continue;
            if (program.spaces[*space].stage2) {
                ipas.push_back(store->slot.va);
                ipas.push_back(store->slot.va + geometry.entry_bytes(store->slot.level));
            } else if (guest_of(program, store->slot.va) && store->value.kind == DescriptorKind::leaf &&
                       store->slot.level < 3) {
                leaves.emplace_back(store->slot, store->value.oa);
            }
        }
    }
    for (const auto& [slot, output] : leaves) {
        for (const std::uint64_t ipa : ipas) {
            const std::uint64_t offset = spaces::plain(ipa) - output;
            if (spaces::of(ipa) == guest_of(program, slot.va) && offset < geometry.entry_bytes(slot.level))
                result.push_back(slot.va + offset);
        }
    }
}

std::vector<std::uint64_t> candidates(const ScheduleProgram& program, const Property& property,
                                      const JudgedSchedule& schedule) {
    const Geometry geometry(property.hardware);
    const Lines lines = lines_of(program, geometry);
    std::vector<std::uint64_t> borders;
    // Where walk-cache entries carry a page, the pages of a block that some TLBI tells apart.
    if (property.hardware.walk_cache == WalkCache::per_page) borders = tlbi_borders(program, geometry);
    std::vector<std::uint64_t> result;
    const std::vector<SliceCell> cells = cells_of(program, property, lines, geometry);
    std::vector<std::uint64_t> blocks;
    for (const SliceCell& cell : cells) {
        const std::uint64_t bytes = geometry.entry_bytes(cell.finest);
        const std::uint64_t leaves = (cell.range.last - cell.range.first) / bytes + 1;
        for (std::uint64_t i = 0; i < leaves; ++i) {
            poll();
            result.push_back(cell.range.first + i * bytes);
            if (cell.finest < 3) blocks.push_back(result.back());
        }
    }
    const std::vector<std::uint64_t> freed = freed_inside_blocks(schedule, geometry, blocks);
    borders.insert(borders.end(), freed.begin(), freed.end());
    std::sort(borders.begin(), borders.end());
    for (const SliceCell& cell : cells) {
        if (cell.finest == 3) continue;
        const auto from = std::lower_bound(borders.begin(), borders.end(), cell.range.first);
        const auto to = std::upper_bound(from, borders.end(), cell.range.last);
        result.insert(result.end(), from, to);
    }
    if (uses_guests(program) &&
        (!about_region(property.kind) || guest_of(program, program.regions[*property.region].va))) {
        std::vector<std::uint64_t> inside;
        add_inside_guest_blocks(program, schedule, geometry, inside);
        for (const std::uint64_t va : inside) {
            if (!property.region || contains(program.regions[*property.region], va)) result.push_back(va);
        }
    }
    if (property.kind == PropertyKind::no_use_after_free)
        std::erase_if(result,
                      [&](std::uint64_t at) { return judged_through_guests(program, spaces::of(at)); });
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

}  // namespace

JudgedSchedule whole(const ScheduleProgram& program, const Property& property) {
    JudgedSchedule schedule = unrolled(program);
    schedule.hardware = property.hardware;
    schedule.judging = property.judging;
    schedule.candidates = candidates(program, property, schedule);
    return schedule;
}

std::uint64_t whole_size(const ScheduleProgram& program, const Property& property) {
    std::uint64_t size = 0;
    for (const ScheduleThread& thread : program.threads) size += instruction_count(thread);
    const Geometry geometry(property.hardware);
    const Lines lines = lines_of(program, geometry);
    for (const SliceCell& cell : cells_of(program, property, lines, geometry)) {
        size += (cell.range.last - cell.range.first) / geometry.entry_bytes(cell.finest) + 1;
    }
    return size;
}

}  // namespace tlbcheck::model
