// SPDX-License-Identifier: Apache-2.0
//
// Which barriers complete a TLBI (Arm ARM D8.17, "Completion and synchronization"; docs/formal-model.md): a
// DSB of all accesses by the PE that issued it, as wide as its domain where another PE's translations are
// meant.
#pragma once

#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::model {

/// A DSB that waits for TLBIs at all: neither DSB LD nor DSB ST does.
constexpr bool completes_tlbis(const Barrier& barrier) {
    return barrier.kind == BarrierKind::dsb && barrier.access == BarrierAccess::full;
}
/// The barrier, later in program order than the TLBI, completes it for the PE that issued both.
constexpr bool completes_here(const Barrier& barrier, const TlbiOp& op) {
    return completes_tlbis(barrier) && (!barrier.nxs || op.nxs);
}
/// The same for the other PEs that the TLBI reaches; for a local TLBI, those of its Inner Shareable domain.
constexpr bool completes_elsewhere(const Barrier& barrier, const TlbiOp& op) {
    const BarrierDomain least = op.domain == TlbiDomain::outer ? BarrierDomain::osh : BarrierDomain::ish;
    return completes_here(barrier, op) && barrier.domain >= least;
}
/// A DSB that waits for stores: DSB LD does not.
constexpr bool completes_stores(const Barrier& barrier) {
    return barrier.kind == BarrierKind::dsb && barrier.access != BarrierAccess::ld;
}

}  // namespace tlbcheck::model
