// SPDX-License-Identifier: Apache-2.0
//
// What a violating execution read that it should not have: facts of the witness, before any thought of what
// to do about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/graph/schedule/schedule_graph.hpp"

namespace tlbcheck::checker {

enum class Misreading : std::uint8_t {
    reused_table,      ///< a walk read a table page that had a new owner
    old_table,         ///< a table descriptor that has since changed led the walk
    old_leaf,          ///< the address's own leaf descriptor, valid, as it was before it changed
    old_invalid,       ///< the address's own leaf descriptor while it was not yet valid
    old_neighbour,     ///< a neighbour's leaf descriptor of the contiguous set, as it was before it changed
    final_neighbour,   ///< a neighbour's, as the schedule leaves it
    final_leaf,        ///< the address's own, as the schedule leaves it: what it maps is gone
    two_entries,       ///< two entries that exclude each other are live at once
    met_invalid,       ///< a descriptor that has no translation, whenever that was
    other_space,       ///< the same address in another space, whose entry is hit
    lost_update,       ///< a leaf descriptor whose flag hardware set, and a plain store overwrote
    live_replacement,  ///< a descriptor takes another value while the old one may be cached
};

/// Plain values: it outlives the graph it was read from.
struct Misread {
    Misreading kind = Misreading::old_leaf;
    model::PropertyKind property = model::PropertyKind::no_stale_entry;
    model::ObserverKind observer = model::ObserverKind::same_pe;
    std::uint32_t thread = 0;  ///< of the observer, where it is a scheduling PE
    std::uint64_t va = 0;      ///< the judged address
    /// The descriptor that was read; of two entries, both; of a reused table, the one that led there as well.
    model::DescriptorSlot slot, other_slot;
    model::Descriptor value, other_value;
    model::CachedTranslation entry;  ///< that the reading leaves, as a TLBI's scope is judged
    /// The store that gave the descriptor its next value; for a new owner's write, the free.
    std::optional<model::PlainInstruction> changed_by;
    std::uint32_t changed_by_thread = 0;
    /// Of a reused table: the store that took it out of the tables.
    std::optional<model::PlainInstruction> unhooked_by;
    std::uint32_t unhooked_by_thread = 0;
    bool final_values = false;  ///< of two entries: both descriptors are as the schedule leaves them
    std::optional<model::PlainInstruction> own_store;  ///< of a neighbour's: the last to the own descriptor
    std::string told;  ///< live_replacement: the sentence of the model's timeline
};

/// A leaf descriptor of the address itself rather than of a neighbour in its contiguous set.
bool own_slot(const model::HardwareParameters& hardware, const model::DescriptorSlot& slot, std::uint64_t va);

/// The descriptor that leads to what was freed: to a reused table page, or to the memory.
const model::DescriptorSlot& leading_slot(const Misread& misread);

/// The space that an entry was made in, where the address judged is of another one.
std::optional<model::SpaceId> other_space(const Misread& misread);

/// "reused_table", ...: the name in JSON.
std::string_view to_string(Misreading kind);
/// The reading in words. `held`: by an entry that no TLBI removed, rather than by a walk or a translation
/// that came too early: "the TLB still holds an entry for 0x... from before its descriptor changed".
std::string misreading_text(const Misread& misread, const model::ScheduleProgram& program,
                            const model::HardwareParameters& hardware, bool held);

}  // namespace tlbcheck::checker
