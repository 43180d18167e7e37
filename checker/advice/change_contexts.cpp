// SPDX-License-Identifier: Apache-2.0
//
// The words of changes that are about contexts, and of a free that waits.
#include <fmt/format.h>

#include "checker/advice/change.hpp"
#include "checker/engine/instruction_text.hpp"

namespace tlbcheck::checker {

namespace {

std::string placed(const std::optional<model::PlainInstruction>& instruction, const ChangeContext& context) {
    return instruction ? placed_instruction(context.program, context.hardware, *instruction) : std::string();
}

std::string vm_name(model::SpaceId vm, const ChangeContext& context) {
    return vm == model::no_space ? std::string("the host")
                                 : fmt::format("VM {}", context.program.spaces[vm].name);
}

std::string held_text(const Change& change, const ChangeContext& context) {
    std::string text;
    for (const model::SpaceId vm : change.held) text += (text.empty() ? "" : " or ") + vm_name(vm, context);
    return text;
}

const model::AddressSpace* made_in(const ChangeContext& context) {
    const auto space = checker::other_space(context.misread);
    return space ? &context.program.spaces[*space] : nullptr;
}

std::string tag_text(const ChangeContext& context) {
    const model::AddressSpace* from = made_in(context);
    if (from == nullptr) return "its tag";
    if (from->stage2) return fmt::format("VMID {}", from->vmid);
    if (context.misread.entry.leaf && context.misread.entry.global) return "global entries";
    if (from->upper) return "the ASID that the PE had";
    return from->regime == model::Regime::el2 ? std::string("EL2") : fmt::format("ASID {}", from->asid);
}

std::string space_text(const ChangeContext& context) {
    const model::AddressSpace* from = made_in(context);
    if (from == nullptr) return "the other space";
    return fmt::format("{} {}", from->stage2 ? "VM" : "space", from->name);
}

}  // namespace

std::string context_missing(const Change& change, const ChangeContext& context) {
    const std::string at = placed(change.at, context);
    switch (change.kind) {
        case ChangeKind::wait_for_flush:
            return fmt::format("nothing orders {} behind what {} does: it waits for no flush", at,
                               context.program.threads[change.waited].name);
        case ChangeKind::isb_after_switch:
            return fmt::format(
                "no ISB follows {}, so that what comes after it may still go by the value before", at);
        case ChangeKind::dsb_between_tlbis:
            return fmt::format(
                "no DSB stands between {} and {}: the second need not remove what a walk still combines with "
                "the entry of stage 2",
                placed(change.until, context), at);
        case ChangeKind::tlbi_in_vm:
            return fmt::format("{} goes by the VMID in VTTBR, which is that of {} there, and not that of {}",
                               at, held_text(change, context), vm_name(*change.vm, context));
        case ChangeKind::flush_stage2:
            return fmt::format(
                "{} leaves entries of stage 2, and no TLBI IPAS2E1IS for it is complete before", at);
        case ChangeKind::flush_combined:
            return fmt::format(
                "{} leaves what combines the entry with stage 1, and no TLBI that removes that follows once "
                "it "
                "is complete",
                at);
        case ChangeKind::own_tag:
            return fmt::format("for {} has {} as well, and the PE is in it before the access",
                               space_text(context), tag_text(context));
        case ChangeKind::flush_before_switch:
            return fmt::format("no TLBI of {} is complete between the last time a PE is in {} and {}",
                               tag_text(context), space_text(context), at);
        default:
            return {};
    }
}

std::string context_to_do(const Change& change, const ChangeContext& context) {
    const std::string at = placed(change.at, context);
    const std::string range =
        fmt::format("{:#x} to {:#x}", model::spaces::plain(change.first), model::spaces::plain(change.last));
    switch (change.kind) {
        case ChangeKind::wait_for_flush:
            return fmt::format(
                "have {} wait until the flush of {} is complete (a flag that is stored behind DSB ISH; "
                "await, DSB ISH)",
                at, context.program.threads[change.waited].name);
        case ChangeKind::isb_after_switch:
            return fmt::format("put ISB after {}", at);
        case ChangeKind::dsb_between_tlbis:
            return fmt::format("put {} before {}", to_string(*change.barrier), at);
        case ChangeKind::tlbi_in_vm:
            return fmt::format("have VTTBR hold {} (a write, then ISB) where {} is executed",
                               vm_name(*change.vm, context), at);
        case ChangeKind::flush_stage2:
            return fmt::format("put TLBI IPAS2E1IS for {}, DSB ISH before {}", range, at);
        case ChangeKind::flush_combined:
            return fmt::format("put TLBI VMALLE1IS, DSB ISH behind the DSB that completes {}", at);
        case ChangeKind::own_tag: {
            const model::AddressSpace& tagged = context.program.spaces[*change.vm];
            return tagged.stage2 ? fmt::format("give VM {} a VMID of its own", tagged.name)
                                 : fmt::format("give space {} an ASID of its own", tagged.name);
        }
        case ChangeKind::flush_before_switch:
            return fmt::format("before {}, leave {} (another value, ISB) and flush {} (TLBI, DSB ISH)", at,
                               space_text(context), tag_text(context));
        default:
            return {};
    }
}

}  // namespace tlbcheck::checker
