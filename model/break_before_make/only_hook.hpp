// SPDX-License-Identifier: Apache-2.0
//
// A new table page that one store hooks up, and nothing else: no walk comes to it before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

struct Hook {
    std::uint32_t thread = 0;
    std::size_t position = 0;  ///< in the thread's code
};

/// The one store of the schedule that makes a table descriptor lead to the page of the slot; nullopt: the
/// page is there from the start, or none or several do. What was stored to the page, and ordered by a barrier
/// before that store, no walk finds undone: it reads the page after the descriptor that leads there.
std::optional<Hook> only_hook(const JudgedSchedule& schedule, const Geometry& geometry,
                              const DescriptorSlot& slot);

}  // namespace tlbcheck::model
