// SPDX-License-Identifier: Apache-2.0
//
// Static bookkeeping of table pages and mappings, by runs of addresses.

#include "litmus/sched/table_state.hpp"

#include <algorithm>
#include <utility>
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::sched {
namespace {

constexpr std::uint64_t max_repeated_segments = 1U << 20;

}  // namespace

TableState::TableState(const model::Geometry& geometry, std::vector<model::Region> regions)
    : geometry_(geometry), regions_(std::move(regions)) {
    for (const model::Region& region : regions_) {
        const std::uint64_t last = region.va + (region.size - 1);
        TableEntry entry;
        entry.leaf = declared_leaf(region, region.va);
        tables_[{region.level, 0}].assign(region.va, last, entry);
        for (int level = geometry_.start_level(); level < region.level; ++level) {
            TableEntry table;
            table.table = 0;
            const std::uint64_t end = geometry_.entry_base(last, level) + (geometry_.entry_bytes(level) - 1);
            tables_[{level, 0}].assign(geometry_.entry_base(region.va, level), end, table);
        }
    }
}

Leaf TableState::declared_leaf(const model::Region& region, std::uint64_t va) const {
    Leaf leaf;
    leaf.pa = region.pa + (va - region.va);
    leaf.writable = region.writable;
    leaf.contiguous = region.contiguous;
    leaf.global = region.global;
    leaf.asid = region.asid;
    leaf.attributes = region.attributes;
    leaf.accessed = region.accessed;
    leaf.dbm = region.dbm;
    return leaf;
}

const model::Region* TableState::region_of(std::uint64_t va) const {
    return model::region_of(regions_, va);
}

WalkEnd TableState::walk(std::uint64_t va) const {
    WalkEnd end;
    end.level = geometry_.start_level();
    end.last = ~std::uint64_t{0};
    for (;;) {
        const auto table = tables_.find({end.level, end.generation});
        IntervalMap<TableEntry>::Segment segment;
        if (table != tables_.end()) segment = table->second.find(va);
        end.first = std::max(end.first, segment.first);
        end.last = std::min(end.last, segment.last);
        if (segment.value && segment.value->table && end.level < 3) {
            end.generation = *segment.value->table;
            ++end.level;
            continue;
        }
        if (segment.value) {
            end.leaf = segment.value->advanced(va - segment.first).leaf;
            return end;
        }
        const model::Region* const region = end.generation > 0 ? region_of(va) : nullptr;
        if (region != nullptr && geometry_.has_leaf(end.level)) {
            end.leaf = declared_leaf(*region, va);
            end.first = std::max(end.first, region->va);
            end.last = std::min(end.last, region->va + (region->size - 1));
        }
        return end;
    }
}

std::optional<WalkEnd> TableState::page_at(std::uint64_t va, int level) const {
    WalkEnd end;
    end.level = geometry_.start_level();
    end.last = ~std::uint64_t{0};
    while (end.level < level) {
        const auto table = tables_.find({end.level, end.generation});
        if (table == tables_.end()) return std::nullopt;
        const auto segment = table->second.find(va);
        if (!segment.value || !segment.value->table) return std::nullopt;
        end.first = std::max(end.first, segment.first);
        end.last = std::min(end.last, segment.last);
        end.generation = *segment.value->table;
        ++end.level;
    }
    if (end.level != level) return std::nullopt;
    return end;
}

void TableState::assign(Key key, std::uint64_t first, std::uint64_t last, const TableEntry& entry) {
    IntervalMap<TableEntry>& map = tables_[key];
    if (logging_) log_.push_back({key, first, last, map.within(first, last)});
    map.assign(first, last, entry);
}

void TableState::start_log() {
    log_.clear();
    logging_ = true;
}

void TableState::roll_back() {
    // NOLINTNEXTLINE(modernize-loop-convert): backwards
    for (auto change = log_.rbegin(); change != log_.rend(); ++change) {
        IntervalMap<TableEntry>& map = tables_[change->key];
        map.assign(change->first, change->last, std::nullopt);
        for (const auto& segment : change->before) map.assign(segment.first, segment.last, segment.value);
    }
    log_.clear();
    logging_ = false;
}

bool TableState::repeat(std::uint64_t window_first, std::uint64_t stride, std::uint64_t count) {
    const std::uint64_t window_last = window_first + (stride - 1);
    const std::uint64_t end = window_last + stride * (count - 1);
    if (log_.size() * count > max_repeated_segments) {
        // Many iterations: only what comes out as one segment over the whole window can be extended without
        // visiting each.
        for (const Change& change : log_) {
            const auto now = tables_[change.key].within(window_first, window_last);
            if (now.size() != 1 || now[0].first != window_first || now[0].last != window_last) return false;
        }
    }
    const std::vector<Change> log = std::move(log_);
    log_.clear();
    logging_ = false;
    for (const Change& change : log) {
        IntervalMap<TableEntry>& map = tables_[change.key];
        const auto now = map.within(window_first, window_last);
        if (now.size() == 1 && now[0].first == window_first && now[0].last == window_last) {
            map.assign(window_first, end, now[0].value);
            continue;
        }
        const auto changed = map.within(change.first, change.last);
        for (std::uint64_t i = 1; i < count; ++i) {
            model::poll();
            for (const auto& segment : changed) {
                map.assign(segment.first + i * stride, segment.last + i * stride,
                           segment.value->advanced(i * stride));
            }
        }
    }
    return true;
}

}  // namespace tlbcheck::litmus::sched
