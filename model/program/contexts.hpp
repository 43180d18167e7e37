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
/// So many fit above the 48 bits of an address, plain addresses of the upper half (of up to 52 bits) left
/// out.
inline constexpr std::size_t most_spaces = 0x7FEF;

/// The register that leads to a space's tables.
enum class BaseRegister : std::uint8_t {
    of_el1,        ///< TTBR0_EL1
    of_el1_upper,  ///< TTBR1_EL1
    of_stage2,     ///< VTTBR_EL2
    of_el2,        ///< TTBR0_EL2, with E2H too
    of_el2_upper   ///< TTBR1_EL2, with E2H
};

/// The register that leads to the tables of the lower half in the same regime.
constexpr BaseRegister lower_of(BaseRegister base) {
    if (base == BaseRegister::of_el1_upper) return BaseRegister::of_el1;
    return base == BaseRegister::of_el2_upper ? BaseRegister::of_el2 : base;
}

struct AddressSpace {
    std::string name;
    /// Of the EL2 regime, which has no ASIDs, and of the upper half, whose entries carry the ASID of the
    /// space that the PE is in in the lower half: 0.
    std::uint16_t asid = 0;
    /// The stage 2 tables of a VM: its addresses are IPAs, VTTBR leads to it, and entries carry its VMID.
    bool stage2 = false;
    std::uint16_t vmid = 0;
    Regime regime = Regime::el10;
    /// The VM that a guest's space is of: its leaves give IPAs, which that VM's stage 2 translates.
    std::optional<SpaceId> vm = std::nullopt;
    /// Of a guest's space: IPA of its table pages, one after another; none: stage 2 of them never changes.
    std::optional<std::uint64_t> tables = std::nullopt;
    bool upper = false;  ///< its addresses are of the upper half of VA

    BaseRegister base() const {
        if (stage2) return BaseRegister::of_stage2;
        if (regime == Regime::el10) return upper ? BaseRegister::of_el1_upper : BaseRegister::of_el1;
        return upper ? BaseRegister::of_el2_upper : BaseRegister::of_el2;
    }
};

/// What a PE's TTBR0_EL1, VTTBR_EL2, TTBR0_EL2, HCR_EL2.TGE, TTBR1_EL1 and TTBR1_EL2 hold at the start;
/// nullopt: it is not said.
struct PeStart {
    std::optional<SpaceId> space = std::nullopt, vm = std::nullopt, el2 = std::nullopt;
    std::optional<bool> tge = std::nullopt;
    std::optional<SpaceId> upper = std::nullopt, el2_upper = std::nullopt;

    std::optional<SpaceId>& of(BaseRegister base) {
        switch (base) {
            case BaseRegister::of_el1_upper:
                return upper;
            case BaseRegister::of_stage2:
                return vm;
            case BaseRegister::of_el2:
                return el2;
            case BaseRegister::of_el2_upper:
                return el2_upper;
            case BaseRegister::of_el1:
                break;
        }
        return space;
    }
    std::optional<SpaceId> of(BaseRegister base) const { return PeStart(*this).of(base); }
    /// Of the register that leads to the space.
    std::optional<SpaceId> of(const AddressSpace& of_space) const { return of(of_space.base()); }
    friend bool operator==(const PeStart&, const PeStart&) = default;
};

namespace spaces {

inline constexpr int shift = 48;
inline constexpr std::uint64_t tag_mask = 0x7FFF;  ///< bit 63 says which half it is

constexpr bool is_upper(std::uint64_t address) {
    return address >> 63U != 0;
}
/// The space that an address kept by a program is of; nullopt: of the tables that every space shares.
constexpr std::optional<SpaceId> of(std::uint64_t address) {
    const std::uint64_t tag = address >> shift & tag_mask;
    if (tag == 0 || tag > most_spaces) return std::nullopt;
    return static_cast<SpaceId>(tag - 1);
}
/// The address as the PE and TLBI operands have it.
constexpr std::uint64_t plain(std::uint64_t address) {
    if (!of(address)) return address;
    return is_upper(address) ? address | tag_mask << shift : address & ~(tag_mask << shift);
}
/// A plain address, as one of the space's, which is of the same half.
constexpr std::uint64_t within(std::uint64_t plain, SpaceId space) {
    return (plain & ~(tag_mask << shift)) | (std::uint64_t{space} + 1) << shift;
}

}  // namespace spaces

/// What changes, or synchronises, the context of the PE that executes it.
struct ContextChange {
    enum class Kind : std::uint8_t {
        switch_space,      ///< MSR TTBR0_EL1: tables and ASID, in one write; not synchronised by itself
        switch_upper,      ///< MSR TTBR1_EL1: the tables of the upper half, likewise
        switch_vm,         ///< MSR VTTBR_EL2: stage 2 tables and VMID, likewise
        switch_el2,        ///< MSR TTBR0_EL2, likewise
        switch_el2_upper,  ///< MSR TTBR1_EL2, likewise
        set_tge,           ///< MSR HCR_EL2: TGE, likewise
        exception_entry,   ///< of an interrupt: a context synchronisation event
        exception_return   ///< ERET: a context synchronisation event
    } kind = Kind::switch_space;
    SpaceId space = no_space;  ///< of a switch; of switch_vm no_space is the host
    bool tge = false;          ///< of set_tge

    friend bool operator==(const ContextChange&, const ContextChange&) = default;
};

}  // namespace tlbcheck::model
