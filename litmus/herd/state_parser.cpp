// SPDX-License-Identifier: Apache-2.0
//
// Locations, propositions and quantifiers.
#include "litmus/herd/state_parser.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::litmus::herd {

using model::FaultPattern;
using model::LitmusInitial;
using model::LitmusLocation;
using model::LitmusType;
using model::LitmusValue;
using model::Proposition;
using model::Quantifier;
using model::ValueKind;

namespace {

/// Depth of parentheses and negations; deeper input is refused rather than recursed into.
constexpr int deepest = 200;
constexpr int largest_array = 1024;

bool starts_location(const TokenReader& in, std::size_t ahead) {
    const Token& t = in.peek(ahead);
    if (t.kind == TokenKind::name) return true;
    if (t.kind == TokenKind::number) return in.peek(ahead + 1).is(":");
    return t.is("*") || (t.is("[") && in.peek(ahead + 1).kind == TokenKind::name);
}

LitmusType parse_type(TokenReader& in) {
    LitmusType type;
    const Token first = in.peek();
    if (first.word("_Atomic")) in.next();
    const Token name = in.peek();
    if (name.kind == TokenKind::name && starts_location(in, 1)) {
        type.base = in.next().text;
        if (model::size_in_bits(type) == 0) in.fail_at(name, "'" + printable(name.text) + "' is no type");
    }
    if (in.accept("*")) type.pointer = true;
    return type;
}

std::vector<LitmusValue> parse_array(TokenReader& in) {
    std::vector<LitmusValue> values;
    in.expect("{");
    do values.push_back(parse_value(in));
    while (in.accept(","));
    in.expect("}");
    return values;
}

int parse_array_size(TokenReader& in) {
    in.expect("[");
    const Token at = in.peek();
    const std::int64_t n = in.number("the size of the array");
    if (n < 1 || n > largest_array)
        in.fail_at(at, "an array has 1 to " + std::to_string(largest_array) + " elements");
    in.expect("]");
    return static_cast<int>(n);
}

LitmusInitial parse_initial_array(TokenReader& in, LitmusInitial result, const Token& at) {
    result.type.elements = parse_array_size(in);
    if (in.accept("=")) {
        result.values = parse_array(in);
        if (result.values.size() != static_cast<std::size_t>(result.type.elements)) {
            in.fail_at(at, "the array has " + std::to_string(result.type.elements) + " elements and " +
                               std::to_string(result.values.size()) + " initial values");
        }
    } else {
        result.values.assign(static_cast<std::size_t>(result.type.elements), LitmusValue::of(0));
    }
    return result;
}

LitmusInitial parse_initial(TokenReader& in) {
    LitmusInitial result;
    result.type = parse_type(in);
    const Token at = in.peek();
    result.location = parse_location(in);
    if (!result.location.is_register && in.peek().is("["))
        return parse_initial_array(in, std::move(result), at);
    if (!in.accept("=")) {
        result.values.push_back(LitmusValue::of(0));
        return result;
    }
    if (in.peek().is("(")) {
        if (result.type.base.empty()) result.type.base = "pteval_t";
        result.values.push_back(parse_descriptor(in, result.location));
        return result;
    }
    const Token value = in.peek();
    result.values.push_back(parse_value(in));
    const auto& address = result.location.address;
    if (!result.location.is_register && address.kind != ValueKind::address) {
        if (result.values[0].kind != ValueKind::physical || address.kind == ValueKind::ttd2)
            in.fail_at(value, "a descriptor is initialised with a descriptor");
        model::LitmusDescriptor d;
        d.oa = result.values[0].symbol;
        result.values[0] = LitmusValue::of(d);
    }
    return result;
}

class ConditionParser {
  public:
    explicit ConditionParser(TokenReader& in) : in_(in) {}

