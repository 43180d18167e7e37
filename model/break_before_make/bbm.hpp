// SPDX-License-Identifier: Apache-2.0
//
// no_bbm_violation (docs/formal-model.md section 5; Arm ARM RWHZWS in D8.16, RKHRBC): a descriptor takes a
// TLB-cacheable value while a translation that needs break-before-make against it may still be cached.
//
// A timeline, not an axiom: what may be cached grows with every value that a walk can read and shrinks only
// by "uncacheable value, DSB, TLBI in scope, DSB". Threads are interleaved in every order that their flags
// allow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/arch/leaf_change.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::model {

struct BbmViolation {
    std::uint64_t va = 0;    ///< an address that both values translate
    std::uint64_t held = 0;  ///< an address for which an entry from the old value may be left
    DescriptorSlot old_slot, new_slot;
    Descriptor old_value, new_value;
    std::optional<std::uint32_t> old_thread;     ///< none: the value was there at the start
    std::uint64_t old_index = 0, new_index = 0;  ///< instruction numbers in their threads' execution
    std::uint32_t new_thread = 0;
    std::optional<std::uint32_t> pe;  ///< the thread whose PE holds the entry; none: of any other PE
    SourcePlace old_place, new_place;
    std::uint32_t new_kernel = no_kernel_stack;  ///< where kernel code stored it
    BbmChange change = BbmChange::none;
    std::string missing;      ///< "no invalid descriptor in between", "no DSB before the TLBI", ...
    std::string explanation;  ///< one sentence
};

enum class BbmVerdict : std::uint8_t { safe, unsafe, undecided };

struct BbmResult {
    BbmVerdict verdict = BbmVerdict::safe;
    std::optional<BbmViolation> violation;
    std::string why_undecided;
};
/// Judges one slice, or a whole schedule. `most_states` bounds the orders of several threads looked at.
BbmResult find_bbm_violation(const JudgedSchedule& schedule, std::size_t most_states = 200'000);

/// The answer for a whole schedule: each slice judged once.
struct BbmAnswer {
    BbmVerdict verdict = BbmVerdict::safe;
    std::optional<BbmViolation> first;  ///< of the lowest address
    std::string why_undecided;
    std::vector<std::size_t> unsafe_slices;  ///< indices in `slicing.slices`
    Slicing slicing;
};
BbmAnswer find_bbm_violations(Slicing slicing);
BbmAnswer check_no_bbm_violation(const ScheduleProgram& program, const Property& property,
                                 const SliceOptions& options = {});

}  // namespace tlbcheck::model
