// SPDX-License-Identifier: Apache-2.0
//
// Expressions of the schedule language, with C's operators and precedence.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "litmus/sched/nested.hpp"
#include "litmus/sched/parser.hpp"

namespace tlbcheck::litmus::sched {
namespace {

struct Operator {
    std::string_view text;
    int precedence;
};
constexpr std::array<Operator, 18> operators = {{{"||", 1},
                                                 {"&&", 2},
                                                 {"|", 3},
                                                 {"^", 4},
                                                 {"&", 5},
                                                 {"==", 6},
                                                 {"!=", 6},
                                                 {"<", 7},
                                                 {"<=", 7},
                                                 {">", 7},
                                                 {">=", 7},
                                                 {"<<", 8},
                                                 {">>", 8},
                                                 {"+", 9},
                                                 {"-", 9},
                                                 {"*", 10},
                                                 {"/", 10},
                                                 {"%", 10}}};

ExpressionPtr node(ExpressionKind kind, Spot spot, std::string_view text) {
    auto result = std::make_unique<Expression>();
    result->kind = kind;
    result->spot = spot;
    result->text = std::string(text);
    return result;
}

/// Adds an operand and keeps the height of the tree, which a row of operators makes as high as it is long.
void add(Expression& parent, ExpressionPtr operand, const Source& source) {
    parent.height = std::max(parent.height, operand->height + 1);
    if (parent.height > max_height)
        fail({source, parent.spot.place}, "this expression is too long",
             "name a part of it with let or param");
    parent.operands.push_back(std::move(operand));
}

}  // namespace

ExpressionPtr Parser::parse_whole_expression() {
    ExpressionPtr result = expression();
    if (peek().kind != TokenKind::end) unexpected("the end of the value");
    return result;
}

ExpressionPtr Parser::expression() {
    const Nested nested(depth_, {source_, peek().place});
    ExpressionPtr condition = binary(1);
    if (!is("?")) return condition;
    ExpressionPtr result = node(ExpressionKind::conditional, spot(take()), "?:");
    add(*result, std::move(condition), source_);
    add(*result, expression(), source_);
    expect(":", "the first choice of '?'");
    add(*result, expression(), source_);
    return result;
}

ExpressionPtr Parser::binary(int lowest) {
    ExpressionPtr left = unary();
    for (;;) {
        int precedence = 0;
        if (peek().kind == TokenKind::punctuation) {
            for (const Operator& candidate : operators) {
                if (candidate.text == peek().text) precedence = candidate.precedence;
            }
        }
        if (precedence < lowest) return left;
        const Token op = take();
        ExpressionPtr result = node(ExpressionKind::binary, spot(op), op.text);
        add(*result, std::move(left), source_);
        add(*result, binary(precedence + 1), source_);
        left = std::move(result);
    }
}

ExpressionPtr Parser::unary() {
    if (peek().kind == TokenKind::punctuation &&
        (peek().text == "!" || peek().text == "-" || peek().text == "~")) {
        const Nested nested(depth_, {source_, peek().place});
        const Token op = take();
        ExpressionPtr result = node(ExpressionKind::unary, spot(op), op.text);
        add(*result, unary(), source_);
        return result;
    }
    return postfix();
}

ExpressionPtr Parser::postfix() {
    ExpressionPtr result = primary();
    while (accept(".")) {
        if (peek().kind != TokenKind::name) unexpected("the name of a member");
        const Token name = take();
        ExpressionPtr member = node(ExpressionKind::member, spot(name), name.text);
        add(*member, std::move(result), source_);
        result = std::move(member);
    }
    return result;
}

ExpressionPtr Parser::primary() {
    const Token token = peek();
    if (token.kind == TokenKind::number) {
        take();
        ExpressionPtr result = node(ExpressionKind::number, spot(token), token.text);
        result->number = token.number;
        return result;
    }
    if (accept("(")) {
        ExpressionPtr result = expression();
        expect(")", "the expression");
        return result;
    }
    if (token.kind != TokenKind::name) unexpected("a value");
    take();
    if (is("(")) return call(token);
    if (token.text == "true" || token.text == "false") {
        ExpressionPtr result = node(ExpressionKind::number, spot(token), token.text);
        result->number = token.text == "true" ? 1 : 0;
        return result;
    }
    return node(ExpressionKind::name, spot(token), token.text);
}

ExpressionPtr Parser::call(const Token& name, bool kernel) {
    const Nested nested(depth_, {source_, name.place});
    ExpressionPtr result = node(ExpressionKind::call, spot(name), name.text);
    expect("(", "the name");
    while (!accept(")")) {
        if (!result->arguments.empty()) expect(",", "the argument");
        if (kernel && accept("...")) {
            result->rest_zero = true;
            expect(")", "'...', the last argument");
            break;
        }
        Argument argument;
        argument.spot = spot(peek());
        if (peek().kind == TokenKind::name && peek(1).text == "=" && peek(1).kind == TokenKind::punctuation) {
            argument.name = std::string(take().text);
            take();
        } else if (!result->arguments.empty() && !result->arguments.back().name.empty()) {
            fail({source_, peek().place}, "an argument without a name follows one with a name");
        }
        for (const Argument& other : result->arguments) {
            if (!argument.name.empty() && other.name == argument.name) {
                fail(Where{source_, argument.spot.place}, fmt::format("'{}' is given twice", argument.name));
            }
        }
        argument.value = expression();
        result->height = std::max(result->height, argument.value->height + 1);
        result->arguments.push_back(std::move(argument));
    }
    return result;
}

ExpressionPtr parse_expression_text(const Source& source) {
    return Parser(source, 0).parse_whole_expression();
}

}  // namespace tlbcheck::litmus::sched
