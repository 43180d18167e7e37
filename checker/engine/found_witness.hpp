// SPDX-License-Identifier: Apache-2.0
//
// A solver's execution turned into what people read: the walk that went wrong, what it misread, and the
// execution graph.
#pragma once

#include "checker/engine/slice_solver.hpp"
#include "model/execution/execution.hpp"

namespace tlbcheck::checker {

/// An allowed execution that violates the question.
struct JudgedExecution {
    const model::JudgedSchedule& schedule;
    const model::ScheduleQuestion& question;
    const model::ScheduleGraph& built;
    const model::Execution& execution;
    model::logic::Assignment& assignment;
};

FoundWitness describe_witness(const JudgedExecution& judged);

/// What the execution read that it should not have (checker/engine/misread_of.cpp).
Misread misread_of(const JudgedExecution& judged);

/// The descriptor write that the T of each level of an access's walk reads, from the start level down.
std::vector<const model::DescriptorWrite*> walk_of(const JudgedExecution& judged, std::size_t access);
/// The write that loses a hardware update (no_lost_update), by index in the graph's writes.
std::optional<std::size_t> losing_write(const JudgedExecution& judged);
/// The judged address.
std::uint64_t judged_address(const JudgedExecution& judged);

}  // namespace tlbcheck::checker
