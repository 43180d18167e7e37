// SPDX-License-Identifier: Apache-2.0
//
// TLBI operations: names and scope (Arm ARM C5.5 and D8.17; docs/formal-model.md section 4). Operands are in
// tlbi_operand.cpp.
#include "model/arch/tlbi.hpp"

#include <array>
#include <cctype>

namespace tlbcheck::model {

namespace {

struct Name {
    std::string_view text;  ///< upper case
    TlbiBase base;
};

constexpr std::array<Name, 26> tlbi_names{{
    {"VMALLE1", TlbiBase::vmalle1},       {"ASIDE1", TlbiBase::aside1},   {"VAE1", TlbiBase::vae1},
    {"VAAE1", TlbiBase::vaae1},           {"VALE1", TlbiBase::vale1},     {"VAALE1", TlbiBase::vaale1},
    {"VMALLS12E1", TlbiBase::vmalls12e1}, {"ALLE1", TlbiBase::alle1},     {"IPAS2E1", TlbiBase::ipas2e1},
    {"IPAS2LE1", TlbiBase::ipas2le1},     {"ALLE2", TlbiBase::alle2},     {"VAE2", TlbiBase::vae2},
    {"VALE2", TlbiBase::vale2},           {"RVAE1", TlbiBase::rvae1},     {"RVAAE1", TlbiBase::rvaae1},
    {"RVALE1", TlbiBase::rvale1},         {"RVAALE1", TlbiBase::rvaale1}, {"RIPAS2E1", TlbiBase::ripas2e1},
    {"RIPAS2LE1", TlbiBase::ripas2le1},   {"RVAE2", TlbiBase::rvae2},     {"RVALE2", TlbiBase::rvale2},
    {"ALLE3", TlbiBase::alle3},           {"VAE3", TlbiBase::vae3},       {"VALE3", TlbiBase::vale3},
    {"RVAE3", TlbiBase::rvae3},           {"RVALE3", TlbiBase::rvale3},
}};

bool strip_suffix(std::string_view& name, std::string_view suffix) {
    if (!name.ends_with(suffix)) return false;
    name.remove_suffix(suffix.size());
    return true;
}

/// Condition of the ASID an operation names on a translation (Arm ARM, TLBI VAE1 and TLBI ASIDE1). Global are
/// only final-level entries: by VA and ASID they are removed too, by ASID alone they are not. A table
/// descriptor's entry carries the ASID that was current when it was walked, which of a global region may be
/// any.
bool asid_matches(const TlbiScope& scope, const CachedTranslation& translation) {
    if (!scope.asid) return true;
    if (translation.global) return translation.leaf && scope.first.has_value();
    return *scope.asid == translation.asid;
}

bool level_matches(const TlbiScope& scope, const CachedTranslation& translation) {
    if (translation.leaf) return !scope.level_hint || translation.level == *scope.level_hint;
    if (scope.last_level_only) return false;
    return !scope.level_hint || translation.level < *scope.level_hint;
}

}  // namespace

std::optional<TlbiOp> parse_tlbi(std::string_view name) {
    std::string upper{name};
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string_view rest = upper;
    TlbiOp op;
    op.nxs = strip_suffix(rest, "NXS");
    // No base name ends in IS or OS.
    if (strip_suffix(rest, "IS")) {
        op.domain = TlbiDomain::inner;
    } else if (strip_suffix(rest, "OS")) {
        op.domain = TlbiDomain::outer;
    }
    for (const Name& candidate : tlbi_names) {
        if (candidate.text != rest) continue;
        op.base = candidate.base;
        return op;
    }
    return std::nullopt;
}

std::string to_string(const TlbiOp& op) {
    std::string text;
    for (const Name& candidate : tlbi_names) {
        if (candidate.base == op.base) text = candidate.text;
    }
    if (op.domain == TlbiDomain::inner) text += "IS";
    if (op.domain == TlbiDomain::outer) text += "OS";
    if (op.nxs) text += "NXS";
    return text;
}

std::vector<std::string_view> tlbi_base_names() {
    std::vector<std::string_view> result;
    for (const Name& name : tlbi_names) result.push_back(name.text);
    return result;
}

bool names_asid(TlbiBase base) {
    switch (base) {
        case TlbiBase::aside1:
        case TlbiBase::vae1:
        case TlbiBase::vale1:
        case TlbiBase::rvae1:
        case TlbiBase::rvale1:
            return true;
        default:
            return false;
    }
}

bool depends_on_tge(TlbiBase base) {
    switch (base) {
        case TlbiBase::vmalle1:
        case TlbiBase::aside1:
        case TlbiBase::vae1:
        case TlbiBase::vaae1:
        case TlbiBase::vale1:
        case TlbiBase::vaale1:
        case TlbiBase::rvae1:
        case TlbiBase::rvaae1:
        case TlbiBase::rvale1:
        case TlbiBase::rvaale1:
            return true;
        default:
            return false;
    }
}

bool takes_operand(TlbiBase base) {
    switch (base) {
        case TlbiBase::vmalle1:
        case TlbiBase::vmalls12e1:
        case TlbiBase::alle1:
        case TlbiBase::alle2:
        case TlbiBase::alle3:
            return false;
        default:
            return true;
    }
}

bool is_range(TlbiBase base) {
    switch (base) {
        case TlbiBase::rvae1:
        case TlbiBase::rvaae1:
        case TlbiBase::rvale1:
        case TlbiBase::rvaale1:
        case TlbiBase::ripas2e1:
        case TlbiBase::ripas2le1:
        case TlbiBase::rvae2:
        case TlbiBase::rvale2:
        case TlbiBase::rvae3:
        case TlbiBase::rvale3:
            return true;
        default:
            return false;
    }
}

bool is_last_level(TlbiBase base) {
    switch (base) {
        case TlbiBase::vale1:
        case TlbiBase::vaale1:
        case TlbiBase::ipas2le1:
        case TlbiBase::vale2:
        case TlbiBase::rvale1:
        case TlbiBase::rvaale1:
        case TlbiBase::ripas2le1:
        case TlbiBase::rvale2:
        case TlbiBase::vale3:
        case TlbiBase::rvale3:
            return true;
        default:
            return false;
    }
}

bool is_stage2_only(TlbiBase base) {
    switch (base) {
        case TlbiBase::ipas2e1:
        case TlbiBase::ipas2le1:
        case TlbiBase::ripas2e1:
        case TlbiBase::ripas2le1:
            return true;
        default:
            return false;
    }
}

bool in_scope(const TlbiScope& scope, const CachedTranslation& translation) {
    if (scope.nothing || scope.regime != translation.regime) return false;
    if (translation.stage == CachedTranslation::Stage::stage2) {
        if (!scope.stage2) return false;
    } else if (!scope.stage1) {
        return false;
    }
    if (translation.stage == CachedTranslation::Stage::combined) return !scope.first && !scope.asid;
    if (scope.first && (*scope.last < translation.first || *scope.first > translation.last)) return false;
    return asid_matches(scope, translation) && level_matches(scope, translation);
}

std::string_view to_string(Regime regime) {
    switch (regime) {
        case Regime::el2:
            return "EL2";
        case Regime::el20:
            return "EL2&0";
        case Regime::el3:
            return "EL3";
        case Regime::el10:
            break;
    }
    return "EL1&0";
}

}  // namespace tlbcheck::model