    ParsedCondition run() {
        ParsedCondition result;
        while (in_.peek().word("locations")) parse_locations(result);
        if (in_.peek().kind == TokenKind::name && in_.peek().text == "filter") {
            in_.next();
            result.filter = disjunction(0);
        }
        parse_final(result);
        in_.accept(";");
        if (in_.peek().kind == TokenKind::name && in_.peek().text == "with") {
            while (!in_.at_end()) in_.next();  // kinds of other architectures: no meaning here
        }
        if (!in_.at_end()) in_.fail("expected the end of the condition");
        return result;
    }

  private:
    void parse_final(ParsedCondition& result) {
        const Token first = in_.peek();
        if (first.kind == TokenKind::end) return;
        if (first.is("~") || first.text == "not") {
            in_.next();
            if (in_.peek().text != "exists") in_.fail("expected 'exists'");
            in_.next();
            result.quantifier = Quantifier::not_exists;
        } else if (first.text == "exists" || first.text == "final") {
            in_.next();
            result.quantifier = Quantifier::exists;
        } else if (first.text == "forall") {
            in_.next();
        } else if (first.is("(")) {
            result.quantifier = Quantifier::exists;
        } else {
            in_.fail("expected 'exists', '~exists' or 'forall'");
        }
        result.condition = disjunction(0);
    }

    void parse_locations(ParsedCondition& result) {
        in_.next();
        in_.expect("[");
        while (!in_.accept("]")) {
            if (is_fault()) {
                result.fault_locations.push_back(fault().fault);
            } else {
                LitmusLocation location = parse_location(in_);
                element(location);
                if (in_.peek().kind == TokenKind::name) in_.next();  // a type, of no effect
                in_.accept("*");
                result.locations.push_back(std::move(location));
            }
            if (!in_.peek().is("]")) in_.expect(";");
        }
    }

    void element(LitmusLocation& location) {
        if (location.is_register || !in_.peek().is("[")) return;
        in_.next();
        const Token at = in_.peek();
        const std::int64_t n = in_.number("an index");
        if (n < 0 || n >= largest_array) in_.fail_at(at, "no array has such an element");
        location.element = static_cast<int>(n);
        in_.expect("]");
    }

    bool is_fault() const {
        return (in_.peek().text == "fault" || in_.peek().text == "Fault") && in_.peek(1).is("(");
    }

    Proposition fault() {
        Proposition p;
        p.kind = Proposition::Kind::fault;
        in_.next();
        in_.expect("(");
        const Token thread = in_.peek();
        const auto number = parse_thread_name(in_.name("a thread"));
        if (!number) in_.fail_at(thread, "expected a thread, as in fault(P0,x)");
        p.fault.thread = *number;
        if (in_.accept(":")) p.fault.label = in_.name("a label");
        while (in_.accept(",")) fault_argument(p.fault);
        in_.expect(")");
        return p;
    }

    void fault_argument(FaultPattern& fault) {
        static constexpr std::array<std::string_view, 8> words{
            "TagCheck", "UndefinedInstruction", "SupervisorCall", "MMU", "D-MMU", "I-MMU", "GCS", "PacCheck"};
        const Token first = in_.peek();
        if (first.kind != TokenKind::name) in_.fail("expected a location or a kind of fault");
        const bool is_type = std::ranges::find(words, first.text) != words.end();
        if (!is_type) {
            if (fault.address || !fault.type.empty())
                in_.fail("expected a kind of fault, as in MMU:Translation");
            fault.address = parse_location(in_).address;
            return;
        }
        if (!fault.type.empty()) in_.fail("expected ')'");
        fault.type = in_.next().text;
        while (in_.accept(":")) fault.type += ":" + in_.name("a kind of fault");
        static constexpr std::array<std::string_view, 12> known{
            "MMU:Translation",   "MMU:AccessFlag",   "MMU:Permission",       "MMU:Exclusive",
            "D-MMU:Translation", "D-MMU:AccessFlag", "D-MMU:Permission",     "D-MMU:Exclusive",
            "I-MMU:Translation", "I-MMU:AccessFlag", "UndefinedInstruction", "SupervisorCall"};
        if (std::ranges::find(known, fault.type) == known.end()) {
            in_.fail_at(first, "fault type '" + printable(fault.type) + "' is not supported");
        }
    }

