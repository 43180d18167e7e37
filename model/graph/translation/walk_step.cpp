// SPDX-License-Identifier: Apache-2.0
//
// Scope of TLBIs.
#include "model/graph/translation/walk_step.hpp"

#include "model/arch/params.hpp"
#include "model/program/cached_translation.hpp"

namespace tlbcheck::model::translation {

namespace {

bool names_vmid(TlbiBase base) {
    return base != TlbiBase::alle1;
}

const Geometry& geometry() {
    static const Geometry made{HardwareParameters{}};
    return made;
}

/// What the entry made of the read spans, and its context. A table descriptor's entry has the ASID that it
/// was walked with; so has what cannot be cached.
CachedTranslation entry_of(const WalkStep& step, const DescriptorWord& read) {
    const bool leaf = step.combined || read.kind != DescriptorKind::table;
    CachedTranslation entry = entry_at(geometry(), step.input, step.level, leaf, EntryReach::descriptor);
    entry.global = step.combined ? step.global : read.kind == DescriptorKind::leaf && !read.not_global;
    entry.asid = step.asid;
    entry.regime = step.regime;
    if (step.stage == 2) entry.stage = CachedTranslation::Stage::stage2;
    return entry;
}

}  // namespace

bool in_scope(const IssuedInvalidation& tlbi, const WalkStep& step, std::uint64_t word) {
    const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, geometry());
    if (scope.nothing || scope.regime != step.regime) return false;
    if (step.regime == Regime::el10 && names_vmid(tlbi.op.base) && tlbi.vmid != step.vmid) return false;
    return model::in_scope(scope, entry_of(step, decode_descriptor(word, step.stage, step.level)));
}

}  // namespace tlbcheck::model::translation
