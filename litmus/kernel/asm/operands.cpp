// SPDX-License-Identifier: Apache-2.0
//
// Constraints of AArch64 (LLVM language reference, "Inline Assembler Expressions"): r and what may be a
// number instead, Q and m through a pointer, {x3}, a digit for an operand tied to an output, i and S, labels
// behind '!'.

#include "litmus/kernel/asm/operands.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

constexpr std::string_view argument_prefix = ".Largument.";
constexpr std::string_view label_prefix = ".Llabel.";
constexpr std::size_t most_operands = 64;
constexpr unsigned general_registers = 31;

std::optional<std::size_t> number_after(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix)) return std::nullopt;
    name.remove_prefix(prefix.size());
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
    if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return value;
}

/// x7 or w7; nullopt for any other word.
std::optional<Register> general_register(std::string_view word) {
    if (word.size() < 2 || (word[0] != 'x' && word[0] != 'w' && word[0] != 'X' && word[0] != 'W'))
        return std::nullopt;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size() || number >= general_registers)
        return std::nullopt;
    return static_cast<Register>(number);
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
}

class Printer {
  public:
    explicit Printer(const Site& site) : site_(site) {}

    PrintedTemplate print() {
        read_constraints();
        reserve_registers();
        for (Operand& operand : result_.operands) bind(operand);
        print_text();
        return std::move(result_);
    }

  private:
    [[noreturn]] static void refuse(std::string_view constraint, std::string_view why) {
        throw AsmError(fmt::format("inline assembly operand \"{}\": {}", constraint, why));
    }

    void read_constraints() {
        std::string_view rest = site_.constraints;
        while (!rest.empty()) {
            const std::size_t comma = rest.find(',');
            const std::string_view each = rest.substr(0, comma);
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
            if (each.starts_with('~')) {
                note_clobber(each);
                continue;
            }
            read_operand(each);
            if (result_.operands.size() > most_operands) refuse(each, "too many operands");
        }
        if (arguments_ > site_.constants.size())
            refuse(site_.constraints, "the call has fewer arguments than constraints");
    }

    void note_clobber(std::string_view each) {
        if (each.size() > 3) take_if_register(each.substr(2, each.size() - 3));
    }

    void take_if_register(std::string_view word) {
        if (const auto reg = general_register(word)) taken_.at(*reg) = true;
    }

    void read_operand(std::string_view each) {
        Operand operand;
        operand.constraint = each;
        if (each.starts_with('!')) {
            operand.kind = Operand::Kind::label;
            operand.label = labels_++;
            result_.operands.push_back(std::move(operand));
            return;
        }
        std::string_view rest = each;
        bool indirect = false;
        for (; !rest.empty() && (rest[0] == '=' || rest[0] == '&' || rest[0] == '*' || rest[0] == '%');
             rest.remove_prefix(1)) {
            operand.output = operand.output || rest[0] == '=';
            indirect = indirect || rest[0] == '*';
        }
        if (indirect) {
            if (rest != "Q" && rest != "m" && rest != "o")
                refuse(each, "not a memory operand that is known here (Q, m, o)");
            operand.kind = Operand::Kind::memory;
        }
        if (indirect || !operand.output) {
            operand.argument = arguments_++;
            if (*operand.argument < site_.constants.size())
                operand.constant = site_.constants[*operand.argument];
        }
        if (!indirect) choose_register(operand, rest);
        if (operand.kind != Operand::Kind::value) operand.constant.reset();
        result_.operands.push_back(std::move(operand));
    }

    /// What the letters of a direct operand allow, and what is taken of it.
    void choose_register(Operand& operand, std::string_view letters) {
        if (letters.size() > 2 && letters.front() == '{' && letters.back() == '}') {
            const auto reg = general_register(letters.substr(1, letters.size() - 2));
            if (!reg) refuse(operand.constraint, "a register that is not modelled");
            operand.reg = reg;
            operand.constant.reset();
            taken_.at(*reg) = true;
            return;
        }
        if (!letters.empty() && is_digit(letters[0])) {
            tied_.emplace_back(result_.operands.size(), number_after(letters, "").value_or(most_operands));
            operand.constant.reset();
            return;
        }
        bool number = false;
        bool zero = false;
        bool reg = false;
        for (const char letter : letters) {
            if (letter == 'r' || letter == 'p')
                reg = true;
            else if (letter == 'Z')
                zero = true;
            else if (std::string_view("iInJKLMNSX").find(letter) != std::string_view::npos)
                number = true;
            else if (letter != 'g')
                refuse(operand.constraint, "a constraint that is not known here");
            else
                reg = number = true;
        }
        if (!reg && !number) refuse(operand.constraint, "neither a register nor a number");
        if (!reg && operand.output) refuse(operand.constraint, "an output that is no register");
        const bool printed = operand.constant && (number || (zero && *operand.constant == 0));
        if (!printed) operand.constant.reset();
        if (!printed && !reg) operand.kind = Operand::Kind::symbol;
    }

