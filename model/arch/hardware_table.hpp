// SPDX-License-Identifier: Apache-2.0
//
// The one table of the hardware parameters: their names, values and help, how a value is set and read. The
// schedule language, command line, configuration, reports and documents all take them from here. A new
// parameter is a member of HardwareParameters (params.hpp) and a row of the table (hardware_table.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/arch/params.hpp"

namespace tlbcheck::model {

/// One value that a parameter may have. Where `number` is there, the value may be written as a number too.
struct HardwareValue {
    std::string_view word;  ///< as printed: "16K", "coalesced", "2", "true"
    std::optional<std::uint64_t> number;
};

struct HardwareParameter {
    std::string_view key;   ///< in schedules: "bbm_level"; the command line writes "bbm-level"
    std::string_view help;  ///< for --help, without a full stop
    std::span<const HardwareValue> values;
    /// Index in `values` of what the hardware has; nullopt where that is not one number (contiguous_entries
    /// by default).
    std::optional<std::size_t> (*get)(const HardwareParameters& hardware);
    void (*set)(HardwareParameters& hardware, std::size_t value);
};

/// All parameters, in the order in which they are reported.
std::span<const HardwareParameter> hardware_table();
inline constexpr std::size_t hardware_parameter_count = 13;

/// "{4K,16K,64K}".
std::string values_in_braces(const HardwareParameter& parameter);
/// "granule is 4K, 16K or 64K".
std::string values_sentence(const HardwareParameter& parameter);
/// True where the hardware has what is usual for its granule.
bool is_default(const HardwareParameter& parameter, const HardwareParameters& hardware);

}  // namespace tlbcheck::model
