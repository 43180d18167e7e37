// SPDX-License-Identifier: Apache-2.0
//
// Operands of AArch64 instructions: registers, immediates, shifted and extended registers, addresses,
// conditions.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "litmus/herd/lexer.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

const std::vector<std::pair<std::string_view, model::LitmusCondition>>& condition_names();

class Operands {
  public:
    explicit Operands(TokenReader& in) : in_(in) {}

    [[noreturn]] void fail(const std::string& message) const { in_.fail(message); }
    [[noreturn]] void fail_at(const Token& token, const std::string& message) const {
        in_.fail_at(token, message);
    }
    const Token& token() const { return in_.peek(); }
    /// True unless the instruction ends here.
    bool more() const { return !in_.at_end() && !in_.peek().is("|") && !in_.peek().is(";"); }
    void comma() { in_.expect(","); }
    bool accept_comma() { return in_.accept(","); }
    std::string word() { return in_.name("a name"); }
    void keyword(std::string_view word);
    std::string label();
    /// `.+8`, a distance in place of a label.
    std::optional<std::int64_t> relative();

    bool at_register() const;
    /// A register of 32 or 64 bits.
    model::RegisterId reg(int width);
    /// Any general register; sets `width`.
    model::RegisterId any_register(int& width);
    model::RegisterId system_register();
    std::int64_t immediate();
    int small_number(int low, int high);
    model::LitmusCondition condition();
    /// Immediate, or register with shift or extension.
    model::LitmusOperand operand(int width);
    /// [X1], [X1,#8], [X1,#8]!, [X1],#8, and where `register_offset`, [X1,W2,SXTW #2].
    model::LitmusAddress address(bool register_offset);
    /// [X1] or [X1,#0].
    model::LitmusAddress base_address();

  private:
    void shift(model::LitmusOperand& operand);
    void offset(model::LitmusAddress& address, bool register_offset);

    TokenReader& in_;
};

}  // namespace tlbcheck::litmus::herd
