// SPDX-License-Identifier: Apache-2.0
//
// One observer's question on one slice as formulas: what the solver is given, what is proved a second time,
// and what is written as SMT-LIB are the same.
#pragma once

#include <string>

#include "encoder/model_formulas.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/graph/schedule/schedule_graph.hpp"

namespace tlbcheck::checker {

struct ObserverFormulas {
    ObserverFormulas(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& question)
        : definitions(model::axioms::schedule_definitions(schedule)),
          built(model::build_schedule_graph(schedule, question)),
          formulas(built.graph, definitions.model) {}

    model::axioms::Definitions definitions;
    model::ScheduleGraph built;
    encoder::ModelFormulas formulas;
};

/// "a load on P0, directly after the schedule": who makes the judged access.
std::string observer_text(const model::ScheduleQuestion& question, const model::JudgedSchedule& schedule);

}  // namespace tlbcheck::checker
