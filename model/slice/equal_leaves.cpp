// SPDX-License-Identifier: Apache-2.0
//
// Borders between leaves that some instruction, or the tables at the start, tell apart.
#include "model/slice/equal_leaves.hpp"

#include <algorithm>

#include "model/arch/hardware_update.hpp"
#include "model/limits/budget.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::model {

namespace {

void sort_and_merge(std::vector<std::uint64_t>& borders) {
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
}

bool marked_contiguous(const Region& region) {
    return region.contiguous;
}

/// What is asked about an address depends on data, on flags that hardware sets, or on a neighbour's slot.
bool depends_on_more(const JudgedSchedule& schedule) {
    if (manages_flags(schedule.hardware)) return true;
    // Leaves of a guest are told apart by what stage 2 does where they lead, too.
    if (uses_guests(*schedule.program)) return true;
    if (std::ranges::any_of(schedule.program->regions, marked_contiguous)) return true;
    for (const NewTable& table : schedule.program->new_tables) {
        if (std::ranges::any_of(table.leaves, marked_contiguous)) return true;
    }
    return std::ranges::any_of(schedule.threads, [](const JudgedThread& thread) {
        return std::ranges::any_of(thread.code, [](const PlainInstruction& i) {
            poll();
            if (const auto* store = std::get_if<StoreDescriptor>(&i.operation))
                return store->value.contiguous || store->atomic;
            if (const auto* access = std::get_if<Access>(&i.operation)) return !access->flag;
            if (const auto* await = std::get_if<Await>(&i.operation)) return !await->flag;
            if (const auto* free = std::get_if<Free>(&i.operation))
                return !std::holds_alternative<TablePage>(free->what);
            return std::holds_alternative<Branch>(i.operation);
        });
    });
}

/// An entry of one space may be hit at the same address in another: what is told apart in one is in all.
void add_border(std::vector<std::uint64_t>& borders, std::size_t count, std::uint64_t first,
                std::uint64_t size) {
    borders.push_back(first);
    borders.push_back(first + size);
    const std::uint64_t plain = spaces::plain(first);
    for (SpaceId s = 0; s < count; ++s) {
        borders.push_back(spaces::within(plain, s));
        borders.push_back(spaces::within(plain, s) + size);
    }
}

/// Regions, slots that are stored to one by one, leaves of new tables, what TLBIs cover.
std::vector<std::uint64_t> leaf_borders(const JudgedSchedule& schedule, const Geometry& geometry) {
    const ScheduleProgram& program = *schedule.program;
    std::vector<std::uint64_t> borders = tlbi_borders(program, geometry);
    const std::size_t count = program.spaces.size();
    for (const Region& region : program.regions) add_border(borders, count, region.va, region.size);
    for (const NewTable& table : program.new_tables) {
        for (const Region& piece : table.leaves) add_border(borders, count, piece.va, piece.size);
    }
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& i : thread.code) {
            poll();
            const auto* store = std::get_if<StoreDescriptor>(&i.operation);
            if (store == nullptr) continue;
            add_border(borders, count, store->slot.va, geometry.entry_bytes(store->slot.level));
        }
    }
    sort_and_merge(borders);
    return borders;
}

}  // namespace

std::vector<std::uint64_t> tlbi_borders(const ScheduleProgram& program, const Geometry& geometry) {
    std::vector<std::uint64_t> borders;
    for (const ScheduleThread& thread : program.threads) {
        for (const Run& run : thread.code) {
            for (const Instruction& instruction : run.body) {
                if (!std::holds_alternative<TlbiInstruction>(instruction.operation)) continue;
                for (std::uint64_t i = 0; i < run.count; ++i) {
                    poll();
                    const Instruction at = instantiate(instruction, i);
                    const auto& tlbi = std::get<TlbiInstruction>(at.operation);
                    const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, geometry);
                    if (!scope.first || scope.nothing) continue;
                    borders.push_back(*scope.first);
                    borders.push_back(*scope.last + 1);
                    for (SpaceId s = 0; s < program.spaces.size(); ++s) {
                        borders.push_back(spaces::within(*scope.first, s));
                        borders.push_back(spaces::within(*scope.last, s) + 1);
                    }
                }
            }
        }
    }
    sort_and_merge(borders);
    return borders;
}

void keep_one_of_equal_leaves(JudgedSchedule& schedule, const std::vector<SliceCell>& cells,
                              const Geometry& geometry) {
    if (depends_on_more(schedule)) return;
    const std::vector<std::uint64_t> borders = leaf_borders(schedule, geometry);
    std::vector<std::uint64_t> kept;
    for (const SliceCell& cell : cells) {
        const std::uint64_t leaf = geometry.entry_bytes(cell.finest);
        const auto first = std::ranges::lower_bound(schedule.candidates, cell.range.first);
        const auto past = std::ranges::upper_bound(schedule.candidates, cell.range.last);
        for (auto at = first; at != past; ++at) {
            poll();
            const bool same_table = at != first && geometry.table_base(*at, cell.finest) ==
                                                       geometry.table_base(at[-1], cell.finest);
            const auto border = same_table ? std::ranges::upper_bound(borders, at[-1]) : borders.end();
            if (!same_table || (border != borders.end() && *border < *at + leaf)) kept.push_back(*at);
        }
    }
    schedule.candidates = std::move(kept);
}

}  // namespace tlbcheck::model
