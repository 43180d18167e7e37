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

namespace tlbcheck::model {

/// Index in ScheduleProgram::spaces.
using SpaceId = std::uint32_t;
/// TTBR0 leads to no tables: nothing of a space is walked.
inline constexpr SpaceId no_space = ~SpaceId{0};
/// So many fit above the 48 bits of an address, those of the upper half of VA left out.
inline constexpr std::size_t most_spaces = 0x7FFE;

struct AddressSpace {
    std::string name;
    std::uint16_t asid = 0;
    /// The stage 2 tables of a VM: its addresses are IPAs, VTTBR leads to it, and entries carry its VMID.
    bool stage2 = false;
    std::uint16_t vmid = 0;
};

/// What a PE's TTBR0 and VTTBR hold at the start; nullopt: it is not said.
struct PeStart {
    std::optional<SpaceId> space = std::nullopt, vm = std::nullopt;
    std::optional<SpaceId> of(bool stage2) const { return stage2 ? vm : space; }
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
        exception_entry,  ///< of an interrupt: a context synchronisation event
        exception_return  ///< ERET: a context synchronisation event
    } kind = Kind::switch_space;
    SpaceId space = no_space;  ///< of switch_space; of switch_vm no_space is the host

    friend bool operator==(const ContextChange&, const ContextChange&) = default;
};

}  // namespace tlbcheck::model
