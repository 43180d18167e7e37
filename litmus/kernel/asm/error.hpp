// SPDX-License-Identifier: Apache-2.0
//
// What inline assembly is refused with. It has no place of its own: who met the call site knows the kernel's
// file and line.
#pragma once

#include <stdexcept>
#include <string>

namespace tlbcheck::litmus::kernel::assembly {

/// One line that names the statement or instruction and the operand it stumbled over, with what could not be
/// done.
class AsmError : public std::runtime_error {
  public:
    explicit AsmError(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace tlbcheck::litmus::kernel::assembly
