// SPDX-License-Identifier: Apache-2.0
//
// Macros, repetition and conditions of GNU assembly: .macro, .irp, .rept, .if and their ends, .set and .equ.
// What is left are labels, instructions and the directives that place data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {

class Preprocessor {
  public:
    explicit Preprocessor(std::string_view text);

    /// The next statement that is not the preprocessor's own; nullopt at the end. Throws AsmError, also when
    /// an expansion grows without end.
    std::optional<Statement> next();
    /// The value of a symbol set so far.
    std::optional<std::int64_t> symbol(std::string_view name) const;
    const std::map<std::string, std::int64_t, std::less<>>& symbols() const { return symbols_; }

  private:
    struct Macro {
        std::vector<std::string> parameters;
        std::vector<std::string> defaults;
        std::vector<std::string> body;
    };
    struct Condition {
        bool taken = false;  ///< this branch is read
        bool done = false;   ///< a branch was taken before
        bool outer = false;  ///< what stands around is read
    };

    bool skipping() const { return !conditions_.empty() && !conditions_.back().taken; }
    bool conditional(const Statement& statement);
    bool directive(const Statement& statement);
    void set_symbol(const Statement& statement, std::string_view name, std::string_view value);
    void define_macro(const Statement& statement);
    void repeat(const Statement& statement);
    void repeat_for(const Statement& statement);
    void expand(const Macro& macro, const Statement& statement);
    bool holds(const Statement& statement);
    std::vector<std::string> body_until(std::string_view opening, std::string_view closing,
                                        const Statement& statement);
    void push(const std::vector<std::string>& lines);
    void count_statement();
    std::int64_t number(std::string_view text) const;

    std::vector<std::string> pending_;  ///< the next statement last
    std::vector<Condition> conditions_;
    std::map<std::string, Macro, std::less<>> macros_;
    std::map<std::string, std::int64_t, std::less<>> symbols_;
    std::size_t statements_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace tlbcheck::litmus::kernel::assembly
