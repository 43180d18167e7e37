// SPDX-License-Identifier: Apache-2.0
//
// Why no TLBI of a schedule is required to remove an entry: which part of the nearest operation's scope
// misses it.
#pragma once

#include <optional>
#include <string>

#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {

struct MissedScope {
    std::string sentence;  ///< "the TLBIs name 0x... to 0x... and not this address"
    std::optional<model::PlainInstruction>
        nearest;  ///< the operation that comes nearest; none: there is no TLBI
};

/// A place in a thread's execution: thread and PlainInstruction::index.
struct ExecutedAt {
    std::size_t thread = 0;
    std::uint64_t index = 0;
};

bool has_tlbi(const model::ScheduleProgram& program);

/// True iff some TLBI of the program, wherever it stands, has the entry in its scope.
bool some_in_scope(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                   const model::CachedTranslation& entry);

struct LaterTlbi {
    model::PlainInstruction instruction;
    bool in_arm = false;  ///< executed only where the thread read what leads there
};
/// A TLBI that the store's thread executes later and that has the entry in its scope; one that is executed in
/// every run where there is one.
std::optional<LaterTlbi> in_scope_after(const model::ScheduleProgram& program,
                                        const model::HardwareParameters& hardware,
                                        const model::CachedTranslation& entry, const ExecutedAt& store);

/// For an entry that no TLBI of `program` has in its scope. The operations are looked at as written, sliced
/// away or not; where some come after `store`, which changed the descriptor, only those. `by_address`: which
/// addresses they name is what is wrong, not what else they leave out.
MissedScope why_out_of_scope(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                             const model::CachedTranslation& entry, const std::optional<ExecutedAt>& store,
                             bool by_address);

}  // namespace tlbcheck::checker
