// SPDX-License-Identifier: Apache-2.0
//
// Operands of instructions: registers, numbers, shifts and extensions, addresses, conditions, labels.

#include "litmus/kernel/asm/instruction.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/operands.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

std::string_view without_hash(std::string_view text) {
    if (text.starts_with('#')) text.remove_prefix(1);
    return trim(text);
}

std::optional<Shift> parse_shift(std::string_view word) {
    constexpr std::array names{
        std::pair{"lsl", Shift::lsl},   std::pair{"lsr", Shift::lsr},   std::pair{"asr", Shift::asr},
        std::pair{"ror", Shift::ror},   std::pair{"uxtb", Shift::uxtb}, std::pair{"uxth", Shift::uxth},
        std::pair{"uxtw", Shift::uxtw}, std::pair{"uxtx", Shift::uxtx}, std::pair{"sxtb", Shift::sxtb},
        std::pair{"sxth", Shift::sxth}, std::pair{"sxtw", Shift::sxtw}, std::pair{"sxtx", Shift::sxtx},
    };
    for (const auto& [name, shift] : names)
        if (word == name) return shift;
    return std::nullopt;
}

}  // namespace

std::optional<RegisterOperand> parse_register(std::string_view word) {
    const std::string name = lower_case(trim(word));
    if (name == "xzr") return RegisterOperand{zero_register, 64};
    if (name == "wzr") return RegisterOperand{zero_register, 32};
    if (name == "sp") return RegisterOperand{stack_pointer, 64};
    if (name == "wsp") return RegisterOperand{stack_pointer, 32};
    if (name == "lr") return RegisterOperand{30, 64};
    if (name == "fp") return RegisterOperand{29, 64};
    if (name.size() < 2 || name.size() > 3 || (name[0] != 'x' && name[0] != 'w')) return std::nullopt;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size() || number > 30) return std::nullopt;
    return RegisterOperand{static_cast<Register>(number), name[0] == 'x' ? 64U : 32U};
}

std::optional<Condition> parse_condition(std::string_view word) {
    constexpr std::array names{
        std::pair{"eq", Condition::eq}, std::pair{"ne", Condition::ne}, std::pair{"cs", Condition::cs},
        std::pair{"hs", Condition::cs}, std::pair{"cc", Condition::cc}, std::pair{"lo", Condition::cc},
        std::pair{"mi", Condition::mi}, std::pair{"pl", Condition::pl}, std::pair{"vs", Condition::vs},
        std::pair{"vc", Condition::vc}, std::pair{"hi", Condition::hi}, std::pair{"ls", Condition::ls},
        std::pair{"ge", Condition::ge}, std::pair{"lt", Condition::lt}, std::pair{"gt", Condition::gt},
        std::pair{"le", Condition::le}, std::pair{"al", Condition::al}, std::pair{"nv", Condition::nv},
    };
    const std::string name = lower_case(word);
    for (const auto& [each, condition] : names)
        if (name == each) return condition;
    return std::nullopt;
}

InstructionReader::InstructionReader(std::string_view text, const Surroundings& around)
    : around_(around), text_(trim(text)) {
    const Statement statement = parse_statement(text_);
    mnemonic_ = statement.word;
    operands_ = split_operands(statement.operands);
}

std::string_view InstructionReader::operand(std::size_t i) const {
    if (i >= operands_.size()) refuse("an operand is missing");
    return operands_[i];
}

void InstructionReader::refuse(std::string_view why) const {
    throw AsmError(fmt::format("instruction '{}': {}", text_, why));
}

void InstructionReader::refuse_operand(std::size_t i, std::string_view why) const {
    throw AsmError(fmt::format("instruction '{}': operand '{}': {}", text_, operand(i), why));
}

void InstructionReader::expect(std::size_t least, std::size_t most) const {
    if (operands_.size() < least) refuse("an operand is missing");
    if (operands_.size() > most) refuse_operand(most, "one more than is known here");
}

bool InstructionReader::is_register(std::size_t i) const {
    return i < operands_.size() && parse_register(operands_[i]).has_value();
}

RegisterOperand InstructionReader::reg(std::size_t i) const {
    const auto result = parse_register(operand(i));
    if (!result) refuse_operand(i, "not a general-purpose register");
    return *result;
}

Value InstructionReader::evaluate(std::string_view text, std::size_t i) const {
    const LocalLabel none = [&](std::string_view, char) -> std::string {
        refuse_operand(i, "a label where a number is expected");
    };
    try {
        // Where the instruction stands does not matter: a value that depends on it is no number.
        return around_.listing.evaluate(parse_expression(text, none), {});
    } catch (const AsmError&) {
        refuse_operand(i, "no number that can be read here");
    }
}

bool InstructionReader::is_number(std::size_t i) const {
    if (i >= operands_.size() || is_register(i)) return false;
    const std::string_view text = operands_[i];
    return !text.empty() && text.front() != '[' && text.front() != ':' &&
           evaluate(without_hash(text), i).is_number();
}

