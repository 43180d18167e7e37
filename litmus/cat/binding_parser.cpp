// SPDX-License-Identifier: Apache-2.0
//
// The cat parser's bindings (`let f(x, y) = ...`), patterns and conditions on variants.
#include "litmus/cat/expression_parser.hpp"

namespace tlbcheck::litmus::cat {

namespace {

ExpressionPointer function_of(Pattern parameter, ExpressionPointer body) {
    auto result = std::make_unique<Expression>();
    result->kind = ExpressionKind::function;
    result->span = body->span;
    result->parameter = std::move(parameter);
    result->operands.push_back(std::move(body));
    return result;
}

}  // namespace

std::vector<Binding> ExpressionParser::bindings() {
    std::vector<Binding> result;
    do result.push_back(binding());
    while (accept_keyword("and"));
    return result;
}

std::string ExpressionParser::pattern_name() {
    if (accept_symbol("_")) return "";
    return expect_identifier("a name");
}

Pattern ExpressionParser::formals_until(const char* symbol) {
    Pattern pattern;
    pattern.span = peek().span;
    pattern.tuple = true;
    if (!peek().is_symbol(symbol)) {
        do pattern.names.push_back(pattern_name());
        while (accept_symbol(","));
    }
    expect_symbol(symbol);
    pattern.span = span_from(pattern.span);
    if (pattern.names.size() == 1) pattern.tuple = false;
    return pattern;
}

Pattern ExpressionParser::parameter() {
    if (accept_symbol("(")) return formals_until(")");
    Pattern pattern;
    pattern.span = peek().span;
    pattern.names.push_back(pattern_name());
    return pattern;
}

Binding ExpressionParser::binding() {
    Binding result;
    result.span = peek().span;
    std::vector<Pattern> parameters;
    const bool bracketed = peek().is_symbol("(");
    if (!bracketed && peek(1).is_symbol(",")) {  // a, b = e
        result.pattern = formals_until("=");
    } else {
        result.pattern = parameter();
        while (!bracketed && !peek().is_symbol("=")) {
            const bool starts =
                peek().is_symbol("(") || peek().is_symbol("_") || peek().kind == TokenKind::identifier;
            if (!starts) fail_here("a parameter or '='");
            parameters.push_back(parameter());
        }
        expect_symbol("=");
    }
    if (!parameters.empty() && result.pattern.names[0].empty()) fail(result.span, "a function needs a name");
    result.value = expression();
    for (; !parameters.empty(); parameters.pop_back()) {
        result.value = function_of(std::move(parameters.back()), std::move(result.value));
    }
    return result;
}

bool ExpressionParser::variant_starts() const {
    std::size_t ahead = 0;
    while (peek(ahead).is_symbol("(")) ++ahead;
    const Token& token = peek(ahead);
    return token.kind == TokenKind::string || token.is_keyword("not") || token.is_keyword("variant");
}

VariantCondition ExpressionParser::variant_condition() {
    const Nesting nesting(*this);
    VariantCondition result = variant_conjunction();
    if (!peek().is_symbol("||")) return result;
    VariantCondition all{VariantCondition::Kind::disjunction, "", {}};
    all.operands.push_back(std::move(result));
    while (accept_symbol("||")) all.operands.push_back(variant_conjunction());
    return all;
}

VariantCondition ExpressionParser::variant_conjunction() {
    VariantCondition result = variant_primary();
    if (!peek().is_symbol("&&")) return result;
    VariantCondition all{VariantCondition::Kind::conjunction, "", {}};
    all.operands.push_back(std::move(result));
    while (accept_symbol("&&")) all.operands.push_back(variant_primary());
    return all;
}

VariantCondition ExpressionParser::variant_primary() {
    const Nesting nesting(*this);
    if (accept_keyword("not")) {
        VariantCondition result{VariantCondition::Kind::negation, "", {}};
        result.operands.push_back(variant_primary());
        return result;
    }
    if (accept_symbol("(")) {
        VariantCondition result = variant_condition();
        expect_symbol(")");
        return result;
    }
    accept_keyword("variant");
    if (peek().kind != TokenKind::string) fail_here("a variant, in double quotes");
    return {VariantCondition::Kind::variant, take().text, {}};
}

}  // namespace tlbcheck::litmus::cat
