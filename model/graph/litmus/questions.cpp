// SPDX-License-Identifier: Apache-2.0
//
// The final state of an execution as the test looks at it: last values of memory and registers, faults, the
// condition.
#include <algorithm>
#include <iterator>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

const char* fault_type_name(FaultKind kind) {
    switch (kind) {
        case FaultKind::translation:
            return "D-MMU:Translation";
        case FaultKind::access_flag:
            return "D-MMU:AccessFlag";
        case FaultKind::permission:
        case FaultKind::permission_at_el0:
            return "D-MMU:Permission";
        case FaultKind::supervisor_call:
            return "SupervisorCall";
        case FaultKind::hypervisor_call:
            return "HypervisorCall";
        case FaultKind::undefined:
            break;
    }
    return "UndefinedInstruction";
}

LitmusValue masked(const LitmusValue& v, int bits) {
    return zero_extend(v, bits).value_or(v);
}

/// At level 2 no field of an invalid descriptor means anything; at level 3 herd7 compares them.
bool both_invalid(const LitmusLocation& at, const LitmusValue& a, const LitmusValue& b) {
    const auto invalid = [](const LitmusValue& v) {
        return v.kind == ValueKind::descriptor && v.descriptor.valid == 0;
    };
    return !at.is_register && at.address.kind == ValueKind::ttd2 && invalid(a) && invalid(b);
}

}  // namespace

bool matches(const LitmusFault& fault, const FaultPattern& pattern) {
    if (fault.thread != pattern.thread) return false;
    if (pattern.label && std::ranges::find(fault.labels, *pattern.label) == fault.labels.end()) return false;
    if (!pattern.type.empty() && pattern.type != fault.type && "D-" + pattern.type != fault.type)
        return false;
    if (!pattern.address) return true;
    return fault.address && fault.address->kind == pattern.address->kind &&
           fault.address->symbol == pattern.address->symbol;
}

/// The value of the write that comes last in coherence order at the place.
Symbolic LitmusGraphBuilder::final_memory(const LitmusValue& place) {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    const auto known = locations_.find(place);
    if (known == locations_.end()) {
        const auto initial = initial_.find(place);
        return initial == initial_.end() ? algebra_.number(0) : algebra_.constant(initial->second);
    }
    std::map<std::pair<EventId, EventId>, Formula> before;
    for (const Edge& e : g.edges("co")) before[{e.from, e.to}] = e.when;
    struct Writer {
        const PlacedEvent* event;
        Formula here;  // executes, at this place
    };
    std::vector<Writer> writers;
    for (const PlacedEvent& e : events_) {
        if (!e.local.is_write()) continue;
        const Formula here = pool.both(g.event(e.id).exec, g.at_location(e.id, known->second));
        if (!here.is_false()) writers.push_back({&e, here});
    }
    std::vector<std::pair<Formula, Symbolic>> parts;
    for (const Writer& w : writers) {
        std::vector<Formula> terms{w.here};
        for (const Writer& other : writers) {
            if (other.event == w.event) continue;
            const auto it = before.find({w.event->id, other.event->id});
            const Formula overwritten = it == before.end() ? logic::false_formula : it->second;
            terms.push_back(!pool.both(other.here, overwritten));
        }
        const Formula last = pool.conjunction(terms);
        if (!last.is_false()) parts.emplace_back(last, w.event->local.value);
    }
    if (parts.empty()) return algebra_.number(0);
    return algebra_.merge(parts);
}

Symbolic LitmusGraphBuilder::final_value(const LitmusLocation& location) {
    if (!location.is_register && program_.translation) {
        const auto known = program_.translation->places.find(location.address.symbol);
        return known == program_.translation->places.end() ? algebra_.number(0)
                                                           : final_memory(LitmusValue::of(known->second));
    }
    if (!location.is_register) return final_memory(memory_place(location.address));
    const auto it = final_registers_.find({location.thread, location.reg});
    return it == final_registers_.end() ? algebra_.number(0) : it->second;
}

const FinalValue* LitmusGraphBuilder::known_final(const LitmusLocation& location) const {
    const auto it =
        std::ranges::find_if(result_.finals, [&](const FinalValue& f) { return f.location == location; });
    return it == result_.finals.end() ? nullptr : &*it;
}

