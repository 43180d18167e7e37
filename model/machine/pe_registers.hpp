// SPDX-License-Identifier: Apache-2.0
//
// What a PE's table registers hold as its thread executes, for timelines.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/machine/machine.hpp"

namespace tlbcheck::model {

class PeRegisters {
  public:
    /// Of a thread, at its start, or behind the last thread of the observer's PE, which is in the judged
    /// space.
    PeRegisters(const Scenario& scenario, std::size_t pe);

    /// A barrier, or what else of a thread may write or synchronise a register; of the observer's own entry
    /// to the judged space too.
    void execute(const MachineEvent& event);

    /// "TTBR0_EL1: space A, ASID 5 or space B, ASID 6 until an ISB"; of registers that the schedule has
    /// spaces for.
    std::vector<std::string> text() const;

  private:
    PeStart start_of(std::size_t pe) const;
    /// A write is one more value that walks may go by, until it is synchronised.
    void write(const ContextChange& change);
    void synchronize();
    void enter(SpaceId judged);
    const ScheduleProgram& program() const { return *scenario_->schedule().program; }

    /// What a register may hold, oldest first; nullopt: the schedule does not say.
    using Values = std::vector<std::optional<std::uint32_t>>;

    /// Base registers as BaseRegister numbers them, then HCR_EL2.TGE.
    static constexpr std::size_t tge = static_cast<std::size_t>(BaseRegister::of_el2_upper) + 1;
    static constexpr std::size_t register_count = tge + 1;
    std::string name(std::size_t which, const std::optional<std::uint32_t>& value) const;
    bool used(std::size_t which) const;

    const Scenario* scenario_;
    std::array<Values, register_count> held_;
};

}  // namespace tlbcheck::model
