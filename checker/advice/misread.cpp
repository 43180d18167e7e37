// SPDX-License-Identifier: Apache-2.0
//
// What was read, in words.
#include "checker/advice/misread.hpp"

#include <fmt/format.h>

#include "checker/engine/instruction_text.hpp"
#include "model/graph/schedule/tables.hpp"

namespace tlbcheck::checker {

namespace {

std::string value_of(const model::Descriptor& value) {
    return written_text(value, value == model::new_owner_descriptor());
}

}  // namespace

bool own_slot(const model::HardwareParameters& hardware, const model::DescriptorSlot& slot,
              std::uint64_t va) {
    return model::Geometry(hardware).entry_base(va, slot.level) == slot.va;
}

const model::DescriptorSlot& leading_slot(const Misread& misread) {
    return misread.kind == Misreading::reused_table ? misread.other_slot : misread.slot;
}

std::string_view to_string(Misreading kind) {
    switch (kind) {
        case Misreading::reused_table:
            return "reused_table";
        case Misreading::old_table:
            return "old_table";
        case Misreading::old_leaf:
            return "old_leaf";
        case Misreading::old_invalid:
            return "old_invalid";
        case Misreading::old_neighbour:
            return "old_neighbour";
        case Misreading::final_neighbour:
            return "final_neighbour";
        case Misreading::final_leaf:
            return "final_leaf";
        case Misreading::two_entries:
            return "two_entries";
        case Misreading::met_invalid:
            return "met_invalid";
        case Misreading::other_space:
            return "other_space";
        case Misreading::lost_update:
            return "lost_update";
        case Misreading::live_replacement:
            return "live_replacement";
    }
    return "?";
}

std::optional<model::SpaceId> other_space(const Misread& misread) {
    const auto judged = model::spaces::of(misread.va);
    if (!judged) return std::nullopt;
    for (const model::DescriptorSlot* slot : {&misread.slot, &misread.other_slot}) {
        const bool is_read = slot == &misread.slot || misread.kind == Misreading::two_entries;
        const auto space = model::spaces::of(slot->va);
        if (is_read && space && space != judged) return space;
    }
    return std::nullopt;
}

// NOLINTNEXTLINE(readability-function-size): a case for each, and nothing else
std::string misreading_text(const Misread& m, const model::ScheduleProgram& program,
                            const model::HardwareParameters& hardware, bool held) {
    const std::string what = descriptor_text(program, hardware, m.slot);
    const std::uint64_t va = model::spaces::plain(m.va);
    switch (m.kind) {
        case Misreading::reused_table:
            return fmt::format(
                "a walk for {:#x} read {} after its table page was freed and written by the "
                "new owner",
                va, what);
        case Misreading::old_table:
            if (held)
                return fmt::format("the walk cache still holds {} as it was before the schedule changed it",
                                   what);
            return fmt::format("a walk for {:#x} used {} as it was before the schedule changed it", va, what);
        case Misreading::old_leaf:
            if (held)
                return fmt::format(
                    "the TLB still holds an entry for {:#x} from before its descriptor changed", va);
            return fmt::format("the access to {:#x} used {} as it was before the schedule changed it", va,
                               what);
        case Misreading::old_invalid:
            return fmt::format("the access to {:#x} faults: its walk read {} before the new value was there",
                               va, what);
        case Misreading::old_neighbour:
            if (held)
                return fmt::format(
                    "the TLB still holds an entry for {:#x} that was filled from {}, of the same "
                    "contiguous set, before that changed",
                    va, what);
            return fmt::format(
                "a walk for the neighbour {:#x} found its descriptor still valid with Contiguous "
                "= 1 and filled an entry that also serves {:#x}",
                model::spaces::plain(m.slot.va), va);
        case Misreading::final_neighbour:
            return fmt::format(
                "the contiguous set is misprogrammed in the final tables: {} is still valid with "
                "Contiguous = 1, and an entry filled from it also serves {:#x}",
                what, va);
        case Misreading::final_leaf:
            if (m.property == model::PropertyKind::no_use_after_free)
                return fmt::format("{} still maps {:#x} to memory that has a new owner", what, va);
            return fmt::format("the TLB still holds an entry for {:#x} from before its table page was freed",
                               va);
        case Misreading::two_entries:
            if (m.final_values && m.value.contiguous != m.other_value.contiguous) {
                return fmt::format(
                    "the contiguous set is misprogrammed in the final tables: {} = {} and {} = {}, of one "
                    "set, differ in the Contiguous bit, and entries filled from both can be live for {:#x}",
                    what, value_of(m.value), descriptor_text(program, hardware, m.other_slot),
                    value_of(m.other_value), va);
            }
            return fmt::format(
                "two entries that differ in size or result can be live for {:#x} at once, one "
                "filled from {} = {}, one from {} = {}",
                va, what, value_of(m.value), descriptor_text(program, hardware, m.other_slot),
                value_of(m.other_value));
        case Misreading::met_invalid:
            if (m.value.valid())
                return fmt::format("an access to {:#x} can come to {} while its contents are not known", va,
                                   what);
            return fmt::format("an access to {:#x} faults where it finds {} invalid, as {} leaves it", va,
                               what, m.changed_by ? "the schedule" : "the start");
        case Misreading::other_space: {
            const model::AddressSpace& from = program.spaces[*model::spaces::of(m.slot.va)];
            const std::string tag = from.stage2  ? fmt::format("VMID {}", from.vmid)
                                    : from.upper ? std::string("the ASID that the PE has here too")
                                    : from.regime == model::Regime::el2 ? std::string("no ASID")
                                                                        : fmt::format("ASID {}", from.asid);
            return fmt::format(
                "an entry that was made in {} {} from {} is hit: {}", from.stage2 ? "VM" : "space", from.name,
                what,
                m.value.kind == model::DescriptorKind::leaf && !m.value.not_global && !from.stage2
                    ? std::string("it is global")
                    : fmt::format("it carries {}", tag));
        }
        case Misreading::lost_update:
            return fmt::format(
                "hardware may set {} of {} just before a plain store overwrites it with a value that was "
                "made without: nobody learns of it",
                m.value.unaccessed ? "the access flag" : "the dirty state", what);
        case Misreading::live_replacement:
            return m.told;
    }
    return {};
}

}  // namespace tlbcheck::checker
