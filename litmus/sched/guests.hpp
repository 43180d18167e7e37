// SPDX-License-Identifier: Apache-2.0
//
// Guests: what a VM's spaces map, in terms of its stage 2 (docs/schedule-language.md, "Guests").
#pragma once

#include <cstdint>

#include "litmus/sched/syntax_tree.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

/// Of IPAs: the lower half of a VA, as stage 2 maps it.
inline constexpr std::uint64_t most_ipa = (std::uint64_t{1} << 47U) - 1;

/// The region is of a guest's space: it has an ipa, not a pa.
bool is_guest_region(const SyntaxTree& tree, const RegionItem& item);

/// Once everything is expanded: throws InputError where a guest's stage 1 leads to, or its tables are at,
/// addresses that no region of the VM holds; where stage 2 moves pages that hold such tables or that a guest
/// gives away; and where two VMs have one VMID.
void check_guests(const SyntaxTree& tree, const model::ScheduleProgram& program);

}  // namespace tlbcheck::litmus::sched
