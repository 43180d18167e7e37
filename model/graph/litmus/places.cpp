// SPDX-License-Identifier: Apache-2.0
//
// Places that accesses come to: what is one, of which size, and which become part of memory as they are met.
#include <fmt/format.h>

#include <algorithm>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

std::string place_name(const LitmusValue& v) {
    const std::string offset = v.offset == 0 ? std::string() : "+" + std::to_string(v.offset);
    switch (v.kind) {
        case ValueKind::integer:
            return std::to_string(v.number);
        case ValueKind::label:
            return "P" + std::to_string(v.thread) + ":" + v.symbol;
        case ValueKind::address:
            return v.symbol + offset;
        case ValueKind::physical:
            return "PA(" + v.symbol + offset + ")";
        case ValueKind::pte:
            return "PTE(" + v.symbol + ")";
        case ValueKind::pte2:
            return "PTE(PTE(" + v.symbol + "))";
        case ValueKind::ttd2:
            return "TTD(" + v.symbol + ",S1,LV2)";
        case ValueKind::tlb:
            return "TLB(" + v.symbol + ")";
        case ValueKind::instruction:
            return "instruction";
        case ValueKind::descriptor:
            break;
    }
    return "descriptor";
}

namespace {

std::string describe(const LitmusValue& v) {
    return v.kind == ValueKind::integer ? fmt::format("address {:#x}", v.number) : "a " + place_name(v);
}

}  // namespace

/// The words of code that the event may read become part of memory; a store to code, or a place that is none,
/// is an error of the test where it comes to that.
void LitmusGraphBuilder::check_place(const PlacedEvent& e, Formula exec, const std::string& text,
                                     const TextPlace& at) {
    for (const auto& l : e.local.location.alternatives) {
        const LitmusValue place = algebra_.values().value(l.what);
        const Formula when = algebra_.pool().both(exec, l.when);
        if (program_.translation && place.kind == ValueKind::integer) {
            check_word(e, place.number, when, text, at);
        } else if (program_.translation && place.kind == ValueKind::physical) {
            if (initial_.emplace(place, LitmusValue::of(0)).second) add_initial_word(place, 64);
        } else if (place.kind == ValueKind::integer || place.kind == ValueKind::descriptor ||
                   place.kind == ValueKind::instruction) {
            report(when,
                   fmt::format("'{}' accesses {}, which is no location of the test", text, describe(place)),
                   at);
        } else if (place.kind == ValueKind::label && e.local.is_write()) {
            report(when,
                   fmt::format("'{}' stores to code at {}: self-modifying code is not supported", text,
                               place_name(place)),
                   at);
        } else if (place.kind == ValueKind::label && place.offset != 0) {
            report(when,
                   fmt::format("'{}' reads code {} bytes from {}: code is read at labels only", text,
                               place.offset, place_name(place)),
                   at);
        } else if (place.kind == ValueKind::label && !add_code_word(place)) {
            report(
                when,
                fmt::format("'{}' reads code at {}, where there is no instruction", text, place_name(place)),
                at);
        }
    }
}

/// A descriptor gets the Contiguous hint by arithmetic on its bits.
void LitmusGraphBuilder::check_hint(const PlacedEvent& e, Formula exec, const std::string& text,
                                    const TextPlace& at) {
    for (const auto& v : e.local.value.alternatives) {
        if (algebra_.values().value(v.what).descriptor.contig != 0)
            report(algebra_.pool().both(exec, v.when),
                   fmt::format("'{}' stores the Contiguous hint, which needs variant 'contig'", text), at);
    }
}

/// Makes the instruction at a label the initial value of that place; false where there is none.
bool LitmusGraphBuilder::add_code_word(const LitmusValue& place) {
    if (initial_.contains(place)) return true;
    const auto thread = std::ranges::find(program_.threads, place.thread, &LitmusThread::number);
    const auto word = thread == program_.threads.end() ? std::nullopt : thread->word_at(place.symbol);
    if (!word) return false;
    initial_.emplace(place, *word);
    add_initial_word(place, 32);
    return true;
}

/// The initial write of a place that becomes part of memory.
void LitmusGraphBuilder::add_initial_word(const LitmusValue& place, int size) {
    sizes_[place] = size;
    PlacedEvent e;
    e.initial = true;
    e.local.role = EventRole::write_memory;
    e.local.has_location = e.local.has_value = true;
    e.local.size = size;
    e.local.location = algebra_.constant(place);
    e.local.value = algebra_.constant(initial_.at(place));
    this->place(std::move(e), logic::true_formula, "", {});
}

void LitmusGraphBuilder::check_size(const PlacedEvent& e) {
    if (e.initial || (!e.local.is_read() && !e.local.is_write())) return;
    const Event& event = result_.graph.event(e.id);
    const auto& [text, at] = result_.sources[event.source];
    for (const auto& l : e.local.location.alternatives) {
        const LitmusValue& place = algebra_.values().value(l.what);
        LitmusValue base = place;
        base.offset = 0;
        const auto it = sizes_.contains(place) ? sizes_.find(place) : sizes_.find(base);
        if (it == sizes_.end()) continue;
        const Formula when = algebra_.pool().both(event.exec, l.when);
        if (it->second != e.local.size || (place.offset != 0 && !sizes_.contains(place))) {
            report(when,
                   "access of " + std::to_string(e.local.size) + " bits to " + place_name(place) +
                       ", which has " + std::to_string(it->second) +
                       "; mixed-size accesses are not supported",
                   at);
        }
    }
}

}  // namespace tlbcheck::model