void LitmusGraphBuilder::add_finals() {
    std::set<LitmusLocation> wanted;
    for (const LitmusLocation& l : program_.displayed()) wanted.insert(l);
    for (const LitmusLocation& l : wanted) {
        FinalValue f;
        f.location = l;
        f.type = program_.type_of(l);
        LitmusLocation whole = l;
        whole.element.reset();
        const LitmusType whole_type = program_.type_of(whole);
        const int bytes = size_in_bits(whole_type) / 8;
        const int first = l.element.value_or(0);
        const int count = l.element || whole_type.elements == 0 ? 1 : whole_type.elements;
        for (int k = first; k < first + count; ++k) {
            LitmusLocation element = whole;
            element.address.offset += static_cast<std::int64_t>(k) * bytes;
            f.elements.push_back(final_value(whole_type.elements == 0 ? whole : element));
        }
        result_.finals.push_back(std::move(f));
    }
    add_faults();
    result_.condition = holds(program_.condition);
    if (program_.filter) result_.filter = holds(*program_.filter);
}

void LitmusGraphBuilder::add_faults() {
    FormulaPool& pool = algebra_.pool();
    const std::vector<FaultPattern> patterns = program_.fault_patterns();
    std::map<LitmusFault, std::vector<Formula>> found;
    for (const PlacedEvent& e : events_) {
        if (e.local.role != EventRole::fault) continue;
        LitmusFault fault;
        fault.thread = e.thread;
        fault.labels = e.labels;
        fault.type = fault_type_name(e.local.fault);
        if (e.local.fault == FaultKind::permission_at_el0) fault.detail = "EL0";
        fault.order = static_cast<int>(e.local.fault);
        const Formula exec = result_.graph.event(e.id).exec;
        if (!e.local.has_location) found[fault].push_back(exec);
        for (const auto& l : e.local.location.alternatives) {
            fault.address = algebra_.values().value(l.what);
            found[fault].push_back(pool.both(exec, l.when));
        }
    }
    for (const auto& [fault, formulas] : found) {
        const Formula when = pool.disjunction(formulas);
        if (!when.is_false()) all_faults_.push_back({fault, when});
    }
    std::ranges::stable_sort(all_faults_, [](const PossibleFault& a, const PossibleFault& b) {
        return std::tie(a.fault.thread, a.fault.labels, a.fault.address, a.fault.order) <
               std::tie(b.fault.thread, b.fault.labels, b.fault.address, b.fault.order);
    });
    std::ranges::copy_if(all_faults_, std::back_inserter(result_.faults), [&](const PossibleFault& f) {
        return std::ranges::any_of(patterns, [&](const FaultPattern& p) { return matches(f.fault, p); });
    });
}

Formula LitmusGraphBuilder::value_holds(const Proposition& p) {
    FormulaPool& pool = algebra_.pool();
    const FinalValue* final = known_final(p.location);
    std::vector<Symbolic> values;
    LitmusType type = program_.type_of(p.location);
    if (final != nullptr)
        values = final->elements;
    else
        values.push_back(final_value(p.location));
    if (values.size() != p.values.size()) return logic::false_formula;
    int bits = size_in_bits(type);
    if (bits == 0) bits = 64;
    Formula result = logic::true_formula;
    for (std::size_t k = 0; k < values.size(); ++k) {
        const LitmusValue wanted = masked(p.values[k], bits);
        result = pool.both(result, algebra_.where(values[k], [&](const LitmusValue& v) {
            return masked(v, bits) == wanted || both_invalid(p.location, v, wanted);
        }));
    }
    return result;
}

Formula LitmusGraphBuilder::holds(const Proposition& p) {
    FormulaPool& pool = algebra_.pool();
    using Kind = Proposition::Kind;
    std::vector<Formula> terms;
    for (const Proposition& q : p.operands) terms.push_back(holds(q));
    switch (p.kind) {
        case Kind::value:
            return value_holds(p);
        case Kind::equal:
            return algebra_.equal(final_value(p.location), final_value(p.other));
        case Kind::negation:
            return !terms.front();
        case Kind::conjunction:
            return pool.conjunction(terms);
        case Kind::disjunction:
            return pool.disjunction(terms);
        case Kind::implication:
            return pool.implication(terms[0], terms[1]);
        case Kind::fault:
            break;
    }
    for (const PossibleFault& f : all_faults_) {
        if (matches(f.fault, p.fault)) terms.push_back(f.when);
    }
    return pool.disjunction(terms);
}

}  // namespace tlbcheck::model
