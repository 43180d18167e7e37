// SPDX-License-Identifier: Apache-2.0
//
// Registers, immediates, addresses, shifts.
#include "litmus/herd/operand_parser.hpp"

#include <array>
#include <limits>

#include "litmus/herd/state_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::AddressMode;
using model::LitmusAddress;
using model::LitmusCondition;
using model::LitmusOperand;
using model::ShiftKind;

namespace {

constexpr std::array<std::pair<std::string_view, ShiftKind>, 12> shifts{{{"LSL", ShiftKind::lsl},
                                                                         {"LSR", ShiftKind::lsr},
                                                                         {"ASR", ShiftKind::asr},
                                                                         {"ROR", ShiftKind::ror},
                                                                         {"UXTB", ShiftKind::uxtb},
                                                                         {"UXTH", ShiftKind::uxth},
                                                                         {"UXTW", ShiftKind::uxtw},
                                                                         {"UXTX", ShiftKind::uxtx},
                                                                         {"SXTB", ShiftKind::sxtb},
                                                                         {"SXTH", ShiftKind::sxth},
                                                                         {"SXTW", ShiftKind::sxtw},
                                                                         {"SXTX", ShiftKind::sxtx}}};

bool is_extension(ShiftKind kind) {
    return kind >= ShiftKind::uxtb;
}

}  // namespace

const std::vector<std::pair<std::string_view, LitmusCondition>>& condition_names() {
    using C = LitmusCondition;
    static const std::vector<std::pair<std::string_view, C>> names{
        {"EQ", C::eq}, {"NE", C::ne}, {"CS", C::cs}, {"HS", C::cs}, {"CC", C::cc}, {"LO", C::cc},
        {"MI", C::mi}, {"PL", C::pl}, {"VS", C::vs}, {"VC", C::vc}, {"HI", C::hi}, {"LS", C::ls},
        {"GE", C::ge}, {"LT", C::lt}, {"GT", C::gt}, {"LE", C::le}, {"AL", C::al}};
    return names;
}

void Operands::keyword(std::string_view word) {
    if (!in_.peek().word(word)) in_.fail("expected " + std::string(word));
    in_.next();
}

std::string Operands::label() {
    return in_.name("a label");
}

std::optional<std::int64_t> Operands::relative() {
    if (in_.peek().text != "." || in_.peek(1).kind != TokenKind::number) return std::nullopt;
    in_.next();
    return in_.number("a distance");
}

bool Operands::at_register() const {
    return in_.peek().kind == TokenKind::name && parse_register(in_.peek().text).has_value();
}

model::RegisterId Operands::any_register(int& width) {
    const Token& token = in_.peek();
    if (token.is("%") || (token.kind == TokenKind::name && in_.peek(1).is("%")))
        in_.fail("symbolic registers are not supported");
    const auto reg = token.kind == TokenKind::name ? parse_register(token.text, &width) : std::nullopt;
    if (!reg) in_.fail("expected a register");
    in_.next();
    return *reg;
}

model::RegisterId Operands::reg(int width) {
    const Token token = in_.peek();
    int actual = 0;
    const model::RegisterId result = any_register(actual);
    if (actual != width) in_.fail_at(token, width == 32 ? "expected a W register" : "expected an X register");
    return result;
}

model::RegisterId Operands::system_register() {
    const Token token = in_.peek();
    const std::string name = in_.name("a system register");
    const auto reg = in_.instruction_set() == InstructionSet::translation
                         ? model::parse_translation_register(name)
                         : model::parse_system_register(name);
    if (!reg) in_.fail_at(token, "system register '" + printable(token.text) + "' is not supported");
    return *reg;
}

std::int64_t Operands::immediate() {
    return in_.number("an immediate");
}

int Operands::small_number(int low, int high) {
    const Token token = in_.peek();
    const std::int64_t n = in_.number("a number");
    if (n < low || n > high)
        in_.fail_at(token, "expected a number from " + std::to_string(low) + " to " + std::to_string(high));
    return static_cast<int>(n);
}

LitmusCondition Operands::condition() {
    for (const auto& [name, condition] : condition_names()) {
        if (in_.peek().word(name)) {
            in_.next();
            return condition;
        }
    }
    in_.fail("expected a condition, as EQ");
}

void Operands::shift(LitmusOperand& operand) {
    for (const auto& [name, kind] : shifts) {
        if (!in_.peek().word(name)) continue;
        in_.next();
        operand.shift = kind;
        if (in_.peek().kind == TokenKind::number)
            operand.amount = small_number(0, 63);
        else if (!is_extension(kind))
            in_.fail("expected the amount of the shift");
        return;
    }
    in_.fail("expected a shift or an extension");
}

LitmusOperand Operands::operand(int width) {
    LitmusOperand result;
    if (!at_register()) {
        result.immediate = immediate();
        if (accept_comma()) {
            keyword("LSL");
            result.shift = ShiftKind::lsl;
            result.amount = small_number(0, 63);
        }
        return result;
    }
    const Token at = in_.peek();
    result.is_register = true;
    result.reg = any_register(result.width);
    if (accept_comma()) shift(result);
    if (result.width != width && !is_extension(result.shift))
        in_.fail_at(at, width == 32 ? "expected a W register" : "expected an X register");
    return result;
}

void Operands::offset(LitmusAddress& address, bool register_offset) {
    if (!at_register()) {
        address.offset.immediate = immediate();
        return;
    }
    if (!register_offset) in_.fail("expected an immediate offset");
    address.offset.is_register = true;
    address.offset.reg = any_register(address.offset.width);
    address.offset.shift = ShiftKind::lsl;
    if (!accept_comma()) return;
    const Token at = in_.peek();
    shift(address.offset);
    const ShiftKind k = address.offset.shift;
    if (k != ShiftKind::lsl && k != ShiftKind::uxtw && k != ShiftKind::sxtw && k != ShiftKind::sxtx) {
        in_.fail_at(at, "an address takes LSL, UXTW, SXTW or SXTX");
    }
}

LitmusAddress Operands::address(bool register_offset) {
    LitmusAddress result;
    in_.expect("[");
    result.base = reg(64);
    if (accept_comma()) offset(result, register_offset);
    in_.expect("]");
    if (in_.accept("!")) {
        if (result.offset.is_register) in_.fail("a register offset takes no index update");
        result.mode = AddressMode::pre_index;
    } else if (in_.peek().is(",")) {
        comma();
        if (result.offset.is_register || result.offset.immediate != 0)
            in_.fail("expected the end of the instruction");
        result.offset.immediate = immediate();
        result.mode = AddressMode::post_index;
    }
    return result;
}

LitmusAddress Operands::base_address() {
    LitmusAddress result;
    in_.expect("[");
    result.base = reg(64);
    if (accept_comma() && immediate() != 0) in_.fail("expected no offset");
    in_.expect("]");
    return result;
}

}  // namespace tlbcheck::litmus::herd
