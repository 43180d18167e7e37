// SPDX-License-Identifier: Apache-2.0
//
// An edit of a schedule as a value: where instructions are put in, strengthened, widened or moved. Applied to
// the compact program, so that a change of a loop's body is made in every iteration.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

/// An instruction of a program: thread, run, and position in the run's body.
struct Spot {
    std::uint32_t thread = 0, run = 0, at = 0;
    friend auto operator<=>(const Spot&, const Spot&) = default;
};

/// A place between instructions. With `at`: in the body of the run, before that instruction (the body's size:
/// at its end), in every iteration. Without: before the run as a whole (the number of runs: the thread's
/// end).
struct Gap {
    std::uint32_t thread = 0, run = 0;
    std::optional<std::uint32_t> at;
    friend auto operator<=>(const Gap&, const Gap&) = default;
};

/// How an existing TLBI is made to remove more.
enum class TlbiWidening : std::uint8_t {
    broadcast,   ///< from this PE to the Inner Shareable domain
    all_levels,  ///< table descriptors as well as leaves
    no_hint,     ///< no TTL
    asid,        ///< of the ASID given, or of any where none is
    with_xs,     ///< without nXS
};

struct InsertStep {
    Gap where;
    std::vector<model::Instruction> code;
};
struct StrengthenStep {  ///< a barrier takes the place of a weaker one
    Spot spot;
    model::Barrier barrier;
};
struct WidenStep {
    Spot spot;
    TlbiWidening widening = TlbiWidening::broadcast;
    std::optional<std::uint16_t> asid;  ///< for TlbiWidening::asid; none: any ASID
};
struct DropContiguousStep {  ///< a store of a leaf stores Contiguous = 0
    Spot spot;
};
struct MoveStep {  ///< with all its iterations; where both ends are in one body, in each
    Spot from;
    Gap to;
};
struct RemoveStep {
    Spot spot;
};
struct RetagStep {  ///< a space or VM gets an ASID or VMID that no other one has
    model::SpaceId space = 0;
};
struct NewFlagStep {  ///< what is put in uses a flag of this number, which the program does not have yet
    std::uint32_t flag = 0;
};
using EditStep = std::variant<InsertStep, StrengthenStep, WidenStep, DropContiguousStep, MoveStep, RemoveStep,
                              NewFlagStep, RetagStep>;

/// Steps name places of the unedited program; what several put at one place stands in the order of the steps.
using Edit = std::vector<EditStep>;

/// The edited program. A step whose spot does not hold what it changes leaves it as it is.
model::ScheduleProgram apply(const model::ScheduleProgram& program, const Edit& edit);

/// The TLBI as it is after a widening; the same where it has nothing to widen.
model::TlbiInstruction widened(const model::TlbiInstruction& tlbi, const WidenStep& step,
                               const model::Geometry& geometry);

/// The instruction with that number (from 0) in a thread's execution.
std::optional<Spot> spot_of(const model::ScheduleProgram& program, std::uint32_t thread, std::uint64_t index);
const model::Instruction& instruction_at(const model::ScheduleProgram& program, const Spot& spot);

}  // namespace tlbcheck::checker
