// SPDX-License-Identifier: Apache-2.0
//
// The address spaces that one PE has been in before an access, and between which of its instructions a walk
// may begin in each (docs/formal-model.md section 9).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// One value of TTBR0, of TTBR1 with the ASID beside it, or of VTTBR where stage 2 is judged. Instructions
/// are numbered as the thread executes them; the switch that an observer makes after the thread's part has
/// the number after the last, its ISB the next.
struct PeContext {
    SpaceId space = no_space;
    std::optional<std::size_t> begin;  ///< the switch; none: it is so at the start
    /// The context synchronisation event after which no walk begins in it; none: the access may be made in
    /// it.
    std::optional<std::size_t> end;
    bool before_all = false;  ///< every walk of it began before the schedule (another PE's earlier spaces)
    /// Of a space of the upper half: that of TTBR0, where it is known.
    std::optional<std::uint16_t> asid = std::nullopt;

    bool ended() const { return end || before_all; }
};

struct PeContexts {
    std::vector<PeContext> all;
    bool switches = false;  ///< the observer has to switch to the space, and synchronises
};

/// Of the PE that executes `code` and then accesses `space`. `starts_in`: at the start, and `otherwise` where
/// that does not say, and `space` where nothing does. `position`: the access is made before that instruction,
/// in the space the PE is in there; else after the last one, and the PE switches to the space where it is in
/// another. Of a guest's space, TTBR0 leads to it and VTTBR to its VM; of one of the upper half, TTBR1 leads
/// to it, and TTBR0 has the ASID.
PeContexts contexts_of(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                       const PeStart& starts_in, std::optional<SpaceId> otherwise, SpaceId space,
                       std::optional<std::size_t> position);

/// What writes the register.
ContextChange::Kind write_of(BaseRegister base);

/// The VMs that VTTBR may name when that instruction of the thread executes; no_space: the host.
std::vector<SpaceId> vms_at(const std::vector<const Operation*>& code, SpaceId starts_in,
                            std::size_t position);

/// Some space is the stage 2 tables of a VM.
bool uses_vms(const ScheduleProgram& program);
/// Some space is of EL2&0: HCR_EL2.E2H is 1 on every PE.
bool uses_vhe(const ScheduleProgram& program);
/// HCR_EL2 when that instruction of the thread executes.
HostState host_state_at(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                        const PeStart& starts_in, std::size_t position);

/// Whatever VTTBR holds of `vms`, the operation names the VMID of what is at the address. Of a schedule
/// without VMs, and of an address of none, nothing is compared.
bool names_vmid(const ScheduleProgram& program, const TlbiOp& op, const std::vector<SpaceId>& vms,
                std::uint64_t address);

/// The VMID that entries for an address of a VM, or of a guest's space, carry; nullopt: it is of neither.
std::optional<std::uint16_t> vmid_of(const ScheduleProgram& program, std::uint64_t address);

/// Of another PE: it is in the space, and was in others before the schedule.
PeContexts contexts_elsewhere(const ScheduleProgram& program, SpaceId space);

/// The ASID that entries made in the context carry, where they are not global; nullopt: it may be any.
std::optional<std::uint16_t> asid_in(const ScheduleProgram& program, const PeContext& context);

/// An access made in one hits what was walked in the other, global or not: ASID, or VMID, may be the same.
bool same_tags(const ScheduleProgram& program, const PeContext& one, const PeContext& other);

/// Entries made in `of` can be hit in `space`: the ASID is the same, or some are global.
bool entries_shared(const ScheduleProgram& program, SpaceId of, SpaceId space);

/// When an access on a thread's PE is asked about.
enum class AccessTime : std::uint8_t { after_thread, any };

/// An access to `space` on that PE, at that time, may go by another space than the one the PE is in: by
/// entries that the PE can have made in one with the same tags, at its start or after a switch, or because a
/// write of the register is not synchronised. Such a PE is asked about, whatever else it does. One that does
/// not say where it starts was in any.
bool goes_by_others(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                    const PeStart& starts_in, SpaceId space, AccessTime time = AccessTime::after_thread);

/// The spaces in which a thread may have started that does not say so, as far as accesses to `space` can tell
/// them apart.
std::vector<SpaceId> possible_starts(const ScheduleProgram& program, SpaceId space);

}  // namespace tlbcheck::model
