// SPDX-License-Identifier: Apache-2.0
//
// Follows the writes of base registers and the context synchronisation events of a thread.
#include "model/program/pe_contexts.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

void synchronize(PeContexts& contexts, std::size_t at) {
    for (std::size_t k = 0; k + 1 < contexts.all.size(); ++k) {
        if (!contexts.all[k].end) contexts.all[k].end = at;
    }
}

/// While TTBR0 leads to a guest's space and VTTBR to its VM. Registers that do not belong together are held
/// at EL2 only, where no walk of EL1&0 begins.
PeContexts in_their_vms(const ScheduleProgram& program, const PeContexts& spaces, const PeContexts& vms) {
    PeContexts result;
    for (const PeContext& a : spaces.all) {
        for (const PeContext& b : vms.all) {
            if (a.space == no_space || b.space == no_space || program.spaces[a.space].vm != b.space) continue;
            PeContext both{a.space, std::max(a.begin, b.begin), a.end, false};
            if (b.end && (!both.end || *b.end < *both.end)) both.end = b.end;
            if (!both.begin || !both.end || *both.begin < *both.end) result.all.push_back(both);
        }
    }
    if (result.all.empty()) result.all.push_back({no_space, std::nullopt, std::nullopt, false});
    return result;
}

/// While TTBR1 leads to a space and TTBR0 has an ASID, each register on its own.
PeContexts beside(const ScheduleProgram& program, const PeContexts& spaces, const PeContexts& lower) {
    PeContexts asids;
    for (PeContext one : lower.all) {
        if (one.space != no_space) one.asid = program.spaces[one.space].asid;
        if (!asids.all.empty() && asids.all.back().asid == one.asid)
            asids.all.back().end = one.end;
        else
            asids.all.push_back(one);
    }
    PeContexts result;
    for (const PeContext& a : spaces.all) {
        for (const PeContext& b : asids.all) {
            PeContext both{a.space, std::max(a.begin, b.begin), a.end, false, b.asid};
            if (b.end && (!both.end || *b.end < *both.end)) both.end = b.end;
            if (!both.begin || !both.end || *both.begin < *both.end) result.all.push_back(both);
        }
    }
    return result;
}

PeContexts values_of(const std::vector<const Operation*>& code, ContextChange::Kind write, SpaceId starts_in,
                     std::size_t last) {
    PeContexts result;
    result.all.push_back({starts_in, std::nullopt, std::nullopt, false});
    for (std::size_t at = 0; at < last; ++at) {
        const auto* change = std::get_if<ContextChange>(code[at]);
        if (change != nullptr && change->kind == write)
            result.all.push_back({change->space, at, std::nullopt, false});
        if (synchronizes_context(*code[at])) synchronize(result, at);
    }
    return result;
}

/// A write of the register that is not synchronised there leaves the PE in the space or in another one.
bool undecided_at(const PeContexts& contexts, SpaceId space) {
    bool there = false, elsewhere = false;
    for (const PeContext& c : contexts.all) {
        if (c.ended()) continue;
        (c.space == space ? there : elsewhere) = true;
    }
    return there && elsewhere;
}

bool goes_by_others_from(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                         const PeStart& starts_in, std::optional<SpaceId> otherwise, SpaceId space,
                         AccessTime time) {
    const PeContexts contexts = contexts_of(program, code, starts_in, otherwise, space, std::nullopt);
    for (std::size_t k = 0; k + 1 < contexts.all.size(); ++k) {
        const PeContext& one = contexts.all[k];
        if (one.space == space) continue;
        if (!one.ended() || entries_shared(program, one.space, space)) return true;
    }
    if (time == AccessTime::after_thread) return false;
    for (std::size_t k = 0; k < code.size(); ++k) {
        if (!std::holds_alternative<ContextChange>(*code[k])) continue;
        if (undecided_at(contexts_of(program, code, starts_in, otherwise, space, k + 1), space)) return true;
    }
    return false;
}

}  // namespace

ContextChange::Kind write_of(BaseRegister base) {
    switch (base) {
        case BaseRegister::of_stage2:
            return ContextChange::Kind::switch_vm;
        case BaseRegister::of_el1_upper:
            return ContextChange::Kind::switch_upper;
        case BaseRegister::of_el2:
            return ContextChange::Kind::switch_el2;
        case BaseRegister::of_el2_upper:
            return ContextChange::Kind::switch_el2_upper;
        case BaseRegister::of_el1:
            break;
    }
    return ContextChange::Kind::switch_space;
}

