// SPDX-License-Identifier: Apache-2.0
//
// One instruction as text made into a micro-op.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/kernel/asm/listing.hpp"
#include "litmus/kernel/asm/micro_op.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// What decoding an instruction asks about the template around it.
struct Surroundings {
    const Listing& listing;
    /// The micro-op at a label of the template, or the label of an `asm goto`; nullopt: no such label.
    std::function<std::optional<Target>(std::string_view label)> target;
};

/// An operand that is a register: its number and how wide it is written.
struct RegisterOperand {
    Register reg = zero_register;
    unsigned bits = 64;
};

/// An instruction cut into operands; every member that cannot do what it is asked throws AsmError, which
/// names the instruction and the operand.
class InstructionReader {
  public:
    InstructionReader(std::string_view text, const Surroundings& around);

    const std::string& mnemonic() const { return mnemonic_; }
    std::size_t size() const { return operands_.size(); }
    std::string_view operand(std::size_t i) const;
    [[noreturn]] void refuse(std::string_view why) const;
    [[noreturn]] void refuse_operand(std::size_t i, std::string_view why) const;
    void expect(std::size_t least, std::size_t most) const;

    bool is_register(std::size_t i) const;
    RegisterOperand reg(std::size_t i) const;
    /// X and W registers as 64 and 32.
    unsigned width(std::size_t i) const { return reg(i).bits; }
    bool is_number(std::size_t i) const;
    std::uint64_t number(std::size_t i) const;
    std::uint64_t number(std::size_t i, std::uint64_t most) const;
    /// Operand i, with a shift or an extension in operand i + 1 if there is one.
    Source source(std::size_t i, unsigned bits) const;
    /// "lsl #16" as an operand of its own.
    std::uint8_t shift_amount(std::size_t i) const;
    Condition condition(std::size_t i) const;
    Target target(std::size_t i) const;
    /// [base], [base, #n], [base, xm, lsl #n], [base, #n]!, or [base] followed by #n.
    Address address(std::size_t i) const;
    SystemRegister system_register(std::size_t i) const;

    struct Symbol {
        std::string name;  ///< empty: `argument`
        std::optional<std::size_t> argument;
        std::uint64_t addend = 0;
    };
    /// An address outside the template; `text` without ":lo12:".
    Symbol symbol(std::size_t i, std::string_view text) const;

  private:
    Source shifted(std::string_view reg, std::string_view shift, std::size_t i) const;
    Value evaluate(std::string_view text, std::size_t i) const;

    const Surroundings& around_;
    std::string text_;
    std::string mnemonic_;
    std::vector<std::string> operands_;
};

std::optional<RegisterOperand> parse_register(std::string_view word);
std::optional<Condition> parse_condition(std::string_view word);

/// Throws AsmError for an instruction that is not known here.
MicroOp decode_instruction(std::string_view text, const Surroundings& around);

/// The families of decode_instruction: nullopt for mnemonics of another.
std::optional<MicroOp> decode_data_processing(const InstructionReader& in);
std::optional<MicroOp> decode_memory(const InstructionReader& in);
std::optional<MicroOp> decode_system(const InstructionReader& in);
/// The system instructions by their encoding: MRS, MSR, barriers, hints.
MicroOp decode_word(const InstructionReader& in, std::uint32_t word);

}  // namespace tlbcheck::litmus::kernel::assembly
