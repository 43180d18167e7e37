// SPDX-License-Identifier: Apache-2.0
//
// Registers of each thread: X10, X11, X12 hold the addresses of x, y and z; W0 and W1 hold numbers at first,
// results go to W2, W3, ...; operands are any of what is there, newer ones more often.
#include "tests/support/random_feedback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

constexpr std::array<const char*, 3> symbols{"x", "y", "z"};
constexpr int first_address = 10;

class FeedbackGenerator {
  public:
    FeedbackGenerator(std::uint64_t seed, const RandomFeedbackOptions& options)
        : dice_(seed), options_(options), seed_(seed) {}

    std::string run() {
        locations_ = 2 + dice_.below(2);
        const std::size_t threads = options_.three && dice_.chance(0.25) ? 3 : 2;
        const int most = threads == 3 ? std::min(3, options_.most) : options_.most;
        const auto range = static_cast<std::size_t>(std::max(1, most - options_.fewest + 1));
        for (std::size_t t = 0; t < threads; ++t) {
            code_.emplace_back();
            registers_.push_back({0, 1});
            const std::size_t accesses = static_cast<std::size_t>(options_.fewest) + dice_.below(range);
            for (std::size_t i = 0; i < accesses; ++i) add_access();
        }
        return header() + rows() + question();
    }

  private:
    std::vector<int>& known() { return registers_.back(); }
    void emit(std::string line) { code_.back().push_back(std::move(line)); }
    int place() { return first_address + static_cast<int>(dice_.below(locations_)); }
    /// Newer values more often.
    int operand() {
        const std::size_t back = std::min(dice_.below(known().size()), dice_.below(known().size()));
        return known()[known().size() - 1 - back];
    }
    int result() {
        known().push_back(known().back() + 1);
        return known().back();
    }

    void add_access() {
        const std::size_t kind = dice_.below(100);
        if (kind < 30) {
            const char* const load = dice_.chance(0.8) ? "LDR" : "LDAR";
            const int at = place();
            emit(fmt::format("{} W{},[X{}]", load, result(), at));
        } else if (kind < 60) {
            if (dice_.chance(0.7)) compute();
            emit(fmt::format("{} W{},[X{}]", dice_.chance(0.8) ? "STR" : "STLR", operand(), place()));
        } else if (kind < 80) {
            update(dice_.chance(0.7) ? "LDADD" : "LDEOR");
        } else if (kind < 92) {
            update("SWP");
        } else {
            compare_and_swap();
        }
        if (dice_.chance(0.08)) emit(dice_.chance(0.5) ? "DMB SY" : "DMB LD");
    }

    void compute() {
        const int a = operand();
        const int b = operand();
        const int c = operand();
        switch (dice_.below(5)) {
            case 0:
            case 1:
                emit(fmt::format("MADD W{},W{},W{},W{}", result(), a, b, c));
                break;
            case 2:
            case 3:
                emit(fmt::format("ADD W{},W{},W{}", result(), a, b));
                break;
            default:
                emit(fmt::format("SUB W{},W{},W{}", result(), a, b));
        }
    }

    void update(const char* op) {
        const std::array<const char*, 4> orders{"", "", "A", "L"};
        const int value = operand();
        const int at = place();
        emit(fmt::format("{}{} W{},W{},[X{}]", op, orders.at(dice_.below(4)), value, result(), at));
    }

    /// The compared register is overwritten: it holds a copy.
    void compare_and_swap() {
        const int expected = operand();
        const int desired = operand();
        const int copy = result();
        emit(fmt::format("MOV W{},W{}", copy, expected));
        emit(fmt::format("CAS W{},W{},[X{}]", copy, desired, place()));
    }

    std::string header() {
        std::string text = fmt::format("AArch64 feedback{}\n{{\n", seed_);
        for (std::size_t l = 0; l < locations_; ++l)
            text += fmt::format("{}={}; ", symbols.at(l), dice_.below(3));
        text += "\n";
        for (std::size_t t = 0; t < code_.size(); ++t) {
            for (std::size_t l = 0; l < locations_; ++l)
                text += fmt::format("{}:X{}={}; ", t, first_address + static_cast<int>(l), symbols.at(l));
            text += fmt::format("{}:X0={}; {}:X1={};\n", t, 1 + dice_.below(2), t, dice_.below(4));
        }
        return text + "}\n";
    }

    std::string rows() const {
        std::size_t most = 0;
        for (const auto& lines : code_) most = std::max(most, lines.size());
        std::string text;
        for (std::size_t t = 0; t < code_.size(); ++t)
            text += fmt::format("{}P{:<20}", t == 0 ? " " : "| ", t);
        text += ";\n";
        for (std::size_t r = 0; r < most; ++r) {
            for (std::size_t t = 0; t < code_.size(); ++t) {
                const std::string line = r < code_[t].size() ? code_[t][r] : "";
                text += fmt::format("{}{:<21}", t == 0 ? " " : "| ", line);
            }
            text += ";\n";
        }
        return text;
    }

    std::string question() {
        std::string text = "locations [";
        for (std::size_t l = 0; l < locations_; ++l) text += fmt::format("{};", symbols.at(l));
        for (std::size_t t = 0; t < code_.size(); ++t) {
            if (registers_[t].size() > 2 && dice_.chance(0.5))
                text += fmt::format("{}:X{};", t, registers_[t].back());
        }
        return text + fmt::format("]\nexists ([x]={} /\\ [y]={})\n", dice_.below(4), dice_.below(4));
    }

    Dice dice_;
    RandomFeedbackOptions options_;
    std::uint64_t seed_;
    std::size_t locations_ = 2;
    std::vector<std::vector<std::string>> code_;
    std::vector<std::vector<int>> registers_;  ///< W registers with a value, oldest first
};

}  // namespace

std::string random_feedback(std::uint64_t seed, const RandomFeedbackOptions& options) {
    return FeedbackGenerator(seed, options).run();
}

}  // namespace tlbcheck::tests
