// SPDX-License-Identifier: Apache-2.0
//
// Data processing and branches (Arm ARM C3.4 to C3.6 and C3.1): moves, arithmetic, logic, shifts, bit fields,
// conditional instructions. Aliases are decoded as what they stand for.

#include <map>
#include <string_view>

#include "litmus/kernel/asm/instruction.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

using Decoder = MicroOp (*)(const InstructionReader&);

std::uint8_t width_of(const InstructionReader& in, std::size_t i) {
    return static_cast<std::uint8_t>(in.width(i));
}

// ---- d, n, m
// --------------------------------------------------------------------------------------------------------

struct ThreeOperands {
    Alu operation;
    bool set_flags;
};

const std::map<std::string_view, ThreeOperands>& three_operands() {
    static const std::map<std::string_view, ThreeOperands> table{
        {"add", {Alu::add, false}},       {"adds", {Alu::add, true}},       {"sub", {Alu::sub, false}},
        {"subs", {Alu::sub, true}},       {"adc", {Alu::add_carry, false}}, {"adcs", {Alu::add_carry, true}},
        {"sbc", {Alu::sub_carry, false}}, {"sbcs", {Alu::sub_carry, true}}, {"and", {Alu::and_, false}},
        {"ands", {Alu::and_, true}},      {"bic", {Alu::and_not, false}},   {"bics", {Alu::and_not, true}},
        {"orr", {Alu::orr, false}},       {"orn", {Alu::orr_not, false}},   {"eor", {Alu::eor, false}},
        {"eon", {Alu::eor_not, false}},   {"lsl", {Alu::lsl, false}},       {"lsr", {Alu::lsr, false}},
        {"asr", {Alu::asr, false}},       {"ror", {Alu::ror, false}},       {"lslv", {Alu::lsl, false}},
        {"lsrv", {Alu::lsr, false}},      {"asrv", {Alu::asr, false}},      {"rorv", {Alu::ror, false}},
        {"umulh", {Alu::umulh, false}},   {"smulh", {Alu::smulh, false}},   {"udiv", {Alu::udiv, false}},
        {"sdiv", {Alu::sdiv, false}},
    };
    return table;
}

std::optional<MicroOp> decode_three(const InstructionReader& in) {
    const auto found = three_operands().find(in.mnemonic());
    if (found == three_operands().end()) return std::nullopt;
    in.expect(3, 4);
    Compute op;
    op.operation = found->second.operation;
    op.set_flags = found->second.set_flags;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.n = in.reg(1).reg;
    constexpr std::string_view low12 = ":lo12:";
    if (op.operation == Alu::add && in.operand(2).find(low12) != std::string_view::npos) {
        std::string_view text = in.operand(2);
        const auto symbol = in.symbol(2, text.substr(text.find(low12) + low12.size()));
        return AddLow12{op.d, op.n, symbol.name, symbol.argument, symbol.addend};
    }
    op.m = in.source(2, op.bits);
    return op;
}

// ---- one or two registers
// ---------------------------------------------------------------------------------------------

/// neg d, m and its kin: the zero register stands for n.
MicroOp decode_negate(const InstructionReader& in) {
    in.expect(2, 3);
    const bool carry = in.mnemonic().starts_with("ngc");
    Compute op;
    op.operation = carry ? Alu::sub_carry : Alu::sub;
    op.set_flags = in.mnemonic().ends_with('s');
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.m = in.source(1, op.bits);
    return op;
}

/// cmp n, m: nothing but flags.
MicroOp decode_compare(const InstructionReader& in) {
    in.expect(2, 3);
    Compute op;
    op.operation = in.mnemonic() == "cmp" ? Alu::sub : in.mnemonic() == "cmn" ? Alu::add : Alu::and_;
    op.set_flags = true;
    op.bits = width_of(in, 0);
    op.n = in.reg(0).reg;
    op.m = in.source(1, op.bits);
    return op;
}

MicroOp decode_move(const InstructionReader& in) {
    in.expect(2, 3);
    const std::string& name = in.mnemonic();
    Compute op;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    if (name == "movk") {
        // The shift moves the field, not the register: it is kept as an amount.
        op.operation = Alu::move_keep;
        op.m.value = in.number(1, 0xFFFF);
        if (in.size() == 3) op.m.amount = in.shift_amount(2);
        return op;
    }
    op.operation = name == "movn" || name == "mvn" ? Alu::move_not : Alu::move;
    if ((name == "movn" || name == "movz") && in.is_register(1)) in.refuse_operand(1, "a number is expected");
    op.m = in.source(1, op.bits);
    return op;
}

