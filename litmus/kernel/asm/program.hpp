// SPDX-License-Identifier: Apache-2.0
//
// Inline assembly as a program. A template is read the way an assembler reads it, by structure: directives,
// sections, labels, instructions. Nothing is recognised by its text as a whole, since the kernel's forms
// change with each release.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/kernel/asm/micro_op.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// A call of inline assembly, as LLVM IR has it.
struct Site {
    std::string_view text;         ///< the template: $0, ${1:w}, real newlines
    std::string_view constraints;  ///< "=&r,=*Q,r,i,!i,~{memory}"
    /// For each argument of the call (labels are none) its value where it is a plain number; "i" operands of
    /// directives must have one.
    std::vector<std::optional<std::uint64_t>> constants;
};

/// A register that holds an argument of the call when the template begins, or an output when it ends.
struct Binding {
    std::size_t index = 0;  ///< of the argument, or of the output
    Register reg = zero_register;
};

struct Program {
    std::vector<MicroOp> ops;
    std::vector<Binding> inputs;         ///< in the order of the arguments; for memory operands the address
    std::vector<Binding> outputs;        ///< in the order of the results
    std::size_t labels = 0;              ///< of an `asm goto`
    std::vector<unsigned> capabilities;  ///< that its alternatives ask about, ascending, once each
};

/// Throws AsmError for what it cannot do; the message names the statement and the operand.
Program assemble(const Site& site);

/// The names that module-level assembly defines in executable sections: functions written in assembly. Throws
/// AsmError when the text cannot be read.
std::vector<std::string> defined_functions(std::string_view text);

}  // namespace tlbcheck::litmus::kernel::assembly
