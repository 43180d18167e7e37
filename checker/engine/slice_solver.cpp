// SPDX-License-Identifier: Apache-2.0
//
// One observer's question on one slice, asked and judged again.
#include "checker/engine/slice_solver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/found_witness.hpp"
#include "checker/engine/observer_formulas.hpp"
#include "checker/engine/observers.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

using SolverOutcome = encoder::Outcome;
using model::Formula;
using model::ObserverKind;
using model::PropertyKind;
using model::ScheduleQuestion;

/// One observer's question on one slice, with its solver.
class ObserverQuery {
  public:
    ObserverQuery(const model::JudgedSchedule& schedule, const ScheduleQuestion& question)
        : query_(schedule, question), solver_(built_.graph.pool()), schedule_(schedule), question_(question) {
        formulas_.evaluator().forget();  // the solver's memory takes its place
        solver_.require_graph(built_.graph);
        for (const Formula f : formulas_.checks()) solver_.require(f);
    }

    /// Adds what this observer can see to the answer; false: stop, the answer is final.
    bool run(SliceAnswer& answer, const SolveOptions& options) {
        if (built_.violated.is_false()) return true;
        const std::vector<Formula> wanted{built_.violated};
        const SolverOutcome outcome = solver_.check(wanted);
        if (outcome == SolverOutcome::undecided) return undecided(answer);
        if (outcome == SolverOutcome::unsatisfiable) return true;
        if (options.verdict_only) {
            answer.verdict = Verdict::unsafe;
            answer.met = met();
            return false;
        }
        if (!answer.witness && !take_witness(answer, wanted)) return false;
        if (!options.all_candidates) return false;
        return add_affected(answer);
    }

    bool violated() {
        return !built_.violated.is_false() && solver_.check(built_.violated) == SolverOutcome::satisfiable;
    }
    /// True iff some execution is allowed.
    bool possible() { return solver_.check() != SolverOutcome::unsatisfiable; }

  private:
    /// After a satisfiable check.
    MetViolation met() const {
        model::logic::Assignment assignment(built_.graph.pool(), solver_.assignment());
        for (const auto& [va, chosen] : built_.judged)
            if (assignment.value(chosen)) return {question_, va};
        return {question_, built_.judged.front().first};
    }

    bool undecided(SliceAnswer& answer) {
        answer.reason = solver_.reason();
        if (answer.verdict != Verdict::unsafe) answer.verdict = Verdict::undecided;
        return false;
    }

    /// One question for each other address: cheaper than the model that would name the next one.
    bool add_affected(SliceAnswer& answer) {
        for (const auto& [va, chosen] : built_.judged) {
            if (answer.affected.contains(va)) continue;
            const SolverOutcome outcome = solver_.check(std::vector{built_.violated, chosen});
            if (outcome == SolverOutcome::undecided) return undecided(answer);
            if (outcome == SolverOutcome::satisfiable) answer.affected.insert(va);
        }
        return true;
    }

    /// Sources of a walk in the order in which a witness prefers them: the address's own slot is plainer than
    /// a neighbour's in the contiguous set.
    void add_sources(std::vector<Formula>& order, const model::WalkLevel& level, std::uint64_t va) const {
        const model::Geometry geometry(schedule_.hardware);
        const std::uint64_t own = geometry.entry_base(model::spaces::plain(va), level.level);
        for (const bool neighbours : {false, true}) {
            for (const auto& source : level.sources) {
                if ((model::spaces::plain(built_.writes[source.write].slot.va) != own) == neighbours)
                    order.push_back(!source.chosen);
            }
        }
    }

    /// The lowest address that can be violated, with what is wanted besides.
    std::optional<std::uint64_t> lowest_address(std::vector<Formula>& wanted) {
        std::vector<Formula> order;
        for (const auto& [va, chosen] : built_.judged) order.push_back(!chosen);
        const auto least = solver_.least_assignment(wanted, order);
        if (!least) return std::nullopt;
        model::logic::Assignment assignment(built_.graph.pool(), *least);
        for (const auto& [va, chosen] : built_.judged) {
            if (!assignment.value(chosen)) continue;
            wanted.push_back(chosen);
            return solver_.check(wanted) == SolverOutcome::satisfiable ? std::optional(va) : std::nullopt;
        }
        return std::nullopt;
    }

