// SPDX-License-Identifier: Apache-2.0
//
// Places events, choices and alternatives; joins computations.
#include "model/graph/litmus/computation.hpp"

#include <tuple>

namespace tlbcheck::model {

bool alike(const LocalEvent& a, const LocalEvent& b) {
    const bool reads = a.role == EventRole::read_memory;
    return std::tie(a.role, a.reg, a.port, a.origin, a.marks, a.size, a.has_location, a.location, a.has_value,
                    a.writes_back, a.fault_writes, a.fault, a.barrier, a.tlbi, a.name, a.step, a.vttbr,
                    a.walk_level, a.walked, a.context_begin, a.context_end) ==
               std::tie(b.role, b.reg, b.port, b.origin, b.marks, b.size, b.has_location, b.location,
                        b.has_value, b.writes_back, b.fault_writes, b.fault, b.barrier, b.tlbi, b.name,
                        b.step, b.vttbr, b.walk_level, b.walked, b.context_begin, b.context_end) &&
           (reads || a.value == b.value);
}

LocalEventId InstructionContext::place(const LocalEvent& event) {
    used_.resize(events_.size(), false);
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (!used_[i] && alike(events_[i], event)) {
            used_[i] = true;
            return static_cast<LocalEventId>(i);
        }
    }
    events_.push_back(event);
    if (event.is_read()) give_read_value(events_.back());
    used_.push_back(true);
    return static_cast<LocalEventId>(events_.size() - 1);
}

/// A variable for each value that the read may see. With two values one variable does: the other value is its
/// negation.
void InstructionContext::give_read_value(LocalEvent& event) {
    std::map<ValueId, bool> values;
    for (const auto& l : event.location.alternatives) {
        for (const ValueId v : memory_values(algebra.values().value(l.what))) values[v] = true;
    }
    event.value.determined = false;
    event.value.alternatives.clear();
    const std::string name = "value " + prefix_ + " " + std::to_string(events_.size() - 1);
    if (values.size() == 1) {
        event.value.alternatives.push_back({values.begin()->first, logic::true_formula});
    } else if (values.size() == 2) {
        const Formula first = pool().variable(name);
        event.value.alternatives.push_back({values.begin()->first, first});
        event.value.alternatives.push_back({values.rbegin()->first, !first});
    } else if (!values.empty()) {
        const logic::Group group = pool().new_group();
        for (const auto& [value, present] : values) {
            event.choices.push_back(
                pool().variable(name + " " + std::to_string(event.choices.size()), group));
            event.value.alternatives.push_back({value, event.choices.back()});
        }
    }
}

Formula InstructionContext::choice(std::string_view what) {
    const auto it = choices_.find(what);
    if (it != choices_.end()) return it->second;
    const std::string name(what);
    return choices_.emplace(name, pool().variable(name + " " + prefix_)).first->second;
}

void InstructionContext::use(const LocalEvents& events) {
    used_.resize(events_.size(), false);
    for (const LocalEventId e : events) used_[static_cast<std::size_t>(e)] = true;
}

Computation<Symbolic> event(LocalEvent e) {
    return [e = std::move(e)](InstructionContext& c) {
        const LocalEventId id = c.place(e);
        EventStructure structure;
        structure.events.push_back(id);
        if (e.is_commit()) structure.commits.push_back(id);
        return Alts<Symbolic>{
            Alt<Symbolic>{c.event(id).value, logic::true_formula, {}, std::move(structure)}};
    };
}

}  // namespace tlbcheck::model