    Proposition atom() {
        if (is_fault()) return fault();
        Proposition p;
        LitmusLocation location = parse_location(in_);
        element(location);
        bool different = false;
        if (in_.accept("!=") || in_.accept("<>"))
            different = true;
        else if (!in_.accept("="))
            in_.expect("==");
        p.location = location;
        p.kind = Proposition::Kind::value;
        if (in_.peek().is("("))
            p.values.push_back(parse_descriptor(in_, location));
        else if (in_.peek().is("{"))
            p.values = parse_array(in_);
        else
            right_side(p);
        if (!different) return p;
        Proposition negation;
        negation.kind = Proposition::Kind::negation;
        negation.operands.push_back(std::move(p));
        return negation;
    }

    void right_side(Proposition& p) {
        in_.accept("*");
        const bool reg = (in_.peek().kind == TokenKind::number || parse_thread_name(in_.peek().text)) &&
                         in_.peek(1).is(":") &&
                         (parse_register(in_.peek(2).text) || model::parse_system_register(in_.peek(2).text));
        if (reg || in_.peek().is("[")) {
            p.kind = Proposition::Kind::equal;
            p.other = parse_location(in_);
            return;
        }
        p.values.push_back(parse_value(in_));
    }

    Proposition primary(int depth) {
        if (depth > deepest) in_.fail("condition nested too deeply");
        Proposition p;
        if (in_.accept("(")) {
            p = disjunction(depth + 1);
            in_.expect(")");
            return p;
        }
        if (in_.peek().is("~") || in_.peek().text == "not") {
            in_.next();
            p.kind = Proposition::Kind::negation;
            p.operands.push_back(primary(depth + 1));
            return p;
        }
        if (in_.peek().kind == TokenKind::name && (in_.peek().text == "true" || in_.peek().text == "false")) {
            p.kind =
                in_.next().text == "true" ? Proposition::Kind::conjunction : Proposition::Kind::disjunction;
            return p;
        }
        return atom();
    }

    Proposition binary(Proposition::Kind kind, Proposition left, Proposition right) {
        // A chain is one node, so that long conditions stay flat.
        if (left.kind == kind && kind != Proposition::Kind::implication && !left.operands.empty()) {
            left.operands.push_back(std::move(right));
            return left;
        }
        Proposition p;
        p.kind = kind;
        p.operands.push_back(std::move(left));
        p.operands.push_back(std::move(right));
        return p;
    }

    Proposition implication(int depth) {
        if (depth > deepest) in_.fail("condition nested too deeply");
        Proposition left = primary(depth);
        if (!in_.accept("=>")) return left;
        return binary(Proposition::Kind::implication, std::move(left), implication(depth + 1));
    }
    Proposition conjunction(int depth) {
        Proposition left = implication(depth);
        while (in_.accept("/\\"))
            left = binary(Proposition::Kind::conjunction, std::move(left), implication(depth));
        return left;
    }
    Proposition disjunction(int depth) {
        Proposition left = conjunction(depth);
        while (in_.accept("\\/"))
            left = binary(Proposition::Kind::disjunction, std::move(left), conjunction(depth));
        return left;
    }

    TokenReader& in_;
};

}  // namespace

std::vector<LitmusInitial> parse_initial_state(TokenReader& in) {
    std::vector<LitmusInitial> result;
    while (!in.at_end()) {
        if (in.accept(";")) continue;
        result.push_back(parse_initial(in));
        if (!in.at_end()) in.expect(";");
    }
    return result;
}

ParsedCondition parse_condition(TokenReader& in) {
    return ConditionParser(in).run();
}

}  // namespace tlbcheck::litmus::herd
