// SPDX-License-Identifier: Apache-2.0
//
// Who observes a schedule (docs/formal-model.md sections 6 and 9): PEs, the space they are in, when.
#pragma once

#include <cstdint>
#include <vector>

#include "model/graph/schedule/schedule_graph.hpp"

namespace tlbcheck::checker {

/// Appends `base` once for every observer of its property, in the order in which they are asked.
void add_observers(std::vector<model::ScheduleQuestion>& questions, const model::ScheduleQuestion& base,
                   const model::JudgedSchedule& schedule);

/// The question judges one of the addresses.
bool asks_about(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& question,
                const std::vector<std::uint64_t>& addresses);

}  // namespace tlbcheck::checker
