// SPDX-License-Identifier: Apache-2.0
//
// The part of the cat parser that reads expressions; the parser of instructions builds on it.
#pragma once

#include <string>
#include <vector>

#include "litmus/cat/syntax.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus::cat {

class ExpressionParser {
  public:
    ExpressionParser(Source source, std::vector<Token> tokens)
        : source_(std::move(source)), tokens_(std::move(tokens)) {}

    ExpressionPointer expression();
    /// An expression without `let`, `fun`, `if` ... in front, outside parentheses; no tuple.
    ExpressionPointer base();
    ExpressionPointer simple();
    VariantCondition variant_condition();
    /// `pattern = e and pattern = e ...`, up to and without what follows.
    std::vector<Binding> bindings();
    Pattern parameter();

  protected:
    const Token& peek(std::size_t ahead = 0) const;
    Token take();
    bool accept_symbol(const char* symbol);
    bool accept_keyword(const char* keyword);
    void expect_symbol(const char* symbol);
    void expect_keyword(const char* keyword);
    std::string expect_identifier(const char* what);
    Span span_from(const Span& begin) const;
    [[noreturn]] void fail(const Span& span, std::string message, std::string hint = {}) const;
    [[noreturn]] void fail_here(const std::string& expected) const;

    /// Guards against nesting that would exhaust the stack.
    class Nesting {
      public:
        explicit Nesting(ExpressionParser& parser);
        ~Nesting() { --parser_.depth_; }
        Nesting(const Nesting&) = delete;
        Nesting(Nesting&&) = delete;
        Nesting& operator=(const Nesting&) = delete;
        Nesting& operator=(Nesting&&) = delete;

      private:
        ExpressionParser& parser_;
    };

  private:
    ExpressionPointer make(ExpressionKind kind, const Span& begin,
                           std::vector<ExpressionPointer> operands = {}) const;
    ExpressionPointer let_expression();
    ExpressionPointer function_expression();
    ExpressionPointer conditional_expression();
    ExpressionPointer match_expression();
    ExpressionPointer base_or_tuple();
    ExpressionPointer chain(std::size_t level);
    ExpressionPointer product_level();
    ExpressionPointer prefix_level();
    ExpressionPointer inverse_level();
    ExpressionPointer application();
    bool simple_starts(std::size_t ahead = 0) const;
    bool base_starts(std::size_t ahead = 0) const;
    bool variant_starts() const;
    VariantCondition variant_conjunction();
    VariantCondition variant_primary();
    Binding binding();
    std::string pattern_name();
    Pattern formals_until(const char* symbol);
    void match_clause();

    Source source_;
    std::vector<Token> tokens_;
    std::size_t position_ = 0;
    std::size_t depth_ = 0;
};

}  // namespace tlbcheck::litmus::cat
