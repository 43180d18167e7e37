// SPDX-License-Identifier: Apache-2.0
//
// Flags of leaf descriptors, compared and set.
#include "model/arch/hardware_update.hpp"

namespace tlbcheck::model {

ManagedFlags managed_flags(const HardwareParameters& hardware, bool stage2) {
    return stage2 ? ManagedFlags{hardware.vtcr_ha, hardware.vtcr_hd} : ManagedFlags{hardware.ha, hardware.hd};
}

void set_flags(Descriptor& leaf, bool accessed, bool dbm, const ManagedFlags& managed) {
    leaf.af = accessed || managed.access;
    leaf.unaccessed = !accessed && managed.access;
    leaf.dbm = dbm && managed.dirty;
}

bool may_leave_clear(const Descriptor& was, const Descriptor& now) {
    return now.unaccessed || (now.dbm && !now.db && was.writable());
}

std::optional<Descriptor> hardware_update(const Descriptor& leaf, bool store) {
    if (leaf.kind != DescriptorKind::leaf || !leaf.af) return std::nullopt;
    if (store && !leaf.writable()) return std::nullopt;  // it faults
    Descriptor updated = leaf;
    updated.unaccessed = false;
    if (store) updated.db = true;
    if (updated == leaf) return std::nullopt;
    return updated;
}

bool loses_update(const Descriptor& before, const Descriptor& updated, const Descriptor& later) {
    const bool leaf = later.kind == DescriptorKind::leaf;
    const bool accessed = before.unaccessed && !updated.unaccessed;
    const bool dirty = !before.db && updated.db;
    return (accessed && (!leaf || !later.af || later.unaccessed)) || (dirty && (!leaf || !later.db));
}

}  // namespace tlbcheck::model
