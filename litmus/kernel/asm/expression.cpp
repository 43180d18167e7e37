// SPDX-License-Identifier: Apache-2.0
//
// Precedence as LLVM's and GNU's assemblers have it for ELF targets: * / % << >>, then | & ^, then + -,
// comparisons, &&, ||.

#include "litmus/kernel/asm/expression.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {

struct Expression::Node {
    std::string operation;  ///< "" number, "name", "neg", "~", "!", or a binary operator
    std::int64_t number = 0;
    std::string name;
    std::shared_ptr<const Node> left, right;
};

namespace {

using Node = Expression::Node;
using NodePointer = std::shared_ptr<const Node>;

constexpr int most_depth = 100;

struct BinaryOperator {
    std::string_view text;
    int precedence;
};
/// Longer ones before their prefixes.
constexpr std::array operators{
    BinaryOperator{"||", 1}, BinaryOperator{"&&", 2}, BinaryOperator{"==", 3}, BinaryOperator{"!=", 3},
    BinaryOperator{"<>", 3}, BinaryOperator{"<<", 6}, BinaryOperator{">>", 6}, BinaryOperator{"<=", 3},
    BinaryOperator{">=", 3}, BinaryOperator{"<", 3},  BinaryOperator{">", 3},  BinaryOperator{"+", 4},
    BinaryOperator{"-", 4},  BinaryOperator{"|", 5},  BinaryOperator{"&", 5},  BinaryOperator{"^", 5},
    BinaryOperator{"*", 6},  BinaryOperator{"/", 6},  BinaryOperator{"%", 6},
};

class Parser {
  public:
    Parser(std::string_view text, const LocalLabel& local_label) : text_(text), local_label_(local_label) {}

    NodePointer parse() {
        NodePointer result = binary(1);
        skip_space();
        if (at_ != text_.size()) fail();
        return result;
    }

  private:
    [[noreturn]] void fail() const {
        throw AsmError(fmt::format("inline assembly: '{}' is no expression", text_));
    }

    void skip_space() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    const BinaryOperator* peek_operator() {
        skip_space();
        for (const BinaryOperator& each : operators)
            if (text_.substr(at_).starts_with(each.text)) return &each;
        return nullptr;
    }

    NodePointer binary(int least) {
        NodePointer left = unary();
        for (const BinaryOperator* op = peek_operator(); op != nullptr && op->precedence >= least;
             op = peek_operator()) {
            at_ += op->text.size();
            Node node;
            node.operation = op->text;
            node.right = binary(op->precedence + 1);
            node.left = std::move(left);
            left = std::make_shared<const Node>(std::move(node));
        }
        return left;
    }

    NodePointer unary() {
        if (++depth_ > most_depth) fail();
        skip_space();
        const char c = peek();
        NodePointer result;
        if (c == '+') {
            ++at_;
            result = unary();
        } else if (c == '-' || c == '~' || c == '!') {
            ++at_;
            Node node;
            node.operation = c == '-' ? "neg" : std::string(1, c);
            node.left = unary();
            result = std::make_shared<const Node>(std::move(node));
        } else {
            result = primary();
        }
        --depth_;
        return result;
    }

    NodePointer primary() {
        const char c = peek();
        if (c == '(') {
            ++at_;
            NodePointer result = binary(1);
            skip_space();
            if (peek() != ')') fail();
            ++at_;
            return result;
        }
        Node node;
        if (c == '\'' && at_ + 1 < text_.size()) {
            node.number = static_cast<unsigned char>(text_[at_ + 1]);
            at_ += at_ + 2 < text_.size() && text_[at_ + 2] == '\'' ? 3 : 2;
        } else if (is_digit(c)) {
            read_number(node);
        } else if (is_name_char(c)) {
            const std::size_t begin = at_;
            while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
            node.operation = "name";
            node.name = text_.substr(begin, at_ - begin);
        } else {
            fail();
        }
        return std::make_shared<const Node>(std::move(node));
    }

    /// A number, or a local label: digits with b or f behind.
    void read_number(Node& node) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
        const std::string word = lower_case(text_.substr(begin, at_ - begin));
        const std::size_t digits = word.find_first_not_of("0123456789");
        if (digits != std::string::npos && digits + 1 == word.size() &&
            (word.back() == 'b' || word.back() == 'f')) {
            node.operation = "name";
            node.name = local_label_(std::string_view(word).substr(0, digits), word.back());
            return;
        }
        int base = 10;
        std::string_view value = word;
        if (word.starts_with("0x"))
            base = 16;
        else if (word.starts_with("0b"))
            base = 2;
        else if (word.size() > 1 && word[0] == '0')
            base = 8;
        if (base != 10) value.remove_prefix(base == 8 ? 1 : 2);
        node.number = static_cast<std::int64_t>(digits_of(value, base));
    }

