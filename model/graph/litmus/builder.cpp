// SPDX-License-Identifier: Apache-2.0
//
// The rounds, and the events that belong to no instruction.
#include "model/graph/litmus/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/graph/litmus/events.hpp"

namespace tlbcheck::model {

namespace {

bool in_memory(const LitmusValue& v) {
    return v.kind == ValueKind::physical || v.kind == ValueKind::pte || v.kind == ValueKind::pte2 ||
           v.kind == ValueKind::ttd2 || v.kind == ValueKind::label;
}

/// Symbols that a value makes part of the test's memory.
void collect_symbol(const LitmusValue& v, std::set<std::string>& symbols) {
    if (v.kind == ValueKind::address || v.kind == ValueKind::pte || v.kind == ValueKind::physical ||
        v.kind == ValueKind::ttd2)
        symbols.insert(v.symbol);
    const bool leads_to_symbol = !v.descriptor.oa_is_pte || v.descriptor.type == LitmusDescriptorType::table;
    if (v.kind == ValueKind::descriptor && leads_to_symbol && !v.descriptor.oa.empty())
        symbols.insert(v.descriptor.oa);
}

void collect_symbols(const Proposition& p, std::set<std::string>& symbols) {
    for (const LitmusLocation* l : {&p.location, &p.other}) {
        if (!l->is_register && !l->address.symbol.empty()) collect_symbol(l->address, symbols);
    }
    for (const Proposition& q : p.operands) collect_symbols(q, symbols);
}

}  // namespace

LitmusValue memory_place(const LitmusValue& address) {
    if (address.kind != ValueKind::address) return address;
    return LitmusValue::address(ValueKind::physical, address.symbol, address.offset);
}

LitmusGraphBuilder::LitmusGraphBuilder(const LitmusProgram& program, const LitmusGraphLimits& limits,
                                       MemoryValues& memory)
    : program_(program), limits_(limits), memory_(memory), algebra_(result_.graph.pool(), result_.values) {}

void LitmusGraphBuilder::build() {
    add_initial_writes();
    for (const LitmusThread& thread : program_.threads) LitmusThreadBuilder(*this, thread).run();
    if (program_.hardware.any()) add_spontaneous_updates();
}

void LitmusGraphBuilder::stop(const std::string& why) {
    result_.graph.incomplete = true;
    if (result_.graph.incomplete_reason.empty()) result_.graph.incomplete_reason = why;
}

void LitmusGraphBuilder::report(Formula when, std::string message, const TextPlace& at) {
    if (when.is_false()) return;
    result_.any_error = algebra_.pool().either(result_.any_error, when);
    result_.errors.push_back({when, std::move(message), at});
}

std::uint32_t LitmusGraphBuilder::low_order_class(std::int64_t offset) {
    return low_orders_.emplace(offset, static_cast<std::uint32_t>(low_orders_.size() + 1)).first->second;
}

LocationId LitmusGraphBuilder::location(const LitmusValue& place) {
    const auto it = locations_.find(place);
    if (it != locations_.end()) return it->second;
    Location l;
    l.name = place_name(place);
    l.memory = in_memory(place) || place.kind == ValueKind::integer;
    if (program_.translation && place.kind == ValueKind::integer)
        l.low_order = low_order_class(static_cast<std::int64_t>(place.number & 0xfffU));
    else if (place.kind != ValueKind::tlb)
        l.low_order = low_order_class(place.offset);
    return locations_[place] = result_.graph.add_location(std::move(l));
}

LocationId LitmusGraphBuilder::register_location(int thread, RegisterId reg) {
    const auto it = registers_.find({thread, reg});
    if (it != registers_.end()) return it->second;
    Location l;
    l.name = "P" + std::to_string(thread) + ":" + register_name(reg);
    l.memory = false;
    return registers_[{thread, reg}] = result_.graph.add_location(std::move(l));
}

EventId LitmusGraphBuilder::place(PlacedEvent event, Formula exec, const std::string& text,
                                  const TextPlace& at) {
    EventGraph& graph = result_.graph;
    const bool access =
        event.local.role == EventRole::read_memory || event.local.role == EventRole::write_memory;
    if (access && event.local.has_location && !event.initial) check_place(event, exec, text, at);
    if (event.local.is_write() && !program_.variants.contig) check_hint(event, exec, text, at);
    if (graph.size() >= limits_.events) {
        stop("too many events");
        return 0;
    }
    Event e;
    e.thread = event.thread;
    e.instruction = event.instruction;
    e.exec = exec;
    const LocalEvent& local = event.local;
    if (local.role == EventRole::read_register || local.role == EventRole::write_register) {
        e.location.push_back({register_location(event.thread, local.reg), logic::true_formula});
    } else if (local.has_location) {
        for (const auto& l : local.location.alternatives)
            e.location.push_back({location(algebra_.values().value(l.what)), l.when});
    }
    if (local.has_value) e.value = local.value.alternatives;
    e.source = static_cast<std::uint32_t>(result_.sources.size());
    result_.sources.emplace_back(text, at);
    if (!local.choices.empty()) {
        graph.require(algebra_.pool().implication(exec, algebra_.pool().disjunction(local.choices)));
        for (std::size_t a = 0; a < local.choices.size(); ++a) {
            for (std::size_t b = a + 1; b < local.choices.size(); ++b)
                graph.exclude(local.choices[a], local.choices[b]);
        }
    }
    if (local.is_read() && local.value.alternatives.empty()) graph.require(!exec);
    event.id = graph.add(std::move(e));
    add_sets(event);
    check_size(event);
    events_.push_back(std::move(event));
    return events_.back().id;
}

void LitmusGraphBuilder::add_initial_writes() {
    if (program_.translation) return;  // words become part of memory as they are accessed
    std::set<std::string> symbols;
    for (const LitmusInitial& i : program_.initial) {
        if (!i.location.is_register) collect_symbol(i.location.address, symbols);
        for (const LitmusValue& v : i.values) collect_symbol(v, symbols);
    }
    for (const LitmusLocation& l : program_.locations) {
        if (!l.is_register) collect_symbol(l.address, symbols);
    }
    collect_symbols(program_.condition, symbols);
    if (program_.filter) collect_symbols(*program_.filter, symbols);
    for (const auto& [symbol, address] : program_.layout.addresses()) symbols.insert(symbol);

    for (const std::string& symbol : symbols) {
        LitmusDescriptor mapped;
        mapped.oa = symbol;
        initial_.emplace(LitmusValue::address(ValueKind::physical, symbol), LitmusValue::of(0));
        sizes_[LitmusValue::address(ValueKind::physical, symbol)] = 32;
        initial_.emplace(LitmusValue::address(ValueKind::pte, symbol), LitmusValue::of(mapped));
        sizes_[LitmusValue::address(ValueKind::pte, symbol)] = 64;
        if (!program_.variants.mlpt) continue;
        LitmusDescriptor table = mapped;
        table.type = LitmusDescriptorType::table;
        table.oa_is_pte = true;
        initial_.emplace(LitmusValue::address(ValueKind::ttd2, symbol), LitmusValue::of(table));
        sizes_[LitmusValue::address(ValueKind::ttd2, symbol)] = 64;
    }
    for (const LitmusInitial& i : program_.initial) {
        if (i.location.is_register) continue;
        LitmusValue place = memory_place(i.location.address);
        const bool untyped = i.type.base.empty() && !i.type.pointer;
        int bits = size_in_bits(i.type);
        if (place.kind != ValueKind::physical || (untyped && i.values.front().kind != ValueKind::integer))
            bits = 64;
        for (const LitmusValue& v : i.values) {
            initial_[place] = zero_extend(v, bits).value_or(v);
            sizes_[place] = bits;
            place.offset += bits / 8;
        }
    }
    for (const auto& [where, value] : initial_) {
        PlacedEvent e;
        e.initial = true;
        e.local.role = EventRole::write_memory;
        e.local.has_location = e.local.has_value = true;
        e.local.size = sizes_[where];
        e.local.location = algebra_.constant(where);
        e.local.value = algebra_.constant(value);
        place(std::move(e), logic::true_formula, "", {});
    }
}

std::size_t LitmusGraphBuilder::reads() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events_, [](const PlacedEvent& e) { return e.local.is_read(); }));
}