    /// Registers that the text names itself are nobody else's.
    void reserve_registers() {
        std::string word;
        for (const char c : site_.text) {
            if (is_word(c)) {
                word += c;
                continue;
            }
            take_if_register(word);
            word.clear();
        }
        take_if_register(word);
    }

    Register fresh(const Operand& operand) {
        while (next_ < general_registers && taken_.at(next_)) ++next_;
        if (next_ == general_registers) refuse(operand.constraint, "no register is left");
        return static_cast<Register>(next_++);
    }

    void bind(Operand& operand) {
        const auto index = static_cast<std::size_t>(&operand - result_.operands.data());
        for (const auto& [tied, to] : tied_) {
            if (tied != index) continue;
            if (to >= index || !result_.operands[to].output) refuse(operand.constraint, "tied to no output");
            operand.reg = result_.operands[to].reg;
            operand.kind = result_.operands[to].kind;
            return;
        }
        if (operand.reg || operand.constant || operand.kind == Operand::Kind::label ||
            operand.kind == Operand::Kind::symbol)
            return;
        operand.reg = fresh(operand);
    }

    void print_text() {
        const std::string_view text = site_.text;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '$') {
                result_.text += text[i];
            } else if (i + 1 < text.size() && text[i + 1] == '$') {
                result_.text += '$';
                ++i;
            } else {
                i = print_reference(i + 1) - 1;
            }
        }
    }

    /// $1 or ${1:w} from its first byte behind '$'; returns the place behind it.
    std::size_t print_reference(std::size_t at) {
        const std::string_view text = site_.text;
        if (at < text.size() && text[at] == '{') {
            const std::size_t end = text.find('}', at);
            if (end == std::string_view::npos) throw AsmError("inline assembly: '${' without '}'");
            const std::string_view inner = text.substr(at + 1, end - at - 1);
            const std::size_t colon = inner.find(':');
            if (inner == ":uid")
                result_.text += "0";
            else
                print_operand(inner.substr(0, colon),
                              colon == std::string_view::npos ? "" : inner.substr(colon + 1));
            return end + 1;
        }
        std::size_t end = at;
        while (end < text.size() && is_digit(text[end])) ++end;
        print_operand(text.substr(at, end - at), "");
        return end;
    }

    void print_operand(std::string_view number, std::string_view modifier) {
        const auto index = number_after(number, "");
        if (!index || *index >= result_.operands.size())
            throw AsmError(fmt::format("inline assembly: '${}' is no operand", number));
        const Operand& operand = result_.operands[*index];
        if (modifier.size() > 1 ||
            (!modifier.empty() && std::string_view("wxlcan").find(modifier) == std::string_view::npos))
            refuse(operand.constraint,
                   fmt::format("printed with modifier '{}', which is not known here", modifier));
        result_.text += printed(operand, modifier);
    }

    static std::string printed(const Operand& operand, std::string_view modifier) {
        if (operand.label) return label_symbol(*operand.label);
        if (operand.kind == Operand::Kind::memory || modifier == "a") {
            if (!operand.reg) refuse(operand.constraint, "printed as an address");
            return fmt::format("[x{}]", *operand.reg);
        }
        const bool narrow = modifier == "w";
        if (operand.constant) {
            const auto value = static_cast<std::int64_t>(*operand.constant);
            if (value == 0 && (narrow || modifier == "x")) return narrow ? "wzr" : "xzr";
            if (operand.constraint.find('Z') != std::string::npos && value == 0) return "xzr";
            return std::to_string(modifier == "n" ? -value : value);
        }
        if (operand.kind == Operand::Kind::symbol) return argument_symbol(operand.argument.value());
        return fmt::format("{}{}", narrow ? 'w' : 'x', *operand.reg);
    }

    const Site& site_;
    PrintedTemplate result_;
    std::vector<std::pair<std::size_t, std::size_t>> tied_;
    std::array<bool, general_registers> taken_{};
    unsigned next_ = 0;
    std::size_t arguments_ = 0;
    std::size_t labels_ = 0;
};

}  // namespace

std::string argument_symbol(std::size_t argument) {
    return std::string(argument_prefix) + std::to_string(argument);
}

std::string label_symbol(std::size_t label) {
    return std::string(label_prefix) + std::to_string(label);
}

std::optional<std::size_t> argument_of_symbol(std::string_view name) {
    return number_after(name, argument_prefix);
}

std::optional<std::size_t> label_of_symbol(std::string_view name) {
    return number_after(name, label_prefix);
}

PrintedTemplate print_template(const Site& site) {
    return Printer(site).print();
}

}  // namespace tlbcheck::litmus::kernel::assembly
