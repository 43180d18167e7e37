// SPDX-License-Identifier: Apache-2.0
//
// The layout of a guest's table pages.
#include "model/program/guest.hpp"

#include <algorithm>
#include <set>

namespace tlbcheck::model {

bool of_stage2(const ScheduleProgram& program, std::uint64_t address) {
    const auto space = spaces::of(address);
    return space && *space < program.spaces.size() && program.spaces[*space].stage2;
}

std::optional<SpaceId> guest_of(const ScheduleProgram& program, std::uint64_t address) {
    const auto space = spaces::of(address);
    return space && *space < program.spaces.size() ? program.spaces[*space].vm : std::nullopt;
}

bool uses_guests(const ScheduleProgram& program) {
    return std::ranges::any_of(program.spaces,
                               [](const AddressSpace& space) { return space.vm.has_value(); });
}

bool has_guests(const ScheduleProgram& program, SpaceId vm) {
    return std::ranges::any_of(program.spaces, [&](const AddressSpace& space) { return space.vm == vm; });
}

GuestTables::GuestTables(const ScheduleProgram& program) : geometry_(program.hardware) {
    const Geometry& geometry = geometry_;
    const std::uint64_t granule = granule_bytes(geometry.granule());
    for (SpaceId id = 0; id < program.spaces.size(); ++id) {
        const AddressSpace& space = program.spaces[id];
        if (!space.vm || !space.tables) continue;
        std::uint64_t next = spaces::within(*space.tables, *space.vm);
        const auto add = [&](const TablePage& page) {
            if (ipas_.size() < most_guest_tables && ipas_.emplace(std::pair(id, page), next).second)
                next += granule;
        };
        for (int level = geometry.start_level(); level <= 3; ++level) {
            std::set<std::uint64_t> bases;
            for (const Region& region : program.regions) {
                if (spaces::of(region.va) != id || region.level < level) continue;
                const std::uint64_t last = region.va + (region.size - 1);
                for (std::uint64_t base = geometry.table_base(region.va, level); base <= last;
                     base += geometry.table_bytes(level)) {
                    if (bases.size() > most_guest_tables) break;
                    bases.insert(base);
                }
            }
            for (const std::uint64_t base : bases) add({level, base, 0});
        }
        for (const NewTable& table : program.new_tables) {
            if (spaces::of(table.page.va_base) == id) add(table.page);
        }
    }
}

std::optional<std::uint64_t> GuestTables::ipa(const DescriptorSlot& slot) const {
    const auto space = spaces::of(slot.va);
    if (!space || ipas_.empty()) return std::nullopt;
    const auto found = ipas_.find({*space, table_of(slot, geometry_)});
    return found == ipas_.end() ? std::nullopt : std::optional(found->second);
}

Attr combined_attributes(Attr a, Attr b) {
    constexpr Attr device = Attr::device_ngnre;
    const Attr rights = a & execute_rights;
    const Attr xs = (a | b) & Attr::xs;
    if (has(a, device) || has(b, device)) return device | xs | rights;
    return memory_type(a | b) | xs | rights;
}

std::uint64_t nominal_bytes(const Geometry& geometry, const StageLeaf& leaf) {
    const bool set = leaf.value.contiguous && geometry.contiguous_slots(leaf.level);
    return set ? geometry.contiguous_bytes(leaf.level) : geometry.entry_bytes(leaf.level);
}

namespace {

/// PA whose contents the page of an IPA holds; nullopt: its own, or it is not known.
std::optional<std::uint64_t> contents_of_both(const ScheduleProgram& program, const Descriptor& stage1,
                                              const Descriptor& stage2, std::uint64_t va, std::uint64_t ipa) {
    if (stage1.contents) return declared_pa(program, spaces::within(va + *stage1.contents, *spaces::of(ipa)));
    if (stage2.contents) return ipa + *stage2.contents;
    return std::nullopt;
}

}  // namespace

StageLeaf combined_leaf(const ScheduleProgram& program, const StageLeaf& stage1, const StageLeaf& stage2,
                        std::uint64_t va, std::uint64_t ipa, std::uint64_t pa) {
    const Geometry geometry(program.hardware);
    StageLeaf result = stage1;
    if (nominal_bytes(geometry, stage2) < nominal_bytes(geometry, stage1)) {
        result.level = stage2.level;
        result.value.contiguous = stage2.value.contiguous;
    }
    result.value.oa = pa;
    result.value.db = stage1.value.writable() && stage2.value.writable();
    result.value.dbm = false;
    result.value.unaccessed = false;
    result.value.nt = stage1.value.nt && stage2.value.nt;
    result.value.attributes = combined_attributes(stage1.value.attributes, stage2.value.attributes);
    const auto contents = contents_of_both(program, stage1.value, stage2.value, va, ipa);
    result.value.contents = contents ? std::optional(*contents - spaces::plain(va)) : std::nullopt;
    return result;
}

std::optional<std::uint64_t> declared_pa(const ScheduleProgram& program, std::uint64_t ipa) {
    const Region* const region = region_of(program.regions, ipa);
    return region == nullptr ? std::nullopt : std::optional(region->pa + (ipa - region->va));
}

}  // namespace tlbcheck::model
