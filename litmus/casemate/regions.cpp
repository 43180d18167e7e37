// SPDX-License-Identifier: Apache-2.0
//
// What is judged of a log: every address whose last descriptor on the way is ever written. Where only a
// table was hooked, one address below it stands for all.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "litmus/casemate/pages.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::casemate {

namespace {

using model::DescriptorKind;

constexpr std::size_t most_regions = 4096;

/// Addresses that one descriptor maps, by level; finer ones first.
class Units {
  public:
    explicit Units(const model::Geometry& geometry) : geometry_(geometry) {}

    void add(int level, std::uint64_t va) { units_[static_cast<std::size_t>(3 - level)].insert(va); }
    /// Something at or below that descriptor is judged.
    bool any_within(int level, std::uint64_t va) const {
        const std::uint64_t last = va + (geometry_.entry_bytes(level) - 1);
        for (int finer = 3; finer >= level; --finer) {
            const auto& set = units_[static_cast<std::size_t>(3 - finer)];
            const auto found = set.lower_bound(va);
            if (found != set.end() && *found <= last) return true;
        }
        return false;
    }
    /// As regions that begin without tables; neighbours of one level are one.
    std::vector<model::Region> regions(const std::function<void(model::Region&)>& complete) const {
        std::vector<model::Region> result;
        for (int level = 3; level >= 0; --level) {
            const std::uint64_t bytes = geometry_.entry_bytes(level);
            for (const std::uint64_t va : units_[static_cast<std::size_t>(3 - level)]) {
                model::poll();
                // What a block maps where finer descriptors are written as well is judged there.
                if (level < 3 && finer_within(level, va)) continue;
                if (!result.empty() && result.back().level == level &&
                    result.back().va + result.back().size == va &&
                    model::spaces::of(result.back().va) == model::spaces::of(va)) {
                    result.back().size += bytes;
                    continue;
                }
                model::Region region;
                region.va = va;
                region.size = bytes;
                region.level = level;
                region.mapped = false;
                complete(region);
                result.push_back(region);
            }
        }
        return result;
    }

  private:
    bool finer_within(int level, std::uint64_t va) const {
        const std::uint64_t last = va + (geometry_.entry_bytes(level) - 1);
        for (int finer = 3; finer > level; --finer) {
            const auto& set = units_[static_cast<std::size_t>(3 - finer)];
            const auto found = set.lower_bound(va);
            if (found != set.end() && *found <= last) return true;
        }
        return false;
    }

    const model::Geometry& geometry_;
    std::array<std::set<std::uint64_t>, 4> units_;
};

bool is_unsettled(const model::Instruction& instruction) {
    const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
    return store != nullptr && store->slot.generation == ~std::uint32_t{0};
}

}  // namespace

void Pages::finish() {
    for (model::ScheduleThread& thread : program_.threads)
        std::erase_if(thread.code.front().body, is_unsettled);
    std::ranges::sort(program_.new_tables, {}, &model::NewTable::page);
    add_regions();
}

void Pages::tag(model::Region& region) const {
    const model::AddressSpace& space = space_at(region.va);
    region.name = fmt::format("{}_0x{:x}", space.stage2 ? "ipa" : "va", model::spaces::plain(region.va));
    if (space.stage2) return;
    region.asid = space.asid;
    region.global = space.regime == model::Regime::el20;  // where nG may be 0
}

void Pages::add_regions() {
    Units units(geometry_);
    std::set<std::pair<int, std::uint64_t>> hooks;
    const auto each_store = [&](const auto& take) {
        for (const model::ScheduleThread& thread : program_.threads) {
            for (const model::Instruction& instruction : thread.code.front().body) {
                if (const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation))
                    take(*store);
            }
        }
    };
    each_store([&](const model::StoreDescriptor& store) {
        if (store.value.kind == DescriptorKind::table) hooks.insert({-store.slot.level, store.slot.va});
    });
    each_store([&](const model::StoreDescriptor& store) {
        if (!hooks.contains({-store.slot.level, store.slot.va})) units.add(store.slot.level, store.slot.va);
    });
    // The finest first, so that a table below which nothing is judged gets its address.
    for (const auto& [level, va] : hooks)
        if (!units.any_within(-level, va)) units.add(1 - level, va);
    for (std::size_t s = 0; s < roots_.size(); ++s) {
        const std::uint64_t first = model::spaces::within(0, static_cast<model::SpaceId>(s));
        const std::uint64_t last = first | ((std::uint64_t{1} << model::spaces::shift) - 1);
        const bool any = std::ranges::any_of(program_.threads, [&](const model::ScheduleThread& thread) {
            return std::ranges::any_of(thread.code.front().body, [&](const model::Instruction& each) {
                const auto* store = std::get_if<model::StoreDescriptor>(&each.operation);
                return store != nullptr && store->slot.va >= first && store->slot.va <= last;
            });
        });
        if (!any) units.add(roots_[s].start.level, first);
    }
    program_.regions = units.regions([this](model::Region& region) {
        region.only_root = roots_[*model::spaces::of(region.va)].start.level;
        tag(region);
    });
    std::ranges::sort(program_.regions, {}, &model::Region::va);
    if (program_.regions.size() > most_regions)
        throw model::OutOfTime("the log writes descriptors in more than 4096 places");
}

}  // namespace tlbcheck::litmus::casemate
