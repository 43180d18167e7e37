// SPDX-License-Identifier: Apache-2.0
//
// Evaluates expressions; names, calls and members of stretches are left to who knows them.
#pragma once

#include <cstdint>
#include <string>

#include "litmus/sched/syntax_tree.hpp"
#include "litmus/sched/value.hpp"

namespace tlbcheck::litmus::sched {

class Evaluator {
  public:
    explicit Evaluator(const SyntaxTree& tree) : tree_(tree) {}
    virtual ~Evaluator() = default;
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;
    Evaluator(Evaluator&&) = delete;
    Evaluator& operator=(Evaluator&&) = delete;

    Value evaluate(const Expression& expression);
    /// A number; a stretch counts as its start.
    Affine number(const Expression& expression);
    bool truth(const Expression& expression);
    /// A number in low .. high that is the same in all iterations. Throws NotUniform when it grows.
    std::uint64_t constant(const Expression& expression, std::uint64_t low, std::uint64_t high,
                           const std::string& what);
    /// As written or evaluated: "coalesced", "rw", ...
    std::string word(const Expression& expression);

  protected:
    virtual Value name_value(const Expression& expression) = 0;
    virtual Value machine_value(const Expression& expression) = 0;
    virtual Value call_value(const Expression& expression) = 0;
    virtual Value member_value(const Expression& expression, const Span& span) = 0;
    /// The number as it is written: an address of a space is kept with a mark of the space, which this takes
    /// out.
    virtual Affine plain(const Affine& number) const { return number; }
    /// Iterations that one evaluation stands for.
    virtual std::uint64_t iterations() const { return 1; }

    [[noreturn]] void error(const Spot& spot, std::string message, std::string hint = {}) const {
        fail(tree_.where(spot), std::move(message), std::move(hint));
    }
    const SyntaxTree& tree() const { return tree_; }
    Affine number_of(const Value& value, const Spot& spot) const;

  private:
    Value unary(const Expression& expression);
    Value binary(const Expression& expression);
    bool comparison(const Expression& expression);
    void take_marks_out(const std::string& op, Affine& left, Affine& right) const;

    const SyntaxTree& tree_;
};

}  // namespace tlbcheck::litmus::sched
