// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic, branches, system registers, barriers and maintenance operations; and the choice of semantics by
// opcode.
#include <bit>

#include "model/graph/litmus/on_number.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

using Pair = std::pair<Symbolic, Symbolic>;

ValueOp value_op(ArithmeticOp op) {
    switch (op) {
        case ArithmeticOp::add:
            return ValueOp::add;
        case ArithmeticOp::sub:
            return ValueOp::sub;
        case ArithmeticOp::and_:
            return ValueOp::land;
        case ArithmeticOp::bic:
            return ValueOp::andnot;
        case ArithmeticOp::orr:
        case ArithmeticOp::orn:
            return ValueOp::lor;
        case ArithmeticOp::eor:
        case ArithmeticOp::eon:
            return ValueOp::lxor;
        case ArithmeticOp::lsl:
            return ValueOp::lsl;
        case ArithmeticOp::lsr:
            return ValueOp::lsr;
        default:
            return ValueOp::asr;
    }
}

struct Flags {
    bool n, z, c, v;
};

/// NZCV after an addition or subtraction (Arm ARM AddWithCarry); of other operations C and V are 0.
Flags flags_of(ArithmeticOp op, std::uint64_t x, std::uint64_t y, int width) {
    const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : 0xffffffff;
    const std::uint64_t sign = std::uint64_t{1} << static_cast<unsigned>(width - 1);
    x &= mask;
    y &= mask;
    if (op == ArithmeticOp::and_ || op == ArithmeticOp::bic) {
        const std::uint64_t r = op == ArithmeticOp::and_ ? x & y : x & ~y;
        return {(r & sign) != 0, r == 0, false, false};
    }
    if (op == ArithmeticOp::sub) {
        const std::uint64_t r = (x - y) & mask;
        return {(r & sign) != 0, r == 0, x >= y, ((x ^ y) & (x ^ r) & sign) != 0};
    }
    const std::uint64_t r = (x + y) & mask;
    return {(r & sign) != 0, r == 0, r < x, (~(x ^ y) & (x ^ r) & sign) != 0};
}

std::uint64_t reversed_bytes(std::uint64_t v, int container, int width) {
    std::uint64_t result = 0;
    for (int base = 0; base < width; base += container) {
        for (int byte = 0; byte < container; byte += 8) {
            const std::uint64_t b = (v >> static_cast<unsigned>(base + byte)) & 0xff;
            result |= b << static_cast<unsigned>(base + container - 8 - byte);
        }
    }
    return result;
}

std::uint64_t reversed_bits(std::uint64_t v, int width) {
    std::uint64_t result = 0;
    for (int k = 0; k < width; ++k) {
        if (((v >> static_cast<unsigned>(k)) & 1) != 0)
            result |= std::uint64_t{1} << static_cast<unsigned>(width - 1 - k);
    }
    return result;
}

}  // namespace

