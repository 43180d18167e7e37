// SPDX-License-Identifier: Apache-2.0
//
// Expressions by precedence.
#include "litmus/cat/expression_parser.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace tlbcheck::litmus::cat {

namespace {

constexpr std::size_t nesting_limit = 400;
constexpr std::size_t postfix_limit = 16;

struct Level {
    const char* symbol;
    ExpressionKind kind;
};
// Loosest first; each is read as a flat list of operands.
constexpr std::array<Level, 5> levels = {{{"|", ExpressionKind::unite},
                                          {"++", ExpressionKind::add},
                                          {";", ExpressionKind::sequence},
                                          {"\\", ExpressionKind::difference},
                                          {"&", ExpressionKind::intersect}}};

std::string shown(const Token& token) {
    if (token.kind == TokenKind::end_of_text) return "the end of the file";
    return fmt::format("'{}'", printable(token.text, 40));
}

}  // namespace

ExpressionParser::Nesting::Nesting(ExpressionParser& parser) : parser_(parser) {
    if (parser_.depth_ >= nesting_limit) parser_.fail(parser_.peek().span, "nested too deeply");
    ++parser_.depth_;
}

const Token& ExpressionParser::peek(std::size_t ahead) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
}

Token ExpressionParser::take() {
    Token token = peek();
    if (position_ + 1 < tokens_.size()) ++position_;
    return token;
}

bool ExpressionParser::accept_symbol(const char* symbol) {
    if (!peek().is_symbol(symbol)) return false;
    take();
    return true;
}

bool ExpressionParser::accept_keyword(const char* keyword) {
    if (!peek().is_keyword(keyword)) return false;
    take();
    return true;
}

void ExpressionParser::expect_symbol(const char* symbol) {
    if (!accept_symbol(symbol)) fail_here(fmt::format("'{}'", symbol));
}

void ExpressionParser::expect_keyword(const char* keyword) {
    if (!accept_keyword(keyword)) fail_here(fmt::format("'{}'", keyword));
}

std::string ExpressionParser::expect_identifier(const char* what) {
    if (peek().kind != TokenKind::identifier) fail_here(what);
    return take().text;
}

Span ExpressionParser::span_from(const Span& begin) const {
    if (position_ == 0) return begin;
    const Span& last = tokens_[position_ - 1].span;
    Span span = begin;
    if (last.offset + last.length > begin.offset) span.length = last.offset + last.length - begin.offset;
    return span;
}

void ExpressionParser::fail(const Span& span, std::string message, std::string hint) const {
    throw InputError(std::move(message), source_, place_of(source_->text, span.offset, span.length),
                     std::move(hint));
}

void ExpressionParser::fail_here(const std::string& expected) const {
    fail(peek().span, fmt::format("expected {}, found {}", expected, shown(peek())));
}

ExpressionPointer ExpressionParser::make(ExpressionKind kind, const Span& begin,
                                         std::vector<ExpressionPointer> operands) const {
    auto result = std::make_unique<Expression>();
    result->kind = kind;
    result->span = span_from(begin);
    result->operands = std::move(operands);
    return result;
}

ExpressionPointer ExpressionParser::expression() {
    const Nesting nesting(*this);
    if (peek().is_keyword("let")) return let_expression();
    if (peek().is_keyword("fun")) return function_expression();
    if (peek().is_keyword("if")) return conditional_expression();
    if (peek().is_keyword("match")) return match_expression();
    if (!peek().is_keyword("try")) return base_or_tuple();
    const Span begin = take().span;
    std::vector<ExpressionPointer> operands;
    operands.push_back(expression());
    expect_keyword("with");
    operands.push_back(expression());
    return make(ExpressionKind::attempt, begin, std::move(operands));
}

ExpressionPointer ExpressionParser::let_expression() {
    const Span begin = take().span;
    const bool recursive = accept_keyword("rec");
    std::vector<Binding> list = bindings();
    expect_keyword("in");
    std::vector<ExpressionPointer> body;
    body.push_back(expression());
    auto result = make(recursive ? ExpressionKind::let_rec : ExpressionKind::let, begin, std::move(body));
    result->bindings = std::move(list);
    return result;
}