PeContexts contexts_of(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                       const PeStart& starts_in, std::optional<SpaceId> otherwise, SpaceId space,
                       std::optional<std::size_t> position) {
    const AddressSpace& wanted = program.spaces[space];
    if (otherwise && (*otherwise == no_space || program.spaces[*otherwise].base() != wanted.base()))
        otherwise.reset();
    const SpaceId start = starts_in.of(wanted).value_or(otherwise.value_or(space));
    const std::size_t last = position.value_or(code.size());
    PeContexts result = values_of(code, write_of(wanted.base()), start, last);
    bool there = result.all.back().space == space;
    if (wanted.vm) {
        const PeContexts vms =
            values_of(code, ContextChange::Kind::switch_vm, starts_in.vm.value_or(*wanted.vm), last);
        there = there && vms.all.back().space == *wanted.vm;
        result = in_their_vms(program, result, vms);
    }
    result.switches = !position && !there;
    if (result.switches) {
        result.all.push_back({space, code.size(), std::nullopt, false});
        synchronize(result, code.size() + 1);
    }
    if (!wanted.upper) return result;
    const BaseRegister base = lower_of(wanted.base());
    PeContexts lower = values_of(code, write_of(base), starts_in.of(base).value_or(no_space), last);
    if (result.switches) synchronize(lower, code.size() + 1);
    PeContexts both = beside(program, result, lower);
    both.switches = result.switches;
    return both;
}

std::vector<SpaceId> vms_at(const std::vector<const Operation*>& code, SpaceId starts_in,
                            std::size_t position) {
    std::vector<SpaceId> result;
    for (const PeContext& c : values_of(code, ContextChange::Kind::switch_vm, starts_in, position).all) {
        if (!c.end) result.push_back(c.space);
    }
    return result;
}

bool names_vmid(const ScheduleProgram& program, const TlbiOp& op, const std::vector<SpaceId>& vms,
                std::uint64_t address) {
    const auto vmid = vmid_of(program, address);
    if (vms.empty() || !vmid || op.base == TlbiBase::alle1) return true;
    return std::ranges::all_of(
        vms, [&](SpaceId vm) { return vm != no_space && program.spaces[vm].vmid == *vmid; });
}

std::optional<std::uint16_t> vmid_of(const ScheduleProgram& program, std::uint64_t address) {
    const auto space = spaces::of(address);
    if (!space) return std::nullopt;
    const AddressSpace& found = program.spaces[*space];
    if (found.stage2) return found.vmid;
    return found.vm ? std::optional(program.spaces[*found.vm].vmid) : std::nullopt;
}

std::optional<std::uint16_t> asid_in(const ScheduleProgram& program, const PeContext& context) {
    const AddressSpace& space = program.spaces[context.space];
    return space.upper ? context.asid : space.asid;
}

bool same_tags(const ScheduleProgram& program, const PeContext& one, const PeContext& other) {
    if (program.spaces[one.space].stage2) return entries_shared(program, one.space, other.space);
    const auto first = asid_in(program, one), second = asid_in(program, other);
    return !first || !second || *first == *second;
}

bool entries_shared(const ScheduleProgram& program, SpaceId of, SpaceId space) {
    if (of == no_space || space == no_space) return false;
    const AddressSpace &one = program.spaces[of], &other = program.spaces[space];
    if (one.base() != other.base() || one.regime != other.regime || one.vm != other.vm) return false;
    if (one.stage2) return one.vmid == other.vmid;
    if (one.upper) return true;  // whatever TTBR0 has
    if (one.asid == other.asid) return true;
    return std::ranges::any_of(
        program.regions, [&](const Region& region) { return region.global && spaces::of(region.va) == of; });
}

bool uses_vms(const ScheduleProgram& program) {
    return std::ranges::any_of(program.spaces, &AddressSpace::stage2);
}

bool uses_vhe(const ScheduleProgram& program) {
    return std::ranges::any_of(program.spaces,
                               [](const AddressSpace& space) { return space.regime == Regime::el20; });
}

HostState host_state_at(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                        const PeStart& starts_in, std::size_t position) {
    HostState state{uses_vhe(program), starts_in.tge};
    bool pending = false;  // a write that is not synchronised
    bool last = false, same = true;
    for (std::size_t at = 0; at < position; ++at) {
        const auto* change = std::get_if<ContextChange>(code[at]);
        if (change != nullptr && change->kind == ContextChange::Kind::set_tge) {
            same = same && (pending ? change->tge == last : state.tge == change->tge);
            last = change->tge;
            pending = true;
        }
        if (!synchronizes_context(*code[at]) || !pending) continue;
        state.tge = last;
        pending = false;
        same = true;
    }
    if (!same) state.tge.reset();
    return state;
}

PeContexts contexts_elsewhere(const ScheduleProgram& program, SpaceId space) {
    PeContexts result;
    for (SpaceId other = 0; other < program.spaces.size(); ++other) {
        if (other != space && entries_shared(program, other, space))
            result.all.push_back({other, std::nullopt, std::nullopt, true});
    }
    result.all.push_back({space, std::nullopt, std::nullopt, false});
    return result;
}

std::vector<SpaceId> possible_starts(const ScheduleProgram& program, SpaceId space) {
    std::vector<SpaceId> result{space};
    for (SpaceId other = 0; other < program.spaces.size(); ++other) {
        if (other != space && entries_shared(program, other, space)) result.push_back(other);
    }
    return result;
}

bool goes_by_others(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                    const PeStart& starts_in, SpaceId space, AccessTime time) {
    if (starts_in.of(program.spaces[space]))
        return goes_by_others_from(program, code, starts_in, std::nullopt, space, time);
    return std::ranges::any_of(possible_starts(program, space), [&](SpaceId start) {
        return goes_by_others_from(program, code, starts_in, start, space, time);
    });
}

}  // namespace tlbcheck::model
