// SPDX-License-Identifier: Apache-2.0
//
// Branches, exceptions, system registers, barriers and maintenance operations; and the choice of semantics by
// opcode.
#include <fmt/format.h>

#include <algorithm>

#include "model/graph/litmus/on_number.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

using Pair = std::pair<Symbolic, Symbolic>;

ControlFlow flow(ControlFlow::Kind kind, Symbolic value = {}) {
    ControlFlow result;
    result.kind = kind;
    result.value = std::move(value);
    return result;
}
}  // namespace

Computation<ControlFlow> LitmusSemantics::compare_branch() {
    return then(read(i_.reg[0]), [this](const Symbolic& v) {
        const Symbolic taken = a_.apply(i_.negative ? ValueOp::ne : ValueOp::eq, v, a_.number(0));
        return with_value(commit(EventRole::branch_condition), flow(ControlFlow::Kind::conditional, taken));
    });
}

Computation<ControlFlow> LitmusSemantics::test_branch() {
    return then(read(i_.reg[0]), [this](const Symbolic& v) {
        const Symbolic taken = a_.map(
            v,
            [this](const LitmusValue& x) {
                return on_number(x, [this](std::uint64_t n) {
                    const bool set = ((n >> static_cast<unsigned>(i_.immediate)) & 1) != 0;
                    return static_cast<std::uint64_t>(set == i_.negative ? 1 : 0);
                });
            },
            "bit of an address or descriptor");
        return with_value(commit(EventRole::branch_condition), flow(ControlFlow::Kind::conditional, taken));
    });
}

Computation<ControlFlow> LitmusSemantics::branch_condition() {
    return then(condition(i_.condition), [this](const Symbolic& v) {
        return with_value(commit(EventRole::branch_condition), flow(ControlFlow::Kind::conditional, v));
    });
}

Computation<ControlFlow> LitmusSemantics::branch_register(bool link) {
    Flow jump = then(read(i_.reg[0]), [this](const Symbolic& v) {
        return with_value(commit(EventRole::branch_condition), flow(ControlFlow::Kind::indirect, v));
    });
    if (!link) return jump;
    return then(both(write(30, site_.next_address), jump),
                [](const std::pair<NoValue, ControlFlow>& p) { return unit(p.second); });
}

Computation<ControlFlow> LitmusSemantics::exception_return() {
    if (site_.translation != nullptr) return return_by_tables();
    return then(commit(EventRole::exception_return), [this](const NoValue&) {
        return then(read(elr_el1),
                    [](const Symbolic& v) { return unit(flow(ControlFlow::Kind::exception_return, v)); });
    });
}

Computation<ControlFlow> LitmusSemantics::supervisor_call() {
    if (site_.translation != nullptr)
        return call_by_tables(std::max(site_.exception_level, 1), FaultKind::supervisor_call, 0x15);
    LocalEvent e;
    e.role = EventRole::fault;
    e.fault = FaultKind::supervisor_call;
    const std::uint64_t syndrome = (std::uint64_t{0x2b} << 25U) | static_cast<std::uint64_t>(i_.immediate);
    return with_value(both(event(std::move(e)),
                           both(write(elr_el1, site_.next_address), write(esr_el1, a_.number(syndrome)))),
                      flow(ControlFlow::Kind::supervisor_call));
}

Computation<ControlFlow> LitmusSemantics::undefined() {
    LocalEvent e;
    e.role = EventRole::fault;
    e.fault = FaultKind::undefined;
    return with_value(both(event(std::move(e)), write(elr_el1, site_.own_address)),
                      flow(ControlFlow::Kind::fault));
}

Computation<ControlFlow> LitmusSemantics::system() {
    const bool flags = i_.system == pstate_n;
    const auto bit = [this](const Symbolic& v, unsigned k) {
        return a_.map(
            v,
            [k](const LitmusValue& x) { return on_number(x, [k](std::uint64_t n) { return (n >> k) & 1; }); },
            "bit of an address or descriptor");
    };
    if (i_.op == LitmusOpcode::write_system) {
        return next(then(read(i_.reg[0]), [=, this](const Symbolic& v) {
            if (!flags) return write(i_.system, v);
            return write_flags(bit(v, 31), bit(v, 30), bit(v, 29), bit(v, 28));
        }));
    }
    if (!flags) return next(then(read(i_.system), [this](const Symbolic& v) { return write(i_.reg[0], v); }));
    const auto all = both(both(read(pstate_n), read(pstate_z)), both(read(pstate_c), read(pstate_v)));
    return next(then(all, [this](const std::pair<Pair, Pair>& p) {
        const auto at = [this](const Symbolic& v, std::uint64_t k) {
            return a_.apply(ValueOp::lsl, v, a_.number(k));
        };
        const Symbolic high = a_.apply(ValueOp::lor, at(p.first.first, 31), at(p.first.second, 30));
        const Symbolic low = a_.apply(ValueOp::lor, at(p.second.first, 29), at(p.second.second, 28));
        return write(i_.reg[0], a_.apply(ValueOp::lor, high, low));
    }));
}

