// SPDX-License-Identifier: Apache-2.0
//
// Local TLBIs, and barriers that wait for the own PE alone.
#include "model/program/observed_pe.hpp"

#include <algorithm>

#include "model/arch/completion.hpp"

namespace tlbcheck::model {

namespace {

/// Some TLBI of the thread does more, or is complete earlier, on its own PE than on others.
bool favours_own(const JudgedThread& thread) {
    bool any = false, outer = false;
    for (const PlainInstruction& instruction : thread.code) {
        const auto* tlbi = std::get_if<TlbiInstruction>(&instruction.operation);
        if (tlbi == nullptr) continue;
        if (tlbi->op.domain == TlbiDomain::local) return true;
        any = true;
        outer = outer || tlbi->op.domain == TlbiDomain::outer;
    }
    return any && std::ranges::any_of(thread.code, [&](const PlainInstruction& instruction) {
               const auto* barrier = std::get_if<Barrier>(&instruction.operation);
               return barrier != nullptr && completes_tlbis(*barrier) &&
                      barrier->domain < (outer ? BarrierDomain::osh : BarrierDomain::ish);
           });
}

}  // namespace

std::vector<ObservedPe> observed_pes(const JudgedSchedule& schedule) {
    if (!schedule.program->closed) return {std::nullopt};
    std::vector<ObservedPe> all;
    for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) {
        if (!favours_own(schedule.threads[t])) return {t};
        all.emplace_back(t);
    }
    return all;
}

bool reaches(const TlbiOp& op, std::uint32_t issuer, ObservedPe pe) {
    return op.domain != TlbiDomain::local || pe == issuer;
}

bool completes_for(const Barrier& barrier, const TlbiOp& op, std::uint32_t issuer, ObservedPe pe) {
    return pe == issuer ? completes_here(barrier, op) : completes_elsewhere(barrier, op);
}

}  // namespace tlbcheck::model
