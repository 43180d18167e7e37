// SPDX-License-Identifier: Apache-2.0
//
// Comparison, arithmetic and printing of values.
#include "model/program/litmus_value.hpp"

#include <algorithm>
#include <utility>

namespace tlbcheck::model {

namespace {

/// Bits of a descriptor that instructions may test and change (Arm ARM D8.3): AP[2] and UXN/XN are negative
/// logic.
struct DescriptorBit {
    std::uint64_t mask;
    int LitmusDescriptor::*field;
    int when_set;
};
constexpr DescriptorBit descriptor_bits[] = {
    {std::uint64_t{1} << 0U, &LitmusDescriptor::valid, 1},
    {std::uint64_t{1} << 6U, &LitmusDescriptor::el0, 1},
    {std::uint64_t{1} << 7U, &LitmusDescriptor::db, 0},
    {std::uint64_t{1} << 10U, &LitmusDescriptor::af, 1},
    {std::uint64_t{1} << 51U, &LitmusDescriptor::dbm, 1},
    {std::uint64_t{1} << 52U, &LitmusDescriptor::contig, 1},
    {std::uint64_t{1} << 54U, &LitmusDescriptor::x, 0},
};

std::optional<LitmusDescriptor> with_bits(LitmusDescriptor d, std::uint64_t mask, bool set) {
    for (const auto& bit : descriptor_bits) {
        if ((mask & bit.mask) != 0) d.*bit.field = set ? bit.when_set : 1 - bit.when_set;
        mask &= ~bit.mask;
    }
    if (mask != 0) return std::nullopt;
    return d;
}

std::uint64_t masked_bits(const LitmusDescriptor& d, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (const auto& bit : descriptor_bits) {
        if ((mask & bit.mask) != 0 && d.*bit.field == bit.when_set) result |= bit.mask;
    }
    return result;
}

bool has_offset(const LitmusValue& v) {
    return v.kind == ValueKind::address || v.kind == ValueKind::physical || v.kind == ValueKind::label;
}

LitmusValue moved(LitmusValue v, std::uint64_t by) {
    v.offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(v.offset) + by);
    return v;
}

std::uint64_t shifted(ValueOp op, std::uint64_t a, std::uint64_t by) {
    if (op == ValueOp::asr)
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(a) >> (by < 63 ? by : 63));
    if (by > 63) return 0;
    return op == ValueOp::lsl ? a << by : a >> by;
}

std::uint64_t on_integers(ValueOp op, std::uint64_t a, std::uint64_t b) {
    const auto sa = static_cast<std::int64_t>(a);
    const auto sb = static_cast<std::int64_t>(b);
    switch (op) {
        case ValueOp::add:
            return a + b;
        case ValueOp::sub:
            return a - b;
        case ValueOp::land:
            return a & b;
        case ValueOp::lor:
            return a | b;
        case ValueOp::lxor:
            return a ^ b;
        case ValueOp::andnot:
            return a & ~b;
        case ValueOp::lsl:
        case ValueOp::lsr:
        case ValueOp::asr:
            return shifted(op, a, b);
        case ValueOp::eq:
            return a == b ? 1 : 0;
        case ValueOp::ne:
            return a != b ? 1 : 0;
        case ValueOp::mul:
            return a * b;
        case ValueOp::min:
            return static_cast<std::uint64_t>(std::min(sa, sb));
        case ValueOp::max:
            return static_cast<std::uint64_t>(std::max(sa, sb));
        case ValueOp::umin:
            return std::min(a, b);
        case ValueOp::umax:
            return std::max(a, b);
    }
    return 0;
}

std::optional<LitmusValue> on_descriptor(ValueOp op, const LitmusValue& d, std::uint64_t n) {
    if (op == ValueOp::land) return LitmusValue::of(masked_bits(d.descriptor, n));
    if (op != ValueOp::lor && op != ValueOp::andnot) return std::nullopt;
    const auto changed = with_bits(d.descriptor, n, op == ValueOp::lor);
    if (!changed) return std::nullopt;
    return LitmusValue::of(*changed);
}

