// SPDX-License-Identifier: Apache-2.0
//
// Propositional formulas, hash-consed and simplified as they are built. They are what lies between a lower
// and an upper bound: guards of events and edges of relations that depend on what an execution chooses.
// Solver-independent; the encoder hands them to Z3.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "model/logic/formula_tables.hpp"

namespace tlbcheck::model::logic {

/// Handle of a formula in a FormulaPool; cheap to copy. Negation is a bit of the handle.
class Formula {
  public:
    constexpr Formula() = default;
    constexpr bool is_true() const { return code_ == 0; }
    constexpr bool is_false() const { return code_ == 1; }
    constexpr bool is_constant() const { return code_ <= 1; }
    constexpr bool negated() const { return (code_ & 1U) != 0; }
    constexpr std::uint32_t node() const { return code_ >> 1U; }
    constexpr Formula operator!() const { return from_code(code_ ^ 1U); }
    constexpr std::uint32_t code() const { return code_; }
    static constexpr Formula from_code(std::uint32_t code) {
        Formula f;
        f.code_ = code;
        return f;
    }
    friend constexpr auto operator<=>(const Formula&, const Formula&) = default;

  private:
    std::uint32_t code_ = 0;  // 2 * node + negated; node 0 is the constant true
};

inline constexpr Formula true_formula = Formula::from_code(0);
inline constexpr Formula false_formula = Formula::from_code(1);

/// Variables are numbered from 0 in the order of creation; of the variables of one group at most one may be
/// true.
using Variable = std::uint32_t;
using Group = std::uint32_t;
inline constexpr Group no_group = 0;

enum class NodeKind : std::uint8_t { constant, variable, conjunction };

class FormulaPool {
  public:
    FormulaPool();

    /// A fresh variable; `name` is its meaning in an execution ("rf 3 7"), used in messages and as canonical
    /// order.
    Formula variable(std::string name, Group group = no_group);
    /// A fresh group of mutually exclusive variables. The caller states the exclusion to the solver through
    /// `groups()`, the pool uses it to simplify.
    Group new_group() { return ++group_count_; }

    Formula conjunction(std::span<const Formula> input);
    Formula disjunction(std::span<const Formula> input);
    Formula conjunction(std::initializer_list<Formula> operands) {
        return conjunction({operands.begin(), operands.size()});
    }
    Formula disjunction(std::initializer_list<Formula> operands) {
        return disjunction({operands.begin(), operands.size()});
    }
    Formula both(Formula a, Formula b);
    Formula either(Formula a, Formula b) { return !both(!a, !b); }
    Formula implication(Formula a, Formula b) { return !both(a, !b); }

    /// True only if a implies b for a syntactic reason (incomplete, cheap).
    bool implies(Formula a, Formula b) const;
    /// True only if a and b cannot both hold, for a syntactic reason.
    bool excludes(Formula a, Formula b) const { return implies(a, !b); }
    /// A formula equal to `f` wherever `context` holds, with what the context settles taken out.
    Formula under(Formula f, Formula context);

    NodeKind kind(Formula f) const { return nodes_[f.node()].kind; }
    Variable variable_of(Formula f) const { return nodes_[f.node()].begin; }
    /// Operands of the conjunction at f's node (f's own sign aside), sorted.
    std::span<const Formula> operands(Formula f) const;
    std::size_t variable_count() const { return names_.size(); }
    std::size_t node_count() const { return nodes_.size(); }
    const std::string& name(Variable v) const { return names_[v]; }
    Group group(Variable v) const { return groups_[v]; }
    Formula of_variable(Variable v) const { return variable_formula_[v]; }
    /// All variables as formulas, by number.
    const std::vector<Formula>& variables() const { return variable_formula_; }

  private:
    struct Node {
        NodeKind kind;
        std::uint32_t begin;  // variable number, or first operand
        std::uint32_t end;    // one past the last operand
    };
    void check_room(std::size_t operands) const;
    class Operands;  // of one conjunction as it is made
    Formula intern_conjunction(std::span<const Formula> ops);
    bool excluded_by_group(Formula a, Formula b) const;
    bool simplify(Operands& ops) const;
    bool resolve(Operands& ops, bool& changed);
    bool is_grouped(Formula f) const;
    bool is_small_disjunction(Formula f) const;
    Formula compute_under(Formula f, Formula context);
    void mark(std::span<const Formula> context);
    bool marked(Formula f) const { return f.code() < marks_.size() && marks_[f.code()] == round_; }
    Formula reduce_disjunction(Formula disjunct, std::span<const Formula> context);

    std::vector<Node> nodes_;
    std::vector<Formula> operands_;
    std::vector<std::string> names_;
    std::vector<Group> groups_;
    std::vector<Formula> variable_formula_;
    UniqueTable interned_;
    ComputedTable<Formula> under_, both_;  ///< results known, by both operands
    std::vector<std::uint32_t> marks_;     ///< by code: the round of `mark` that met it last
    std::uint32_t round_ = 0;
    Group group_count_ = 0;
};

/// Values of all variables of a pool; evaluates formulas with memoisation.
class Assignment {
  public:
    Assignment(const FormulaPool& pool, std::vector<bool> values);
    bool value(Formula f);
    bool variable(Variable v) const { return values_[v]; }
    const FormulaPool& pool() const { return *pool_; }

  private:
    const FormulaPool* pool_;
    std::vector<bool> values_;
    std::vector<std::int8_t> memo_;  // per node: -1 unknown
};

}  // namespace tlbcheck::model::logic
