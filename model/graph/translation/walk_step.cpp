// SPDX-License-Identifier: Apache-2.0
//
// Scope of TLBIs.
#include "model/graph/translation/walk_step.hpp"

#include "model/arch/params.hpp"

namespace tlbcheck::model::translation {

namespace {

bool names_vmid(TlbiBase base) {
    return base != TlbiBase::alle1;
}

bool covers(const TlbiScope& scope, std::uint64_t first, std::uint64_t last) {
    return !scope.first || (*scope.first <= last && first <= *scope.last);
}

bool stage2_in_scope(const TlbiScope& scope, const WalkStep& step, bool leaf) {
    if (!scope.stage2) return false;
    if (scope.stage1) return true;  // VMALLS12E1, ALLE1: all of both stages
    if (!leaf && scope.last_level_only) return false;
    if (scope.level_hint && (leaf ? *scope.level_hint != step.level : *scope.level_hint <= step.level))
        return false;
    const std::uint64_t span = span_of_level(step.level);
    const std::uint64_t first = step.input / span * span;
    return covers(scope, first, first + (span - 1));
}

}  // namespace

bool in_scope(const IssuedInvalidation& tlbi, const WalkStep& step, std::uint64_t word) {
    static const Geometry geometry{HardwareParameters{}};
    const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, geometry);
    if (scope.nothing || scope.regime != step.regime) return false;
    if (step.regime == Regime::el10 && names_vmid(tlbi.op.base) && tlbi.vmid != step.vmid) return false;
    DescriptorWord d = decode_descriptor(word, step.stage, step.level);
    if (step.combined) {
        d.kind = DescriptorKind::leaf;
        d.not_global = !step.global;
    }
    const bool leaf = d.kind != DescriptorKind::table;
    if (step.stage == 2) return stage2_in_scope(scope, step, leaf);
    const std::uint64_t span = span_of_level(step.level);
    CachedTranslation entry;
    entry.first = step.input / span * span;
    entry.last = entry.first + (span - 1);
    entry.level = step.level;
    entry.leaf = leaf;
    // A table descriptor's entry has the ASID that it was walked with; so has what cannot be cached.
    entry.global = d.kind == DescriptorKind::leaf && !d.not_global;
    entry.asid = step.asid;
    entry.regime = step.regime;
    return model::in_scope(scope, entry);
}

}  // namespace tlbcheck::model::translation
