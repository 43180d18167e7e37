// SPDX-License-Identifier: Apache-2.0
//
// What reports say of kernel code: frames, and what shaped how it ran.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/report/answer.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

using model::kernel_stack;
using model::place_of;
using model::shown_frame;

/// "unmap_hotplug_pte_range arch/arm64/mm/mmu.c:928".
std::string text_of(const model::KernelFrame& frame);
/// The frame's line among those of its file, without its indentation; empty where there is none.
std::string line_of(const model::KernelFrame& frame, const std::vector<std::string>& lines);

/// What shaped the run of kernel code, as reports tell it.
std::vector<KernelNoteReport> kernel_notes(const model::ScheduleProgram& program);
/// "stub: mutex_lock returns 0".
std::string text_of(const KernelNoteReport& note);
/// The stable name of a kind: "stub", "unset_variable", "capability", "system_register", "warning".
std::string_view to_string(model::KernelNote::Kind kind);

}  // namespace tlbcheck::checker
