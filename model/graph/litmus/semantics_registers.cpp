// SPDX-License-Identifier: Apache-2.0
//
// Register events, conditions, shifted operands, effective addresses.
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

int extension_bits(ShiftKind kind) {
    switch (kind) {
        case ShiftKind::uxtb:
        case ShiftKind::sxtb:
            return 8;
        case ShiftKind::uxth:
        case ShiftKind::sxth:
            return 16;
        case ShiftKind::uxtw:
        case ShiftKind::sxtw:
            return 32;
        default:
            return 64;
    }
}

}  // namespace

Computation<Symbolic> LitmusSemantics::read(RegisterId reg, int width, EventPort port) {
    if (reg == zero_register) return unit(a_.number(0));
    LocalEvent e;
    e.role = EventRole::read_register;
    e.reg = reg;
    e.port = port;
    e.has_value = true;
    e.value = c_.register_value(reg);
    if (width >= 64) return event(std::move(e));
    return then(event(std::move(e)),
                [this, width](const Symbolic& v) { return unit(a_.zero_extend(v, width)); });
}

Computation<NoValue> LitmusSemantics::write(RegisterId reg, const Symbolic& value) {
    if (reg == zero_register) return unit(NoValue{});
    LocalEvent e;
    e.role = EventRole::write_register;
    e.reg = reg;
    e.has_value = true;
    e.value = value;
    return with_value(event(std::move(e)), NoValue{});
}

Computation<NoValue> LitmusSemantics::write_flags(const Symbolic& n, const Symbolic& z, const Symbolic& c,
                                                  const Symbolic& v) {
    return with_value(
        both(both(write(pstate_n, n), write(pstate_z, z)), both(write(pstate_c, c), write(pstate_v, v))),
        NoValue{});
}

Computation<NoValue> LitmusSemantics::commit(EventRole role) {
    LocalEvent e;
    e.role = role;
    return with_value(event(std::move(e)), NoValue{});
}

Computation<Symbolic> LitmusSemantics::condition(LitmusCondition condition) {
    const auto flag = [this](RegisterId reg) { return read(reg); };
    const auto negated = [this](const Symbolic& v) { return a_.apply(ValueOp::eq, v, a_.number(0)); };
    const auto two = [](Value x, Value y,
                        const std::function<Symbolic(const Symbolic&, const Symbolic&)>& f) -> Value {
        return then(both(std::move(x), std::move(y)),
                    [f](const std::pair<Symbolic, Symbolic>& p) { return unit(f(p.first, p.second)); });
    };
    const auto op = [this](ValueOp o) {
        return [this, o](const Symbolic& x, const Symbolic& y) { return a_.apply(o, x, y); };
    };
    const auto inverted = [&](Value m) -> Value {
        return then(std::move(m), [negated](const Symbolic& v) { return unit(negated(v)); });
    };
    switch (condition) {
        case LitmusCondition::eq:
            return flag(pstate_z);
        case LitmusCondition::ne:
            return inverted(flag(pstate_z));
        case LitmusCondition::cs:
            return flag(pstate_c);
        case LitmusCondition::cc:
            return inverted(flag(pstate_c));
        case LitmusCondition::mi:
            return flag(pstate_n);
        case LitmusCondition::pl:
            return inverted(flag(pstate_n));
        case LitmusCondition::vs:
            return flag(pstate_v);
        case LitmusCondition::vc:
            return inverted(flag(pstate_v));
        case LitmusCondition::hi:
            return two(flag(pstate_c), inverted(flag(pstate_z)), op(ValueOp::land));
        case LitmusCondition::ls:
            return two(inverted(flag(pstate_c)), flag(pstate_z), op(ValueOp::lor));
        case LitmusCondition::ge:
            return two(flag(pstate_n), flag(pstate_v), op(ValueOp::eq));
        case LitmusCondition::lt:
            return two(flag(pstate_n), flag(pstate_v), op(ValueOp::ne));
        case LitmusCondition::gt:
            return two(two(flag(pstate_n), flag(pstate_v), op(ValueOp::eq)), inverted(flag(pstate_z)),
                       op(ValueOp::land));
        case LitmusCondition::le:
            return two(two(flag(pstate_n), flag(pstate_v), op(ValueOp::ne)), flag(pstate_z),
                       op(ValueOp::lor));
        case LitmusCondition::al:
            break;
    }
    return unit(a_.number(1));
}

Symbolic LitmusSemantics::shifted(const LitmusOperand& o, const Symbolic& value, int width) {
    const Symbolic by = a_.number(static_cast<std::uint64_t>(o.amount));
    const auto left = [&](const Symbolic& v) { return o.amount == 0 ? v : a_.apply(ValueOp::lsl, v, by); };
    switch (o.shift) {
        case ShiftKind::none:
            return value;
        case ShiftKind::lsl:
            return left(value);
        case ShiftKind::lsr:
            return o.amount == 0 ? value : a_.apply(ValueOp::lsr, a_.zero_extend(value, width), by);
        case ShiftKind::asr:
            return a_.apply(ValueOp::asr, a_.sign_extend(value, width), by);
        case ShiftKind::ror: {
            const int amount = o.amount % width;
            const Symbolic low = a_.apply(ValueOp::lsr, a_.zero_extend(value, width),
                                          a_.number(static_cast<std::uint64_t>(amount)));
            const Symbolic high =
                a_.apply(ValueOp::lsl, value, a_.number(static_cast<std::uint64_t>(width - amount)));
            return a_.apply(ValueOp::lor, low, high);
        }
        case ShiftKind::uxtb:
        case ShiftKind::uxth:
        case ShiftKind::uxtw:
        case ShiftKind::uxtx:
            return left(a_.zero_extend(value, extension_bits(o.shift)));
        default:
            return left(a_.sign_extend(value, extension_bits(o.shift)));
    }
}

Computation<Symbolic> LitmusSemantics::operand(const LitmusOperand& o, int width) {
    if (!o.is_register) return unit(shifted(o, a_.number(static_cast<std::uint64_t>(o.immediate)), width));
    return then(read(o.reg, o.width),
                [this, &o, width](const Symbolic& v) { return unit(shifted(o, v, width)); });
}

Symbolic LitmusSemantics::add(const Symbolic& a, std::int64_t k) {
    return k == 0 ? a : a_.apply(ValueOp::add, a, a_.number(static_cast<std::uint64_t>(k)));
}

Computation<Symbolic> LitmusSemantics::effective_address(const LitmusAddress& address) {
    const LitmusOperand& o = address.offset;
    const Value base = read(address.base, 64, EventPort::address);
    if (o.is_register) {
        const Value offset = then(read(o.reg, 64, EventPort::address),
                                  [this, &o](const Symbolic& v) { return unit(shifted(o, v, 64)); });
        return then(both(base, offset), [this](const std::pair<Symbolic, Symbolic>& p) {
            return unit(a_.apply(ValueOp::add, p.first, p.second));
        });
    }
    const std::int64_t k = address.mode == AddressMode::post_index ? 0 : o.immediate;
    Value moved = k == 0 ? base : Value(then(base, [this, k](const Symbolic& v) { return unit(add(v, k)); }));
    if (address.mode != AddressMode::pre_index) return moved;
    return then(&data_sequence_keep_output, moved,
                [this, &address](const Symbolic& v) { return with_value(write(address.base, v), v); });
}

Computation<ControlFlow> LitmusSemantics::next(Effect effect) {
    return with_value(std::move(effect), ControlFlow{});
}

}  // namespace tlbcheck::model