Computation<ControlFlow> LitmusSemantics::arithmetic() {
    const ArithmeticOp op = i_.arithmetic;
    const int width = i_.width;
    const bool same = i_.operand.is_register && i_.operand.reg == i_.reg[1] && i_.reg[1] != zero_register &&
                      i_.operand.shift <= ShiftKind::ror;
    // The same register twice is read once.
    const auto sources = same
                             ? Computation<Pair>(then(read(i_.reg[1], width),
                                                      [this, width](const Symbolic& v) {
                                                          return unit(Pair{v, shifted(i_.operand, v, width)});
                                                      }))
                             : Computation<Pair>(both(read(i_.reg[1], width), operand(i_.operand, width)));
    return next(then(sources, [this, op, width](const Pair& p) -> Effect {
        const Symbolic& x = p.first;
        const Symbolic& right = p.second;
        Symbolic y = right;
        if (op == ArithmeticOp::orn || op == ArithmeticOp::eon) {
            y = a_.map(
                y, [](const LitmusValue& v) { return on_number(v, [](std::uint64_t n) { return ~n; }); },
                "inversion of an address or descriptor");
        }
        Symbolic result =
            op == ArithmeticOp::ror
                ? a_.map(
                      x, y,
                      [width](const LitmusValue& v, const LitmusValue& by) -> std::optional<LitmusValue> {
                          if (v.kind != ValueKind::integer || by.kind != ValueKind::integer)
                              return std::nullopt;
                          const auto n = static_cast<int>(by.number % static_cast<unsigned>(width));
                          if (width == 64) return LitmusValue::of(std::rotr(v.number, n));
                          return LitmusValue::of(std::rotr(static_cast<std::uint32_t>(v.number), n));
                      },
                      "rotation of an address or descriptor")
                : a_.apply(value_op(op), x, y);
        result = a_.zero_extend(result, width);
        Effect written = write(i_.reg[0], result);
        if (!i_.set_flags) return written;
        const auto flag = [&](bool Flags::*which) {
            return a_.map(
                x, y,
                [op, width, which](const LitmusValue& v, const LitmusValue& w) -> std::optional<LitmusValue> {
                    if (v.kind == ValueKind::integer && w.kind == ValueKind::integer) {
                        return LitmusValue::of(flags_of(op, v.number, w.number, width).*which ? 1 : 0);
                    }
                    const auto r = model::apply(value_op(op), v, w);
                    if (!r) return std::nullopt;
                    // Symbolic operands: the sign and zero of the result mean something, carry and overflow
                    // do not.
                    const std::uint64_t number = r->kind == ValueKind::integer ? r->number : 1;
                    const Flags f{(number >> 63U) != 0, number == 0, true, false};
                    return LitmusValue::of(f.*which ? 1 : 0);
                },
                "flags of an operation without meaning");
        };
        return with_value(
            both(written, write_flags(flag(&Flags::n), flag(&Flags::z), flag(&Flags::c), flag(&Flags::v))),
            NoValue{});
    }));
}

Computation<ControlFlow> LitmusSemantics::move_wide() {
    const auto shift = static_cast<unsigned>(i_.immediate);
    const std::uint64_t k = static_cast<std::uint64_t>(i_.operand.immediate) << shift;
    if (!i_.keep) return next(write(i_.reg[0], a_.zero_extend(a_.number(i_.negative ? ~k : k), i_.width)));
    return next(then(read(i_.reg[0], i_.width), [this, k, shift](const Symbolic& v) {
        const Symbolic rest = a_.apply(ValueOp::andnot, v, a_.number(std::uint64_t{0xffff} << shift));
        return write(i_.reg[0], a_.apply(ValueOp::lor, rest, a_.number(k)));
    }));
}

Computation<ControlFlow> LitmusSemantics::multiply_add() {
    return next(
        then(both(both(read(i_.reg[1], i_.width), read(i_.reg[2], i_.width)), read(i_.reg[3], i_.width)),
             [this](const std::pair<Pair, Symbolic>& p) {
                 const Symbolic product = a_.apply(ValueOp::mul, p.first.first, p.first.second);
                 return write(i_.reg[0], a_.zero_extend(a_.apply(i_.negative ? ValueOp::sub : ValueOp::add,
                                                                 p.second, product),
                                                        i_.width));
             }));
}

Computation<ControlFlow> LitmusSemantics::bitfield() {
    return next(then(read(i_.reg[1], i_.width), [this](const Symbolic& v) {
        const int width = i_.width;
        const int r = i_.immediate;
        const int s = i_.immediate2;
        const bool sign = i_.negative;
        const Symbolic result = a_.map(
            v,
            [=](const LitmusValue& x) {
                return on_number(x, [=](std::uint64_t n) {
                    const int length = s >= r ? s - r + 1 : s + 1;
                    const int low = s >= r ? 0 : width - r;  // where the field lands
                    std::uint64_t field = s >= r ? n >> static_cast<unsigned>(r) : n;
                    if (length < 64) field &= (std::uint64_t{1} << static_cast<unsigned>(length)) - 1;
                    if (sign && length < 64 && ((field >> static_cast<unsigned>(length - 1)) & 1) != 0) {
                        field |= ~std::uint64_t{0} << static_cast<unsigned>(length);
                    }
                    return field << static_cast<unsigned>(low);
                });
            },
            "bit field of an address or descriptor");
        Symbolic written = a_.zero_extend(result, width);
        written.determined = false;
        return write(i_.reg[0], written);
    }));
}

