// SPDX-License-Identifier: Apache-2.0
//
// System instructions given as .inst words (Arm ARM C4.1.91, "Branches, Exception Generating and System
// instructions"): the kernel writes those that its assembler may not know.

#include <array>
#include <string>
#include <string_view>

#include "litmus/kernel/asm/instruction.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

/// CRm of DMB and DSB.
constexpr std::array<std::string_view, 16> options{"", "oshld", "oshst", "osh", "", "nshld", "nshst", "nsh",
                                                   "", "ishld", "ishst", "ish", "", "ld",    "st",    "sy"};
/// DSB nXS has two bits for its domain.
constexpr std::array<std::string_view, 4> nxs_options{"oshnxs", "nshnxs", "ishnxs", "synxs"};

/// One TLBI by its fields; in `name` the domain is left out.
struct EncodedTlbi {
    unsigned op1, op2;
    bool range;
    std::string_view name;
};
constexpr std::array tlbis{
    EncodedTlbi{0, 0, false, "vmalle1"},    EncodedTlbi{0, 1, false, "vae1"},
    EncodedTlbi{0, 2, false, "aside1"},     EncodedTlbi{0, 3, false, "vaae1"},
    EncodedTlbi{0, 5, false, "vale1"},      EncodedTlbi{0, 7, false, "vaale1"},
    EncodedTlbi{0, 1, true, "rvae1"},       EncodedTlbi{0, 3, true, "rvaae1"},
    EncodedTlbi{0, 5, true, "rvale1"},      EncodedTlbi{0, 7, true, "rvaale1"},
    EncodedTlbi{4, 0, false, "alle2"},      EncodedTlbi{4, 1, false, "vae2"},
    EncodedTlbi{4, 4, false, "alle1"},      EncodedTlbi{4, 5, false, "vale2"},
    EncodedTlbi{4, 6, false, "vmalls12e1"}, EncodedTlbi{4, 1, true, "rvae2"},
    EncodedTlbi{4, 5, true, "rvale2"},      EncodedTlbi{6, 0, false, "alle3"},
    EncodedTlbi{6, 1, false, "vae3"},       EncodedTlbi{6, 5, false, "vale3"},
    EncodedTlbi{6, 1, true, "rvae3"},       EncodedTlbi{6, 5, true, "rvale3"},
};
/// By IPA: CRm 0 is Inner Shareable, 4 the others; op2 tells them apart.
constexpr std::array<std::string_view, 8> ipa_inner{"", "ipas2e1is",  "ripas2e1is",  "",
                                                    "", "ipas2le1is", "ripas2le1is", ""};
constexpr std::array<std::string_view, 8> ipa_others{"ipas2e1os",  "ipas2e1",  "ripas2e1",  "ripas2e1os",
                                                     "ipas2le1os", "ipas2le1", "ripas2le1", "ripas2le1os"};

/// The name with its domain; empty: none.
std::string tlbi_name(unsigned op1, unsigned crm, unsigned op2) {
    if (op1 == 4 && (crm == 0 || crm == 4)) return std::string((crm == 0 ? ipa_inner : ipa_others).at(op2));
    const bool range = crm == 2 || crm == 5 || crm == 6;
    const bool plain = crm == 1 || crm == 3 || crm == 7;
    if (!range && !plain) return {};
    const std::string_view domain = crm == 3 || crm == 2 ? "is" : crm == 1 || crm == 5 ? "os" : "";
    for (const EncodedTlbi& each : tlbis)
        if (each.op1 == op1 && each.op2 == op2 && each.range == range)
            return std::string(each.name) + std::string(domain);
    return {};
}

std::optional<MicroOp> decode_tlbi_word(std::uint32_t word) {
    constexpr unsigned xs = 8;
    constexpr unsigned nxs = 9;
    const unsigned crn = word >> 12U & 15U;
    if (crn != xs && crn != nxs) return std::nullopt;
    std::string name = tlbi_name(word >> 16U & 7U, word >> 8U & 15U, word >> 5U & 7U);
    if (name.empty()) return std::nullopt;
    if (crn == nxs) name += "nxs";
    const auto op = model::parse_tlbi(name);
    if (!op) return std::nullopt;
    return TlbiOperation{*op, static_cast<Register>(word & 31U)};
}

std::optional<MicroOp> decode_barrier_word(std::uint32_t word) {
    using Kind = model::BarrierKind;
    if ((word & 0xFFFFF0FFU) == 0xD50330DFU)
        return BarrierOp{{Kind::isb, model::BarrierDomain::sy, model::BarrierAccess::full, false}};
    std::optional<model::Barrier> barrier;
    if ((word & 0xFFFFF0FFU) == 0xD503309FU)
        barrier = model::parse_barrier(Kind::dsb, options.at(word >> 8U & 15U));
    else if ((word & 0xFFFFF0FFU) == 0xD50330BFU)
        barrier = model::parse_barrier(Kind::dmb, options.at(word >> 8U & 15U));
    else if ((word & 0xFFFFF3FFU) == 0xD503323FU)
        barrier = model::parse_barrier(Kind::dsb, nxs_options.at(word >> 10U & 3U));
    if (!barrier) return std::nullopt;
    return BarrierOp{*barrier};
}

}  // namespace

MicroOp decode_word(const InstructionReader& in, std::uint32_t word) {
    constexpr std::uint32_t speculation_barrier = 0xD50330FFU;
    constexpr std::uint32_t major = 0xFFF00000U;
    const auto t = static_cast<Register>(word & 31U);
    // Bits 20 to 5 are op0 to op2 of a system register.
    const SystemRegister reg{static_cast<std::uint16_t>(word >> 5U & 0xFFFFU)};
    if ((word & major) == 0xD5300000U) return ReadRegister{t, reg};
    if ((word & major) == 0xD5100000U) {
        WriteRegister op;
        op.destination = reg;
        op.value.reg = t;
        return op;
    }
    if ((word & 0xFFFFF01FU) == 0xD503201FU || word == speculation_barrier) return Nothing{};  // HINT, SB
    if (auto op = decode_barrier_word(word)) return std::move(*op);
    if ((word & 0xFFF80000U) == 0xD5080000U)
        if (auto op = decode_tlbi_word(word)) return std::move(*op);
    in.refuse("an encoding that is not known here");
}

}  // namespace tlbcheck::litmus::kernel::assembly