MicroOp decode_unary(const InstructionReader& in) {
    static const std::map<std::string_view, Alu> table{
        {"clz", Alu::clz},   {"cls", Alu::cls},     {"rbit", Alu::rbit},  {"rev", Alu::rev},
        {"rev64", Alu::rev}, {"rev16", Alu::rev16}, {"rev32", Alu::rev32}};
    in.expect(2, 2);
    Compute op;
    op.operation = table.at(in.mnemonic());
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.m.reg = in.reg(1).reg;
    return op;
}

/// madd d, n, m, a; mul and mneg without a.
MicroOp decode_multiply(const InstructionReader& in) {
    const bool with_a = in.mnemonic().starts_with("ma") || in.mnemonic() == "msub";
    in.expect(with_a ? 4 : 3, with_a ? 4 : 3);
    Compute op;
    op.operation = in.mnemonic() == "msub" || in.mnemonic() == "mneg" ? Alu::multiply_sub : Alu::multiply_add;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.n = in.reg(1).reg;
    op.m.reg = in.reg(2).reg;
    op.a = with_a ? in.reg(3).reg : zero_register;
    return op;
}

// ---- bit fields
// -----------------------------------------------------------------------------------------------------

/// sxtb, uxth, ...: a field from bit 0 of a register that is often written as W.
MicroOp decode_extend(const InstructionReader& in) {
    in.expect(2, 2);
    const std::string& name = in.mnemonic();
    BitField op;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.n = in.reg(1).reg;
    op.width = name.back() == 'b' ? 8 : name.back() == 'h' ? 16 : 32;
    op.sign_extend = name.front() == 's';
    return op;
}

/// ubfx and sbfx take a field out, ubfiz and bfi put one in, bfxil does both.
MicroOp decode_bit_field(const InstructionReader& in) {
    in.expect(4, 4);
    const std::string& name = in.mnemonic();
    BitField op;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.n = in.reg(1).reg;
    const std::uint64_t position = in.number(2, op.bits - 1U);
    const std::uint64_t width = in.number(3, op.bits);
    if (width == 0 || position + width > op.bits) in.refuse_operand(3, "out of bounds");
    op.width = static_cast<std::uint8_t>(width);
    const bool inserts = name == "ubfiz" || name == "sbfiz" || name == "bfi";
    (inserts ? op.to : op.from) = static_cast<std::uint8_t>(position);
    op.sign_extend = name.front() == 's';
    op.keep = name == "bfi" || name == "bfxil";
    return op;
}

/// extr d, n, n, #lsb: a rotation. Of two registers it has not been met.
MicroOp decode_extract(const InstructionReader& in) {
    in.expect(4, 4);
    if (in.reg(1).reg != in.reg(2).reg) in.refuse_operand(2, "another register than the one before");
    Compute op;
    op.operation = Alu::ror;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.n = in.reg(1).reg;
    op.m.value = in.number(3, op.bits - 1U);
    return op;
}

// ---- conditions
// -----------------------------------------------------------------------------------------------------

Condition inverted(Condition condition) {
    return static_cast<Condition>(static_cast<unsigned>(condition) ^ 1U);
}

Select::Else otherwise_of(std::string_view name) {
    if (name == "csinc" || name == "cset" || name == "cinc") return Select::Else::increment;
    if (name == "csinv" || name == "csetm" || name == "cinv") return Select::Else::invert;
    if (name == "csneg" || name == "cneg") return Select::Else::negate;
    return Select::Else::same;
}

MicroOp decode_select(const InstructionReader& in) {
    const std::string& name = in.mnemonic();
    Select op;
    op.bits = width_of(in, 0);
    op.d = in.reg(0).reg;
    op.otherwise = otherwise_of(name);
    if (name == "cset" || name == "csetm") {
        in.expect(2, 2);
        op.condition = inverted(in.condition(1));
        return op;
    }
    op.n = in.reg(1).reg;
    const bool alias = name == "cinc" || name == "cinv" || name == "cneg";
    in.expect(alias ? 3 : 4, alias ? 3 : 4);
    op.m = alias ? op.n : in.reg(2).reg;
    op.condition = alias ? inverted(in.condition(2)) : in.condition(3);
    return op;
}

