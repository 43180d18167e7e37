// SPDX-License-Identifier: Apache-2.0
//
// Two translations of one address compared: what changes from one to the other, whether that needs
// break-before-make (Arm ARM RWHZWS, RKHRBC; aarch64bbm.cat), and whether entries of both conflict (RFCPSG,
// RFVQCK).
#pragma once

#include <cstdint>
#include <string>

#include "model/arch/descriptor.hpp"
#include "model/arch/params.hpp"

namespace tlbcheck::model {

/// What changes from one cacheable translation to another and needs break-before-make, if anything.
enum class BbmChange : std::uint8_t {
    none,
    memory_type,
    cacheability,
    shareability,
    device_type,
    output_address,
    size,
    contiguous,
    next_table  ///< of a table descriptor; only where Judging::replaced_tables asks
};
std::string to_string(BbmChange change);

/// A leaf as it translates one address: its nominal size (level, Contiguous), attributes and where it leads.
struct LeafTranslation {
    Descriptor value;
    int level = 3;
    std::uint64_t output = 0;  ///< physical address of the translated VA
    std::uint64_t va = 0;      ///< that VA
};
/// Permissions may change freely. A change of output address counts unless both are read-only and lead to the
/// same contents (`same_contents`); of two pages nothing is said of, the contents are taken to differ. At
/// level 1 a block with nT set is exempt from the size rule, at level 2 all are.
BbmChange needs_bbm(const LeafTranslation& from, const LeafTranslation& to, int bbm_level);

/// True iff TLB entries of both, matching one address, are a TLB conflict: they differ in nominal size
/// (level, Contiguous) or in something that needs break-before-make. Permissions alone do not make one: they
/// are changed in place. With `contiguous_fill = none` the Contiguous bit is no size. bbm_level exempts
/// changes from break-before-make, not entries from conflicts (RFCPSG: levels 1 and 2 may still abort).
bool conflicting(const LeafTranslation& a, const LeafTranslation& b, ContiguousFill fill);

}  // namespace tlbcheck::model
