// SPDX-License-Identifier: Apache-2.0
//
// What a scenario knows of the judged PE's address spaces, VMs and HCR_EL2.
#include "model/machine/scenario.hpp"

#include <algorithm>

namespace tlbcheck::model {

void Scenario::find_contexts() {
    const auto space = spaces::of(va());
    if (!space) return;
    const ScheduleProgram& program = *schedule_->program;
    stage2_ = program.spaces[*space].stage2;
    const std::optional<std::uint32_t>& own = question_.observer.thread;
    if (!own) {
        contexts_ = contexts_elsewhere(program, *space);
        return;
    }
    std::optional<std::size_t> position;
    if (question_.observer.position) position = *question_.observer.position;
    contexts_ =
        contexts_of(program, operations_of(schedule_->threads[*own]), schedule_->threads[*own].starts_in,
                    question_.observer.starts_in, *space, position);
}

/// What VTTBR holds when a TLBI is issued says which VM's entries it removes; while a write of VTTBR is not
/// synchronised, it may be either.
bool Scenario::names_vmid(const MachineTlbi& tlbi, SpaceId vm) const {
    if (tlbi.op.base == TlbiBase::alle1) return true;
    const std::vector<AddressSpace>& all = schedule_->program->spaces;
    return std::ranges::none_of(
        tlbi.vms, [&](SpaceId other) { return other == no_space || all[other].vmid != all[vm].vmid; });
}

/// HCR_EL2 of the PE at that instruction: every value that TGE may have since it was last synchronised.
HostState Scenario::host_state(std::uint32_t thread, std::uint32_t position) const {
    const ScheduleProgram& program = *schedule_->program;
    std::vector<std::optional<bool>> possible{schedule_->threads[thread].starts_in.tge};
    const std::vector<PlainInstruction>& code = schedule_->threads[thread].code;
    for (std::uint32_t at = 0; at < position; ++at) {
        if (const auto* change = std::get_if<ContextChange>(&code[at].operation);
            change != nullptr && change->kind == ContextChange::Kind::set_tge)
            possible.emplace_back(change->tge);
        if (synchronizes_context(code[at].operation)) possible.erase(possible.begin(), possible.end() - 1);
    }
    const bool one = std::ranges::all_of(possible, [&](const auto& tge) { return tge == possible[0]; });
    return {uses_vhe(program), one ? possible[0] : std::nullopt};
}

/// The observer's switch to the judged space, with its ISB.
void Scenario::add_entry_to_space(std::uint32_t thread) {
    threads_[thread].emplace_back();
    MachineInstruction isb;
    isb.kind = MachineInstruction::Kind::barrier;
    isb.barrier = {BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false};
    threads_[thread].push_back(isb);
    first_latch_ = static_cast<std::uint32_t>(threads_[thread].size());
}

const PeContext* Scenario::context(std::size_t t) const {
    const std::optional<std::uint32_t>& which = question_.targets[t].context;
    if (question_.targets[t].under)
        return which && *which < vm_contexts_.all.size() ? &vm_contexts_.all[*which] : nullptr;
    return which && *which < contexts_.all.size() ? &contexts_.all[*which] : nullptr;
}

bool Scenario::only_global(std::size_t t) const {
    const PeContext* const in = context(t);
    if (in == nullptr || !in->ended() || question_.targets[t].under) return false;
    return std::ranges::none_of(contexts_.all, [&](const PeContext& other) {
        return !other.ended() && other.space != no_space && same_tags(*schedule_->program, *in, other);
    });
}

}  // namespace tlbcheck::model
