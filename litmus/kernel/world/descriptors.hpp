// SPDX-License-Identifier: Apache-2.0
//
// Descriptors as the 64-bit words that Linux writes, and as the model has them (Arm ARM D8.3; the kernel's
// pgtable-hwdef.h and pgtable-prot.h for its own bits).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/arch/descriptor.hpp"
#include "model/arch/granule.hpp"
#include "model/graph/translation/descriptor_word.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::kernel::world {

/// How the words of some tables are to be read.
struct DescriptorFormat {
    enum class Kind : std::uint8_t {
        el1,     ///< of EL1&0 and EL2&0, as Linux writes them
        el2,     ///< of the EL2 regime, as KVM's page-table code writes them
        stage2,  ///< of a VM, likewise
    } kind = Kind::el1;
    bool fwb = false;  ///< HCR_EL2.FWB = 1 (FEAT_S2FWB): how MemAttr of stage 2 is encoded
};

/// The word that Linux has for a leaf of this region at `va`.
std::uint64_t leaf_word(const model::Region& region, std::uint64_t va, DescriptorFormat format = {});
std::uint64_t table_word(std::uint64_t pa);

using model::translation::address_of;
using model::translation::kind_of;
/// A leaf as the model has it. Throws interpreter::Refusal for memory attributes that it has no word for.
model::Descriptor leaf_of(std::uint64_t word, int level, const model::Geometry& geometry,
                          DescriptorFormat format = {});
/// Names of the bits that differ between two leaves and that the model has no word for (UXN, PXN, AP[1], SH,
/// ...); empty: none.
std::string unmodelled_difference(std::uint64_t a, std::uint64_t b, DescriptorFormat format = {});

}  // namespace tlbcheck::litmus::kernel::world
