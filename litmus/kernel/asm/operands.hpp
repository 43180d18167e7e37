// SPDX-License-Identifier: Apache-2.0
//
// The compiler's half of inline assembly: LLVM's constraint string, a register for each operand, the operands
// printed into the template. What comes out is plain assembly text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/kernel/asm/program.hpp"

namespace tlbcheck::litmus::kernel::assembly {

struct Operand {
    enum class Kind : std::uint8_t { value, memory, symbol, label };
    std::string constraint;  ///< as written, for messages
    Kind kind = Kind::value;
    bool output = false;
    std::optional<std::size_t> argument;    ///< of the call; direct outputs and labels have none
    std::optional<std::size_t> label;       ///< index among the labels
    std::optional<Register> reg;            ///< none: a number, a symbol or a label
    std::optional<std::uint64_t> constant;  ///< printed as a number
};

/// A template with its operands printed. Arguments that are addresses known only at run time stand as the
/// symbols argument_symbol(i), labels as label_symbol(i).
struct PrintedTemplate {
    std::string text;
    std::vector<Operand> operands;
};

std::string argument_symbol(std::size_t argument);
std::string label_symbol(std::size_t label);
/// The inverses; nullopt for any other name.
std::optional<std::size_t> argument_of_symbol(std::string_view name);
std::optional<std::size_t> label_of_symbol(std::string_view name);

/// Throws AsmError.
PrintedTemplate print_template(const Site& site);

}  // namespace tlbcheck::litmus::kernel::assembly
