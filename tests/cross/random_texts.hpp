// SPDX-License-Identifier: Apache-2.0
//
// Random schedules that are made as text, and machine and axioms asked about them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/program/schedule_program.hpp"
#include "tests/support/seeds.hpp"

namespace tlbcheck::tests {

/// nullopt: the threads would depend on each other, a flag is never stored, ...
std::optional<model::ScheduleProgram> program_of_text(const std::string& text);

/// Fails where machine and axioms disagree, or hardly anything was compared.
void compare_opinions(Seeds seeds, const std::function<std::string(std::uint64_t)>& text_of,
                      const std::function<model::Property(model::ScheduleProgram&, std::uint64_t)>& ask);

}  // namespace tlbcheck::tests
