// SPDX-License-Identifier: Apache-2.0
//
// Threads whose code stands at addresses of its own: exceptions by vector, exception levels, and the
// registers that walks go by.
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
           flow.kind == ControlFlow::Kind::supervisor_call ||
           flow.kind == ControlFlow::Kind::exception_return;
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

std::vector<InstructionContext::TableBase> LitmusThreadBuilder::table_bases(RegisterId reg,
                                                                            const Registers& registers) {
    const auto value = registers.values.find(reg);
    const auto written = registers.written.find(reg);
    std::vector<InstructionContext::TableBase> result;
    result.push_back({value == registers.values.end() ? initial_register(reg) : value->second,
                      written == registers.written.end() ? 0 : written->second, 0, false});
    const auto older = registers.replaced.find(reg);
    if (older != registers.replaced.end())
        result.insert(result.end(), older->second.begin(), older->second.end());
    return result;
}

/// Paths that meet must have written the same table addresses at the same places.
void LitmusThreadBuilder::merge_table_bases(const std::vector<Arrival>& arrivals, Arrival& into) {
    const auto same_places = [](const auto& a, const auto& b) {
        return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
            return x.first == y.first &&
                   std::ranges::equal(x.second, y.second, [](const auto& p, const auto& q) {
                       return p.begin == q.begin && p.end == q.end && p.value == q.value;
                   });
        });
    };
    into.registers.replaced = arrivals.front().registers.replaced;
    into.registers.written = arrivals.front().registers.written;
    into.registers.entered_el2 = arrivals.front().registers.entered_el2;
    for (const Arrival& a : arrivals) {
        if (a.registers.written == into.registers.written &&
            same_places(a.registers.replaced, into.registers.replaced))
            continue;
        round_.report(into.guard, "paths that write table addresses differently meet here: not supported",
                      current_ ? instruction(current_->address)->place : TextPlace{});
        return;
    }
}

void LitmusThreadBuilder::note_context(const InstructionContext& context, const Alt<ControlFlow>& alt,
                                       Registers& after) const {
    const LitmusInstruction& i = *instruction(current_->address);
    if (synchronises_context(i, alt.value)) {
        for (auto& [reg, bases] : after.replaced) {
            for (InstructionContext::TableBase& base : bases) {
                base.pending = false;
                if (base.end == 0) base.end = visited_;
            }
        }
    }
    const bool raised =
        alt.value.kind == ControlFlow::Kind::fault || alt.value.kind == ControlFlow::Kind::supervisor_call;
    if (raised && alt.value.exception_level == 2) after.entered_el2 = visited_;
    if (i.op != LitmusOpcode::write_system || !names_context(i.system)) return;
    InstructionContext::TableBase old = context.table_bases(i.system).front();
    old.pending = true;
    // At EL2 no walk of EL1&0 begins: the translation regime is out of context (Arm ARM D8).
    if (current_->exception_level == 2 && i.system != ttbr0_el2) old.end = after.entered_el2;
    after.replaced[i.system].push_back(std::move(old));
    after.written[i.system] = visited_;
}

void LitmusThreadBuilder::raise_by_layout(const Point& point, Formula guard, const Registers& registers,
                                          int level) {
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
            continue;
        }
        // The test does not say what happens: such executions are left out, and the answer says so.
        round_.result_.left_out = round_.algebra_.pool().either(round_.result_.left_out, when);
        round_.result_.graph.require(!when);
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
