// SPDX-License-Identifier: Apache-2.0
//
// Statements are kept as text on a stack: an expansion pushes what it stands for, so that nesting needs no
// recursion.

#include "litmus/kernel/asm/preprocessor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/expression.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

/// Far more than any of the kernel's templates has; a bound on hostile ones.
constexpr std::size_t most_statements = 20'000;
constexpr std::size_t most_source_bytes = 1U << 20U;  ///< of all statements, expansions among them

[[noreturn]] void too_much() {
    throw AsmError("inline assembly: more statements than any template has");
}

[[noreturn]] void refuse(const Statement& statement, std::string_view why) {
    throw AsmError(fmt::format("inline assembly '{}': {}", statement.text, why));
}

/// Splits a macro's arguments: at commas, and at blanks that stand beside no operator.
std::vector<std::string> macro_arguments(std::string_view text) {
    constexpr std::string_view joins = "+-*/|&^<>=~!(";
    std::vector<std::string> result;
    for (const std::string& each : split_operands(text)) {
        int depth = 0;
        std::string current;
        for (std::size_t i = 0; i < each.size(); ++i) {
            const char c = each[i];
            if (c == '(' || c == '[') ++depth;
            if (c == ')' || c == ']') --depth;
            const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
            if (blank && depth == 0 && !current.empty()) {
                const std::size_t after = each.find_first_not_of(" \t", i);
                if (joins.find(current.back()) == std::string_view::npos &&
                    (joins.find(each[after]) == std::string_view::npos || each[after] == '(')) {
                    result.push_back(current);
                    current.clear();
                    i = after - 1;
                    continue;
                }
            }
            current += c;
        }
        result.emplace_back(trim(current));
    }
    return result;
}

/// \name becomes its value, \() nothing.
std::string substitute(const std::string& line, const std::map<std::string, std::string>& values) {
    std::string result;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (result.size() > most_source_bytes) too_much();
        if (line[i] != '\\') {
            result += line[i];
            continue;
        }
        if (line.compare(i, 3, "\\()") == 0) {
            i += 2;
            continue;
        }
        // The longest parameter that stands here: \num\() and \number are told apart.
        std::size_t end = i + 1;
        while (end < line.size() &&
               (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '_'))
            ++end;
        const auto found = values.find(line.substr(i + 1, end - i - 1));
        if (found == values.end()) {
            result += line[i];
            continue;
        }
        result += found->second;
        i = end - 1;
    }
    return result;
}

}  // namespace

Preprocessor::Preprocessor(std::string_view text) {
    push(split_statements(text));
}

void Preprocessor::push(const std::vector<std::string>& lines) {
    if (pending_.size() + lines.size() > most_statements) too_much();
    for (const std::string& line : lines) bytes_ += line.size();
    if (bytes_ > most_source_bytes) too_much();
    pending_.insert(pending_.end(), lines.rbegin(), lines.rend());
}

void Preprocessor::count_statement() {
    if (++statements_ > most_statements) too_much();
}

std::optional<Statement> Preprocessor::next() {
    while (!pending_.empty()) {
        count_statement();
        const std::string text = std::move(pending_.back());
        pending_.pop_back();
        Statement statement = parse_statement(text);
        if (conditional(statement)) continue;
        if (skipping()) continue;
        if (directive(statement)) {
            if (statement.labels.empty()) continue;
            statement.word.clear();
            statement.operands.clear();
        }
        return statement;
    }
    if (!conditions_.empty()) throw AsmError("inline assembly: '.if' without '.endif'");
    return std::nullopt;
}

