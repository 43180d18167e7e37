// SPDX-License-Identifier: Apache-2.0
//
// HCR_EL2 is followed where the schedule has spaces; else every operation is for the regime in its name.
#include "model/program/tlbi_scope_at.hpp"

#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

TlbiScope tlbi_scope_at(const JudgedSchedule& schedule, std::uint32_t thread, std::size_t position,
                        const Geometry& geometry) {
    const JudgedThread& of = schedule.threads[thread];
    const auto& tlbi = std::get<TlbiInstruction>(of.code[position].operation);
    HostState state;
    if (!schedule.program->spaces.empty())
        state = host_state_at(*schedule.program, operations_of(of), of.starts_in, position);
    return decode_tlbi(tlbi.op, tlbi.operand, geometry, state);
}

std::vector<SpaceId> vms_at(const JudgedSchedule& schedule, std::uint32_t thread, std::size_t position) {
    if (!uses_vms(*schedule.program)) return {};
    const JudgedThread& of = schedule.threads[thread];
    return vms_at(operations_of(of), of.starts_in.vm.value_or(no_space), position);
}

}  // namespace tlbcheck::model
