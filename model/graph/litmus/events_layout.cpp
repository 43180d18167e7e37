// SPDX-License-Identifier: Apache-2.0
//
// Threads whose code stands at addresses of its own: exceptions by vector, exception levels, and the registers
// that walks go by.
#include <fmt/format.h>

#include <algorithm>

#include "model/graph/litmus/events.hpp"

namespace tlbcheck::model {

namespace {

bool names_context(RegisterId reg) {
    return reg == ttbr0_el1 || reg == ttbr0_el2 || reg == vttbr_el2;
}

/// ISB, exception entry, exception return.
bool synchronises_context(const LitmusInstruction& i, const ControlFlow& flow) {
    return (i.barrier && i.barrier->kind == BarrierKind::isb) || flow.kind == ControlFlow::Kind::fault ||
           flow.kind == ControlFlow::Kind::supervisor_call || flow.kind == ControlFlow::Kind::exception_return;
}

}  // namespace

std::uint64_t LitmusThreadBuilder::address_in_layout(int address) const {
    const CodeLayout& layout = *thread_.layout;
    for (const CodeLayout::Section& s : layout.sections) {
        if (address >= s.first && address <= s.first + s.count)
            return s.address + 4 * static_cast<std::uint64_t>(address - s.first);
    }
    return layout.main + 4 * static_cast<std::uint64_t>(address);
}

std::optional<int> LitmusThreadBuilder::index_in_layout(std::uint64_t address) const {
    const CodeLayout& layout = *thread_.layout;
    const auto index = [address](std::uint64_t base, int first, int count) -> std::optional<int> {
        if (address < base || address % 4 != 0 || (address - base) / 4 > static_cast<std::uint64_t>(count))
            return std::nullopt;
        return first + static_cast<int>((address - base) / 4);
    };
    for (const CodeLayout::Section& s : layout.sections) {
        if (const auto found = index(s.address, s.first, s.count)) return found;
    }
    return index(layout.main, 0, static_cast<int>(thread_.code.size()));
}

void LitmusThreadBuilder::merge_unsynchronised(const std::vector<Arrival>& arrivals, Registers& into) {
    for (const Arrival& a : arrivals) {
        for (const auto& [reg, values] : a.registers.unsynchronised) {
            std::vector<Symbolic>& known = into.unsynchronised[reg];
            known.resize(std::max(known.size(), values.size()));
        }
    }
    for (auto& [reg, merged] : into.unsynchronised) {
        for (std::size_t k = 0; k < merged.size(); ++k) {
            std::vector<std::pair<Formula, Symbolic>> parts;
            for (const Arrival& a : arrivals) {
                const auto older = a.registers.unsynchronised.find(reg);
                const bool has = older != a.registers.unsynchronised.end() && k < older->second.size();
                const auto now = a.registers.values.find(reg);
                const Symbolic current = now == a.registers.values.end() ? initial_register(reg) : now->second;
                parts.emplace_back(a.guard, has ? older->second[k] : current);
            }
            merged[k] = round_.algebra_.merge(parts);
        }
    }
}

void LitmusThreadBuilder::note_context(const InstructionContext& context, const Alt<ControlFlow>& alt,
                                       Registers& after) const {
    const LitmusInstruction& i = *instruction(current_->address);
    if (synchronises_context(i, alt.value)) after.unsynchronised.clear();
    if (i.op == LitmusOpcode::write_system && names_context(i.system)) {
        after.unsynchronised[i.system].push_back(context.register_value(i.system));
    }
}

void LitmusThreadBuilder::raise_by_layout(const Point& point, Formula guard, const Registers& registers, int level) {
    const RegisterId base = level == 2 ? vbar_el2 : vbar_el1;
    const auto it = registers.values.find(base);
    const Symbolic vectors = it == registers.values.end() ? initial_register(base) : it->second;
    std::uint64_t offset = 0x400;  // from a lower level, in AArch64
    if (point.exception_level == level) offset = point.own_stack ? 0x200 : 0;
    Point target = point;
    target.exception_level = level;
    target.own_stack = true;
    for (const auto& v : vectors.alternatives) {
        const Formula when = round_.algebra_.pool().both(guard, v.when);
        const std::uint64_t vector = round_.algebra_.values().value(v.what).number + offset;
        const auto index = index_in_layout(vector);
        if (index) {
            jump(target, when, registers, *index, true);
        } else {
            round_.report(when, fmt::format("an exception is taken to EL{}, and there is no code at {:#x}", level, vector),
                          instruction(current_->address)->place);
        }
    }
}

void LitmusThreadBuilder::return_by_layout(const Point& point, Formula guard, const Registers& registers,
                                           const ControlFlow& flow) {
    const TextPlace at = instruction(current_->address)->place;
    for (const auto& v : flow.state.alternatives) {
        const Formula when = round_.algebra_.pool().both(guard, v.when);
        const std::uint64_t state = round_.algebra_.values().value(v.what).number;
        const int level = static_cast<int>((state >> 2U) & 3U);
        if (level > point.exception_level || (state & 0x12U) != 0) {
            round_.report(when, fmt::format("an exception return to SPSR {:#x} is not supported", state), at);
            continue;
        }
        Point returning = point;
        returning.exception_level = level;
        returning.own_stack = (state & 1U) != 0;
        jump_to_value(returning, when, registers, flow.value);
    }
}

}  // namespace tlbcheck::model
