// SPDX-License-Identifier: Apache-2.0
//
// The forms of one EL1&0 TLBI by VA (Arm ARM C5.5): last level or all levels, one ASID or any, one address or
// a range. Every other operation is its own form.
#pragma once

#include "model/arch/tlbi.hpp"

namespace tlbcheck::model {

TlbiBase all_levels_form(TlbiBase base);
TlbiBase last_level_form(TlbiBase base);
/// Of ASIDE1: VMALLE1.
TlbiBase any_asid_form(TlbiBase base);
TlbiBase one_asid_form(TlbiBase base);
TlbiBase one_address_form(TlbiBase base);
TlbiBase range_form(TlbiBase base);

/// Removes all entries that a walk like the translation's can leave: VMALLE1; of stage 2, with what combines
/// it with stage 1, ALLE1, of whichever VM; of EL2 and EL2&0 ALLE2.
TlbiBase flush_of_everything(const CachedTranslation& translation);

}  // namespace tlbcheck::model
