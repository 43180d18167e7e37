// SPDX-License-Identifier: Apache-2.0
//
// Updates of the access flag that hardware makes on its own.
#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

/// A descriptor whose access flag hardware may set at any time.
bool may_gain_af(const LitmusValue& v) {
    return v.kind == ValueKind::descriptor && v.descriptor.valid != 0 && v.descriptor.af == 0;
}

}  // namespace

/// Hardware that manages the access flag may set it with no access at all: for each explicit write of a
/// descriptor with AF clear, at most one such update (cat SPURIOUS).
void LitmusGraphBuilder::add_spontaneous_updates() {
    FormulaPool& pool = algebra_.pool();
    const std::size_t count = events_.size();
    int thread = initial_thread;
    for (std::size_t k = 0; k < count; ++k) {
        const PlacedEvent write = events_[k];
        const LocalEvent& local = write.local;
        if (!local.is_write() || local.origin != EventOrigin::explicit_access || local.writes_back) continue;
        const Formula at_descriptor =
            algebra_.where(local.location, [](const LitmusValue& v) { return v.kind == ValueKind::pte; });
        const Formula clear = algebra_.where(local.value, may_gain_af);
        const Formula possible = pool.conjunction({result_.graph.event(write.id).exec, at_descriptor, clear});
        if (possible.is_false()) continue;
        const Formula happens = pool.variable("spontaneous update " + std::to_string(write.id));
        result_.graph.require(pool.implication(happens, possible));

        PlacedEvent read;
        read.spontaneous = true;
        read.thread = --thread;
        read.instruction = 0;
        read.local.role = EventRole::read_memory;
        read.local.origin = EventOrigin::ttd_af;
        read.local.marks.atomic = true;
        read.local.has_location = read.local.has_value = true;
        read.local.location = algebra_.map(
            local.location,
            [](const LitmusValue& v) -> std::optional<LitmusValue> {
                return v.kind == ValueKind::pte ? std::optional(v) : std::nullopt;
            },
            "");
        read.local.value = algebra_.map(
            local.value,
            [](const LitmusValue& v) -> std::optional<LitmusValue> {
                return may_gain_af(v) ? std::optional(v) : std::nullopt;
            },
            "");
        PlacedEvent update = read;
        update.local.role = EventRole::write_memory;
        update.local.value = algebra_.map(
            read.local.value,
            [](const LitmusValue& v) -> std::optional<LitmusValue> {
                LitmusDescriptor d = v.descriptor;
                d.af = 1;
                return LitmusValue::of(d);
            },
            "");
        static_cast<void>(algebra_.take_faults());
        const EventId r = place(std::move(read), happens, "", {});
        const EventId w = place(std::move(update), happens, "", {});
        result_.graph.add_edge("iico_data", r, w);
    }
}

}  // namespace tlbcheck::model
