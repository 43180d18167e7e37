// SPDX-License-Identifier: Apache-2.0
//
// The third way to notice a dropped clause, and the only one for those that schedules add
// (docs/formal-model.md sections 2 to 4): a schedule gets another verdict. Examples have their verdicts
// written down; those of random schedules are the TLB machine's too (tests/cross/machine_axioms_test.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encoder/solver.hpp"
#include "model/graph/schedule/schedule_graph.hpp"
#include "model/program/schedule_program.hpp"
#include "tests/mutation/clause_formulas.hpp"
#include "tests/mutation/relation_check.hpp"

namespace tlbcheck::tests {

/// The axioms of schedules differ by ETS and by whether several PEs issue TLBIs.
struct ScheduleModel {
    model::MemoryModel model;
    std::map<ClauseKey, Clause> clauses;
};
const ScheduleModel& schedule_model(int ets, bool tlbis_on_several_pes);
/// All there are.
std::vector<const ScheduleModel*> schedule_models();

/// One question of a schedule.
struct ScheduleCase {
    std::string name;
    std::shared_ptr<const model::ScheduleProgram> program;
    model::Property property;
};

/// The questions of the .sched files below a folder, but no_bbm_violation, which asks no axiom.
std::vector<ScheduleCase> schedule_cases_below(const std::string& folder);
/// Of tests/support/random_schedule.hpp; nullopt when it asks no axiom.
std::optional<ScheduleCase> random_case(std::uint64_t seed);

class ScheduleProbe {
  public:
    /// nullopt when the graphs are too large for a mutation run or take longer than so many milliseconds.
    static std::optional<ScheduleProbe> open(const ScheduleCase& schedule, std::uint64_t milliseconds);

    bool unsafe() const { return unsafe_; }
    /// True iff the verdict is another one without the clause. Out of time counts as no.
    bool notices(const ClauseKey& clause);

  private:
    /// What one observer sees of one slice.
    struct Part {
        Part(const model::JudgedSchedule& schedule, model::ScheduleGraph graph);
        bool violated(const model::Formula& allowed);

        const ScheduleModel& rules;
        std::unique_ptr<model::ScheduleGraph> built;
        ClauseFormulas formulas;
        encoder::Solver solver;
        bool violated_as_it_is = false;
    };
    explicit ScheduleProbe(std::uint64_t milliseconds) : milliseconds_(milliseconds) {}
    bool unsafe_without(const ClauseKey& clause);

    std::vector<std::unique_ptr<Part>> parts_;
    std::uint64_t milliseconds_;
    bool unsafe_ = false;
};

}  // namespace tlbcheck::tests
