// SPDX-License-Identifier: Apache-2.0
//
// Operators of the expression language. Truth is 0 and 1.

#include "litmus/sched/evaluator.hpp"

#include <fmt/format.h>

namespace tlbcheck::litmus::sched {

std::string describe(const Value& value) {
    if (std::holds_alternative<Affine>(value)) return "a number";
    if (const auto* word = std::get_if<Word>(&value))
        return fmt::format("the word '{}'", printable(word->text, 40));
    if (std::holds_alternative<FlagValue>(value)) return "a flag";
    if (std::holds_alternative<SpanList>(value)) return "a list to loop over";
    switch (std::get<Span>(value).kind) {
        case SpanKind::region:
            return "a region";
        case SpanKind::leaf:
            return "a leaf";
        case SpanKind::set:
            return "a contiguous set";
        case SpanKind::table:
            return "a table";
        case SpanKind::page:
            return "a page";
        case SpanKind::range:
            return "a range";
    }
    return "a value";
}

Value Evaluator::evaluate(const Expression& expression) {
    switch (expression.kind) {
        case ExpressionKind::number:
            return Affine(static_cast<Wide>(expression.number));
        case ExpressionKind::name:
            return name_value(expression);
        case ExpressionKind::call:
            return call_value(expression);
        case ExpressionKind::unary:
            return unary(expression);
        case ExpressionKind::binary:
            return binary(expression);
        case ExpressionKind::conditional:
            return evaluate(*expression.operands[truth(*expression.operands[0]) ? 1 : 2]);
        case ExpressionKind::member:
            break;
    }
    const Expression& of = *expression.operands[0];
    if (of.kind == ExpressionKind::name && of.text == "machine") return machine_value(expression);
    const Value value = evaluate(of);
    const Span* const span = std::get_if<Span>(&value);
    if (span == nullptr)
        error(of.spot, fmt::format("{} has no member '{}'", describe(value), printable(expression.text, 40)));
    return member_value(expression, *span);
}

Affine Evaluator::number_of(const Value& value, const Spot& spot) const {
    if (const auto* number = std::get_if<Affine>(&value)) return *number;
    if (const auto* span = std::get_if<Span>(&value)) return span->start;
    error(spot, fmt::format("a number is needed here, not {}", describe(value)));
}

Affine Evaluator::number(const Expression& expression) {
    return number_of(evaluate(expression), expression.spot);
}

bool Evaluator::truth(const Expression& expression) {
    return !compare(Comparison::equal, plain(number(expression)), Affine(), iterations());
}

std::uint64_t Evaluator::constant(const Expression& expression, std::uint64_t low, std::uint64_t high,
                                  const std::string& what) {
    const Affine value = plain(number(expression));
    if (!value.constant()) throw NotUniform{};
    if (value.base < static_cast<Wide>(low) || value.base > static_cast<Wide>(high)) {
        error(expression.spot, fmt::format("{} is {} to {}, not {}", what, to_string(static_cast<Wide>(low)),
                                           to_string(static_cast<Wide>(high)), to_string(value.base)));
    }
    return static_cast<std::uint64_t>(value.base);
}

std::string Evaluator::word(const Expression& expression) {
    const Value value = evaluate(expression);
    if (const auto* word = std::get_if<Word>(&value)) return word->text;
    error(expression.spot, fmt::format("a word is needed here, not {}", describe(value)));
}

Value Evaluator::unary(const Expression& expression) {
    if (expression.text == "!") return Affine(truth(*expression.operands[0]) ? 0 : 1);
    const Affine operand = plain(number(*expression.operands[0]));
    if (expression.text == "-") return Affine(-operand.base, -operand.step);
    return Affine(-operand.base - 1, -operand.step);  // ~x
}

/// An offset, or a mask of low bits, leaves an address one of its space; all else is calculated of plain
/// numbers.
void Evaluator::take_marks_out(const std::string& op, Affine& left, Affine& right) const {
    const bool marked_left = !(plain(left) == left), marked_right = !(plain(right) == right);
    if (op == "+" && marked_left != marked_right) return;
    const bool offset = op == "-" || op == "|" || op == "^" || (op == "&" && right.base < 0);
    if (offset && marked_left && !marked_right) return;
    left = plain(left);
    right = plain(right);
}

Value Evaluator::binary(const Expression& expression) {
    const std::string& op = expression.text;
    if (op == "&&" || op == "||") {
        const bool left = truth(*expression.operands[0]);
        if (left == (op == "||")) return Affine(left ? 1 : 0);
        return Affine(truth(*expression.operands[1]) ? 1 : 0);
    }
    if (op == "==" || op == "!=" || op[0] == '<' || op[0] == '>') {
        if (op != "<<" && op != ">>") return Affine(comparison(expression) ? 1 : 0);
    }
    Affine left = number(*expression.operands[0]);
    Affine right = number(*expression.operands[1]);
    take_marks_out(op, left, right);
    Affine result;
    const std::string wrong = calculate(op, left, right, result);
    if (!wrong.empty()) error(expression.spot, wrong);
    return result;
}

bool Evaluator::comparison(const Expression& expression) {
    const std::string& op = expression.text;
    const Value left = evaluate(*expression.operands[0]);
    const Value right = evaluate(*expression.operands[1]);
    const auto* left_word = std::get_if<Word>(&left);
    const auto* right_word = std::get_if<Word>(&right);
    if (left_word != nullptr || right_word != nullptr) {
        if (left_word == nullptr || right_word == nullptr || (op != "==" && op != "!=")) {
            error(expression.spot,
                  fmt::format("{} and {} cannot be compared by '{}'", describe(left), describe(right), op));
        }
        return (left_word->text == right_word->text) == (op == "==");
    }
    const Affine a = plain(number_of(left, expression.operands[0]->spot));
    const Affine b = plain(number_of(right, expression.operands[1]->spot));
    if (op == "==") return compare(Comparison::equal, a, b, iterations());
    if (op == "!=") return !compare(Comparison::equal, a, b, iterations());
    if (op == "<") return compare(Comparison::less, a, b, iterations());
    if (op == ">") return compare(Comparison::less, b, a, iterations());
    if (op == "<=") return !compare(Comparison::less, b, a, iterations());
    return !compare(Comparison::less, a, b, iterations());
}

}  // namespace tlbcheck::litmus::sched