ExpressionPointer ExpressionParser::function_expression() {
    const Span begin = take().span;
    Pattern pattern = parameter();
    expect_symbol("->");
    std::vector<ExpressionPointer> body;
    body.push_back(expression());
    auto result = make(ExpressionKind::function, begin, std::move(body));
    result->parameter = std::move(pattern);
    return result;
}

ExpressionPointer ExpressionParser::conditional_expression() {
    const Span begin = take().span;
    std::optional<VariantCondition> condition;
    if (variant_starts()) {
        condition = variant_condition();
    } else {  // a comparison of values, which only a concrete execution can settle
        expression();
        if (!accept_symbol("=") && !accept_keyword("subset") && !accept_keyword("in"))
            fail_here("'=', 'subset' or 'in'");
        expression();
    }
    expect_keyword("then");
    std::vector<ExpressionPointer> branches;
    branches.push_back(expression());
    expect_keyword("else");
    branches.push_back(expression());
    auto result = make(ExpressionKind::conditional, begin, std::move(branches));
    result->condition = std::move(condition);
    return result;
}

ExpressionPointer ExpressionParser::match_expression() {
    const Span begin = take().span;
    expression();
    expect_keyword("with");
    accept_symbol("||");
    do match_clause();
    while (accept_symbol("||"));
    expect_keyword("end");
    return make(ExpressionKind::match, begin);
}

// Clauses are read for their syntax only: matching takes a set apart event by event, which has no meaning
// before an execution is known. The library functions that do it have a native meaning instead.
void ExpressionParser::match_clause() {
    if (accept_symbol("{")) {
        expect_symbol("}");
    } else if (peek().kind == TokenKind::tag) {
        take();
    } else {
        pattern_name();
        if (accept_symbol("|")) {
            pattern_name();
            expect_symbol("++");
            pattern_name();
        } else if (accept_symbol("++")) {
            pattern_name();
        }
    }
    expect_symbol("->");
    expression();
}

ExpressionPointer ExpressionParser::base_or_tuple() {
    const Span begin = peek().span;
    ExpressionPointer first = base();
    if (!peek().is_symbol(",")) return first;
    std::vector<ExpressionPointer> parts;
    parts.push_back(std::move(first));
    while (accept_symbol(",")) parts.push_back(base());
    return make(ExpressionKind::tuple, begin, std::move(parts));
}

ExpressionPointer ExpressionParser::base() {
    const Nesting nesting(*this);
    return chain(0);
}

ExpressionPointer ExpressionParser::chain(std::size_t level) {
    if (level == levels.size()) return product_level();
    const Span begin = peek().span;
    ExpressionPointer first = chain(level + 1);
    if (!peek().is_symbol(levels[level].symbol)) return first;
    std::vector<ExpressionPointer> parts;
    parts.push_back(std::move(first));
    while (accept_symbol(levels[level].symbol)) parts.push_back(chain(level + 1));
    return make(levels[level].kind, begin, std::move(parts));
}

ExpressionPointer ExpressionParser::product_level() {
    const Span begin = peek().span;
    const bool prefixed = peek().is_symbol("~");
    ExpressionPointer result = prefix_level();
    bool closed = prefixed;  // no further operator of this level without parentheses
    std::size_t postfixes = 0;
    while (true) {
        const bool product = peek().is_symbol("*") && base_starts(1);
        const bool postfix = peek().is_symbol("*") || peek().is_symbol("+") || peek().is_symbol("?");
        if (!product && !postfix) return result;
        if (closed) fail(peek().span, "this operator needs parentheses around what is before it");
        if (++postfixes > postfix_limit) fail(peek().span, "nested too deeply");
        const std::string symbol = take().text;
        std::vector<ExpressionPointer> operands;
        operands.push_back(std::move(result));
        if (product) {
            operands.push_back(prefix_level());
            result = make(ExpressionKind::product, begin, std::move(operands));
            closed = true;
        } else {
            const ExpressionKind kind = symbol == "*"   ? ExpressionKind::star
                                        : symbol == "+" ? ExpressionKind::plus
                                                        : ExpressionKind::optional;
            result = make(kind, begin, std::move(operands));
        }
    }
}