Computation<ControlFlow> LitmusSemantics::tlbi() {
    return next(then(read(i_.reg[0], 64, EventPort::address), [this](const Symbolic& v) {
        LocalEvent e;
        e.role = EventRole::tlbi;
        e.tlbi = i_.tlbi;
        e.has_location = takes_operand(i_.tlbi.base);
        if (e.has_location) e.location = v;
        if (site_.translation != nullptr) {
            e.location = a_.map(
                v,
                [](const LitmusValue& x) -> std::optional<LitmusValue> {
                    if (x.kind != ValueKind::integer) return std::nullopt;
                    return LitmusValue::address(ValueKind::tlb, fmt::format("{:#x}", x.number),
                                                static_cast<std::int64_t>(x.number));
                },
                "an operand that is no number");
            e.vttbr = context_register(vttbr_el2);
        }
        return with_value(event(std::move(e)), NoValue{});
    }));
}

Computation<ControlFlow> LitmusSemantics::cache() {
    LocalEvent e;
    e.role = EventRole::cache;
    e.name = (i_.cache.instruction ? "IC." : "DC.") + i_.cache.name;
    if (i_.cache.all || i_.cache.by_set_way) return next(with_value(event(std::move(e)), NoValue{}));
    e.has_location = true;
    if (i_.cache.instruction) {
        return next(then(read(i_.reg[0], 64, EventPort::address), [e](const Symbolic& v) {
            LocalEvent located = e;
            located.location = v;
            return with_value(event(std::move(located)), NoValue{});
        }));
    }
    Access what;
    what.write = i_.cache.name.starts_with("I");
    what.address = read(i_.reg[0], 64, EventPort::address);
    what.data = unit(a_.number(0));
    what.op = [e](bool is_translated, Value address, const Value& /*data*/) -> Effect {
        const auto op = [e](const Symbolic& v) {
            LocalEvent located = e;
            located.location = v;
            return with_value(event(std::move(located)), NoValue{});
        };
        return then(is_translated ? &control_data : &data_sequence, std::move(address), op);
    };
    return access(std::move(what));
}

// A table of the opcodes, which the compiler sees to be complete.
// NOLINTNEXTLINE(readability-function-size)
Computation<ControlFlow> LitmusSemantics::build() {
    switch (i_.op) {
        case LitmusOpcode::nop:
            return unit(ControlFlow{});
        case LitmusOpcode::branch:
            return unit(flow(ControlFlow::Kind::jump));
        case LitmusOpcode::branch_link:
            return with_value(write(30, site_.next_address), flow(ControlFlow::Kind::jump));
        case LitmusOpcode::branch_condition:
            return branch_condition();
        case LitmusOpcode::branch_register:
        case LitmusOpcode::return_:
            return branch_register(false);
        case LitmusOpcode::branch_link_register:
            return branch_register(true);
        case LitmusOpcode::compare_branch:
            return compare_branch();
        case LitmusOpcode::test_branch:
            return test_branch();
        case LitmusOpcode::exception_return:
            return exception_return();
        case LitmusOpcode::supervisor_call:
            return supervisor_call();
        case LitmusOpcode::hypervisor_call:
            return call_by_tables(2, FaultKind::hypervisor_call, 0x16);
        case LitmusOpcode::undefined:
            return undefined();
        case LitmusOpcode::load:
            return load();
        case LitmusOpcode::store:
            return store();
        case LitmusOpcode::load_pair:
            return load_pair();
        case LitmusOpcode::store_pair:
            return store_pair();
        case LitmusOpcode::load_exclusive_pair:
            return load_exclusive_pair();
        case LitmusOpcode::store_exclusive_pair:
        case LitmusOpcode::store_exclusive:
            return store_exclusive();
        case LitmusOpcode::swap:
            return swap();
        case LitmusOpcode::compare_and_swap:
        case LitmusOpcode::compare_and_swap_pair:
            return compare_and_swap();
        case LitmusOpcode::fetch_and_op:
            return fetch_and_op();
        case LitmusOpcode::move_immediate:
            return next(
                write(i_.reg[0],
                      a_.zero_extend(a_.number(static_cast<std::uint64_t>(i_.operand.immediate)), i_.width)));
        case LitmusOpcode::move_register:
        case LitmusOpcode::sign_extend_word:
        case LitmusOpcode::reverse:
        case LitmusOpcode::bit_reverse:
        case LitmusOpcode::absolute:
            return unary();
        case LitmusOpcode::move_wide:
            return move_wide();
        case LitmusOpcode::arithmetic:
            return arithmetic();
        case LitmusOpcode::multiply_add:
            return multiply_add();
        case LitmusOpcode::bitfield:
            return bitfield();
        case LitmusOpcode::extract:
            return extract();
        case LitmusOpcode::select:
            return select();
        case LitmusOpcode::address_of_label:
            return next(write(i_.reg[0], a_.constant(LitmusValue::label(i_.label_thread, i_.label))));
        case LitmusOpcode::barrier: {
            LocalEvent e;
            e.role = EventRole::barrier;
            e.barrier = *i_.barrier;
            return next(with_value(event(std::move(e)), NoValue{}));
        }
        case LitmusOpcode::tlbi:
            return tlbi();
        case LitmusOpcode::cache:
            return cache();
        case LitmusOpcode::read_system:
        case LitmusOpcode::write_system:
            return system();
    }
    return unit(ControlFlow{});
}

}  // namespace tlbcheck::model
