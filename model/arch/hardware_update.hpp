// SPDX-License-Identifier: Apache-2.0
//
// Hardware management of the access flag and the dirty state in schedules (FEAT_HAFDBS; Arm ARM D8.5,
// TCR_ELx.HA and HD): what a descriptor's flags mean on given hardware, and what an access sets in it.
#pragma once

#include <optional>

#include "model/arch/descriptor.hpp"
#include "model/arch/params.hpp"

namespace tlbcheck::model {

/// What hardware does to the leaves of one stage: TCR_ELx.HA and HD, or VTCR_EL2's.
struct ManagedFlags {
    bool access = false;  ///< HA: it sets the access flag
    bool dirty = false;   ///< HD: it sets the dirty state
};
ManagedFlags managed_flags(const HardwareParameters& hardware, bool stage2);
/// At some stage.
inline bool manages_flags(const HardwareParameters& hardware) {
    return hardware.ha || hardware.vtcr_ha;
}

/// Sets AF and DBM of a leaf as it is written, with what they mean on the hardware: where it manages the
/// access flag, AF = 0 makes no access fault; where it does not manage the dirty state, DBM is nothing to it.
void set_flags(Descriptor& leaf, bool accessed, bool dbm, const ManagedFlags& managed);

/// True iff an access by an entry that was read from a leaf `was`, which hardware may have updated and
/// software has overwritten since, may leave a flag clear in `now`, which hardware would set in it.
bool may_leave_clear(const Descriptor& was, const Descriptor& now);

/// The descriptor that an access through `leaf` leaves in memory, where the hardware has a flag to set
/// (a load the access flag, a store the dirty state too); nullopt where it has none.
std::optional<Descriptor> hardware_update(const Descriptor& leaf, bool store);

/// Some access makes hardware set a flag in the leaf.
inline bool has_flag_to_set(const Descriptor& leaf) {
    return hardware_update(leaf, false).has_value() || hardware_update(leaf, true).has_value();
}

/// True iff writing `later` over `updated`, what hardware made of `before`, loses a flag that it set.
bool loses_update(const Descriptor& before, const Descriptor& updated, const Descriptor& later);

}  // namespace tlbcheck::model