std::optional<LitmusValue> on_symbols(ValueOp op, const LitmusValue& a, const LitmusValue& b) {
    const bool b_number = b.kind == ValueKind::integer;
    switch (op) {
        case ValueOp::eq:
            return LitmusValue::of(a == b ? 1 : 0);
        case ValueOp::ne:
            return LitmusValue::of(a == b ? 0 : 1);
        case ValueOp::add:
            if (a.is_zero()) return b;
            if (b.is_zero()) return a;
            if (has_offset(a) && b_number) return moved(a, b.number);
            if (has_offset(b) && a.kind == ValueKind::integer) return moved(b, a.number);
            return std::nullopt;
        case ValueOp::sub:
            if (has_offset(a) && b_number) return moved(a, 0 - b.number);
            if (a.kind == ValueKind::descriptor && b.is_zero()) return LitmusValue::of(1);
            if (b.kind == ValueKind::descriptor && a.is_zero()) return LitmusValue::of(1);
            if (a.kind != ValueKind::integer && !b_number) {
                if (a == b) return LitmusValue::of(0);
                return LitmusValue::of(a < b ? ~std::uint64_t{0} : 1);
            }
            return std::nullopt;
        case ValueOp::lxor:
            if (a == b) return LitmusValue::of(0);
            return std::nullopt;
        case ValueOp::lor:
            if (a.is_zero()) return b;
            if (b.is_zero()) return a;
            break;
        case ValueOp::lsr:
            if (a.kind == ValueKind::address && b.is_integer(12)) {
                return LitmusValue::address(ValueKind::tlb, a.symbol);
            }
            break;
        default:
            break;
    }
    if (a.kind == ValueKind::descriptor && b_number) return on_descriptor(op, a, b.number);
    if (b.kind == ValueKind::descriptor && a.kind == ValueKind::integer && op == ValueOp::land) {
        return on_descriptor(op, b, a.number);
    }
    return std::nullopt;
}

}  // namespace

LitmusValue LitmusValue::of(std::uint64_t number) {
    LitmusValue v;
    v.number = number;
    return v;
}

LitmusValue LitmusValue::address(ValueKind kind, std::string symbol, std::int64_t offset) {
    LitmusValue v;
    v.kind = kind;
    v.symbol = std::move(symbol);
    v.offset = offset;
    return v;
}

LitmusValue LitmusValue::instruction(std::string text) {
    LitmusValue v;
    v.kind = ValueKind::instruction;
    v.symbol = std::move(text);
    return v;
}

LitmusValue LitmusValue::label(int thread, std::string name) {
    LitmusValue v;
    v.kind = ValueKind::label;
    v.thread = thread;
    v.symbol = std::move(name);
    return v;
}

LitmusValue LitmusValue::of(LitmusDescriptor descriptor) {
    LitmusValue v;
    v.kind = ValueKind::descriptor;
    v.descriptor = std::move(descriptor);
    return v;
}

std::strong_ordering operator<=>(const LitmusValue& a, const LitmusValue& b) {
    if (const auto c = a.kind <=> b.kind; c != 0) return c;
    if (const auto c = static_cast<std::int64_t>(a.number) <=> static_cast<std::int64_t>(b.number); c != 0)
        return c;
    if (const auto c = a.thread <=> b.thread; c != 0) return c;
    if (const auto c = a.symbol.compare(b.symbol) <=> 0; c != 0) return c;
    if (const auto c = a.offset <=> b.offset; c != 0) return c;
    return a.descriptor <=> b.descriptor;
}

std::optional<LitmusValue> apply(ValueOp op, const LitmusValue& a, const LitmusValue& b) {
    if (a.kind == ValueKind::integer && b.kind == ValueKind::integer) {
        return LitmusValue::of(on_integers(op, a.number, b.number));
    }
    return on_symbols(op, a, b);
}

std::optional<LitmusValue> zero_extend(const LitmusValue& v, int bits) {
    if (v.kind != ValueKind::integer) {
        if (bits >= (v.kind == ValueKind::instruction ? 32 : 64)) return v;
        return std::nullopt;
    }
    if (bits >= 64) return v;
    return LitmusValue::of(v.number & ((std::uint64_t{1} << static_cast<unsigned>(bits)) - 1));
}

std::optional<LitmusValue> sign_extend(const LitmusValue& v, int bits) {
    if (bits >= 64) return v;
    if (v.kind != ValueKind::integer) return std::nullopt;
    const auto up = static_cast<unsigned>(64 - bits);
    return LitmusValue::of(static_cast<std::uint64_t>(static_cast<std::int64_t>(v.number << up) >> up));
}

bool writable(const LitmusDescriptor& d, bool ha, bool hd) {
    return (d.af != 0 || ha) && (d.db != 0 || (d.dbm != 0 && hd));
}

}  // namespace tlbcheck::model
