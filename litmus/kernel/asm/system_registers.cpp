// SPDX-License-Identifier: Apache-2.0
//
// The registers that memory management reads and writes, with their encodings (Arm ARM D22.3 and D22.4).

#include "litmus/kernel/asm/system_registers.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace tlbcheck::litmus::kernel::assembly {
namespace {

using Named = std::pair<std::string_view, SystemRegister>;

constexpr std::array registers{
    Named{"sp_el0", sp_el0},
    Named{"currentel", current_el},
    Named{"daif", daif},
    Named{"tpidr_el1", tpidr_el1},
    Named{"tpidr_el2", tpidr_el2},
    Named{"tcr_el1", tcr_el1},
    Named{"ttbr0_el1", ttbr0_el1},
    Named{"ttbr1_el1", ttbr1_el1},
    Named{"vttbr_el2", vttbr_el2},
    Named{"vtcr_el2", vtcr_el2},
    Named{"hcr_el2", hcr_el2},
    Named{"tcr_el12", system_register(3, 5, 2, 0, 2)},
    Named{"ttbr0_el12", system_register(3, 5, 2, 0, 0)},
    Named{"ttbr1_el12", system_register(3, 5, 2, 0, 1)},
    Named{"ttbr0_el2", system_register(3, 4, 2, 0, 0)},
    Named{"ttbr1_el2", system_register(3, 4, 2, 0, 1)},
    Named{"tcr_el2", system_register(3, 4, 2, 0, 2)},
    Named{"tcr2_el1", system_register(3, 0, 2, 0, 3)},
    Named{"sctlr_el1", system_register(3, 0, 1, 0, 0)},
    Named{"sctlr_el12", system_register(3, 5, 1, 0, 0)},
    Named{"sctlr_el2", system_register(3, 4, 1, 0, 0)},
    Named{"cpacr_el1", system_register(3, 0, 1, 0, 2)},
    Named{"mair_el1", system_register(3, 0, 10, 2, 0)},
    Named{"mair_el2", system_register(3, 4, 10, 2, 0)},
    Named{"esr_el1", system_register(3, 0, 5, 2, 0)},
    Named{"esr_el2", system_register(3, 4, 5, 2, 0)},
    Named{"far_el1", system_register(3, 0, 6, 0, 0)},
    Named{"far_el2", system_register(3, 4, 6, 0, 0)},
    Named{"hpfar_el2", system_register(3, 4, 6, 0, 4)},
    Named{"par_el1", system_register(3, 0, 7, 4, 0)},
    Named{"elr_el1", system_register(3, 0, 4, 0, 1)},
    Named{"spsr_el1", system_register(3, 0, 4, 0, 0)},
    Named{"elr_el2", system_register(3, 4, 4, 0, 1)},
    Named{"spsr_el2", system_register(3, 4, 4, 0, 0)},
    Named{"vbar_el1", system_register(3, 0, 12, 0, 0)},
    Named{"vbar_el2", system_register(3, 4, 12, 0, 0)},
    Named{"contextidr_el1", system_register(3, 0, 13, 0, 1)},
    Named{"tpidr_el0", system_register(3, 3, 13, 0, 2)},
    Named{"tpidrro_el0", system_register(3, 3, 13, 0, 3)},
    Named{"nzcv", system_register(3, 3, 4, 2, 0)},
    Named{"pan", system_register(3, 0, 4, 2, 3)},
    Named{"uao", system_register(3, 0, 4, 2, 4)},
    Named{"dit", system_register(3, 3, 4, 2, 5)},
    Named{"ssbs", system_register(3, 3, 4, 2, 6)},
    Named{"tco", system_register(3, 3, 4, 2, 7)},
    Named{"allint", system_register(3, 0, 4, 3, 0)},
    Named{"spsel", system_register(3, 0, 4, 2, 0)},
    Named{"icc_pmr_el1", system_register(3, 0, 4, 6, 0)},
    Named{"por_el0", system_register(3, 3, 10, 2, 4)},
    Named{"por_el1", system_register(3, 0, 10, 2, 4)},
    Named{"pir_el1", system_register(3, 0, 10, 2, 3)},
    Named{"pire0_el1", system_register(3, 0, 10, 2, 2)},
    Named{"ctr_el0", system_register(3, 3, 0, 0, 1)},
    Named{"dczid_el0", system_register(3, 3, 0, 0, 7)},
    Named{"midr_el1", system_register(3, 0, 0, 0, 0)},
    Named{"mpidr_el1", system_register(3, 0, 0, 0, 5)},
    Named{"revidr_el1", system_register(3, 0, 0, 0, 6)},
    Named{"id_aa64pfr0_el1", system_register(3, 0, 0, 4, 0)},
    Named{"id_aa64pfr1_el1", system_register(3, 0, 0, 4, 1)},
    Named{"id_aa64isar0_el1", system_register(3, 0, 0, 6, 0)},
    Named{"id_aa64isar1_el1", system_register(3, 0, 0, 6, 1)},
    Named{"id_aa64mmfr0_el1", system_register(3, 0, 0, 7, 0)},
    Named{"id_aa64mmfr1_el1", system_register(3, 0, 0, 7, 1)},
    Named{"id_aa64mmfr2_el1", system_register(3, 0, 0, 7, 2)},
    Named{"id_aa64mmfr3_el1", system_register(3, 0, 0, 7, 3)},
    Named{"id_aa64mmfr4_el1", system_register(3, 0, 0, 7, 4)},
    Named{"cntvct_el0", system_register(3, 3, 14, 0, 2)},
    Named{"cntpct_el0", system_register(3, 3, 14, 0, 1)},
    Named{"cntfrq_el0", system_register(3, 3, 14, 0, 0)},
    Named{"cntvctss_el0", system_register(3, 3, 14, 0, 6)},
};

/// Reads a number of up to two digits off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 2 && std::isdigit(static_cast<unsigned char>(text[digits])) != 0)
        value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// s3_0_c2_c0_2
std::optional<SystemRegister> parse_generic(std::string_view text) {
    constexpr std::array<std::string_view, 5> before{"s", "_", "_c", "_c", "_"};
    constexpr std::array<unsigned, 5> most{3, 7, 15, 15, 7};
    std::array<unsigned, 5> fields{};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!take(text, before[i])) return std::nullopt;
        const auto value = take_number(text);
        if (!value || *value > most[i]) return std::nullopt;
        fields[i] = *value;
    }
    if (!text.empty()) return std::nullopt;
    return system_register(fields[0], fields[1], fields[2], fields[3], fields[4]);
}

}  // namespace

std::optional<SystemRegister> find_system_register(std::string_view name) {
    std::string lower;
    for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const auto& [known, reg] : registers)
        if (known == lower) return reg;
    return parse_generic(lower);
}

std::string to_string(SystemRegister reg) {
    for (const auto& [known, each] : registers)
        if (each == reg) return std::string(known);
    const unsigned bits = reg.encoding;
    return "s" + std::to_string(bits >> 14U) + "_" + std::to_string(bits >> 11U & 7U) + "_c" +
           std::to_string(bits >> 7U & 15U) + "_c" + std::to_string(bits >> 3U & 15U) + "_" +
           std::to_string(bits & 7U);
}

}  // namespace tlbcheck::litmus::kernel::assembly
