// SPDX-License-Identifier: Apache-2.0
//
// Exceptions of tests whose tables are written out: which level takes them, and what it finds in its
// registers (Arm ARM D1.3, D24.2 ESR_ELx).
#include <fmt/format.h>

#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

constexpr std::uint64_t instruction_length = std::uint64_t{1} << 25U;

std::uint64_t fault_status(FaultKind kind, int level) {
    const std::uint64_t at = static_cast<std::uint64_t>(level);
    if (kind == FaultKind::access_flag) return 8U + at;
    return (kind == FaultKind::permission ? 12U : 4U) + at;
}

}  // namespace

Computation<NoValue> LitmusSemantics::exception_state(int level, const Symbolic& return_address,
                                                      std::uint64_t syndrome) {
    const std::uint64_t mode =
        (static_cast<std::uint64_t>(site_.exception_level) << 2U) | (site_.own_stack ? 1U : 0U);
    const bool second = level == 2;
    const Effect state = write(second ? spsr_el2 : spsr_el1, a_.number(mode));
    const Effect rest = with_value(both(write(second ? elr_el2 : elr_el1, return_address),
                                        write(second ? esr_el2 : esr_el1, a_.number(syndrome))),
                                   NoValue{});
    return with_value(both(state, rest), NoValue{});
}

Computation<ControlFlow> LitmusSemantics::table_fault(const Access& what, FaultKind kind,
                                                      const translation::WalkStep& step, Value made) {
    const int level = step.stage == 2 || site_.exception_level == 2 ? 2 : 1;
    std::uint64_t syndrome = std::uint64_t{site_.exception_level == level ? 0x25U : 0x24U} << 26U;
    syndrome |= instruction_length | fault_status(kind, step.level);
    if (what.write) syndrome |= 1U << 6U;
    if (step.stage == 2 && step.for_level != 4) syndrome |= 1U << 7U;
    const Symbolic place =
        a_.constant(LitmusValue::address(ValueKind::address, fmt::format("{:#x}", step.va)));
    Effect address = write(level == 2 ? far_el2 : far_el1, a_.number(step.va));
    if (step.stage == 2)
        address =
            with_value(both(address, write(hpfar_el2, a_.number((step.input >> 12U) << 4U))), NoValue{});
    const Effect state = exception_state(level, site_.own_address, syndrome);
    const Effect all =
        with_value(both(event(fault_event(what, place, kind)), both(state, address)), NoValue{});
    ControlFlow raised;
    raised.kind = ControlFlow::Kind::fault;
    raised.exception_level = level;
    const auto branch_and_fault = [this, all](const Symbolic&) {
        return then(&control_sequence, commit(EventRole::branch_predicate),
                    [all](const NoValue&) { return all; });
    };
    return with_value(then(&data_to_minimals, std::move(made), branch_and_fault), raised);
}

Computation<ControlFlow> LitmusSemantics::call_by_tables(int level, FaultKind kind,
                                                         std::uint64_t exception_class) {
    LocalEvent e;
    e.role = EventRole::fault;
    e.fault = kind;
    const std::uint64_t syndrome =
        (exception_class << 26U) | instruction_length | static_cast<std::uint64_t>(i_.immediate);
    ControlFlow flow;
    flow.kind = ControlFlow::Kind::supervisor_call;
    flow.exception_level = level;
    return with_value(both(event(std::move(e)), exception_state(level, site_.next_address, syndrome)), flow);
}

Computation<ControlFlow> LitmusSemantics::return_by_tables() {
    const bool second = site_.exception_level == 2;
    return then(commit(EventRole::exception_return), [this, second](const NoValue&) {
        return then(both(read(second ? elr_el2 : elr_el1), read(second ? spsr_el2 : spsr_el1)),
                    [](const std::pair<Symbolic, Symbolic>& p) {
                        ControlFlow flow;
                        flow.kind = ControlFlow::Kind::exception_return;
                        flow.value = p.first;
                        flow.state = p.second;
                        return unit(flow);
                    });
    });
}

}  // namespace tlbcheck::model
