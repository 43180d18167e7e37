// SPDX-License-Identifier: Apache-2.0
//
// Tables in the interpreted memory; words are as Linux writes them.

#include "litmus/kernel/world/tables.hpp"

#include <fmt/format.h>

#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/descriptors.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::kernel::world {

using interpreter::PageUse;
using model::DescriptorKind;

std::uint64_t Tables::slot_pa(std::uint64_t table, std::uint64_t va, int level) const {
    const std::uint64_t slots = model::granule_bytes(geometry_.granule()) / 8;
    return table + va / geometry_.entry_bytes(level) % slots * 8;
}

std::uint64_t Tables::make_page(std::uint64_t& next_pa) {
    const std::uint64_t pa = next_pa;
    const std::uint64_t bytes = model::granule_bytes(geometry_.granule());
    next_pa += bytes;
    for (std::uint64_t at = pa; at < next_pa; at += interpreter::page_bytes) {
        memory_.make_page(at, true);
        memory_.set_use(at, PageUse::table);
    }
    return pa;
}

void Tables::build(const std::vector<model::Region>& regions, std::uint64_t low_root, std::uint64_t high_root,
                   std::uint64_t& next_pa) {
    low_root_ = low_root;
    high_root_ = high_root;
    while (space_roots_.size() < spaces_.size()) space_roots_.push_back(make_page(next_pa));
    const int start = geometry_.start_level();
    for (const model::Region& region : regions) {
        const std::uint64_t last = region.va + (region.size - 1);
        // Table by table of the last level, so that the walk down is made once for each.
        for (std::uint64_t at = region.va;;) {
            model::poll();
            std::uint64_t table = root_of(at);
            for (int level = start; level < region.level; ++level) {
                const std::uint64_t slot = slot_pa(table, at, level);
                std::uint64_t word = memory_.read_physical(slot, 8);
                if (kind_of(word, level) != DescriptorKind::table) {
                    word = table_word(make_page(next_pa));
                    memory_.write_physical(slot, word, 8);
                }
                table = address_of(word, level, geometry_);
            }
            const std::uint64_t bytes = geometry_.entry_bytes(region.level);
            const std::uint64_t table_last =
                geometry_.table_base(at, region.level) + (geometry_.table_bytes(region.level) - 1);
            for (;; at += bytes) {
                if (region.mapped)
                    memory_.write_physical(slot_pa(table, at, region.level),
                                           leaf_word(region, at, format_of(at)), 8);
                if (at + (bytes - 1) >= last || at + (bytes - 1) >= table_last) break;
            }
            if (at + (bytes - 1) >= last) break;
            at += bytes;
        }
    }
    adopt();
}

void Tables::adopt() {
    const int start = geometry_.start_level();
    adopt_below(low_root_, start, geometry_.table_base(0, start));
    adopt_below(high_root_, start, geometry_.table_base(~std::uint64_t{0}, start));
    for (model::SpaceId space = 0; space < space_roots_.size(); ++space)
        adopt_below(space_roots_[space], start, model::spaces::within(0, space));
}

DescriptorFormat Tables::format_of(std::uint64_t va) const {
    const auto space = model::spaces::of(va);
    if (!space || *space >= spaces_.size()) return {};
    if (spaces_[*space].stage2) return {DescriptorFormat::Kind::stage2, fwb_};
    if (spaces_[*space].regime == model::Regime::el2) return {DescriptorFormat::Kind::el2, false};
    return {};
}

std::vector<std::uint64_t> Tables::pages_of(model::SpaceId space) const {
    std::vector<std::uint64_t> result;
    for (const auto& [pa, known] : pages_)
        if (known.table && model::spaces::of(known.table->va_base) == space) result.push_back(pa);
    return result;
}

void Tables::adopt_below(std::uint64_t pa, int level, std::uint64_t va_base) {
    KnownPage& known = pages_[pa];
    known.table = model::TablePage{level, va_base, 0};
    known.initial = true;
    const std::uint64_t bytes = model::granule_bytes(geometry_.granule());
    for (std::uint64_t at = pa; at < pa + bytes; at += interpreter::page_bytes)
        memory_.set_use(at, PageUse::table);
    if (level == 3) return;
    for (std::uint64_t at = 0; at < bytes; at += 8) {
        const std::uint64_t word = memory_.read_physical(pa + at, 8);
        if (kind_of(word, level) != DescriptorKind::table) continue;
        const std::uint64_t next = address_of(word, level, geometry_);
        if (memory_.ensure_page(next))
            adopt_below(next, level + 1, va_base + at / 8 * geometry_.entry_bytes(level));
    }
}

KnownPage* Tables::find(std::uint64_t pa) {
    const auto found = pages_.find(page_of(pa));
    return found == pages_.end() ? nullptr : &found->second;
}

KnownPage& Tables::add_allocated(std::uint64_t pa, bool zeroed) {
    KnownPage known;
    known.placeholder = ++placeholders_;
    known.zeroed = zeroed;
    return pages_[page_of(pa)] = known;
}

void Tables::hook(std::uint64_t pa, int level, std::uint64_t va_base, const OnHook& generation) {
    if (level > 3) throw interpreter::Refusal("a table descriptor at the last level");
    if (!memory_.ensure_page(pa))
        throw interpreter::Refusal(
            fmt::format("a table descriptor to PA 0x{:x}, where there is no memory", pa));
    KnownPage& known = pages_[pa];
    if (known.table) {
        if (known.table->level == level && known.table->va_base == va_base) return;
        throw interpreter::Refusal(fmt::format(
            "the table page at PA 0x{:x} is hooked in a second place, which is not modelled", pa));
    }
    const std::uint32_t number = generation(pa, known, level, va_base);
    known.table = model::TablePage{level, va_base, number};
    memory_.set_use(pa, PageUse::table);
    if (level == 3) return;
    const std::uint64_t bytes = model::granule_bytes(geometry_.granule());
    for (std::uint64_t at = 0; at < bytes; at += 8) {
        if (!memory_.is_known(pa + at, 8)) continue;
        const std::uint64_t word = memory_.read_physical(pa + at, 8);
        if (kind_of(word, level) == DescriptorKind::table)
            hook(address_of(word, level, geometry_), level + 1,
                 va_base + at / 8 * geometry_.entry_bytes(level), generation);
    }
}

model::DescriptorSlot Tables::slot(std::uint64_t pa, const model::TablePage& page) const {
    const std::uint64_t index = (pa - page_of(pa)) / 8;
    return {page.va_base + index * geometry_.entry_bytes(page.level), page.level, page.generation};
}

std::optional<std::uint64_t> Tables::descriptor_pa(std::uint64_t va, int level) const {
    std::uint64_t table = root_of(va);
    for (int at = geometry_.start_level();; ++at) {
        const std::uint64_t slot = slot_pa(table, va, at);
        if (at == level) return slot;
        const std::uint64_t word = memory_.read_physical(slot, 8);
        if (kind_of(word, at) != DescriptorKind::table) return std::nullopt;
        table = address_of(word, at, geometry_);
        if (!memory_.has_page(table)) return std::nullopt;
    }
}

std::optional<std::uint64_t> Tables::translate(std::uint64_t va) const {
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        const auto slot = descriptor_pa(va, level);
        if (!slot) return std::nullopt;
        const std::uint64_t word = memory_.read_physical(*slot, 8);
        const DescriptorKind kind = kind_of(word, level);
        if (kind == DescriptorKind::invalid) return std::nullopt;
        if (kind == DescriptorKind::leaf)
            return address_of(word, level, geometry_) + va % geometry_.entry_bytes(level);
    }
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::kernel::world
