// SPDX-License-Identifier: Apache-2.0
//
// Where kernel code stores to descriptors of no region, that table was there from the start (the fixmap's),
// or what is hooked brings its own: an invalid descriptor of that level is what the region begins with.
#include "litmus/sched/outside_regions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::sched {

namespace {

constexpr std::size_t most_stretches = 1024;

/// Descriptors of one level that lie side by side.
struct Stretch {
    int level = 3;
    std::uint64_t first = 0, last = 0;  ///< VA, inclusive
};

bool overlaps(const Stretch& stretch, const model::Region& region) {
    return region.va <= stretch.last && stretch.first <= region.va + (region.size - 1);
}

class Collector {
  public:
    Collector(const model::ScheduleProgram& program, const model::Geometry& geometry)
        : program_(program), geometry_(geometry) {}

    void add(const model::Instruction& in, std::uint64_t count) {
        const auto* const store = std::get_if<model::StoreDescriptor>(&in.operation);
        if (store == nullptr || store->slot.generation != 0) return;
        const std::uint64_t bytes = geometry_.entry_bytes(store->slot.level);
        const std::uint64_t va = store->slot.va;
        const std::uint64_t span = in.va_step * (count - 1);
        // Ascending or standing runs are one stretch.
        if (in.va_step == 0 || in.va_step == bytes)
            return add({store->slot.level, va, va + span + (bytes - 1)});
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t at = va + i * in.va_step;
            add({store->slot.level, at, at + (bytes - 1)});
        }
    }

    /// Sorted by level, the finest first, then by address; neighbours are one.
    std::vector<Stretch> take() {
        std::sort(stretches_.begin(), stretches_.end(), [](const Stretch& a, const Stretch& b) {
            return a.level != b.level ? a.level > b.level : a.first < b.first;
        });
        std::vector<Stretch> merged;
        for (const Stretch& each : stretches_) {
            const bool beside = !merged.empty() && merged.back().level == each.level &&
                                (each.first <= merged.back().last || each.first - 1 == merged.back().last);
            if (beside)
                merged.back().last = std::max(merged.back().last, each.last);
            else
                merged.push_back(each);
        }
        return merged;
    }

  private:
    /// What lies in no region: the parts between them, in whole descriptors.
    void add(Stretch whole) {
        const std::uint64_t bytes = geometry_.entry_bytes(whole.level);
        model::poll();
        for (const model::Region& region : program_.regions) {
            if (!overlaps(whole, region)) continue;
            const std::uint64_t end = region.va + (region.size - 1);
            if (whole.first < region.va) {
                const std::uint64_t before = region.va / bytes * bytes;
                if (before > whole.first) add({whole.level, whole.first, before - 1});
            }
            const std::uint64_t past = end / bytes * bytes + (bytes - 1);
            if (past < whole.last) add({whole.level, past + 1, whole.last});
            return;
        }
        if (stretches_.empty() || stretches_.back().level != whole.level ||
            stretches_.back().first != whole.first || stretches_.back().last != whole.last)
            stretches_.push_back(whole);
    }

    const model::ScheduleProgram& program_;
    const model::Geometry& geometry_;
    std::vector<Stretch> stretches_;
};

/// As the other regions of that half of the address space are: user mappings have their process's ASID.
void take_asid(model::Region& region, const std::vector<model::Region>& declared,
               const std::vector<model::AddressSpace>& spaces) {
    if (const auto space = model::spaces::of(region.va)) {
        region.asid = spaces[*space].asid;
        region.global = spaces[*space].stage2;
        return;
    }
    for (const model::Region& other : declared) {
        if (other.va >> 63U != region.va >> 63U || other.global) continue;
        region.global = false;
        region.asid = other.asid;
        return;
    }
}

}  // namespace

void add_outside_regions(model::ScheduleProgram& program, const model::Geometry& geometry) {
    Collector collector(program, geometry);
    for (const model::ScheduleThread& thread : program.threads)
        for (const model::Run& run : thread.code)
            for (const model::Instruction& in : run.body) collector.add(in, run.count);
    const std::vector<Stretch> stretches = collector.take();
    if (stretches.size() > most_stretches)
        throw model::OutOfTime("descriptors in more than 1024 places outside the regions are stored to");
    const std::vector<model::Region> declared = program.regions;
    std::vector<model::Region> outside;
    for (const Stretch& stretch : stretches) {
        // A descriptor above a table that is stored to as well: what it maps is judged there.
        if (std::ranges::any_of(outside,
                                [&](const model::Region& finer) { return overlaps(stretch, finer); }))
            continue;
        model::Region region;
        region.va = stretch.first;
        region.size = stretch.last - stretch.first + 1;
        region.level = stretch.level;
        region.mapped = false;
        take_asid(region, declared, program.spaces);
        outside.push_back(region);
    }
    std::sort(outside.begin(), outside.end(),
              [](const model::Region& a, const model::Region& b) { return a.va < b.va; });
    for (std::size_t k = 0; k < outside.size(); ++k) {
        outside[k].name = fmt::format("outside_{}", k + 1);
        program.regions.push_back(outside[k]);
    }
}

}  // namespace tlbcheck::litmus::sched
