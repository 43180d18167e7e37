// SPDX-License-Identifier: Apache-2.0
//
// One line is one step: `ID LITERALS 0 REASONS 0`, or `ID d IDS 0` for clauses needed no more.
#include "checker/lrat_checker/lrat_checker.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace tlbcheck::lrat_checker {

namespace {

using proof_checker::Clause;
using proof_checker::Cnf;
using proof_checker::Literal;
using proof_checker::Verdict;
using Number = std::int64_t;

/// The numbers of a line, and whether a lone "d" stood second.
struct Line {
    std::vector<Number> numbers;
    bool deletes = false;
};

std::optional<Line> read_line(std::string_view text) {
    Line line;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
        if (space != std::string_view::npos && text.empty()) return std::nullopt;  // ends with a space
        if (word == "d" && line.numbers.size() == 1 && !line.deletes) {
            line.deletes = true;
            continue;
        }
        Number value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
        line.numbers.push_back(value);
    }
    if (line.numbers.size() < 2 || line.numbers.back() != 0) return std::nullopt;
    return line;
}

class Checker {
  public:
    explicit Checker(const Cnf& cnf)
        : variables_(cnf.variables), values_(static_cast<std::size_t>(cnf.variables) + 1, 0) {
        for (const Clause& c : cnf.clauses) clauses_.emplace(++last_, c);
    }

    /// What is wrong with the step, or "".
    std::string step(const std::string& text) {
        const auto line = read_line(text);
        if (!line) return "is not of the format";
        return line->deletes ? remove(line->numbers) : add(line->numbers);
    }

    bool done() const { return done_; }

  private:
    /// The number before the clauses deleted is of no meaning.
    std::string remove(const std::vector<Number>& numbers) {
        for (std::size_t i = 1; i + 1 < numbers.size(); ++i)
            if (clauses_.erase(numbers[i]) == 0) return "deletes a clause that is not there";
        return {};
    }

    std::string add(const std::vector<Number>& numbers) {
        const Number id = numbers.front();
        if (id <= last_) return "has a number that is not larger than all before";
        Clause clause;
        std::size_t at = 1;
        for (; numbers[at] != 0; ++at) {
            if (numbers[at] > variables_ || numbers[at] < -Number{variables_})
                return "has a variable that no clause has";
            clause.push_back(static_cast<Literal>(numbers[at]));
        }
        if (at + 1 == numbers.size()) return "gives no reasons";
        const std::string wrong =
            follow(clause, {numbers.begin() + static_cast<std::ptrdiff_t>(at) + 1, numbers.end() - 1});
        for (const Literal l : assumed_) values_[variable(l)] = 0;
        assumed_.clear();
        if (!wrong.empty()) return wrong;
        last_ = id;
        done_ = clause.empty();
        clauses_.emplace(id, std::move(clause));
        return {};
    }

    /// With the clause's negation assumed, the reasons one after the other come to a contradiction.
    std::string follow(const Clause& clause, const std::vector<Number>& reasons) {
        for (const Literal l : clause) {
            if (value(l) > 0) return "holds whatever its variables are";
            if (value(l) == 0) assume(-l);
        }
        for (std::size_t i = 0; i < reasons.size(); ++i) {
            const auto reason = clauses_.find(reasons[i]);
            if (reason == clauses_.end()) return "has a reason that is no clause";
            Literal open = 0;
            for (const Literal l : reason->second) {
                if (value(l) < 0 || l == open) continue;
                if (value(l) > 0 || open != 0) return "has a reason that forces nothing";
                open = l;
            }
            if (open != 0) {
                assume(open);
            } else {
                return i + 1 == reasons.size() ? "" : "has reasons after its contradiction";
            }
        }
        return "does not follow";
    }

    static std::size_t variable(Literal l) { return static_cast<std::size_t>(std::abs(l)); }
    int value(Literal l) const { return l > 0 ? values_[variable(l)] : -values_[variable(l)]; }
    void assume(Literal l) {
        values_[variable(l)] = l > 0 ? 1 : -1;
        assumed_.push_back(l);
    }

    Literal variables_;
    std::unordered_map<Number, Clause> clauses_;
    std::vector<std::int8_t> values_;  ///< by variable: 1 true, -1 false, 0 open
    std::vector<Literal> assumed_;
    Number last_ = 0;
    bool done_ = false;
};

}  // namespace

Verdict check_lrat(const Cnf& cnf, std::istream& proof) {
    Checker checker(cnf);
    std::size_t steps = 0;
    const auto refused = [&](const std::string& why) {
        return Verdict{false, "step " + std::to_string(steps) + ": " + why, steps};
    };
    for (std::string line; std::getline(proof, line);) {
        ++steps;
        if (proof.eof()) return refused("is cut short");
        if (checker.done()) return refused("goes on after the empty clause");
        if (const std::string wrong = checker.step(line); !wrong.empty()) return refused(wrong);
    }
    if (!checker.done()) return {false, "does not come to the empty clause", steps};
    return {true, {}, steps};
}

}  // namespace tlbcheck::lrat_checker
