// SPDX-License-Identifier: Apache-2.0
//
// A small satisfiability search for the many small questions, which a solver library takes longer to start
// for than they take to answer: clauses learnt from conflicts, two watched literals, decisions by recent
// conflicts. It gives up early; what it then says is nothing, and the solver library is asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "encoder/clauses.hpp"

namespace tlbcheck::encoder {

class ClauseSearch {
  public:
    /// What one check may take, and how much the search may be given in all.
    struct Effort {
        std::uint64_t conflicts = 2000;
        std::uint64_t visits = 4000000;  ///< clauses looked at
        std::size_t literals = 600000;   ///< of all clauses
    };

    ClauseSearch() : ClauseSearch(Effort{}) {}
    explicit ClauseSearch(const Effort& effort) : effort_(effort) {}

    /// Clauses, each ended by 0. Between checks only.
    void add(std::span<const Literal> clauses);
    /// Whether the clauses can hold together with the assumptions; nullopt: not found out.
    std::optional<bool> check(std::span<const Literal> assumptions);
    /// The variable's value after a check that was satisfiable; one that no clause has is false.
    bool value(Literal variable) const;
    /// More than `Effort::literals` were added, or an exception ended a check: every check gives up.
    bool given_up() const { return unfinished_ || given_.size() > effort_.literals; }
    /// All that was added.
    std::span<const Literal> given() const { return given_; }

  private:
    using Code = std::uint32_t;    ///< literal: 2 * (variable - 1), plus 1 when negated
    using Clause = std::uint32_t;  ///< where in `arena_` its length stands, its literals behind
    static constexpr Clause none = 0;
    enum class Value : std::int8_t { no = -1, open = 0, yes = 1 };
    struct Watch {
        Clause clause = none;
        Code blocker = 0;  ///< a literal of the clause: nothing to do where it holds
    };
    struct Variable {
        Value value = Value::open;
        bool seen = false;
        std::uint32_t level = 0;
        Clause reason = none;
        double activity = 0;
        std::int32_t position = -1;  ///< in the heap
    };

    static Code code(Literal l);
    Value value_of(Code c) const;
    void grow(Code c);
    void add_clause(std::span<const Literal> clause);
    Clause store(std::span<const Code> literals);
    void assign(Code c, Clause reason);
    Clause propagate();
    bool move_watch(Clause clause, Code falsified);
    void learn(Clause conflict);
    void mark(Clause clause, std::size_t& open_here);
    bool implied_by_others(Code c) const;
    void back_to(std::uint32_t level);
    void bump(std::uint32_t variable);
    void sift_up(std::size_t at);
    void sift_down(std::size_t at);
    void put_in_heap(std::uint32_t variable);
    std::optional<std::uint32_t> next_variable();
    std::optional<bool> search();
    std::uint32_t level() const { return static_cast<std::uint32_t>(levels_.size()); }

    Effort effort_;
    std::vector<Literal> given_;
    std::vector<std::uint32_t> arena_{0};
    std::vector<std::vector<Watch>> watches_;  ///< by the literal that is to become false
    std::vector<Variable> variables_;
    std::vector<std::uint32_t> heap_;  ///< open variables, most active first
    std::vector<Code> trail_, assumed_, learnt_;
    std::vector<std::size_t> levels_;  ///< length of the trail before each decision
    std::vector<bool> model_;
    std::size_t propagated_ = 0;
    std::uint64_t visits_ = 0;
    double increment_ = 1;
    bool contradiction_ = false;
    bool unfinished_ = false;
};

}  // namespace tlbcheck::encoder
