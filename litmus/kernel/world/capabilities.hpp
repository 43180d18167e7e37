// SPDX-License-Identifier: Apache-2.0
//
// CPU capabilities of the kernel: their numbers, which change from release to release, and which of them a
// modelled machine has.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/arch/params.hpp"

namespace tlbcheck::litmus::kernel::world {

class Capabilities {
  public:
    /// From the kernel's generated header (cpucap-defs.h, cpucaps.h): lines "#define ARM64_NAME number".
    /// nullopt when there is none in the text.
    static std::optional<Capabilities> parse(std::string_view header);

    std::optional<unsigned> number(const std::string& name) const;
    /// "ARM64_HAS_TLB_RANGE", or "capability 42".
    std::string name(unsigned number) const;
    const std::map<std::string, unsigned>& numbers() const { return numbers_; }

    /// Scenario's own values, by name with or without "ARM64_".
    bool override_value(const std::string& name, bool value);

    /// True iff a machine of that kind has it: what every machine has (ALWAYS_*, LSE), what the hardware
    /// parameters say (TLB_RANGE, BBML2_NOABORT, BBML3), TTL; no erratum's workaround, and nothing else
    /// unless the scenario says so.
    bool present(unsigned number, const model::HardwareParameters& hardware) const;

  private:
    std::map<std::string, unsigned> numbers_;
    std::map<unsigned, std::string> names_;
    std::map<unsigned, bool> overrides_;
};

}  // namespace tlbcheck::litmus::kernel::world