MicroOp decode_compare_if(const InstructionReader& in) {
    in.expect(4, 4);
    CompareIf op;
    op.bits = width_of(in, 0);
    op.negative = in.mnemonic() == "ccmn";
    op.n = in.reg(0).reg;
    if (in.is_register(1))
        op.m.reg = in.reg(1).reg;
    else
        op.m.value = in.number(1, 31);
    op.otherwise = static_cast<std::uint8_t>(in.number(2, 15));
    op.condition = in.condition(3);
    return op;
}

// ---- branches and addresses
// -----------------------------------------------------------------------------------------

MicroOp decode_compare_branch(const InstructionReader& in) {
    in.expect(2, 2);
    Branch op;
    op.when = in.mnemonic() == "cbz" ? Branch::When::zero : Branch::When::nonzero;
    op.bits = width_of(in, 0);
    op.t = in.reg(0).reg;
    op.target = in.target(1);
    return op;
}

MicroOp decode_test_branch(const InstructionReader& in) {
    in.expect(3, 3);
    Branch op;
    op.when = in.mnemonic() == "tbz" ? Branch::When::bit_clear : Branch::When::bit_set;
    op.t = in.reg(0).reg;
    op.bit = static_cast<std::uint8_t>(in.number(1, 63));
    op.target = in.target(2);
    return op;
}

/// b, b.eq and beq.
std::optional<MicroOp> decode_branch(const InstructionReader& in) {
    std::string_view name = in.mnemonic();
    if (!name.starts_with('b')) return std::nullopt;
    name.remove_prefix(1);
    if (name.starts_with('.')) name.remove_prefix(1);
    Branch op;
    if (!name.empty()) {
        const auto condition = parse_condition(name);
        if (!condition) return std::nullopt;
        op.when = Branch::When::condition;
        op.condition = *condition;
    }
    in.expect(1, 1);
    op.target = in.target(0);
    return op;
}

MicroOp decode_address(const InstructionReader& in) {
    in.expect(2, 2);
    const auto symbol = in.symbol(1, in.operand(1));
    SymbolAddress op;
    op.d = in.reg(0).reg;
    op.part = in.mnemonic() == "adrp" ? SymbolAddress::Part::page : SymbolAddress::Part::whole;
    op.symbol = symbol.name;
    op.argument = symbol.argument;
    op.addend = symbol.addend;
    return op;
}

}  // namespace

std::optional<MicroOp> decode_data_processing(const InstructionReader& in) {
    static const std::map<std::string_view, Decoder> table{
        {"neg", decode_negate},          {"negs", decode_negate},     {"ngc", decode_negate},
        {"ngcs", decode_negate},         {"cmp", decode_compare},     {"cmn", decode_compare},
        {"tst", decode_compare},         {"mov", decode_move},        {"movz", decode_move},
        {"movn", decode_move},           {"movk", decode_move},       {"mvn", decode_move},
        {"clz", decode_unary},           {"cls", decode_unary},       {"rbit", decode_unary},
        {"rev", decode_unary},           {"rev64", decode_unary},     {"rev16", decode_unary},
        {"rev32", decode_unary},         {"mul", decode_multiply},    {"mneg", decode_multiply},
        {"madd", decode_multiply},       {"msub", decode_multiply},   {"sxtb", decode_extend},
        {"sxth", decode_extend},         {"sxtw", decode_extend},     {"uxtb", decode_extend},
        {"uxth", decode_extend},         {"uxtw", decode_extend},     {"ubfx", decode_bit_field},
        {"sbfx", decode_bit_field},      {"ubfiz", decode_bit_field}, {"sbfiz", decode_bit_field},
        {"bfi", decode_bit_field},       {"bfxil", decode_bit_field}, {"extr", decode_extract},
        {"csel", decode_select},         {"csinc", decode_select},    {"csinv", decode_select},
        {"csneg", decode_select},        {"cset", decode_select},     {"csetm", decode_select},
        {"cinc", decode_select},         {"cinv", decode_select},     {"cneg", decode_select},
        {"ccmp", decode_compare_if},     {"ccmn", decode_compare_if}, {"cbz", decode_compare_branch},
        {"cbnz", decode_compare_branch}, {"tbz", decode_test_branch}, {"tbnz", decode_test_branch},
        {"adr", decode_address},         {"adrp", decode_address},
    };
    if (auto op = decode_three(in)) return op;
    if (const auto found = table.find(in.mnemonic()); found != table.end()) return found->second(in);
    return decode_branch(in);
}

}  // namespace tlbcheck::litmus::kernel::assembly