    std::uint64_t digits_of(std::string_view digits, int base) const {
        std::uint64_t value = 0;
        while (!digits.empty() && (digits.back() == 'u' || digits.back() == 'l')) digits.remove_suffix(1);
        if (digits.empty()) fail();
        for (const char c : digits) {
            const int digit = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;
            if (digit >= base) fail();
            value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
        }
        return value;
    }

    std::string_view text_;
    const LocalLabel& local_label_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

[[noreturn]] void not_linear() {
    throw AsmError(
        "inline assembly: an expression that computes with addresses other than by adding and subtracting");
}

std::int64_t wrap(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
std::uint64_t bits(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

Value negate(Value value) {
    if (!value.symbol.empty()) not_linear();
    value.number = wrap(0 - bits(value.number));
    std::swap(value.place, value.minus_place);
    return value;
}

/// Takes together what can be: a place less a place of the same section is a number.
void settle(Value& value) {
    if (!value.place || !value.minus_place || value.place->section != value.minus_place->section) return;
    value.number = wrap(bits(value.number) + value.place->offset - value.minus_place->offset);
    value.place.reset();
    value.minus_place.reset();
}

Value add(Value left, const Value& right) {
    // Against each other first, so that a - b + c - d never holds more than one of each.
    if (left.place && right.place) not_linear();
    if (left.minus_place && right.minus_place) not_linear();
    if (!left.symbol.empty() && !right.symbol.empty()) not_linear();
    left.number = wrap(bits(left.number) + bits(right.number));
    if (right.place) left.place = right.place;
    if (right.minus_place) left.minus_place = right.minus_place;
    if (!right.symbol.empty()) left.symbol = right.symbol;
    settle(left);
    return left;
}

std::int64_t compute(std::string_view op, std::int64_t a, std::int64_t b) {
    if (op == "||") return a != 0 || b != 0 ? 1 : 0;
    if (op == "&&") return a != 0 && b != 0 ? 1 : 0;
    // Comparisons that hold are all ones, as GNU as documents them.
    if (op == "==") return a == b ? -1 : 0;
    if (op == "!=" || op == "<>") return a != b ? -1 : 0;
    if (op == "<") return a < b ? -1 : 0;
    if (op == ">") return a > b ? -1 : 0;
    if (op == "<=") return a <= b ? -1 : 0;
    if (op == ">=") return a >= b ? -1 : 0;
    if (op == "|") return a | b;
    if (op == "&") return a & b;
    if (op == "^") return a ^ b;
    if (op == "*") return wrap(bits(a) * bits(b));
    if (op == "<<") return b < 0 || b > 63 ? 0 : wrap(bits(a) << bits(b));
    if (op == ">>") return b < 0 || b > 63 ? 0 : wrap(bits(a) >> bits(b));
    if (b == 0 || (b == -1 && op != "%")) {
        if (b == 0) throw AsmError("inline assembly: a division by zero");
        return wrap(0 - bits(a));
    }
    if (b == -1) return 0;
    return op == "/" ? a / b : a % b;
}

Value evaluate_node(const Node& node, const Resolver& resolver) {
    if (node.operation.empty()) return {node.number, {}, {}, {}};
    if (node.operation == "name") return resolver(node.name);
    const Value left = evaluate_node(*node.left, resolver);
    if (node.operation == "neg") return negate(left);
    if (!node.right) {
        if (!left.is_number()) not_linear();
        return {
            node.operation == "~" ? ~left.number : static_cast<std::int64_t>(left.number == 0), {}, {}, {}};
    }
    const Value right = evaluate_node(*node.right, resolver);
    if (node.operation == "+") return add(left, right);
    if (node.operation == "-") return add(left, negate(right));
    if (!left.is_number() || !right.is_number()) not_linear();
    return {compute(node.operation, left.number, right.number), {}, {}, {}};
}

}  // namespace

Expression::Expression() : node_(std::make_shared<const Node>()) {}

Value Expression::evaluate(const Resolver& resolver) const {
    return evaluate_node(*node_, resolver);
}

Expression parse_expression(std::string_view text, const LocalLabel& local_label) {
    return Expression(Parser(trim(text), local_label).parse());
}

std::int64_t evaluate_number(std::string_view text, const Resolver& resolver) {
    const LocalLabel none = [&](std::string_view, char) -> std::string {
        throw AsmError(fmt::format("inline assembly: '{}' must be a number when it is read", trim(text)));
    };
    const Value value = parse_expression(text, none).evaluate(resolver);
    if (!value.is_number())
        throw AsmError(fmt::format("inline assembly: '{}' must be a number when it is read", trim(text)));
    return value.number;
}

}  // namespace tlbcheck::litmus::kernel::assembly
