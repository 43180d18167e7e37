// SPDX-License-Identifier: Apache-2.0
//
// The small-case enumerator (formal-model.md section 7): every candidate execution of an event graph, choice
// by choice, each completed one judged over bit sets. Nothing of it is shared with the formulas that the
// solver is given. A part of the choices is given up only when what is decided already breaks the model, or
// when its caller says that nothing new can come of it. Beyond its limits it says so; it has no verdict then.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/execution/concrete_evaluator.hpp"
#include "tests/enumerator/bounds.hpp"

namespace tlbcheck::tests::enumerator {

struct Limits {
    std::uint64_t steps = 20000;  ///< candidates looked at, complete or not
    std::size_t events = 600;     ///< of the graph
};

enum class Extent : std::uint8_t {
    complete,   ///< every candidate was looked at
    stopped,    ///< the caller had enough
    too_large,  ///< out of limits
};

class Enumerator {
  public:
    /// Asked when all that is observed is decided: whether any way of deciding the rest is worth looking at.
    using Wanted = std::function<bool()>;
    /// Told each allowed execution; false: stop.
    using Found = std::function<bool(const Execution&, const Judgement&)>;

    Enumerator(const EventGraph& graph, const MemoryModel& model, const Limits& limits = {});

    /// Only executions for which `f` holds.
    void require(Formula f) { assignment_.assume(f); }
    /// `f` is to be decided in every candidate that is told.
    void observe(Formula f) { observed_.push_back(f); }
    Extent run(
        const Found& found, const Wanted& wanted = [] { return true; });

    /// The present candidate.
    const PartialAssignment& assignment() const { return assignment_; }
    /// False when no way of deciding the rest of the present candidate raises flag number `flag` of the
    /// model.
    bool may_raise(std::size_t flag);

    std::uint64_t steps() const { return steps_; }
    std::uint64_t judged() const { return judged_; }
    /// What the evaluator said of a candidate that the bounds let pass: an error of this program. "" when
    /// none.
    const std::string& internal_error() const { return internal_error_; }

  private:
    struct CheckSlots {
        const Check* check = nullptr;
        Slot relation = 0;
        bool cycles = false;       ///< forbidden are the cycles of `relation`
        std::uint64_t passed = 0;  ///< version at which it was last found unbroken
    };
    struct ChoiceSlots {
        Slot pairs = 0, forced = 0, chosen = 0;
        BitMatrix decided;
    };

    void compile(const MemoryModel& model);
    void search();
    void search_pairs();
    void try_all(const std::vector<Formula>& alternatives);
    void leaf();
    bool over() const { return extent_ != Extent::complete; }
    bool count_step();
    void provide_choices();
    bool unbroken();
    bool unbroken_in_walks(Slot relation);
    std::optional<std::pair<std::size_t, std::size_t>> free_pair(const ChoiceSlots& choice);
    // decisions.cpp
    std::vector<Formula> next_alternatives() const;
    std::vector<Formula> sources_of_a_read() const;
    Formula open_formula() const;
    Formula open_read() const;
    Formula open_event() const;
    Formula open_edge(const std::vector<Edge>& edges) const;

    const EventGraph* graph_;
    const MemoryModel* model_;
    Limits limits_;
    PartialAssignment assignment_;
    Bounds bounds_;
    std::vector<CheckSlots> checks_;
    std::vector<ChoiceSlots> choices_;
    std::vector<std::pair<Slot, bool>> flags_;
    std::vector<Slot> walks_;
    Slot tlbi_ = 0;
    std::vector<Formula> observed_;
    Found found_;
    Wanted wanted_;
    Extent extent_ = Extent::complete;
    std::uint64_t steps_ = 0, judged_ = 0;
    std::string internal_error_;
};

}  // namespace tlbcheck::tests::enumerator
