// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/outcomes.hpp"

#include <algorithm>

namespace tlbcheck::tests::enumerator {

namespace {

/// Collects the outcomes of one test. A candidate whose final state is known and that can raise no new flag
/// is not wanted: it adds nothing to the answer.
class Collector {
  public:
    Collector(const LitmusGraph& built, const MemoryModel& model, const Limits& limits)
        : built_(built),
          model_(model),
          raised_(model.flags.size()),
          enumerator_(built.graph, model, limits) {}

    LitmusOutcomes run() {
        enumerator_.require(!built_.cutoff);
        enumerator_.require(!built_.any_error);
        if (built_.filter) enumerator_.require(*built_.filter);
        enumerator_.observe(built_.condition);
        for (const PossibleFault& f : built_.faults) enumerator_.observe(f.when);
        for (const FinalValue& f : built_.finals) {
            for (const Symbolic& element : f.elements) {
                for (const auto& a : element.alternatives) enumerator_.observe(a.when);
            }
        }
        result_.extent = enumerator_.run([this](const Execution&, const Judgement& j) { return found(j); },
                                         [this] { return wanted(); });
        for (std::size_t i = 0; i < raised_.size(); ++i) {
            if (raised_[i]) result_.flags.push_back(model_.flags[i].name);
        }
        result_.steps = enumerator_.steps();
        result_.judged = enumerator_.judged();
        result_.internal_error = enumerator_.internal_error();
        return std::move(result_);
    }

  private:
    LitmusOutcome outcome() const {
        const PartialAssignment& now = enumerator_.assignment();
        LitmusOutcome result;
        for (const FinalValue& final : built_.finals) {
            std::vector<LitmusValue> values;
            for (const Symbolic& element : final.elements) {
                for (const auto& a : element.alternatives) {
                    if (!now.is(a.when)) continue;
                    values.push_back(built_.values.value(a.what));
                    break;
                }
            }
            result.values.push_back(std::move(values));
        }
        for (const PossibleFault& fault : built_.faults) {
            if (now.is(fault.when)) result.faults.push_back(fault.fault);
        }
        return result;
    }

    std::set<LitmusOutcome>& states() {
        return enumerator_.assignment().is(built_.condition) ? result_.satisfying : result_.others;
    }

    bool wanted() {
        if (!states().contains(outcome())) return true;
        for (std::size_t i = 0; i < raised_.size(); ++i) {
            if (!raised_[i] && enumerator_.may_raise(i)) return true;
        }
        return false;
    }

    bool found(const Judgement& judgement) {
        states().insert(outcome());
        for (std::size_t i = 0; i < raised_.size(); ++i) {
            raised_[i] = raised_[i] ||
                         std::ranges::find(judgement.flags, model_.flags[i].name) != judgement.flags.end();
        }
        return true;
    }

    const LitmusGraph& built_;
    const MemoryModel& model_;
    std::vector<bool> raised_;
    Enumerator enumerator_;
    LitmusOutcomes result_;
};

enum class Possible : std::uint8_t { no, yes, unknown };

/// Whether some candidate, allowed or not, makes `f` true.
Possible possible(const EventGraph& graph, Formula f, const Limits& limits) {
    if (f.is_false()) return Possible::no;
    const MemoryModel no_axioms;
    Enumerator candidates(graph, no_axioms, limits);
    candidates.require(f);
    bool found = false;
    const Extent extent = candidates.run([&](const Execution&, const Judgement&) {
        found = true;
        return false;
    });
    if (found) return Possible::yes;
    return extent == Extent::complete ? Possible::no : Possible::unknown;
}

}  // namespace

LitmusOutcomes litmus_outcomes(const LitmusGraph& built, const MemoryModel& model, const Limits& limits) {
    LitmusOutcomes result = Collector(built, model, limits).run();
    const auto ask = [&](Formula f) {
        const Possible answer = possible(built.graph, f, limits);
        if (answer == Possible::unknown) result.extent = Extent::too_large;
        return answer == Possible::yes;
    };
    if (result.extent != Extent::complete) return result;
    result.loop = ask(built.cutoff);
    for (const LitmusError& e : built.errors) {
        if (ask(e.when)) result.errors.push_back(e.message);
    }
    return result;
}

ScheduleSearch find_violation(const ScheduleGraph& built, const MemoryModel& model, const Limits& limits) {
    ScheduleSearch result;
    Enumerator enumerator(built.graph, model, limits);
    enumerator.require(built.violated);
    const Extent extent = enumerator.run([&](const Execution& execution, const Judgement&) {
        result.execution = execution;
        return false;
    });
    result.steps = enumerator.steps();
    result.internal_error = enumerator.internal_error();
    if (result.execution) {
        result.answer = ScheduleSearch::Answer::violated;
    } else if (extent == Extent::complete) {
        result.answer = ScheduleSearch::Answer::not_violated;
    }
    return result;
}

}  // namespace tlbcheck::tests::enumerator
