// SPDX-License-Identifier: Apache-2.0
//
// One change of a schedule that a report can ask for: what it is, the edit that makes it, and the words for
// what is wrong without it and for what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/advice/edit.hpp"
#include "checker/advice/misread.hpp"

namespace tlbcheck::checker {

enum class ChangeKind : std::uint8_t {
    dsb_before_tlbi,    ///< between the store and the TLBI
    dsb_after_tlbi,     ///< that completes the TLBI
    dsb_after_store,    ///< that makes a new value visible to walks
    isb,                ///< that discards what the PE itself took early
    dsb_before_signal,  ///< before another thread is told, or memory is freed
    dsb_after_wait,     ///< after another thread was waited for
    isb_after_wait,
    widen_tlbi,           ///< an existing TLBI takes in more (Change::widening says what)
    name_address,         ///< an existing flush names further addresses
    move_tlbi,            ///< an existing TLBI is issued after the store
    add_flush,            ///< a flush of the unit's addresses
    flush_everything,     ///< a flush of all addresses
    flush_at_label,       ///< a flush of the unit's addresses right before the label that is asked about
    flush_at_free,        ///< one right before memory is freed
    free_later,           ///< the free goes behind the flush
    signal_later,         ///< what tells another thread to go on goes behind the flush
    clear_first,          ///< break-before-make: all entries invalid and flushed before the first new one
    unmap_first,          ///< what is freed is taken out of the tables, and flushed, before the free
    unfold_first,         ///< the contiguous set is rewritten without Contiguous before one slot changes
    wait_for_flush,       ///< a free waits until another thread's flush is complete
    isb_after_switch,     ///< a write of a base register takes effect before what comes after it
    dsb_between_tlbis,    ///< what combines the stages is flushed once the flush of stage 2 is complete
    tlbi_in_vm,           ///< a thread's TLBIs are issued while VTTBR holds the VM
    flush_stage2,         ///< entries of stage 2 as well
    flush_combined,       ///< what combines them with stage 1 as well
    own_tag,              ///< a space or VM gets an ASID or VMID of its own
    flush_before_switch,  ///< before a space is entered, entries of another one that has its ASID or VMID
};
/// "dsb_before_tlbi", ...: the name in JSON.
std::string_view to_string(ChangeKind kind);

struct Change {
    ChangeKind kind = ChangeKind::isb;
    Edit edit;
    std::uint32_t thread = 0;
    std::optional<model::PlainInstruction> at;     ///< the instruction that it is about
    std::optional<model::Barrier> barrier;         ///< put in
    std::optional<model::Barrier> instead_of;      ///< takes the place of this weaker one
    std::optional<model::PlainInstruction> until;  ///< before which it is missing: a free, or a signal
    TlbiWidening widening = TlbiWidening::broadcast;
    std::uint64_t first = 0, last = 0;  ///< addresses named, bytes, both inclusive
    bool set = false;                   ///< they are a whole contiguous set
    std::optional<model::SpaceId>
        vm;  ///< tlbi_in_vm: whose VMID is to be in VTTBR; own_tag: what is retagged
    std::vector<model::SpaceId> held;  ///< tlbi_in_vm: what may be there; no_space: the host
    std::uint32_t waited = 0;          ///< wait_for_flush: the thread that flushes
};

struct ChangeContext {
    const model::ScheduleProgram& program;
    const model::HardwareParameters& hardware;
    const Misread& misread;
};

/// The words of the changes that are about contexts, and of waits (change_contexts.cpp).
std::string context_missing(const Change& change, const ChangeContext& context);
std::string context_to_do(const Change& change, const ChangeContext& context);

/// What is wrong: "no ISB follows DSB ISH on the PE itself".
std::string what_is_missing(const Change& change, const ChangeContext& context);
/// What to do: "put an ISB after DSB ISH (unmap.sched:12:5)".
std::string what_to_do(const Change& change, const ChangeContext& context);

}  // namespace tlbcheck::checker
