// SPDX-License-Identifier: Apache-2.0
//
// Recursive descent, and the functions.
#include "litmus/isla/expression.hpp"

#include <vector>

#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::litmus::isla {

namespace {

std::uint64_t low_bits(int width) {
    return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << static_cast<unsigned>(width)) - 1;
}

class Evaluation {
  public:
    Evaluation(TokenReader& in, Names& names) : in_(in), names_(names) {}

    Bits expression() {
        if (++depth_ > most_nested) in_.fail("the value is nested too deeply");
        Bits value = primary();
        while (in_.accept("[")) value = slice(value);
        --depth_;
        return value;
    }

  private:
    struct Argument {
        std::string keyword;
        Bits value;
        Token at;
    };
    struct Call {
        Token name;
        std::vector<Argument> arguments;
    };

    Bits primary() {
        const Token token = in_.peek();
        if (token.kind == TokenKind::number) {
            in_.next();
            int width = 0;
            if (token.text.starts_with("0x")) width = 4 * static_cast<int>(token.length - 2);
            if (token.text.starts_with("0b")) width = static_cast<int>(token.length - 2);
            return {token.number, width};
        }
        if (in_.accept("(")) {
            const Bits value = expression();
            in_.expect(")");
            return value;
        }
        if (token.kind != TokenKind::name) in_.fail("expected a value");
        in_.next();
        if (in_.accept(":")) return label(token);
        if (in_.peek().is("(")) return apply(arguments_of(token));
        const auto it = names_.addresses.find(token.text);
        if (it == names_.addresses.end()) {
            std::vector<std::string> known;
            for (const auto& [name, address] : names_.addresses) known.push_back(name);
            in_.fail_at(token, "there is no address '" + printable(token.text) + "'",
                        did_you_mean(token.text, known));
        }
        return {it->second.value, 64};
    }

    Bits label(const Token& token) {
        const std::uint64_t* address = names_.label ? names_.label(token.text) : nullptr;
        if (address == nullptr) in_.fail_at(token, "there is no label '" + printable(token.text) + "'");
        return {*address, 64};
    }

    /// x[48..12]
    Bits slice(const Bits& value) {
        const Token at = in_.peek();
        const std::int64_t high = in_.number("the highest bit");
        in_.expect("..");
        const std::int64_t low = in_.number("the lowest bit");
        in_.expect("]");
        if (high < low || low < 0 || high > 63)
            in_.fail_at(at, "expected bits from 63 to 0, the higher one first");
        const int width = static_cast<int>(high - low) + 1;
        return {(value.value >> static_cast<unsigned>(low)) & low_bits(width), width};
    }

    Call arguments_of(const Token& name) {
        Call call{name, {}};
        in_.expect("(");
        if (in_.accept(")")) return call;
        do {
            Argument argument;
            argument.at = in_.peek();
            if (argument.at.kind == TokenKind::name && in_.peek(1).is("=")) {
                argument.keyword = in_.next().text;
                in_.next();
            }
            argument.value = expression();
            call.arguments.push_back(argument);
        } while (in_.accept(","));
        in_.expect(")");
        return call;
    }

    [[noreturn]] void fail_call(const Call& call, const std::string& message) const {
        in_.fail_at(call.name, "'" + printable(call.name.text) + "' " + message);
    }

    void takes(const Call& call, std::size_t count) const {
        if (call.arguments.size() != count) fail_call(call, "takes " + std::to_string(count) + " arguments");
        for (const Argument& a : call.arguments) {
            if (!a.keyword.empty()) in_.fail_at(a.at, "unexpected keyword");
        }
    }

    Bits apply(const Call& call) {
        const std::string& f = call.name.text;
        if (f.size() == 4 && f.starts_with("pte") && f[3] >= '0' && f[3] <= '3')
            return {descriptor_place(call, f[3] - '0'), 64};
        if (f.size() == 5 && f.starts_with("desc") && f[4] >= '0' && f[4] <= '3')
            return {names_.memory->word(descriptor_place(call, f[4] - '0')), 64};
        if (f.size() == 7 && f.starts_with("mkdesc") && f[6] >= '1' && f[6] <= '3')
            return make_descriptor(call, 1, f[6] - '0');
        if (f.size() == 9 && f.starts_with("s2mkdesc") && f[8] >= '1' && f[8] <= '3')
            return make_descriptor(call, 2, f[8] - '0');
        if (f == "ttbr") return table_register(call);
        if (f == "asid" || f == "vmid") {
            takes(call, 1);
            return {call.arguments[0].value.value << 48U, 64};
        }
        if (f == "page") {
            takes(call, 1);
            return {(call.arguments[0].value.value >> 12U) & low_bits(37), 37};
        }
        if (f == "pa_to_ipa" || f == "pa_to_va" || f == "va_to_pa" || f == "va_to_ipa" || f == "ipa_to_va" ||
            f == "ipa_to_pa" || f == "table" || f == "raw") {
            takes(call, 1);
            return {call.arguments[0].value.value, 64};
        }
        return arithmetic(call);
    }