Computation<ControlFlow> LitmusSemantics::extract() {
    return next(then(both(read(i_.reg[2], i_.width), read(i_.reg[1], i_.width)), [this](const Pair& p) {
        if (i_.immediate == 0) return write(i_.reg[0], p.first);
        const Symbolic low =
            a_.apply(ValueOp::lsr, p.first, a_.number(static_cast<std::uint64_t>(i_.immediate)));
        const Symbolic high =
            a_.apply(ValueOp::lsl, p.second, a_.number(static_cast<std::uint64_t>(i_.width - i_.immediate)));
        return write(i_.reg[0], a_.zero_extend(a_.apply(ValueOp::lor, low, high), i_.width));
    }));
}

/// Instructions of one source whose result is a function of its bits.
Computation<ControlFlow> LitmusSemantics::unary() {
    const int source = i_.op == LitmusOpcode::sign_extend_word ? 32 : i_.width;
    return next(then(read(i_.reg[1], source), [this](const Symbolic& v) {
        const int width = i_.width;
        const LitmusOpcode op = i_.op;
        const int container = i_.size == 0 ? width : i_.size;
        if (op == LitmusOpcode::move_register) return write(i_.reg[0], v);
        if (op == LitmusOpcode::sign_extend_word) return write(i_.reg[0], a_.sign_extend(v, 32));
        const Symbolic result = a_.map(
            v,
            [=](const LitmusValue& x) {
                return on_number(x, [=](std::uint64_t n) {
                    if (op == LitmusOpcode::reverse) return reversed_bytes(n, container, width);
                    if (op == LitmusOpcode::bit_reverse) return reversed_bits(n, width);
                    const auto up = static_cast<unsigned>(64 - width);
                    const auto extended = static_cast<std::int64_t>(n << up) >> up;
                    return extended < 0 ? 0 - static_cast<std::uint64_t>(extended)
                                        : static_cast<std::uint64_t>(extended);
                });
            },
            "bits of an address or descriptor");
        return write(i_.reg[0], a_.zero_extend(result, width));
    }));
}

Computation<ControlFlow> LitmusSemantics::select() {
    const auto arm = [this](RegisterId reg, SelectOp op) -> Effect {
        return then(&control_sequence_data_input_first, commit(EventRole::branch_predicate),
                    [this, reg, op](const NoValue&) {
                        return then(read(reg, i_.width), [this, op](const Symbolic& v) {
                            Symbolic result = v;
                            if (op == SelectOp::increment) result = add(v, 1);
                            if (op == SelectOp::negate) result = a_.apply(ValueOp::sub, a_.number(0), v);
                            if (op == SelectOp::invert) {
                                result = a_.map(
                                    v,
                                    [](const LitmusValue& x) {
                                        return on_number(x, [](std::uint64_t n) { return ~n; });
                                    },
                                    "inversion of an address or descriptor");
                            }
                            if (op != SelectOp::copy) result = a_.zero_extend(result, i_.width);
                            result.determined = false;
                            return write(i_.reg[0], result);
                        });
                    });
    };
    return next(then(condition(i_.condition), [this, arm](const Symbolic& v) {
        return either_by<NoValue>(a_.truth(v), arm(i_.reg[1], SelectOp::copy), arm(i_.reg[2], i_.select));
    }));
}

}  // namespace tlbcheck::model
