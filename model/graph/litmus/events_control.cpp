// SPDX-License-Identifier: Apache-2.0
//
// Where a thread goes after an instruction: onwards, along branches, into its fault handler.
#include "model/graph/litmus/events.hpp"

namespace tlbcheck::model {

void LitmusThreadBuilder::leave(const Point& point, Formula guard, const Registers& registers,
                                const Alt<ControlFlow>& alt) {
    if (guard.is_false()) return;
    FormulaPool& pool = round_.algebra_.pool();
    Point following = point;
    ++following.address;
    const LitmusInstruction& i = *instruction(point.address);
    switch (alt.value.kind) {
        case ControlFlow::Kind::next:
            arrive(following, guard, registers);
            break;
        case ControlFlow::Kind::jump:
            jump(point, guard, registers, i.target, true);
            break;
        case ControlFlow::Kind::conditional: {
            const Formula taken = round_.algebra_.truth(alt.value.value);
            jump(point, pool.both(guard, taken), registers, i.target, !alt.value.value.determined);
            arrive(following, pool.both(guard, !taken), registers);
            break;
        }
        case ControlFlow::Kind::indirect:
            jump_to_value(point, guard, registers, alt.value.value);
            break;
        case ControlFlow::Kind::exception_return: {
            if (thread_.layout) return return_by_layout(point, guard, registers, alt.value);
            Point returning = point;
            returning.in_handler = false;
            jump_to_value(returning, guard, registers, alt.value.value);
            break;
        }
        case ControlFlow::Kind::fault:
            if (thread_.layout) return raise_by_layout(point, guard, registers, alt.value.exception_level);
            raise(point, guard, registers, false);
            break;
        case ControlFlow::Kind::supervisor_call:
            if (thread_.layout) return raise_by_layout(point, guard, registers, alt.value.exception_level);
            raise(point, guard, registers, true);
            break;
    }
}

void LitmusThreadBuilder::raise(const Point& point, Formula guard, const Registers& registers, bool call) {
    EventGraph& graph = round_.result_.graph;
    Point target = point;
    if (point.in_handler) {
        // A fault in a handler, or in the second try: no such execution.
        graph.require(!guard);
        return;
    }
    if (thread_.handler) {
        target.in_handler = true;
        target.address = static_cast<int>(thread_.code.size()) + 1;
        arrive(target, guard, registers);
        return;
    }
    const FaultHandling mode = round_.program_.variants.faults;
    if (mode == FaultHandling::fatal) {
        ends_.push_back({guard, registers});
    } else if (mode == FaultHandling::skip || call) {
        ++target.address;
        arrive(target, guard, registers);
    } else {
        target.in_handler = true;
        arrive(target, guard, registers);
    }
}

void LitmusThreadBuilder::jump(Point from, Formula guard, const Registers& registers, int target,
                               bool checked) {
    if (guard.is_false()) return;
    const bool back = current_->address >= target;
    from.address = target;
    if (back) {
        const int times = ++from.seen[target];
        ++from.backward_jumps;
        if (checked && times > round_.program_.unroll) {
            PlacedEvent cut;
            cut.local.role = EventRole::cutoff;
            cut.thread = thread_.number;
            cut.instruction = ++instances_;
            round_.place(std::move(cut), guard, "loop unrolling limit", {});
            round_.cutoffs_.push_back(guard);
            ends_.push_back({guard, registers});
            return;
        }
    }
    arrive(from, guard, registers);
}

void LitmusThreadBuilder::jump_to_value(const Point& point, Formula guard, const Registers& registers,
                                        const Symbolic& value) {
    FormulaPool& pool = round_.algebra_.pool();
    for (const auto& v : value.alternatives) {
        const Formula when = pool.both(guard, v.when);
        const auto target = address_of(round_.algebra_.values().value(v.what));
        if (target)
            jump(point, when, registers, *target, true);
        else
            round_.report(when, "jump to a value that is no code address of this thread",
                          instruction(current_->address)->place);
    }
}

}  // namespace tlbcheck::model
