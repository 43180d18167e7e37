// SPDX-License-Identifier: Apache-2.0
//
// Barriers, TLBIs, system registers and hints by name (Arm ARM C3.1.6 and C5).

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "litmus/kernel/asm/instruction.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

bool is_hint(std::string_view name) {
    static const std::set<std::string_view> hints{
        "nop",    "yield",  "wfe",     "wfi",       "sev",       "sevl",    "hint",
        "bti",    "csdb",   "esb",     "dgh",       "psb",       "tsb",     "clrbhb",
        "sb",     "prfm",   "prfum",   "paciasp",   "autiasp",   "pacibsp", "autibsp",
        "paciaz", "autiaz", "xpaclri", "pacia1716", "autia1716", "wfet",    "wfit"};
    return hints.contains(name);
}

/// Cache maintenance does not change what a translation is; DC ZVA and its kin write memory.
MicroOp decode_cache(const InstructionReader& in) {
    in.expect(1, 2);
    const std::string operation = lower_case(in.operand(0));
    if (operation == "zva" || operation == "gva" || operation == "gzva")
        in.refuse_operand(0, "writing a block of memory this way is not modelled");
    return Nothing{};
}

MicroOp decode_barrier(const InstructionReader& in) {
    using Kind = model::BarrierKind;
    const Kind kind = in.mnemonic() == "dsb" ? Kind::dsb : in.mnemonic() == "dmb" ? Kind::dmb : Kind::isb;
    in.expect(kind == Kind::isb ? 0 : 1, 1);
    if (kind == Kind::isb) {
        if (in.size() == 1 && lower_case(in.operand(0)) != "sy") in.refuse_operand(0, "not an option of ISB");
        return BarrierOp{{Kind::isb, model::BarrierDomain::sy, model::BarrierAccess::full, false}};
    }
    const auto barrier = model::parse_barrier(kind, in.operand(0));
    if (!barrier) in.refuse_operand(0, "not an option that is known here");
    return BarrierOp{*barrier};
}

MicroOp decode_tlbi(const InstructionReader& in) {
    in.expect(1, 2);
    const auto op = model::parse_tlbi(in.operand(0));
    if (!op) in.refuse_operand(0, "a TLBI operation that is not known here");
    const bool takes = model::takes_operand(op->base);
    if (takes != (in.size() == 2)) {
        if (takes) in.refuse("its register is missing");
        in.refuse_operand(1, "this operation takes no register");
    }
    TlbiOperation result;
    result.op = *op;
    if (takes) result.operand = in.reg(1).reg;
    return result;
}

bool is_pstate_field(std::string_view name) {
    static const std::set<std::string_view> fields{"pan", "uao", "dit", "tco", "ssbs", "spsel", "allint"};
    return fields.contains(name);
}

MicroOp decode_msr(const InstructionReader& in) {
    in.expect(2, 2);
    const std::string name = lower_case(in.operand(0));
    if (!in.is_register(1)) {
        const std::uint64_t value = in.number(1, 15);
        if (name == "daifset" || name == "daifclr")
            return ChangeDaif{name == "daifset", static_cast<std::uint8_t>(value)};
        // The others (PAN, UAO, DIT, ...) change nothing that is modelled.
        if (!is_pstate_field(name)) in.refuse_operand(0, "not a field of PSTATE that is known here");
        return Nothing{};
    }
    WriteRegister op;
    op.destination = in.system_register(0);
    op.value.reg = in.reg(1).reg;
    return op;
}

std::string_view why_no_system_instruction(std::string_view name) {
    if (name == "smc" || name == "svc") return "a call to other software is not modelled";
    if (name == "at") return "a translation asked of the hardware is not modelled";
    if (name == "tlbip" || name == "sysp" || name == "mrrs" || name == "msrr")
        return "two registers as one value are not modelled";
    if (name == "bl" || name == "blr" || name == "br" || name == "ret" || name == "eret")
        return "leaving the template this way is not modelled";
    if (name == "udf") return "an undefined instruction";
    return {};
}

}  // namespace

std::optional<MicroOp> decode_system(const InstructionReader& in) {
    const std::string_view name = in.mnemonic();
    if (const std::string_view why = why_no_system_instruction(name); !why.empty()) in.refuse(why);
    if (is_hint(name)) return Nothing{};
    if (name == "dsb" || name == "dmb" || name == "isb") return decode_barrier(in);
    if (name == "tlbi") return decode_tlbi(in);
    if (name == "ic" || name == "dc") return decode_cache(in);
    if (name == "msr") return decode_msr(in);
    if (name == "hvc") {
        in.expect(1, 1);
        if (in.number(0, 0xFFFF) != 0) in.refuse_operand(0, "a hypercall other than HVC #0 is not modelled");
        return Hypercall{};
    }
    if (name == "mrs") {
        in.expect(2, 2);
        return ReadRegister{in.reg(0).reg, in.system_register(1)};
    }
    if (name == "brk") {
        // One that the bug table lists is a Trap by now.
        in.expect(1, 1);
        return Refused{fmt::format("instruction 'brk {}': a breakpoint that no __bug_table entry describes",
                                   in.operand(0))};
    }
    if (name == ".inst") return decode_word(in, static_cast<std::uint32_t>(in.number(0, 0xFFFFFFFFU)));
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::kernel::assembly