std::optional<std::int64_t> Preprocessor::symbol(std::string_view name) const {
    const auto found = symbols_.find(name);
    return found == symbols_.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Preprocessor::number(std::string_view text) const {
    return evaluate_number(text, [&](std::string_view name) -> Value {
        if (const auto value = symbol(name)) return {*value, {}, {}, {}};
        throw AsmError(
            fmt::format("inline assembly: '{}' needs the value of '{}' where it is read", trim(text), name));
    });
}

bool Preprocessor::holds(const Statement& statement) {
    const std::string_view operands = statement.operands;
    if (statement.word == ".ifdef") return symbol(operands).has_value();
    if (statement.word == ".ifndef" || statement.word == ".ifnotdef") return !symbol(operands).has_value();
    if (statement.word == ".ifb") return operands.empty();
    if (statement.word == ".ifnb") return !operands.empty();
    if (statement.word == ".ifc" || statement.word == ".ifnc") {
        const std::vector<std::string> two = split_operands(operands);
        if (two.size() != 2) refuse(statement, "two texts are compared");
        return (two[0] == two[1]) == (statement.word == ".ifc");
    }
    const std::int64_t value = number(operands);
    if (statement.word == ".ifeq") return value == 0;
    if (statement.word == ".ifgt") return value > 0;
    if (statement.word == ".ifge") return value >= 0;
    if (statement.word == ".iflt") return value < 0;
    if (statement.word == ".ifle") return value <= 0;
    if (statement.word == ".if" || statement.word == ".ifne" || statement.word == ".elseif")
        return value != 0;
    refuse(statement, "a condition that is not known here");
}

/// True when the statement was .if, .else, .elseif or .endif.
bool Preprocessor::conditional(const Statement& statement) {
    const bool is_condition = statement.word.starts_with(".if") || statement.word.starts_with(".else") ||
                              statement.word == ".endif";
    if (is_condition && !skipping() && !statement.labels.empty())
        refuse(statement, "a label stands before a condition");
    if (statement.word.starts_with(".if")) {
        const bool outer = !skipping();
        const bool taken = outer && holds(statement);
        conditions_.push_back({taken, taken, outer});
        return true;
    }
    if (statement.word != ".else" && statement.word != ".elseif" && statement.word != ".endif") return false;
    if (conditions_.empty()) refuse(statement, "there is no '.if' for it");
    Condition& condition = conditions_.back();
    if (statement.word == ".endif") {
        conditions_.pop_back();
        return true;
    }
    condition.taken = condition.outer && !condition.done && (statement.word == ".else" || holds(statement));
    condition.done = condition.done || condition.taken;
    return true;
}

/// True when the statement was one of the preprocessor's and is done with.
bool Preprocessor::directive(const Statement& statement) {
    static const std::map<std::string, void (Preprocessor::*)(const Statement&), std::less<>> handlers{
        {".macro", &Preprocessor::define_macro},
        {".rept", &Preprocessor::repeat},
        {".irp", &Preprocessor::repeat_for},
    };
    if (const auto handler = handlers.find(statement.word); handler != handlers.end()) {
        (this->*handler->second)(statement);
        return true;
    }
    if (statement.word == ".set" || statement.word == ".equ" || statement.word == ".equiv") {
        const std::vector<std::string> two = split_operands(statement.operands);
        if (two.size() != 2) refuse(statement, "a name and a value");
        set_symbol(statement, two[0], two[1]);
        return true;
    }
    if (statement.word == ".purgem") {
        if (macros_.erase(statement.operands) == 0) refuse(statement, "no such macro");
        return true;
    }
    if (statement.operands.starts_with("=") && !statement.operands.starts_with("==")) {
        set_symbol(statement, statement.text.substr(0, statement.word.size()), statement.operands.substr(1));
        return true;
    }
    if (const auto macro = macros_.find(statement.word); macro != macros_.end()) {
        expand(Macro(macro->second), statement);
        return true;
    }
    if (statement.word == ".endm" || statement.word == ".endr") refuse(statement, "nothing that it ends");
    return false;
}

void Preprocessor::set_symbol(const Statement& statement, std::string_view name, std::string_view value) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_char)) refuse(statement, "not a name");
    symbols_.insert_or_assign(std::string(name), number(value));
}

std::vector<std::string> Preprocessor::body_until(std::string_view opening, std::string_view closing,
                                                  const Statement& statement) {
    std::vector<std::string> body;
    for (int depth = 1; !pending_.empty();) {
        count_statement();
        std::string line = std::move(pending_.back());
        pending_.pop_back();
        const std::string word = parse_statement(line).word;
        const bool opens =
            opening == ".rept" ? word == ".rept" || word == ".irp" || word == ".irpc" : word == opening;
        if (opens) ++depth;
        if (word == closing && --depth == 0) return body;
        body.push_back(std::move(line));
    }
    refuse(statement, fmt::format("no '{}' ends it", closing));
}

void Preprocessor::define_macro(const Statement& statement) {
    std::vector<std::string> words;
    for (const std::string& each : macro_arguments(statement.operands)) words.push_back(each);
    if (words.empty()) refuse(statement, "a macro without a name");
    Macro macro;
    // Lower case, as statements' first words are.
    const std::string name = lower_case(words[0]);
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        std::string parameter = words[i].substr(0, equals);
        const std::size_t colon = parameter.find(':');
        if (colon != std::string::npos && parameter.substr(colon) == ":vararg")
            refuse(statement, "':vararg' is not known here");
        macro.parameters.emplace_back(trim(parameter.substr(0, colon)));
        macro.defaults.emplace_back(equals == std::string::npos ? "" : trim(words[i]).substr(equals + 1));
    }
    macro.body = body_until(".macro", ".endm", statement);
    macros_.insert_or_assign(name, std::move(macro));
}

void Preprocessor::expand(const Macro& macro, const Statement& statement) {
    const std::vector<std::string> arguments = macro_arguments(statement.operands);
    if (arguments.size() > macro.parameters.size())
        refuse(statement, "more arguments than the macro has parameters");
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < macro.parameters.size(); ++i)
        values[macro.parameters[i]] = i < arguments.size() ? arguments[i] : macro.defaults[i];
    std::vector<std::string> lines;
    lines.reserve(macro.body.size());
    for (const std::string& line : macro.body) lines.push_back(substitute(line, values));
    push(lines);
}

void Preprocessor::repeat(const Statement& statement) {
    const std::int64_t count = number(statement.operands);
    const std::vector<std::string> body = body_until(".rept", ".endr", statement);
    if (count < 0 || (!body.empty() && static_cast<std::uint64_t>(count) > most_statements / body.size()))
        refuse(statement, "a count out of bounds");
    for (std::int64_t i = 0; i < count; ++i) push(body);
}

void Preprocessor::repeat_for(const Statement& statement) {
    const std::vector<std::string> operands = macro_arguments(statement.operands);
    if (operands.empty()) refuse(statement, "a name and its values");
    const std::vector<std::string> body = body_until(".rept", ".endr", statement);
    std::vector<std::string> lines;
    for (std::size_t i = 1; i < operands.size(); ++i) {
        if (lines.size() > most_statements) refuse(statement, "more statements than any template has");
        for (const std::string& line : body) lines.push_back(substitute(line, {{operands[0], operands[i]}}));
    }
    push(lines);
}

}  // namespace tlbcheck::litmus::kernel::assembly
