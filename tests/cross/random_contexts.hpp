// SPDX-License-Identifier: Apache-2.0
//
// Random small schedules with address spaces or VMs: switches, flushes and changes in any order.
#pragma once

#include <string>

#include "model/program/judged_schedule.hpp"
#include "tests/cross/random_worlds.hpp"

namespace tlbcheck::tests {

/// A schedule as text: two spaces with the same address in both, of one ASID or of two.
std::string random_contexts(std::uint64_t seed, World world);
/// The same with threads that go by flags and descriptors they read.
std::string random_conditions(std::uint64_t seed, World world);

model::Property random_context_property(const model::ScheduleProgram& program, std::uint64_t seed);

}  // namespace tlbcheck::tests
