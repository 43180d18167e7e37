// SPDX-License-Identifier: Apache-2.0
//
// Strict on purpose: a file cut short or changed must not read as another one that is well formed.
#include "checker/proof_checker/dimacs.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace tlbcheck::proof_checker {

namespace {

/// The next word of the line, up to one space; nullopt at its end.
std::optional<std::string_view> next_word(std::string_view& line) {
    if (line.empty()) return std::nullopt;
    const std::size_t space = line.find(' ');
    const std::string_view word = line.substr(0, space);
    line = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    return word;
}

/// A number as we write it: without "+", "-0" or leading zeros.
std::optional<std::int64_t> number(std::string_view word) {
    const std::string_view digits = word.substr(word.starts_with('-') ? 1 : 0);
    if (digits.starts_with('0') && word != "0") return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

/// Literals up to a 0 that ends the line.
bool read_clause(std::string_view line, Literal variables, Clause& clause) {
    while (const auto word = next_word(line)) {
        const auto value = number(*word);
        if (!value || *value > variables || *value < -static_cast<std::int64_t>(variables)) return false;
        if (*value == 0) return line.empty();
        clause.push_back(static_cast<Literal>(*value));
    }
    return false;
}

/// A line that ends with a newline; false at the end of the text. An unfinished line is given as "?".
bool next_line(std::istream& in, std::string& line) {
    if (!std::getline(in, line)) return false;
    if (in.eof()) line = "?";
    return true;
}

bool read_header(std::string_view line, Cnf& cnf, std::int64_t& clauses) {
    if (next_word(line) != "p" || next_word(line) != "cnf") return false;
    const auto variables = number(next_word(line).value_or(""));
    const auto count = number(next_word(line).value_or(""));
    if (!variables || !count || !line.empty()) return false;
    if (*variables < 0 || *variables > most_variables || *count < 0) return false;
    cnf.variables = static_cast<Literal>(*variables);
    clauses = *count;
    return true;
}

std::string wrong(std::size_t line, const std::string& what) {
    return "line " + std::to_string(line) + ": " + what;
}

}  // namespace

bool read_cnf(std::istream& in, Cnf& cnf, std::string& why) {
    std::string line;
    std::int64_t declared = -1;
    std::int64_t literals = 0;
    for (std::size_t n = 1; next_line(in, line); ++n) {
        if (line == "c" || line.starts_with("c ")) continue;
        if (declared < 0) {
            if (read_header(line, cnf, declared)) continue;
            why = wrong(n, "expected `p cnf VARIABLES CLAUSES`");
            return false;
        }
        Clause clause;
        if (!read_clause(line, cnf.variables, clause)) {
            why = wrong(n, "not a clause over the variables declared");
            return false;
        }
        literals += static_cast<std::int64_t>(clause.size());
        cnf.clauses.push_back(std::move(clause));
    }
    const auto found = static_cast<std::int64_t>(cnf.clauses.size());
    if (declared == found && cnf.variables <= literals) return true;
    why = declared < 0 ? "no header"
          : declared != found
              ? std::to_string(found) + " clauses, but the header says " + std::to_string(declared)
              : "more variables are declared than the clauses can have";
    return false;
}

bool read_proof(std::istream& in, std::vector<Step>& proof, std::string& why) {
    std::string line;
    for (std::size_t n = 1; next_line(in, line); ++n) {
        Step step;
        std::string_view rest = line;
        if (rest.starts_with("d ")) {
            step.deletion = true;
            rest.remove_prefix(2);
        }
        if (!read_clause(rest, most_variables, step.clause)) {
            why = wrong(n, "not a step of a proof");
            return false;
        }
        proof.push_back(std::move(step));
    }
    return true;
}

}  // namespace tlbcheck::proof_checker
