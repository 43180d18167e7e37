// SPDX-License-Identifier: Apache-2.0
//
// What the writes of a round put into memory, and which reads it depends on.
#include <algorithm>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

/// Whether all that a written value depends on is in ob before the write and what later reads of the same
/// thread make of it. Not so for what a conditional select or an exception return picks.
bool keeps_dependencies(const LitmusThread& thread) {
    const auto picks = [](const LitmusInstruction& i) {
        return i.op == LitmusOpcode::select || i.op == LitmusOpcode::exception_return;
    };
    return std::ranges::none_of(thread.code, picks) &&
           (!thread.handler || std::ranges::none_of(*thread.handler, picks));
}

/// A compare and swap that succeeds may give back what it compared with: then what it read is no dependency.
bool compares(const LitmusThread& thread) {
    const auto swaps = [](const LitmusInstruction& i) {
        return i.op == LitmusOpcode::compare_and_swap || i.op == LitmusOpcode::compare_and_swap_pair;
    };
    return std::ranges::any_of(thread.code, swaps) ||
           (thread.handler && std::ranges::any_of(*thread.handler, swaps));
}

}  // namespace

/// Explicit reads only: not every dependency on a TTD read is in ob.
std::map<std::uint32_t, MemoryValues::ReadValue> LitmusGraphBuilder::read_values() {
    std::map<std::uint32_t, MemoryValues::ReadValue> result;
    for (const PlacedEvent& e : events_) {
        if (!e.local.is_read() || e.local.origin != EventOrigin::explicit_access) continue;
        std::vector<LitmusValue> places;
        for (const auto& l : e.local.location.alternatives) places.push_back(result_.values.value(l.what));
        std::optional<WriteKey> key;
        if (places.size() == 1) {
            std::vector<int> name = e.occurrence;
            name.push_back(-1);
            key = memory_.key(name, places.front());
        }
        for (const auto& v : e.local.value.alternatives) {
            if (!v.when.is_true())
                result.emplace(v.when.code(), MemoryValues::ReadValue{places, result_.values.value(v.what),
                                                                      e.thread, e.instruction, key});
        }
    }
    return result;
}

void LitmusGraphBuilder::add_written(const PlacedEvent& e, Dependencies dependencies,
                                     std::vector<MemoryValues::Written>& written) {
    const bool keyed = !e.initial && e.local.origin == EventOrigin::explicit_access;
    for (const auto& l : e.local.location.alternatives) {
        for (const auto& v : e.local.value.alternatives) {
            MemoryValues::Written w;
            w.place = result_.values.value(l.what);
            w.value = result_.values.value(v.what);
            w.when = algebra_.pool().both(l.when, v.when);
            w.inherits = dependencies.kept;
            w.ordered = dependencies.ordered;
            w.thread = e.thread;
            w.instruction = e.instruction;
            if (keyed) w.key = memory_.key(e.occurrence, w.place);
            written.push_back(std::move(w));
        }
    }
}

bool LitmusGraphBuilder::write_values() {
    std::map<int, Dependencies> by_thread;
    for (const LitmusThread& thread : program_.threads)
        by_thread[thread.number] = {keeps_dependencies(thread), !compares(thread)};
    std::vector<MemoryValues::Written> written;
    for (const PlacedEvent& e : events_) {
        if (e.local.is_write()) add_written(e, by_thread[e.thread], written);
    }
    return memory_.add(algebra_.pool(), read_values(), written);
}

}  // namespace tlbcheck::model
