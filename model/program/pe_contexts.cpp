// SPDX-License-Identifier: Apache-2.0
//
// Follows the writes of TTBR0 and the context synchronisation events of a thread.
#include "model/program/pe_contexts.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

void synchronize(PeContexts& contexts, std::size_t at) {
    for (std::size_t k = 0; k + 1 < contexts.all.size(); ++k) {
        if (!contexts.all[k].end) contexts.all[k].end = at;
    }
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

}  // namespace

PeContexts contexts_of(const ScheduleProgram& program, const std::vector<const Operation*>& code,
                       SpaceId starts_in, SpaceId space, std::optional<std::size_t> position) {
    const auto write =
        program.spaces[space].stage2 ? ContextChange::Kind::switch_vm : ContextChange::Kind::switch_space;
    PeContexts result = values_of(code, write, starts_in, position.value_or(code.size()));
    if (position || result.all.back().space == space) return result;
    result.switches = true;
    result.all.push_back({space, code.size(), std::nullopt, false});
    synchronize(result, code.size() + 1);
    return result;
}

std::vector<SpaceId> vms_at(const std::vector<const Operation*>& code, SpaceId starts_in,
                            std::size_t position) {
    std::vector<SpaceId> result;
    for (const PeContext& c : values_of(code, ContextChange::Kind::switch_vm, starts_in, position).all) {
        if (!c.end) result.push_back(c.space);
    }
    return result;
}

bool entries_shared(const ScheduleProgram& program, SpaceId of, SpaceId space) {
    if (of == no_space || space == no_space) return false;
    const AddressSpace &one = program.spaces[of], &other = program.spaces[space];
    if (one.stage2 != other.stage2) return false;
    if (one.stage2) return one.vmid == other.vmid;
    if (one.asid == other.asid) return true;
    return std::ranges::any_of(
        program.regions, [&](const Region& region) { return region.global && spaces::of(region.va) == of; });
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

}  // namespace tlbcheck::model
