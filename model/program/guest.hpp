// SPDX-License-Identifier: Apache-2.0
//
// A guest's stage 1 above its VM's stage 2: which VM an address is a guest's of, and where the guest's table
// pages are (docs/formal-model.md section 14).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "model/arch/granule.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// The address is an IPA, which stage 2 of a VM translates.
bool of_stage2(const ScheduleProgram& program, std::uint64_t address);
/// The VM that the address's space is a guest's of; nullopt: it is of no such space.
std::optional<SpaceId> guest_of(const ScheduleProgram& program, std::uint64_t address);
/// Some space is a guest's.
bool uses_guests(const ScheduleProgram& program);
/// Some space is a guest's of that VM.
bool has_guests(const ScheduleProgram& program, SpaceId vm);

/// The VM's own accesses are made through its guests' spaces: no_use_after_free and combined entries that
/// conflict are asked of those.
inline bool judged_through_guests(const ScheduleProgram& program, std::optional<SpaceId> space) {
    return space && program.spaces[*space].stage2 && has_guests(program, *space);
}

/// Of all spaces more table pages have no place.
inline constexpr std::size_t most_guest_tables = 4096;

class GuestTables {
  public:
    explicit GuestTables(const ScheduleProgram& program);
    /// IPA of the table page that holds the slot, as an address of its VM; nullopt where the space does not
    /// say where its tables are.
    std::optional<std::uint64_t> ipa(const DescriptorSlot& slot) const;
    /// By space and page. The pages of a space lie one after another, those of the regions first, by level
    /// and address, then new tables.
    using Pages = std::map<std::pair<SpaceId, TablePage>, std::uint64_t>;
    const Pages& all() const { return ipas_; }

  private:
    Geometry geometry_;
    Pages ipas_;
};

/// A leaf with its level.
struct StageLeaf {
    Descriptor value;
    int level = 3;
};
/// What both stages give for `va`, an address of a guest's space, where stage 1 gives `ipa`, an address of
/// its VM, and stage 2 `pa`: the rights that both give, the stricter memory type, the size of the smaller.
/// Its `contents` are a PA less the plain VA; what stage 1 says of the contents of IPAs is where the VM's
/// regions put them.
StageLeaf combined_leaf(const ScheduleProgram& program, const StageLeaf& stage1, const StageLeaf& stage2,
                        std::uint64_t va, std::uint64_t ipa, std::uint64_t pa);
/// Device where either is, else what is cacheable in both; rights to execute are those of stage 1 (Arm ARM
/// D8.6, combining of memory attributes).
Attr combined_attributes(Attr stage1, Attr stage2);
/// Bytes that the entry of a leaf has at the most.
std::uint64_t nominal_bytes(const Geometry& geometry, const StageLeaf& leaf);

/// PA of an address of a VM's, by what its regions declare; nullopt: no region holds it.
std::optional<std::uint64_t> declared_pa(const ScheduleProgram& program, std::uint64_t ipa);

}  // namespace tlbcheck::model
