// SPDX-License-Identifier: Apache-2.0
//
// What a T has read, as far as its walk goes by it: whether that leads on to a table or to an output address,
// or stops the walk, and with which fault (Arm ARM D8.2, D8.4; docs/formal-model.md sections 1, 2, 10). The
// same for descriptors of schedules, of litmus tests, and for words in memory.
#pragma once

#include <cstdint>

#include "model/arch/descriptor.hpp"

namespace tlbcheck::model::translation {

/// Exception level and direction of an access.
struct AccessKind {
    int exception_level = 0;  ///< 0 to 2
    bool write = false;
};

struct ReadDescriptor {
    DescriptorKind kind = DescriptorKind::invalid;
    // Of leaves:
    bool accessed = false;    ///< AF = 1, or hardware sets it
    bool contiguous = false;  ///< the Contiguous hint
    bool not_global = false;  ///< nG, stage 1
    bool writable = false;    ///< AP[2] = 0, S2AP[1] = 1; or hardware sets it (DBM)
    bool readable = true;     ///< stage 2: S2AP[0]
    bool user = true;         ///< stage 1: AP[1], accessible from EL0
};

/// Descriptors of schedules, whose accesses are made at EL1 or EL2.
ReadDescriptor as_read(const Descriptor& value);

/// How far a walk comes by a descriptor. Of several faults the first has priority.
enum class Outcome : std::uint8_t {
    translation_fault,
    access_flag_fault,
    permission_fault,
    output,  ///< an output address, which the access may use
    next_table,
};

/// What comes of it for an access.
Outcome outcome(const ReadDescriptor& read, const AccessKind& access);

/// True iff a walk goes on from it, whatever the access may do: a table, or a leaf that a TLB may hold.
bool leads_on(const ReadDescriptor& read);

/// CONTIGUOUS-FILL: a valid leaf with the hint that may be cached serves accesses through any slot of its
/// set.
bool serves_whole_set(const ReadDescriptor& read);

}  // namespace tlbcheck::model::translation
