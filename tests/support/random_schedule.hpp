// SPDX-License-Identifier: Apache-2.0
// Small random schedules and properties, for comparing two ways of judging them. The same seed gives the same
// schedule everywhere.
#pragma once

#include <cstdint>
#include <string>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::tests {

struct RandomScheduleOptions {
    bool two_threads = true;  ///< sometimes a second thread, with or without flags to wait for
    bool tables = true;       ///< table descriptors are cleared, replaced, freed
    bool contiguous = true;   ///< contiguous sets of 2 or 4
    bool frees = true;
    bool other_granules = true;
    bool deep = false;  ///< three or four levels of tables, not two or three
};

/// One or two regions of at most four leaves and a few maintenance sequences, right ones and ones with a step
/// dropped, weakened, swapped or aimed elsewhere.
model::ScheduleProgram random_schedule(std::uint64_t seed, const RandomScheduleOptions& options = {});

/// One region, few stores and many flushes, repeated and nested, of leaves and of tables, by one or two
/// threads.
model::ScheduleProgram random_flushes(std::uint64_t seed);

/// One or two regions below tables of two or three levels, each of which is cleared, replaced, hooked up
/// again and freed, with TLBIs and DSBs of every shareability, nXS and TTL.
model::ScheduleProgram random_nested_tables(std::uint64_t seed);

/// One region whose memory and table are freed several times, mostly by two threads.
model::ScheduleProgram random_frees(std::uint64_t seed);

/// A property of the program on hardware chosen at random (contiguous_fill, walk_cache, bbm_level, ets).
model::Property random_property(const model::ScheduleProgram& program, std::uint64_t seed);

/// The same hardware with never_invalid asked of a region of the program.
model::Property random_never_invalid(const model::ScheduleProgram& program, std::uint64_t seed);

/// Gives leaves AF and DBM at random and makes some stores atomic, on hardware that manages the flags or does
/// not; asks mostly for lost updates.
void manage_flags(model::ScheduleProgram& program, model::Property& property, std::uint64_t seed);

/// no_stale_entry with a moment, named PEs and tolerance at random; the program is cut at the moment.
model::Property random_judging(model::ScheduleProgram& program, std::uint64_t seed);

/// Threads that tell each other by flags with several values, and that go by flags and descriptors; the
/// property is of any kind but no_bbm_violation, sometimes at a moment.
model::ScheduleProgram random_branches(std::uint64_t seed);
model::Property random_branch_property(model::ScheduleProgram& program, std::uint64_t seed);

/// Stores, TLBIs and barriers of every kind, with loads, store-releases and load-acquires between them.
model::ScheduleProgram random_orders(std::uint64_t seed);

/// Some stores of another output address keep the contents, some of those read-only.
void keep_contents(model::ScheduleProgram& program, std::uint64_t seed);

/// The program and property as readable lines, for a failing comparison.
std::string describe(const model::ScheduleProgram& program, const model::Property& property);

}  // namespace tlbcheck::tests