std::size_t LitmusGraphBuilder::writes() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        events_, [](const PlacedEvent& e) { return e.local.is_write() && !e.initial; }));
}

LitmusGraph LitmusGraphBuilder::finish() {
    add_reads_from();
    add_atomic_pairs();
    add_exclusive_pairs();
    add_invalidation_domain();
    if (program_.translation) add_walks();
    if (laid_out()) add_symbol_walks();
    add_descriptor_relations();
    result_.graph.add_coherence(program_.variants.cos_opt);
    result_.cutoff = algebra_.pool().disjunction(cutoffs_);
    add_finals();
    return std::move(result_);
}

LitmusGraph build_litmus_graph(const LitmusProgram& program, const LitmusGraphLimits& limits) {
    MemoryValues memory(limits.any_origin);
    std::size_t rounds = 0;
    while (true) {
        LitmusGraphBuilder round(program, limits, memory);
        round.build();
        const bool grown = round.write_values();
        const bool too_many = memory.most_at_one_place() > limits.values;
        // A value of an allowed execution comes along a chain of reads and writes that has no cycle (data
        // dependencies and reads-from are in ob): so many rounds are enough, one for what is there at first
        // and one for each event that can stand in the chain.
        const std::size_t longest = std::min(round.reads(), round.writes());
        const bool enough = !grown || round.incomplete() || ++rounds > longest + 1;
        if (!enough && !too_many) continue;
        LitmusGraph result = round.finish();
        if (grown && too_many) {
            result.graph.incomplete = true;
            result.graph.incomplete_reason = "a location may hold too many different values";
        }
        return result;
    }
}

}  // namespace tlbcheck::model