ExpressionPointer ExpressionParser::prefix_level() {
    const Nesting nesting(*this);
    if (!peek().is_symbol("~")) return inverse_level();
    const Span begin = take().span;
    std::vector<ExpressionPointer> operand;
    operand.push_back(prefix_level());
    return make(ExpressionKind::complement, begin, std::move(operand));
}

ExpressionPointer ExpressionParser::inverse_level() {
    const Span begin = peek().span;
    ExpressionPointer result = application();
    std::size_t postfixes = 0;
    while (accept_symbol("^")) {
        expect_symbol("-1");
        if (++postfixes > postfix_limit) fail(peek().span, "nested too deeply");
        std::vector<ExpressionPointer> operand;
        operand.push_back(std::move(result));
        result = make(ExpressionKind::inverse, begin, std::move(operand));
    }
    return result;
}

ExpressionPointer ExpressionParser::application() {
    if (peek().kind != TokenKind::identifier) return simple();
    const Span begin = peek().span;
    auto variable = [this] {
        const Token token = take();
        auto result = make(ExpressionKind::name, token.span);
        result->name = token.text;
        return result;
    };
    ExpressionPointer head = variable();
    std::vector<ExpressionPointer> operands;
    operands.push_back(std::move(head));
    while (peek().kind == TokenKind::identifier || simple_starts()) {
        operands.push_back(peek().kind == TokenKind::identifier ? variable() : simple());
    }
    if (operands.size() == 1) return std::move(operands.front());
    return make(ExpressionKind::apply, begin, std::move(operands));
}

bool ExpressionParser::simple_starts(std::size_t ahead) const {
    const Token& token = peek(ahead);
    if (token.kind == TokenKind::tag || token.is_keyword("begin")) return true;
    if (token.kind != TokenKind::symbol) return false;
    static constexpr std::array<std::string_view, 5> starts = {"0", "_", "{", "(", "["};
    for (const std::string_view start : starts) {
        if (token.text == start) return true;
    }
    return false;
}

bool ExpressionParser::base_starts(std::size_t ahead) const {
    const Token& token = peek(ahead);
    if (token.kind == TokenKind::identifier || simple_starts(ahead)) return true;
    if (!token.is_symbol("~")) return false;
    // `let a = r*` may be followed by a negated test.
    const Token& next = peek(ahead + 1);
    return !next.is_keyword("empty") && !next.is_keyword("acyclic") && !next.is_keyword("irreflexive");
}

ExpressionPointer ExpressionParser::simple() {
    const Nesting nesting(*this);
    if (!simple_starts()) fail_here("a relation or a set");
    const Token token = take();
    std::vector<ExpressionPointer> operands;
    if (token.kind == TokenKind::tag) {
        auto result = make(ExpressionKind::tag, token.span);
        result->name = token.text;
        return result;
    }
    if (token.text == "0") return make(ExpressionKind::empty_relation, token.span);
    if (token.text == "_") return make(ExpressionKind::universe, token.span);
    if (token.text == "{") {
        while (!peek().is_symbol("}")) {
            operands.push_back(base());
            if (!accept_symbol(",")) break;
        }
        expect_symbol("}");
        return make(ExpressionKind::explicit_set, token.span, std::move(operands));
    }
    if (token.text == "[") {
        operands.push_back(expression());
        expect_symbol("]");
        return make(ExpressionKind::identity, token.span, std::move(operands));
    }
    if (token.text == "(" && accept_symbol(")")) return make(ExpressionKind::tuple, token.span);
    ExpressionPointer inner = expression();
    if (token.text == "(") {
        expect_symbol(")");
    } else {
        expect_keyword("end");
    }
    return inner;
}

}  // namespace tlbcheck::litmus::cat
