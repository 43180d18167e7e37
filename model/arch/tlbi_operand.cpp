// SPDX-License-Identifier: Apache-2.0
//
// TLBI register operands, decoded and encoded (Arm ARM C5.5; docs/formal-model.md section 4): the VA and IPA
// forms and those of FEAT_TLBIRANGE. Nothing in an operand is trusted: what it does not clearly name, it is
// not required to remove.
#include <array>
#include <limits>

#include <fmt/format.h>

#include "model/arch/tlbi.hpp"

namespace tlbcheck::model {

namespace {

constexpr std::uint64_t field(std::uint64_t value, int high, int low) {
    return value << (63 - high) >> (63 - high + low);
}

constexpr std::uint64_t sign_extend(std::uint64_t value, int sign_bit) {
    const int unused = 63 - sign_bit;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value << unused) >> unused);
}

/// The encoding of a granule in TTL[3:2] and in TG.
std::uint64_t granule_code(Granule granule) {
    switch (granule) {
        case Granule::k16:
            return 2;
        case Granule::k64:
            return 3;
        case Granule::k4:
            break;
    }
    return 1;
}

std::string_view code_name(std::uint64_t code) {
    constexpr std::array<std::string_view, 4> names = {"reserved", "4K", "16K", "64K"};
    return names[code & 3U];
}

void remove_nothing(TlbiScope& scope, std::string why) {
    scope.nothing = true;
    scope.why_nothing = std::move(why);
}

TlbiScope scope_of(TlbiBase base) {
    TlbiScope scope;
    scope.last_level_only = is_last_level(base);
    scope.stage1 = !is_stage2_only(base);
    scope.stage2 = is_stage2_only(base) || base == TlbiBase::vmalls12e1 || base == TlbiBase::alle1;
    switch (base) {
        case TlbiBase::alle2:
        case TlbiBase::vae2:
        case TlbiBase::vale2:
        case TlbiBase::rvae2:
        case TlbiBase::rvale2:
            scope.regime = Regime::el2;
            break;
        case TlbiBase::alle3:
        case TlbiBase::vae3:
        case TlbiBase::vale3:
        case TlbiBase::rvae3:
        case TlbiBase::rvale3:
            scope.regime = Regime::el3;
            break;
        default:
            break;
    }
    return scope;
}

/// TTL[3:0] of the VA and IPA forms: granule, level; 0 leaves the level open.
void decode_level_hint(TlbiScope& scope, std::uint64_t ttl, const Geometry& geometry) {
    if (ttl == 0) return;
    const std::uint64_t code = ttl >> 2;
    const int level = static_cast<int>(ttl & 3U);
    scope.level_hint = level;
    if (code != granule_code(geometry.granule())) {
        remove_nothing(scope, fmt::format("TTL names granule {}, but {} is in use", code_name(code),
                                          granule_name(geometry.granule())));
    } else if (level == 0) {
        remove_nothing(scope, "TTL names level 0, which has no leaf");
    }
}

void decode_address(TlbiScope& scope, std::uint64_t operand, const Geometry& geometry) {
    // IPA forms name IPA[51:12] in bits 39:0; VA forms VA[55:12] in bits 43:0, bit 55 being the sign.
    const std::uint64_t address =
        scope.stage1 ? sign_extend(field(operand, 43, 0) << 12, 55) : field(operand, 39, 0) << 12;
    scope.first = geometry.entry_base(address, 3);
    scope.last = *scope.first + (geometry.entry_bytes(3) - 1);
    decode_level_hint(scope, field(operand, 47, 44), geometry);
}

void decode_range(TlbiScope& scope, std::uint64_t operand, const Geometry& geometry) {
    const int granule_shift = granule_bits(geometry.granule());
    const std::uint64_t code = field(operand, 47, 46);
    const int scale = static_cast<int>(field(operand, 45, 44));
    const std::uint64_t num = field(operand, 43, 39);
    const int level = static_cast<int>(field(operand, 38, 37));
    std::uint64_t base = field(operand, 36, 0) << granule_shift;
    if (scope.stage1) base = sign_extend(base, 36 + granule_shift);
    const std::uint64_t bytes = (num + 1) << (5 * scale + 1) << granule_shift;
    scope.first = base;
    scope.last = base + (bytes - 1);
    if (*scope.last < base) scope.last = std::numeric_limits<std::uint64_t>::max();
    if (level != 0) scope.level_hint = level;
    if (code != granule_code(geometry.granule())) {
        remove_nothing(scope, fmt::format("TG names granule {}, but {} is in use", code_name(code),
                                          granule_name(geometry.granule())));
    } else if (level != 0 && geometry.entry_base(base, level) != base) {
        remove_nothing(scope,
                       fmt::format("BaseADDR {:#x} is not aligned to the level {} of TTL", base, level));
    }
}

}  // namespace

TlbiScope decode_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry) {
    TlbiScope scope = scope_of(op.base);
    if (names_asid(op.base)) scope.asid = static_cast<std::uint16_t>(field(operand, 63, 48));
    if (!takes_operand(op.base) || op.base == TlbiBase::aside1) return scope;
    if (is_range(op.base)) {
        decode_range(scope, operand, geometry);
    } else {
        decode_address(scope, operand, geometry);
    }
    return scope;
}

TlbiScope decode_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry,
                      const HostState& state) {
    TlbiScope scope = decode_tlbi(op, operand, geometry);
    if (!state.e2h) return scope;
    if (scope.regime == Regime::el2) {
        scope.regime = Regime::el20;
        if (takes_operand(op.base)) scope.asid = static_cast<std::uint16_t>(field(operand, 63, 48));
    } else if (depends_on_tge(op.base)) {
        if (!state.tge) remove_nothing(scope, "HCR_EL2.TGE may be 0 or 1 here: it is not synchronised");
        if (state.tge.value_or(false)) scope.regime = Regime::el20;
    }
    return scope;
}

std::uint64_t encode_va_operand(std::uint64_t va, std::uint16_t asid, int level, Granule granule) {
    std::uint64_t operand = field(va, 55, 12) | static_cast<std::uint64_t>(asid) << 48;
    if (level != 0) operand |= (granule_code(granule) << 2 | (static_cast<std::uint64_t>(level) & 3U)) << 44;
    return operand;
}

std::uint64_t encode_range_operand(std::uint64_t va, std::uint16_t asid, int scale, int num, int ttl,
                                   Granule granule) {
    const auto bits = [](int value, unsigned mask) { return static_cast<std::uint64_t>(value) & mask; };
    return static_cast<std::uint64_t>(asid) << 48 | granule_code(granule) << 46 | bits(scale, 3U) << 44 |
           bits(num, 31U) << 39 | bits(ttl, 3U) << 37 | (va >> granule_bits(granule) & ((1ULL << 37) - 1));
}

std::string describe_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry) {
    std::string text = "TLBI " + to_string(op);
    if (!takes_operand(op.base)) return text;
    const TlbiScope scope = decode_tlbi(op, operand, geometry);
    if (scope.nothing)
        return fmt::format("{}, {:#x} (removes nothing: {})", text, operand, scope.why_nothing);
    if (scope.first) text += fmt::format(", {:#x}", *scope.first);
    if (scope.first && is_range(op.base)) text += fmt::format("-{:#x}", *scope.last);
    if (scope.level_hint) text += fmt::format(", TTL {}", *scope.level_hint);
    if (scope.asid) text += fmt::format(", ASID {}", *scope.asid);
    return text;
}

}  // namespace tlbcheck::model
