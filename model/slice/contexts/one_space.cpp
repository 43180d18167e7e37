// SPDX-License-Identifier: Apache-2.0
//
// Addresses without the space they are of.
#include "model/slice/contexts/one_space.hpp"

#include <algorithm>

#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

bool changes_context(const ScheduleProgram& program) {
    return std::ranges::any_of(program.threads, [](const ScheduleThread& thread) {
        return std::ranges::any_of(thread.code, [](const Run& run) {
            return std::ranges::any_of(run.body, [](const Instruction& i) {
                return std::holds_alternative<ContextChange>(i.operation);
            });
        });
    });
}

bool tags_shared(const ScheduleProgram& program) {
    for (SpaceId a = 0; a < program.spaces.size(); ++a) {
        for (SpaceId b = 0; b < program.spaces.size(); ++b) {
            if (a != b && entries_shared(program, a, b)) return true;
        }
    }
    return false;
}

namespace {

void make_plain(std::uint64_t& address) {
    address = spaces::plain(address);
}

ScheduleProgram at_plain_addresses(ScheduleProgram program) {
    for (Region& region : program.regions) make_plain(region.va);
    for (NewTable& table : program.new_tables) {
        make_plain(table.page.va_base);
        for (Region& piece : table.leaves) make_plain(piece.va);
    }
    for (ScheduleThread& thread : program.threads) {
        for (Run& run : thread.code) {
            for (Instruction& i : run.body) {
                if (auto* store = std::get_if<StoreDescriptor>(&i.operation)) make_plain(store->slot.va);
                if (auto* access = std::get_if<Access>(&i.operation)) make_plain(access->va);
                if (auto* free = std::get_if<Free>(&i.operation)) {
                    if (auto* page = std::get_if<TablePage>(&free->what)) make_plain(page->va_base);
                }
            }
        }
    }
    program.spaces.clear();
    std::ranges::sort(program.new_tables, {}, &NewTable::page);
    return program;
}

}  // namespace

OneSpace::OneSpace(const SliceContext& context)
    : plain_(at_plain_addresses(context.program)),
      context_{plain_, context.hardware, context.geometry},
      lines_(lines_of(plain_, context.geometry, LineTlbis::all)) {}

bool OneSpace::is(const ScheduleProgram& program) {
    return program.spaces.size() == 1 && !changes_context(program);
}

std::vector<Segment> OneSpace::segments(const SliceCell& cell, bool every_unit) const {
    const auto space = spaces::of(cell.range.first);
    SliceCell there = cell;
    there.range = {spaces::plain(cell.range.first), spaces::plain(cell.range.last)};
    std::vector<Segment> result = plan(context_, lines_, there, every_unit);
    if (!space) return result;
    for (Segment& segment : result) {
        segment.first = spaces::within(segment.first, *space);
        segment.last = spaces::within(segment.last, *space);
    }
    return result;
}

}  // namespace tlbcheck::model
