// SPDX-License-Identifier: Apache-2.0
//
// The system registers that say which tables a PE walks, as kernel code writes them, and as changes of the
// PE's context (docs/formal-model.md, sections 9, 10 and 13).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "litmus/kernel/asm/system_registers.hpp"
#include "model/program/contexts.hpp"

namespace tlbcheck::litmus::kernel::world {

/// A register that may be written; `change` is nothing where no walk and no TLBI goes by it.
struct RegisterWrite {
    std::optional<model::ContextChange> change;
};

class PeRegisters {
  public:
    /// The values that reads give, which writes change.
    using Values = std::map<assembly::SystemRegister, std::uint64_t>;

    /// Roots by PA: of each space, of the kernel's half, of the half below where no space is walked.
    /// `reserved_root`: the kernel's page of no tables (reserved_pg_dir), where the bitcode has it.
    PeRegisters(const std::vector<model::AddressSpace>& spaces, std::vector<std::uint64_t> roots,
                std::uint64_t low_root, std::uint64_t high_root, std::optional<std::uint64_t> reserved_root,
                Values& values);

    /// What the schedule's own statements say the registers hold; what they do not say cannot be read.
    /// `asid_of`: the space whose ASID is in TTBR1, the last one that TTBR0 led to.
    void hold(const model::PeStart& now, std::optional<model::SpaceId> asid_of);
    /// nullopt: writing it is not modelled. Throws interpreter::Refusal for a value that is of no space of
    /// the schedule, or of one with another ASID or VMID.
    std::optional<RegisterWrite> write(assembly::SystemRegister reg, std::uint64_t value);

  private:
    std::optional<model::SpaceId> with_root(std::uint64_t base, model::BaseRegister of) const;
    RegisterWrite write_ttbr0(std::uint64_t value);
    RegisterWrite write_ttbr1(std::uint64_t value);
    RegisterWrite write_vttbr(std::uint64_t value);
    RegisterWrite write_hcr(std::uint64_t value);
    std::uint64_t held(assembly::SystemRegister reg) const;
    void follow(const model::ContextChange& change);

    const std::vector<model::AddressSpace>& spaces_;
    std::vector<std::uint64_t> roots_;
    std::uint64_t low_root_, high_root_;
    std::optional<std::uint64_t> reserved_root_;
    Values& values_;
    bool vhe_ = false;
    model::PeStart now_;  ///< as the registers say
    std::optional<model::SpaceId> asid_of_;
};

}  // namespace tlbcheck::litmus::kernel::world
