// SPDX-License-Identifier: Apache-2.0
//
// Sizes of addresses (Arm ARM D8.2; 4K granule).
#include "litmus/casemate/registers.hpp"

#include <fmt/format.h>

namespace tlbcheck::litmus::casemate {

namespace {

/// 64 less T0SZ.
int address_bits(std::uint64_t value, int least, const char* what) {
    if ((value >> 14U & 3U) != 0) throw Refused{"only the 4K granule is supported", {}};
    const int bits = 64 - static_cast<int>(value & 63U);
    if (bits < least || bits > 48)
        throw Refused{fmt::format("{} of {} bits are not supported", what, bits), {}};
    return bits;
}

/// Bits that one table of the level resolves, with those below.
int resolved(int level) {
    return 12 + 9 * (4 - level);
}

}  // namespace

WalkStart start_of_stage2(std::uint64_t vtcr) {
    const int bits = address_bits(vtcr, 32, "IPAs");
    if (bits == 48) return {};
    const int level = 2 - static_cast<int>(vtcr >> 6U & 3U);
    if (level < 0 || bits > resolved(level) + 4 || bits <= resolved(level) - 9)
        throw Refused{"SL0 and T0SZ do not go together", {}};
    const int more = bits - resolved(level);
    return {level, more > 0 ? std::uint64_t{1} << static_cast<unsigned>(more) : 1};
}

WalkStart start_of_el2(std::uint64_t tcr) {
    const int bits = address_bits(tcr, 25, "VAs");
    int level = 0;
    while (bits <= resolved(level + 1)) ++level;
    return {level, 1};
}

WordFormat word_format(const Log& log, const std::function<void(const Record&, const char*)>& changed) {
    constexpr std::uint64_t e2h = std::uint64_t{1} << 34U, fwb = std::uint64_t{1} << 46U;
    WordFormat format;
    bool hcr = false;
    for (const Record& record : log.records) {
        if (record.kind != RecordKind::sysreg_write) continue;
        if (record.reg == Register::mair_el2) {
            if (format.mair && *format.mair != record.value) changed(record, "MAIR_EL2");
            format.mair = record.value;
        }
        if (record.reg != Register::hcr_el2) continue;
        const bool is_e2h = (record.value & e2h) != 0, is_fwb = (record.value & fwb) != 0;
        if (hcr && is_e2h != format.e2h) changed(record, "HCR_EL2.E2H");
        if (hcr && is_fwb != format.fwb) changed(record, "HCR_EL2.FWB");
        format.e2h = is_e2h;
        format.fwb = is_fwb;
        hcr = true;
    }
    return format;
}

}  // namespace tlbcheck::litmus::casemate
