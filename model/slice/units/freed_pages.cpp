// SPDX-License-Identifier: Apache-2.0
//
// Stretches of memory by what frees them, and the pages of a block that they tell apart.
#include "model/slice/units/freed_pages.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

using Memory = std::pair<std::uint64_t, std::uint64_t>;  ///< PA, bytes

/// What a block, or its contiguous set, translates.
struct Block {
    std::uint64_t va, pa, bytes;
    friend auto operator<=>(const Block&, const Block&) = default;
};

/// The memory that each stretch of frees with nothing in between hands over.
std::vector<std::vector<Memory>> stretches(const JudgedSchedule& schedule) {
    std::vector<std::vector<Memory>> result;
    for (const JudgedThread& thread : schedule.threads) {
        bool fresh = true;
        for (const PlainInstruction& instruction : thread.code) {
            poll();
            const auto* freed = std::get_if<Free>(&instruction.operation);
            const auto* memory = freed == nullptr ? nullptr : std::get_if<Memory>(&freed->what);
            if (memory == nullptr) {
                fresh = true;
                continue;
            }
            if (fresh) result.emplace_back();
            result.back().push_back(*memory);
            fresh = false;
        }
    }
    return result;
}

class Blocks {
  public:
    explicit Blocks(const Geometry& geometry) : geometry_(geometry) {}

    void add(const DescriptorSlot& slot, const Descriptor& value) {
        if (value.kind != DescriptorKind::leaf || slot.level >= 3) return;
        all_.insert({slot.va, value.oa, geometry_.entry_bytes(slot.level)});
        if (!value.contiguous || !geometry_.contiguous_slots(slot.level)) return;
        const std::uint64_t bytes = geometry_.contiguous_bytes(slot.level);
        all_.insert({geometry_.set_base(slot.va, slot.level), value.oa / bytes * bytes, bytes});
    }
    void add_initial(const ScheduleProgram& program, std::uint64_t va) {
        for (int level = geometry_.start_level(); level < 3; ++level) {
            const std::uint64_t slot = geometry_.entry_base(va, level);
            add({slot, level, 0}, initial_descriptor(program, {slot, level, 0}));
            for (const NewTable& table : program.new_tables) {
                poll();
                if (table.page.level != level || table.page.va_base != geometry_.table_base(va, level))
                    continue;
                const DescriptorSlot at{slot, level, table.page.generation};
                add(at, initial_descriptor(program, at));
            }
        }
    }
    const std::set<Block>& all() const { return all_; }

  private:
    const Geometry& geometry_;
    std::set<Block> all_;
};

}  // namespace

std::vector<std::uint64_t> freed_inside_blocks(const JudgedSchedule& schedule, const Geometry& geometry,
                                               std::span<const std::uint64_t> leaves) {
    std::vector<std::uint64_t> result;
    const auto frees = stretches(schedule);
    if (frees.empty()) return result;
    Blocks blocks(geometry);
    for (const std::uint64_t va : leaves) blocks.add_initial(*schedule.program, va);
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            if (store != nullptr) blocks.add(store->slot, store->value);
        }
    }
    const bool by_page = schedule.hardware.walk_cache == WalkCache::per_page;
    for (const Block& block : blocks.all()) {
        for (const std::vector<Memory>& stretch : frees) {
            for (const auto& [pa, bytes] : stretch) {
                poll();
                if (pa < block.pa || pa - block.pa >= block.bytes) continue;
                result.push_back(block.va + (pa - block.pa));
                if (!by_page) break;
            }
        }
    }
    return result;
}

}  // namespace tlbcheck::model
