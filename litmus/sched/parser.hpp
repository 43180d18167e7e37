// SPDX-License-Identifier: Apache-2.0
//
// Recursive-descent parser of the schedule language. Nesting is bounded, so that no input exhausts the stack.
#pragma once

#include <string>
#include <vector>

#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::litmus::sched {

/// Parses one text into a tree; `include` is called for each include item, at its place among the other
/// items.
class Parser {
  public:
    struct IncludeItem {
        std::string path;
        Spot spot;
    };
    using OnInclude = std::function<void(const IncludeItem&)>;

    Parser(const Source& source, std::uint32_t file);

    /// All items of the text, appended to `tree`.
    void parse_file(SyntaxTree& tree, const OnInclude& on_include);
    /// One expression that is the whole text.
    ExpressionPtr parse_whole_expression();

  private:
    class Nested;

    const Token& peek(std::size_t ahead = 0) const;
    bool is(std::string_view text) const;
    Token take();
    bool accept(std::string_view text);
    Token expect(std::string_view text, std::string_view after);
    Token expect_name(std::string_view what);
    Spot spot(const Token& token) const;
    [[noreturn]] void unexpected(std::string_view wanted) const;

    void item(SyntaxTree& tree, const OnInclude& on_include);
    Token string_item(std::string_view keyword);
    std::vector<Setting> settings(std::string_view what);
    ParamItem param();
    RegionItem region();
    DefItem def();
    ThreadItem thread();
    PropertyItem property(bool expect_violation);
    void tolerance(PropertyItem& item);
    void flags(SyntaxTree& tree);
    void cpus(SyntaxTree& tree);

    // kernel_parser.cpp
    bool kernel_item(SyntaxTree& tree);
    void kernel_files(std::vector<KernelFileItem>& files, std::string_view keyword);
    std::string kernel_path();
    KernelSetItem kernel_assignment();
    KernelStubItem kernel_stub();
    KernelObjectItem kernel_object();
    StatementPtr kernel_call();

    StatementPtr statement();
    StatementPtr block();
    StatementPtr branch();
    StatementPtr loop();
    StatementPtr let();
    StatementPtr label();
    StatementPtr call_statement();

    ExpressionPtr expression();
    ExpressionPtr binary(int lowest);
    ExpressionPtr unary();
    ExpressionPtr postfix();
    ExpressionPtr primary();
    /// `kernel`: `...` may follow the arguments.
    ExpressionPtr call(const Token& name, bool kernel = false);

    Source source_;
    std::uint32_t file_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace tlbcheck::litmus::sched
