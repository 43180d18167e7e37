// SPDX-License-Identifier: Apache-2.0
//
// Address spaces: sets of translation tables with the ASID that entries made by walking them carry
// (docs/formal-model.md section 9). Wherever a program keeps a virtual address of a space's, bits 62:48 say
// which space it is of, so that one address in two spaces is two addresses to everything that only compares
// them; what compares it with a TLBI's operand, or shows it, takes the plain address.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/arch/tlbi.hpp"

namespace tlbcheck::model {

/// Index in ScheduleProgram::spaces.
using SpaceId = std::uint32_t;
/// TTBR0 leads to no tables: nothing of a space is walked.
inline constexpr SpaceId no_space = ~SpaceId{0};
/// So many fit above the 48 bits of an address, those of the upper half of VA left out.
inline constexpr std::size_t most_spaces = 0x7FFE;

/// The register that leads to a space's tables.
enum class BaseRegister : std::uint8_t {
    of_el1,     ///< TTBR0_EL1
    of_stage2,  ///< VTTBR_EL2
    of_el2      ///< TTBR0_EL2, with E2H too
};

struct AddressSpace {
    std::string name;
    std::uint16_t asid = 0;  ///< of the EL2 regime, which has no ASIDs, 0
    /// The stage 2 tables of a VM: its addresses are IPAs, VTTBR leads to it, and entries carry its VMID.
    bool stage2 = false;
    std::uint16_t vmid = 0;
    Regime regime = Regime::el10;
    /// The VM that a guest's space is of: its leaves give IPAs, which that VM's stage 2 translates.
    std::optional<SpaceId> vm = std::nullopt;
    /// Of a guest's space: IPA of its table pages, one after another; none: stage 2 of them never changes.
    std::optional<std::uint64_t> tables = std::nullopt;

    BaseRegister base() const {
        if (stage2) return BaseRegister::of_stage2;
        return regime == Regime::el10 ? BaseRegister::of_el1 : BaseRegister::of_el2;
    }
};

/// What a PE's TTBR0_EL1, VTTBR_EL2, TTBR0_EL2 and HCR_EL2.TGE hold at the start; nullopt: it is not said.
struct PeStart {
    std::optional<SpaceId> space = std::nullopt, vm = std::nullopt, el2 = std::nullopt;
    std::optional<bool> tge = std::nullopt;
    /// Of the register that leads to the space.
    std::optional<SpaceId> of(const AddressSpace& of_space) const {
        switch (of_space.base()) {
            case BaseRegister::of_stage2:
                return vm;
            case BaseRegister::of_el2:
                return el2;
            case BaseRegister::of_el1:
                break;
        }
        return space;
    }
    friend bool operator==(const PeStart&, const PeStart&) = default;
};

namespace spaces {

inline constexpr int shift = 48;

/// The space that an address kept by a program is of; nullopt: of the tables that every space shares.
constexpr std::optional<SpaceId> of(std::uint64_t address) {
    const std::uint64_t tag = address >> shift;
    if (tag == 0 || tag > most_spaces) return std::nullopt;
    return static_cast<SpaceId>(tag - 1);
}
/// A plain address of the lower half, as one of the space's.
constexpr std::uint64_t within(std::uint64_t plain, SpaceId space) {
    return plain | (std::uint64_t{space} + 1) << shift;
}
/// The address as the PE and TLBI operands have it.
constexpr std::uint64_t plain(std::uint64_t address) {
    return of(address) ? address & ((std::uint64_t{1} << shift) - 1) : address;
}

}  // namespace spaces

/// What changes, or synchronises, the context of the PE that executes it.
struct ContextChange {
    enum class Kind : std::uint8_t {
        switch_space,     ///< MSR TTBR0_EL1: tables and ASID, in one write; not synchronised by itself
        switch_vm,        ///< MSR VTTBR_EL2: stage 2 tables and VMID, likewise
        switch_el2,       ///< MSR TTBR0_EL2, likewise
        set_tge,          ///< MSR HCR_EL2: TGE, likewise
        exception_entry,  ///< of an interrupt: a context synchronisation event
        exception_return  ///< ERET: a context synchronisation event
    } kind = Kind::switch_space;
    SpaceId space = no_space;  ///< of a switch; of switch_vm no_space is the host
    bool tge = false;          ///< of set_tge

    friend bool operator==(const ContextChange&, const ContextChange&) = default;
};

}  // namespace tlbcheck::model