std::uint64_t InstructionReader::number(std::size_t i) const {
    const Value value = evaluate(without_hash(operand(i)), i);
    if (!value.is_number()) refuse_operand(i, "not a number known here");
    return static_cast<std::uint64_t>(value.number);
}

std::uint64_t InstructionReader::number(std::size_t i, std::uint64_t most) const {
    const std::uint64_t value = number(i);
    if (value > most) refuse_operand(i, "out of bounds");
    return value;
}

Source InstructionReader::shifted(std::string_view reg, std::string_view shift, std::size_t i) const {
    Source result;
    const auto parsed = parse_register(reg);
    if (!parsed) refuse_operand(i, "not a general-purpose register");
    result.reg = parsed->reg;
    if (shift.empty()) return result;
    const std::size_t end = shift.find_first_of(" \t#");
    const auto kind = parse_shift(lower_case(shift.substr(0, end)));
    if (!kind) refuse_operand(i, fmt::format("'{}' is no shift or extension", shift));
    result.shift = *kind;
    const std::string_view amount =
        end == std::string_view::npos ? "" : without_hash(trim(shift.substr(end)));
    if (amount.empty()) return result;
    const Value value = evaluate(amount, i);
    if (!value.is_number() || value.number < 0 || value.number > 63)
        refuse_operand(i, "a shift out of bounds");
    result.amount = static_cast<std::uint8_t>(value.number);
    return result;
}

Source InstructionReader::source(std::size_t i, unsigned bits) const {
    const std::string_view next =
        i + 1 < operands_.size() ? std::string_view(operands_[i + 1]) : std::string_view();
    if (is_register(i)) return shifted(operand(i), next, i);
    Source result;
    result.value = number(i);
    if (!next.empty()) result.value <<= shift_amount(i + 1);
    if (bits == 32) result.value &= 0xFFFFFFFFU;
    return result;
}

std::uint8_t InstructionReader::shift_amount(std::size_t i) const {
    const Source result = shifted("xzr", operand(i), i);
    if (result.shift != Shift::lsl) refuse_operand(i, "a number is only shifted left");
    return result.amount;
}

Condition InstructionReader::condition(std::size_t i) const {
    const auto result = parse_condition(operand(i));
    if (!result) refuse_operand(i, "not a condition");
    return *result;
}

Target InstructionReader::target(std::size_t i) const {
    const auto result = around_.target(operand(i));
    if (!result) refuse_operand(i, "a branch out of the template");
    return *result;
}

Address InstructionReader::address(std::size_t i) const {
    std::string_view text = operand(i);
    Address result;
    const bool before = text.ends_with('!');
    if (before) text = trim(text.substr(0, text.size() - 1));
    if (!text.starts_with('[') || !text.ends_with(']')) refuse_operand(i, "not an address in brackets");
    const std::vector<std::string> parts = split_operands(text.substr(1, text.size() - 2));
    const auto base = parts.empty() ? std::nullopt : parse_register(parts[0]);
    if (!base || base->bits != 64 || parts.size() > 3) refuse_operand(i, "not an address that is known here");
    result.base = base->reg;
    if (parts.size() > 1) {
        if (parse_register(parts[1])) {
            result.offset = shifted(parts[1], parts.size() > 2 ? parts[2] : "", i);
        } else {
            const Value value = evaluate(without_hash(parts[1]), i);
            if (!value.is_number() || parts.size() > 2)
                refuse_operand(i, "an offset that is no number known here");
            result.offset.value = static_cast<std::uint64_t>(value.number);
        }
    }
    if (before) result.update = Address::Update::before;
    if (i + 1 < operands_.size()) {
        if (before || parts.size() > 1) refuse_operand(i + 1, "an offset twice");
        result.offset.value = number(i + 1);
        result.update = Address::Update::after;
    }
    return result;
}

SystemRegister InstructionReader::system_register(std::size_t i) const {
    const auto result = find_system_register(operand(i));
    if (!result) refuse_operand(i, "a system register that is not known here");
    return *result;
}

InstructionReader::Symbol InstructionReader::symbol(std::size_t i, std::string_view text) const {
    const Value value = evaluate(text, i);
    if (value.symbol.empty() || value.place || value.minus_place)
        refuse_operand(i, "not an address outside the template");
    Symbol result;
    result.argument = argument_of_symbol(value.symbol);
    if (!result.argument) result.name = value.symbol;
    result.addend = static_cast<std::uint64_t>(value.number);
    return result;
}

MicroOp decode_instruction(std::string_view text, const Surroundings& around) {
    const InstructionReader in(text, around);
    for (const auto decode : {decode_system, decode_memory, decode_data_processing})
        if (auto op = decode(in)) return std::move(*op);
    in.refuse("not an instruction that is known here");
}

}  // namespace tlbcheck::litmus::kernel::assembly