    /// The canonical witness: the lowest address, then the first sources of its walk, then the other choices.
    bool take_witness(SliceAnswer& answer, std::vector<Formula> wanted) {
        const std::optional<std::uint64_t> va = lowest_address(wanted);
        if (!va) return undecided(answer);
        std::vector<Formula> order;
        for (const auto& access : built_.accesses) {
            for (const auto& level : access.walk) add_sources(order, level, *va);
            for (const auto& under : access.under) {
                for (const auto& level : under.levels)
                    for (const auto& source : level.sources) order.push_back(!source.chosen);
            }
        }
        const auto& pool = built_.graph.pool();
        order.insert(order.end(), pool.variables().begin(), pool.variables().end());
        const auto least = solver_.least_assignment(wanted, order);
        if (!least) return undecided(answer);
        model::logic::Assignment assignment(pool, *least);
        const model::Execution execution = formulas_.execution(assignment);
        const model::Judgement judgement = model::judge(definitions_.model, built_.graph, execution, true);
        if (!judgement.allowed() || !assignment.value(built_.violated)) {
            answer.internal_error = describe(judgement);
            return false;
        }
        answer.witness = describe_witness({schedule_, question_, built_, execution, assignment});
        answer.affected.insert(answer.witness->witness.va);
        answer.verdict = Verdict::unsafe;
        return true;
    }

    static std::string describe(const model::Judgement& judgement) {
        std::string text = "the solver's execution is refused by the evaluator:";
        for (const auto& e : judgement.ill_formed) text += " " + e + ";";
        for (const auto& v : judgement.violations) text += " " + v.check + ";";
        return text;
    }

    ObserverFormulas query_;
    const model::axioms::Definitions& definitions_ = query_.definitions;
    model::ScheduleGraph& built_ = query_.built;
    encoder::ModelFormulas& formulas_ = query_.formulas;
    encoder::Solver solver_;
    const model::JudgedSchedule& schedule_;
    ScheduleQuestion question_;
};

bool mapped_from_start(const model::JudgedSchedule& schedule) {
    const model::Region* region = schedule.candidates.empty() ? nullptr
                                                              : model::region_of(schedule.program->regions,
                                                                                 schedule.candidates.front());
    return region == nullptr || region->mapped;
}

}  // namespace

std::vector<ScheduleQuestion> questions_for(PropertyKind kind, const model::JudgedSchedule& schedule) {
    std::vector<ScheduleQuestion> questions;
    ScheduleQuestion base;
    base.property = kind;
    if (kind == PropertyKind::no_tlb_conflict) {
        if (schedule.hardware.bbm_level >= 3 || !model::conflict_conceivable(schedule)) return questions;
        base.conflict = true;
        base.any_time = true;
        add_observers(questions, base, schedule);
        return questions;
    }
    // What was mapped from the start may never fault, what was not may not once the schedule has ended.
    base.any_time = kind == PropertyKind::no_use_after_free || kind == PropertyKind::no_lost_update ||
                    (kind == PropertyKind::never_invalid && mapped_from_start(schedule));
    add_observers(questions, base, schedule);
    if (kind == PropertyKind::never_invalid || kind == PropertyKind::no_lost_update) return questions;
    // CONSTRAINED UNPREDICTABLE (docs/formal-model.md): at level 0 conflicting entries may give an amalgam.
    const bool amalgam = schedule.hardware.bbm_level == 0 && model::conflict_conceivable(schedule);
    if (amalgam) {
        for (const auto& q : std::vector<ScheduleQuestion>(questions)) {
            if (q.store) continue;
            ScheduleQuestion conflict = q;
            conflict.conflict = true;
            questions.push_back(conflict);
            conflict.stage2_entry = q.space && schedule.program->spaces[*q.space].stage2;
            if (conflict.stage2_entry) questions.push_back(conflict);
        }
    }
    return questions;
}

SliceAnswer solve_slice(const model::JudgedSchedule& schedule, PropertyKind kind,
                        const SolveOptions& options) {
    SliceAnswer answer;
    answer.verdict = Verdict::safe;
    bool first = true;
    for (ScheduleQuestion question : questions_for(kind, schedule)) {
        question.without_tlbi = options.without_tlbi;
        model::JudgedSchedule rest = schedule;  // what no earlier observer has found
        std::erase_if(rest.candidates, [&](std::uint64_t va) { return answer.affected.contains(va); });
        if (!asks_about(schedule, question, rest.candidates)) continue;
        try {
            ObserverQuery query(rest, question);
            if (!query.run(answer, options)) break;
            if (first && !options.verdict_only && answer.verdict == Verdict::safe)
                answer.no_execution = !query.possible();
        } catch (...) {  // what earlier observers found stands
            answer.reason = model::limit_that_was_reached();
            if (answer.verdict != Verdict::unsafe) answer.verdict = Verdict::undecided;
            break;
        }
        first = false;
        if (answer.affected.size() == schedule.candidates.size()) break;
    }
    return answer;
}

bool violated_for(const model::JudgedSchedule& schedule, const ScheduleQuestion& observer) {
    return asks_about(schedule, observer, schedule.candidates) &&
           ObserverQuery(schedule, observer).violated();
}

bool has_execution(const model::JudgedSchedule& schedule, PropertyKind kind) {
    for (const ScheduleQuestion& observer : questions_for(kind, schedule)) {
        if (asks_about(schedule, observer, schedule.candidates))
            return ObserverQuery(schedule, observer).possible();
    }
    return true;
}

}  // namespace tlbcheck::checker
