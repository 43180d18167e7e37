// SPDX-License-Identifier: Apache-2.0
//
// A schedule as it is, every run unrolled and every leaf a candidate.
#include <algorithm>

#include "model/limits/budget.hpp"
#include "model/slice/arithmetic/cell.hpp"
#include "model/slice/equal_leaves.hpp"
#include "model/slice/slicing.hpp"
#include "model/slice/units/freed_pages.hpp"

namespace tlbcheck::model {

namespace {

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
