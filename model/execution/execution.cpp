// SPDX-License-Identifier: Apache-2.0
//
// Reads an execution off an assignment, and checks that it is one.
#include "model/execution/execution.hpp"

#include <fmt/format.h>
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

template <class T>
std::optional<T> pick(const std::vector<Alternative<T>>& alternatives, logic::Assignment& assignment) {
    for (const auto& a : alternatives) {
        if (assignment.value(a.when)) return a.what;
    }
    return std::nullopt;
}

void check_reads(const EventGraph& graph, const Execution& x, std::vector<std::string>& errors) {
    for (const ReadsFrom& choice : graph.reads_from()) {
        if (!x.executed.test(choice.read)) continue;
        const auto w = x.reads_from[choice.read];
        if (!w) {
            errors.push_back(fmt::format("read {} reads from nothing", choice.read));
        } else if (!x.executed.test(*w) || x.location[*w] != x.location[choice.read] ||
                   x.value[*w] != x.value[choice.read]) {
            errors.push_back(
                fmt::format("read {} and its write {} differ in place or value", choice.read, *w));
        }
    }
}

void check_coherence(const EventGraph& graph, const Execution& x, std::vector<std::string>& errors) {
    const BitRow& writes = x.sets.contains("W") ? x.sets.at("W") : BitRow(graph.size());
    for_each_bit(writes.words(), [&](std::size_t a) {
        poll_now();
        for_each_bit(writes.words(), [&](std::size_t b) {
            const bool meet = a != b && x.location[a].has_value() && x.location[a] == x.location[b];
            if (x.co.test(a, b) && !meet) errors.push_back(fmt::format("co {} {} across locations", a, b));
            if (meet && x.co.test(a, b) == x.co.test(b, a))
                errors.push_back(fmt::format("co does not order {} {}", a, b));
            if (!x.co.test(a, b)) return;
            for_each_bit(x.co.row(b), [&](std::size_t c) {
                if (!x.co.test(a, c)) errors.push_back(fmt::format("co not transitive at {} {} {}", a, b, c));
            });
        });
    });
}

}  // namespace

Execution concretise(const EventGraph& graph, logic::Assignment& assignment) {
    const std::size_t n = graph.size();
    Execution x{BitRow(n), {}, {}, std::vector<std::optional<EventId>>(n), BitMatrix(n), {}, {}, {}};
    x.location.resize(n);
    x.value.resize(n);
    for (EventId e = 0; e < n; ++e) {
        const Event& event = graph.event(e);
        if (!assignment.value(event.exec)) continue;
        x.executed.set(e);
        x.location[e] = pick(event.location, assignment);
        x.value[e] = pick(event.value, assignment);
    }
    for (const auto& [name, members] : graph.sets()) {
        BitRow row(n);
        for (const Member& m : members) {
            if (x.executed.test(m.event) && assignment.value(m.when)) row.set(m.event);
        }
        x.sets.emplace(name, std::move(row));
    }
    for (const auto& [name, edges] : graph.relations()) {
        BitMatrix matrix(n);
        for (const Edge& e : edges) {
            if (x.executed.test(e.from) && x.executed.test(e.to) && assignment.value(e.when))
                matrix.set(e.from, e.to);
        }
        x.edges.emplace(name, std::move(matrix));
    }
    if (const auto co = x.edges.find("co"); co != x.edges.end()) x.co = co->second;
    for (const ReadsFrom& choice : graph.reads_from()) {
        if (!x.executed.test(choice.read)) continue;
        for (const auto& [write, variable] : choice.writes) {
            if (assignment.value(variable)) x.reads_from[choice.read] = write;
        }
    }
    return x;
}

std::vector<std::string> well_formedness_errors(const EventGraph& graph, const Execution& execution) {
    std::vector<std::string> errors;
    check_reads(graph, execution, errors);
    check_coherence(graph, execution, errors);
    return errors;
}

}  // namespace tlbcheck::model
