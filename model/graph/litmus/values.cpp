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

}  // namespace

/// Explicit reads only: not every dependency on a TTD read is in ob.
std::map<std::uint32_t, MemoryValues::ReadValue> LitmusGraphBuilder::read_values() const {
    std::map<std::uint32_t, MemoryValues::ReadValue> result;
    for (const PlacedEvent& e : events_) {
        if (!e.local.is_read() || e.local.origin != EventOrigin::explicit_access) continue;
        std::vector<LitmusValue> places;
        for (const auto& l : e.local.location.alternatives) places.push_back(result_.values.value(l.what));
        for (const auto& v : e.local.value.alternatives) {
            if (!v.when.is_true())
                result.emplace(v.when.code(), MemoryValues::ReadValue{places, result_.values.value(v.what)});
        }
    }
    return result;
}

void LitmusGraphBuilder::add_written(const PlacedEvent& e, bool inherits,
                                     std::vector<MemoryValues::Written>& written) {
    const bool keyed = !e.initial && e.local.origin == EventOrigin::explicit_access;
    for (const auto& l : e.local.location.alternatives) {
        for (const auto& v : e.local.value.alternatives) {
            MemoryValues::Written w;
            w.place = result_.values.value(l.what);
            w.value = result_.values.value(v.what);
            w.when = algebra_.pool().both(l.when, v.when);
            w.inherits = inherits;
            if (keyed) w.key = memory_.key(e.occurrence, w.place);
            written.push_back(std::move(w));
        }
    }
}

bool LitmusGraphBuilder::write_values() {
    std::map<int, bool> keeps{{initial_thread, true}};
    for (const LitmusThread& thread : program_.threads) keeps[thread.number] = keeps_dependencies(thread);
    std::vector<MemoryValues::Written> written;
    for (const PlacedEvent& e : events_) {
        const auto thread = keeps.find(e.thread);
        if (e.local.is_write()) add_written(e, thread == keeps.end() || thread->second, written);
    }
    return memory_.add(algebra_.pool(), read_values(), written);
}

}  // namespace tlbcheck::model