    Bits arithmetic(const Call& call) {
        const std::string& f = call.name.text;
        takes(call, 2);
        const Bits a = call.arguments[0].value;
        const Bits b = call.arguments[1].value;
        if (f == "extz" || f == "exts") {
            const auto width = static_cast<int>(b.value);
            if (b.value > 64 || width < a.width) fail_call(call, "cannot make a value narrower");
            const bool negative = f == "exts" && a.width > 0 && a.width < 64 &&
                                  ((a.value >> static_cast<unsigned>(a.width - 1)) & 1U) != 0;
            return {(negative ? a.value | ~low_bits(a.width) : a.value) & low_bits(width), width};
        }
        const auto shift = [&](bool left) -> Bits {
            if (b.value >= 64) return {0, a.width};
            const auto by = static_cast<unsigned>(b.value);
            return {(left ? a.value << by : a.value >> by) & low_bits(a.width == 0 ? 64 : a.width), a.width};
        };
        if (f == "bvlshr") return shift(false);
        if (f == "bvshl") return shift(true);
        if (f == "bvand") return {a.value & b.value, a.width};
        if (f == "bvor") return {a.value | b.value, a.width};
        if (f == "bvxor") return {a.value ^ b.value, a.width};
        if (f == "add_bits_int" || f == "bvadd")
            return {(a.value + b.value) & low_bits(a.width == 0 ? 64 : a.width), a.width};
        if (f == "sub_bits_int" || f == "bvsub")
            return {(a.value - b.value) & low_bits(a.width == 0 ? 64 : a.width), a.width};
        fail_call(call, "is no function that is supported here");
    }

    std::uint64_t descriptor_place(const Call& call, int level) {
        takes(call, 2);
        const std::uint64_t root = call.arguments[1].value.value;
        const auto tree = names_.trees.find(root);
        if (tree == names_.trees.end()) in_.fail_at(call.arguments[1].at, "no tables begin here");
        const auto place = tree->second.slot(call.arguments[0].value.value, level);
        if (!place)
            fail_call(call, "finds no descriptor: a block stands above it, or there are too many tables");
        return *place;
    }

    Bits make_descriptor(const Call& call, int stage, int level) {
        const LeafAttributes usual = default_attributes();
        std::uint64_t attributes = stage == 1 ? usual.stage1 : usual.stage2;
        const Argument* output = nullptr;
        const Argument* table = nullptr;
        for (const Argument& a : call.arguments) {
            if (a.keyword == "oa") {
                output = &a;
            } else if (a.keyword == "table") {
                table = &a;
            } else if (a.keyword.empty()) {
                in_.fail_at(a.at, "expected 'oa=', 'table=' or a field");
            } else {
                const std::string why = set_field(attributes, stage, a.keyword, a.value.value, a.value.width);
                if (!why.empty()) in_.fail_at(a.at, why);
            }
        }
        if ((output == nullptr) == (table == nullptr) || (table != nullptr && level == 3))
            fail_call(call, level == 3 ? "takes 'oa='" : "takes either 'oa=' or 'table='");
        if (table != nullptr) return {table->value.value | 3U, 64};
        return {output->value.value | attributes | (level == 3 ? 3U : 1U), 64};
    }

    Bits table_register(const Call& call) {
        std::uint64_t base = 0;
        std::uint64_t tag = 0;
        for (const Argument& a : call.arguments) {
            if (a.keyword == "base")
                base = a.value.value;
            else if ((a.keyword == "asid" || a.keyword == "vmid") && a.value.value <= 0xffff)
                tag = a.value.value;
            else
                in_.fail_at(a.at, "expected 'base=', and 'asid=' or 'vmid=' of 16 bits");
        }
        return {base | (tag << 48U), 64};
    }

    static constexpr int most_nested = 100;

    TokenReader& in_;
    Names& names_;
    int depth_ = 0;
};

}  // namespace

Bits evaluate(TokenReader& in, Names& names) {
    return Evaluation(in, names).expression();
}

}  // namespace tlbcheck::litmus::isla
