// SPDX-License-Identifier: Apache-2.0
//
// Slicing (docs/formal-model.md section 8): a schedule over a large range falls apart into one small schedule
// for each leaf or contiguous set, and slices that are equal up to a renaming of addresses are judged once.
// Theorem, proof and conditions are in docs/slicing.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/program/judged_schedule.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// VA bytes, both ends inclusive: [first + k * step, last + k * step] for each k < count.
struct LeafRange {
    std::uint64_t first = 0, last = 0;
    std::uint64_t step = 0;   ///< meaningful where count > 1
    std::uint64_t count = 1;  ///< more than 1 where units of two kinds alternate

    friend bool operator==(const LeafRange&, const LeafRange&) = default;
};

/// A unit is one leaf of the finest kind ever mapped, or one contiguous set where any value ever held by a
/// slot of the set has Contiguous = 1.
struct Slice {
    JudgedSchedule schedule;              ///< of the first unit that it stands for
    std::vector<LeafRange> stands_for;    ///< ascending by `first`, adjacent ones merged
    std::uint64_t units = 0, leaves = 0;  ///< how many it stands for
    std::vector<std::uint64_t>
        canonical;  ///< equal forms mean equal slices up to renaming; empty for a whole schedule
    /// The candidates with the leaves that equal ones stand for; empty: none was left out.
    std::vector<std::uint64_t> every_leaf;
};

struct Slicing {
    std::vector<Slice> slices;            ///< ascending by the first unit
    std::uint64_t units = 0, leaves = 0;  ///< judged in all
    bool whole = false;                   ///< one slice holds the whole schedule
    std::string why_whole;                ///< set iff the schedule could not be sliced
    std::uint64_t visited = 0;            ///< units whose slice was computed, for measurements
};

struct SliceOptions {
    bool no_slicing = false;
    bool visit_every_unit = false;      ///< no arithmetic over loops: for tests
    bool contexts_at_any_size = false;  ///< slices with contexts of small schedules too: for tests
};

/// The slices of all that `property` judges: its region, or every region. `program` must outlive the result.
Slicing slice(const ScheduleProgram& program, const Property& property, const SliceOptions& options = {});

/// The slice of the unit that holds `va` alone; of a schedule that cannot be sliced the whole, with that
/// address's unit as candidates. No slice: the property does not judge the address.
Slicing slice_at(const ScheduleProgram& program, const Property& property, std::uint64_t va);

/// The unsliced schedule: every instruction of every thread, every leaf a candidate. Needs memory for
/// whole_size(program, property) instructions and addresses.
JudgedSchedule whole(const ScheduleProgram& program, const Property& property);
std::uint64_t whole_size(const ScheduleProgram& program, const Property& property);

}  // namespace tlbcheck::model
