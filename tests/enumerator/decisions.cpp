// SPDX-License-Identifier: Apache-2.0
//
// What the enumerator decides next: where a read that executes reads from, the one with the fewest
// possibilities first; then whether further reads execute; then what else an event's guard, place or value
// hangs on; then coherence; then the rest.
#include <algorithm>

#include "tests/enumerator/enumerator.hpp"

namespace tlbcheck::tests::enumerator {

std::vector<Formula> Enumerator::sources_of_a_read() const {
    std::vector<Formula> fewest;
    for (const ReadsFrom& choice : graph_->reads_from()) {
        if (!assignment_.is(graph_->event(choice.read).exec)) continue;
        std::vector<Formula> possible;
        for (const auto& [write, variable] : choice.writes) {
            if (assignment_.open(variable)) possible.push_back(variable);
        }
        if (!possible.empty() && (fewest.empty() || possible.size() < fewest.size()))
            fewest = std::move(possible);
    }
    return fewest;
}

Formula Enumerator::open_event() const {
    for (const Event& e : graph_->events()) {
        if (assignment_.open(e.exec)) return e.exec;
        if (!assignment_.is(e.exec)) continue;
        for (const auto& l : e.location) {
            if (assignment_.open(l.when)) return l.when;
        }
        for (const auto& v : e.value) {
            if (assignment_.open(v.when)) return v.when;
        }
    }
    return logic::true_formula;
}

Formula Enumerator::open_edge(const std::vector<Edge>& edges) const {
    for (const Edge& e : edges) {
        const bool both =
            assignment_.is(graph_->event(e.from).exec) && assignment_.is(graph_->event(e.to).exec);
        if (both && assignment_.open(e.when)) return e.when;
    }
    return logic::true_formula;
}

Formula Enumerator::open_read() const {
    for (const ReadsFrom& choice : graph_->reads_from()) {
        const Formula exec = graph_->event(choice.read).exec;
        if (assignment_.open(exec)) return exec;
    }
    return logic::true_formula;
}

/// An open formula that the candidate depends on, or true.
Formula Enumerator::open_formula() const {
    if (const Formula f = open_read(); !f.is_true()) return f;
    if (const Formula f = open_event(); !f.is_true()) return f;
    if (const Formula f = open_edge(graph_->edges("co")); !f.is_true()) return f;
    for (const auto& [name, edges] : graph_->relations()) {
        if (const Formula f = open_edge(edges); !f.is_true()) return f;
    }
    for (const auto& [name, members] : graph_->sets()) {
        for (const Member& m : members) {
            if (assignment_.is(graph_->event(m.event).exec) && assignment_.open(m.when)) return m.when;
        }
    }
    for (const Formula f : observed_) {
        if (assignment_.open(f)) return f;
    }
    return assignment_.open_reason();
}

/// Formulas one of which holds, each to be tried; empty when nothing is open.
std::vector<Formula> Enumerator::next_alternatives() const {
    if (std::vector<Formula> sources = sources_of_a_read(); !sources.empty()) return sources;
    const Formula f = open_formula();
    if (f.is_constant()) return {};
    const Formula v = assignment_.open_variable(f);
    return {v, !v};
}

}  // namespace tlbcheck::tests::enumerator
