// SPDX-License-Identifier: Apache-2.0
//
// Compositions of event structures.
#include "model/graph/litmus/structure.hpp"

#include <algorithm>
#include <iterator>

namespace tlbcheck::model {

namespace {

template <class T>
std::vector<T> set_union(const std::vector<T>& a, const std::vector<T>& b) {
    std::vector<T> result;
    result.reserve(a.size() + b.size());
    std::ranges::set_union(a, b, std::back_inserter(result));
    return result;
}

void remove_targets(LocalEvents& events, const LocalEdges& edges) {
    for (const auto& [from, to] : edges) std::erase(events, to);
}
void remove_sources(LocalEvents& events, const LocalEdges& edges) {
    for (const auto& [from, to] : edges) std::erase(events, from);
}

using Explicit = std::optional<LocalEvents> EventStructure::*;
using Default = LocalEvents (EventStructure::*)() const;

/// Inputs or outputs of a parallel composition: explicit as soon as one side's are.
std::optional<LocalEvents> either(const EventStructure& a, const EventStructure& b, Explicit get,
                                  Default make) {
    if (!(a.*get) && !(b.*get)) return std::nullopt;
    return unite(a.*get ? *(a.*get) : (a.*make)(), b.*get ? *(b.*get) : (b.*make)());
}

LocalEvents maximal_data(const EventStructure& s) {
    LocalEvents result = s.events;
    remove_sources(result, s.data);
    return result;
}

std::optional<LocalEvents> sequence_output(const EventStructure& a, const EventStructure& b) {
    if (b.output) return b.output;
    if (!a.output) return std::nullopt;
    LocalEvents last = b.data_output();
    return last.empty() ? *a.output : last;
}

std::optional<LocalEvents> sequence_control_output(const EventStructure& a, const EventStructure& b) {
    if (b.control_output) return b.control_output;
    if (!a.control_output) return std::nullopt;
    LocalEvents last = b.data_output();
    return last.empty() ? *a.control_output : last;
}

void sequence_inputs(EventStructure& result, const EventStructure& a, const EventStructure& b) {
    result.input = a.empty() ? b.input : a.input;
    result.data_input = a.empty() ? b.data_input : a.data_input;
}

EventStructure data_composition(const EventStructure& a, const EventStructure& b,
                                const LocalEvents& targets) {
    EventStructure result = unite(a, b);
    add_product(result.data, a.data_output(), targets);
    sequence_inputs(result, a, b);
    result.output = sequence_output(a, b);
    result.control_output = sequence_control_output(a, b);
    return result;
}

}  // namespace

LocalEvents unite(const LocalEvents& a, const LocalEvents& b) {
    return set_union(a, b);
}

void add_product(LocalEdges& edges, const LocalEvents& from, const LocalEvents& to) {
    for (const LocalEventId a : from) {
        for (const LocalEventId b : to) {
            if (a != b) edges.emplace_back(a, b);
        }
    }
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

LocalEvents EventStructure::minimal() const {
    if (input) return *input;
    LocalEvents result = events;
    remove_targets(result, data);
    remove_targets(result, control);
    remove_targets(result, order);
    return result;
}

LocalEvents EventStructure::minimal_data() const {
    if (data_input) return *data_input;
    LocalEvents result = events;
    remove_targets(result, data);
    return result;
}

LocalEvents EventStructure::maximal() const {
    LocalEvents result = events;
    remove_sources(result, data);
    remove_sources(result, control);
    remove_sources(result, order);
    return result;
}

LocalEvents EventStructure::data_output() const {
    return output ? *output : maximal_data(*this);
}
LocalEvents EventStructure::control_outputs() const {
    return control_output ? *control_output : maximal();
}

LocalEvents EventStructure::control_commits() const {
    LocalEvents result;
    std::ranges::set_intersection(control_outputs(), commits, std::back_inserter(result));
    return result;
}

EventStructure unite(const EventStructure& a, const EventStructure& b) {
    EventStructure result;
    result.events = set_union(a.events, b.events);
    result.commits = set_union(a.commits, b.commits);
    result.data = set_union(a.data, b.data);
    result.control = set_union(a.control, b.control);
    result.order = set_union(a.order, b.order);
    result.atomic_groups = a.atomic_groups;
    result.atomic_groups.insert(result.atomic_groups.end(), b.atomic_groups.begin(), b.atomic_groups.end());
    return result;
}

EventStructure data_sequence(const EventStructure& a, const EventStructure& b) {
    return data_composition(a, b, b.minimal_data());
}

EventStructure data_sequence_keep_output(const EventStructure& a, const EventStructure& b) {
    EventStructure result = data_sequence(a, b);
    result.output = a.data_output();
    return result;
}

EventStructure data_sequence_input_next(const EventStructure& a, const EventStructure& b) {
    EventStructure result = data_sequence(a, b);
    result.input = b.minimal();
    result.data_input = b.minimal_data();
    return result;
}

EventStructure data_to_minimals(const EventStructure& a, const EventStructure& b) {
    return data_composition(a, b, b.minimal());
}

EventStructure control_sequence(const EventStructure& a, const EventStructure& b) {
    EventStructure result = unite(a, b);
    add_product(result.control, a.control_outputs(), b.minimal());
    sequence_inputs(result, a, b);
    result.output = b.data_output();
    result.control_output = sequence_control_output(a, b);
    return result;
}

EventStructure control_sequence_data_input_first(const EventStructure& a, const EventStructure& b) {
    EventStructure result = control_sequence(a, b);
    result.data_input = a.minimal_data();
    return result;
}

EventStructure control_data_sequence(const EventStructure& a, const EventStructure& b,
                                     const EventStructure& c) {
    EventStructure result = unite(unite(a, b), c);
    const LocalEvents targets = c.minimal();
    add_product(result.data, unite(a.data_output(), b.data_output()), targets);
    add_product(result.control, a.control_commits(), targets);
    result.input = either(a, b, &EventStructure::input, &EventStructure::minimal);
    result.data_input = either(a, b, &EventStructure::data_input, &EventStructure::minimal_data);
    result.output = sequence_output(b, c);
    return result;
}

EventStructure control_data(const EventStructure& a, const EventStructure& c) {
    return control_data_sequence(a, {}, c);
}

EventStructure control_data_keep_outputs(const EventStructure& a, const EventStructure& b) {
    EventStructure result = unite(a, b);
    add_product(result.data, a.data_output(), b.minimal_data());
    add_product(result.control, a.control_commits(), b.minimal());
    sequence_inputs(result, a, b);
    result.output = a.data_output();
    result.control_output = a.control_commits();
    return result;
}

EventStructure parallel(const EventStructure& a, const EventStructure& b) {
    EventStructure result = unite(a, b);
    result.input = either(a, b, &EventStructure::input, &EventStructure::minimal);
    result.data_input = either(a, b, &EventStructure::data_input, &EventStructure::minimal_data);
    result.output = either(a, b, &EventStructure::output, &EventStructure::data_output);
    result.control_output = either(a, b, &EventStructure::control_output, &EventStructure::maximal);
    return result;
}

EventStructure read_modify_write(bool translated, bool operation, const EventStructure& address,
                                 const EventStructure& read, const EventStructure& operand,
                                 const EventStructure& write, const EventStructure& result) {
    EventStructure s = unite(unite(unite(address, read), unite(operand, write)), result);
    const LocalEvents memory_inputs = unite(read.minimal(), write.minimal());
    add_product(s.data, read.maximal(), result.minimal());
    add_product(operation ? s.data : s.order, read.maximal(), write.minimal());
    add_product(s.data, operand.maximal(), write.minimal());
    add_product(s.data, address.data_output(), memory_inputs);
    if (translated) add_product(s.control, address.control_commits(), unite(memory_inputs, result.minimal()));
    return s;
}

EventStructure compare_and_swap(bool translated, CompareMode mode, const CompareParts& p) {
    EventStructure s = unite(unite(unite(p.address, p.expected), unite(p.desired, p.result)),
                             unite(unite(p.read, p.write), p.branch));
    const LocalEvents address = p.address.data_output();
    const bool from_register = mode == CompareMode::success_from_register;
    add_product(s.data, from_register ? p.expected.data_output() : p.read.data_output(), p.result.minimal());
    if (!p.write.empty()) {
        add_product(s.data, mode == CompareMode::failure ? p.read.data_output() : p.desired.data_output(),
                    p.write.minimal());
        add_product(s.data, address, p.write.minimal());
    }
    add_product(s.data, address, p.read.minimal());
    add_product(s.data, p.expected.data_output(), p.branch.minimal());
    add_product(s.data, p.read.data_output(), p.branch.minimal());
    if (translated)
        add_product(s.control, p.address.control_commits(), unite(p.read.minimal(), p.write.minimal()));
    if (from_register) add_product(s.control, p.branch.control_outputs(), p.result.minimal());
    add_product(s.control, p.branch.control_outputs(), p.write.minimal());
    s.output = p.result.maximal();
    return s;
}

EventStructure store_exclusive(const StoreExclusiveParts& p) {
    EventStructure s =
        unite(unite(unite(p.reservation, p.data), unite(p.address, p.clear)), unite(p.status, p.write));
    const LocalEvents into_write = p.write.minimal();
    add_product(s.data, p.address.data_output(), into_write);
    add_product(s.data, p.data.maximal(), into_write);
    add_product(s.control, p.reservation.maximal(), p.clear.minimal());
    add_product(s.control, unite(p.reservation.maximal(), p.address.control_commits()), into_write);
    s.output = unite(p.status.data_output(), p.clear.data_output());
    return s;
}

}  // namespace tlbcheck::model
