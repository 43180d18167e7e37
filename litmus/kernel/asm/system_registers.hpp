// SPDX-License-Identifier: Apache-2.0
//
// System registers by name and by encoding (Arm ARM D22): the kernel writes both, `mrs x0, tcr_el1` and an
// .inst word or S3_0_C2_C0_2 with the five fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlbcheck::litmus::kernel::assembly {

/// op0:2 op1:3 CRn:4 CRm:4 op2:3, as in bits 20 to 5 of MRS and MSR (register).
struct SystemRegister {
    std::uint16_t encoding = 0;
    friend auto operator<=>(const SystemRegister&, const SystemRegister&) = default;
};

constexpr SystemRegister system_register(unsigned op0, unsigned op1, unsigned crn, unsigned crm,
                                         unsigned op2) {
    return {static_cast<std::uint16_t>(op0 << 14U | op1 << 11U | crn << 7U | crm << 3U | op2)};
}

inline constexpr SystemRegister sp_el0 = system_register(3, 0, 4, 1, 0);
inline constexpr SystemRegister current_el = system_register(3, 0, 4, 2, 2);
inline constexpr SystemRegister daif = system_register(3, 3, 4, 2, 1);
inline constexpr SystemRegister tpidr_el1 = system_register(3, 0, 13, 0, 4);
inline constexpr SystemRegister tpidr_el2 = system_register(3, 4, 13, 0, 2);
inline constexpr SystemRegister tcr_el1 = system_register(3, 0, 2, 0, 2);
inline constexpr SystemRegister ttbr0_el1 = system_register(3, 0, 2, 0, 0);
inline constexpr SystemRegister ttbr1_el1 = system_register(3, 0, 2, 0, 1);
inline constexpr SystemRegister vttbr_el2 = system_register(3, 4, 2, 1, 0);
inline constexpr SystemRegister vtcr_el2 = system_register(3, 4, 2, 1, 2);
inline constexpr SystemRegister hcr_el2 = system_register(3, 4, 1, 1, 0);

/// In either case; S<op0>_<op1>_C<n>_C<m>_<op2> for any. nullopt: no register of that name is known here.
std::optional<SystemRegister> find_system_register(std::string_view name);
/// The Arm ARM's name in lower case, or S3_0_C2_C0_2.
std::string to_string(SystemRegister reg);

}  // namespace tlbcheck::litmus::kernel::assembly
