// SPDX-License-Identifier: Apache-2.0
//
// From program point to program point along all paths.
#include "model/graph/litmus/events.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace tlbcheck::model {

namespace {

constexpr std::uint64_t thread_code_size = 100000;  // herd7's numbers for addresses without a label
constexpr std::uint64_t handler_code_offset = 1000;

}  // namespace

const LitmusInstruction* LitmusThreadBuilder::instruction(int address) const {
    const auto main = static_cast<int>(thread_.code.size());
    if (address < main) return &thread_.code[static_cast<std::size_t>(address)];
    const int in_handler = address - main - 1;
    if (!thread_.handler || in_handler < 0 || in_handler >= static_cast<int>(thread_.handler->size()))
        return nullptr;
    return &(*thread_.handler)[static_cast<std::size_t>(in_handler)];
}

std::vector<std::string> LitmusThreadBuilder::labels_at(int address) const {
    std::vector<std::string> result;
    for (const auto& [label, at] : thread_.labels) {
        if (at == address) result.push_back(label);
    }
    return result;
}

Symbolic LitmusThreadBuilder::code_address(int address) {
    if (thread_.layout) return round_.algebra_.number(address_in_layout(address));
    const auto labels = labels_at(address);
    if (!labels.empty()) return round_.algebra_.constant(LitmusValue::label(thread_.number, labels.front()));
    const auto main = static_cast<int>(thread_.code.size());
    const std::uint64_t base = static_cast<std::uint64_t>(thread_.number + 1) * thread_code_size;
    if (address <= main) return round_.algebra_.number(base + static_cast<std::uint64_t>(address) * 4);
    return round_.algebra_.number(base + handler_code_offset +
                                  static_cast<std::uint64_t>(address - main - 1) * 4);
}

std::optional<int> LitmusThreadBuilder::address_of(const LitmusValue& value) const {
    if (thread_.layout)
        return value.kind == ValueKind::integer ? index_in_layout(value.number) : std::nullopt;
    if (value.kind == ValueKind::label) {
        const auto it = thread_.labels.find(value.symbol);
        if (value.thread != thread_.number || it == thread_.labels.end()) return std::nullopt;
        return it->second;
    }
    const std::uint64_t base = static_cast<std::uint64_t>(thread_.number + 1) * thread_code_size;
    if (value.kind != ValueKind::integer || value.number < base || value.number >= base + thread_code_size ||
        value.number % 4 != 0) {
        return std::nullopt;
    }
    const std::uint64_t offset = value.number - base;
    const std::uint64_t main = thread_.code.size();
    if (offset < handler_code_offset)
        return offset / 4 <= main ? std::optional(static_cast<int>(offset / 4)) : std::nullopt;
    const std::uint64_t in_handler = (offset - handler_code_offset) / 4;
    if (!thread_.handler || in_handler > thread_.handler->size()) return std::nullopt;
    return static_cast<int>(main + 1 + in_handler);
}

Symbolic LitmusThreadBuilder::initial_register(RegisterId reg) {
    for (const LitmusInitial& i : round_.program_.initial) {
        if (i.location.is_register && i.location.thread == thread_.number && i.location.reg == reg) {
            return round_.algebra_.constant(i.values.front());
        }
    }
    return round_.algebra_.number(0);
}

LitmusThreadBuilder::Arrival LitmusThreadBuilder::merge(const std::vector<Arrival>& arrivals) {
    if (arrivals.size() == 1) return arrivals.front();
    FormulaPool& pool = round_.algebra_.pool();
    Arrival result;
    std::vector<Formula> guards;
    std::set<RegisterId> registers;
    for (const Arrival& a : arrivals) {
        guards.push_back(a.guard);
        for (const auto& [reg, value] : a.registers.values) registers.insert(reg);
    }
    result.guard = pool.disjunction(guards);
    for (const RegisterId reg : registers) {
        std::vector<std::pair<Formula, Symbolic>> parts;
        for (const Arrival& a : arrivals) {
            const auto it = a.registers.values.find(reg);
            parts.emplace_back(a.guard, it == a.registers.values.end() ? initial_register(reg) : it->second);
        }
        result.registers.values[reg] = round_.algebra_.merge(parts);
    }
    std::vector<std::pair<Formula, Symbolic>> sizes;
    sizes.reserve(arrivals.size());
    for (const Arrival& a : arrivals) sizes.emplace_back(a.guard, a.registers.exclusive_size);
    result.registers.exclusive_size = round_.algebra_.merge(sizes);
    merge_table_bases(arrivals, result);
    return result;
}

void LitmusThreadBuilder::run() {
    Registers start;
    start.exclusive_size = round_.algebra_.number(0);
    Point first_point;
    if (thread_.layout) {
        first_point.exception_level = thread_.layout->exception_level;
        first_point.own_stack = thread_.layout->own_stack;
    }
    arrive(first_point, logic::true_formula, start);
    while (!pending_.empty() && !round_.incomplete()) {
        const auto first = pending_.extract(pending_.begin());
        const Arrival arrival = merge(first.mapped());
        current_ = first.key();
        if (is_end(first.key().address))
            ends_.push_back(arrival);
        else
            visit(first.key(), arrival);
    }
    const Arrival end = ends_.empty() ? Arrival{logic::true_formula, start} : merge(ends_);
    for (const auto& [reg, value] : end.registers.values)
        round_.final_registers_[{thread_.number, reg}] = value;
    for (const LitmusInitial& i : round_.program_.initial) {
        if (i.location.is_register && i.location.thread == thread_.number) {
            round_.final_registers_.emplace(std::pair(thread_.number, i.location.reg),
                                            round_.algebra_.constant(i.values.front()));
        }
    }
}

void LitmusThreadBuilder::arrive(const Point& point, Formula guard, const Registers& registers) {
    if (guard.is_false()) return;
    if (current_ && point <= *current_) {
        round_.report(guard, "control flow from a fault handler into itself is not supported", {});
        return;
    }
    pending_[point].push_back({guard, registers});
}

void LitmusThreadBuilder::visit(const Point& point, const Arrival& arrival) {
    if (static_cast<std::size_t>(++instances_) > round_.limits_.instances) {
        round_.stop("too many instruction instances");
        return;
    }
    const LitmusInstruction& i = *instruction(point.address);
    InstructionContext context(round_.algebra_,
                               "P" + std::to_string(thread_.number) + " " + std::to_string(instances_));
    context.register_value = [&](RegisterId reg) {
        const auto it = arrival.registers.values.find(reg);
        return it == arrival.registers.values.end() ? initial_register(reg) : it->second;
    };
    context.memory_values = [&](const LitmusValue& location) {
        std::vector<ValueId> ids;
        for (const LitmusValue& v : round_.memory_.at(location))
            ids.push_back(round_.algebra_.values().id(v));
        std::ranges::sort(ids);
        return ids;
    };
    visited_ = instances_;
    context.table_bases = [&](RegisterId reg) { return table_bases(reg, arrival.registers); };
    InstructionSite site;
    site.two_levels = round_.program_.variants.mlpt;
    if (round_.laid_out()) site.layout = &round_.program_.layout;
    if (round_.program_.translation) site.translation = &*round_.program_.translation;
    site.exception_level = point.exception_level;
    site.own_stack = point.own_stack;
    site.thread = thread_.number;
    site.user = thread_.user;
    site.in_handler = point.in_handler;
    const HardwareUpdates& hardware = round_.program_.hardware;
    const bool managed = hardware.given && !hardware.software_on(thread_.number);
    site.hardware_af = managed && hardware.ha_on(thread_.number);
    site.hardware_dirty = managed && hardware.hd_on(thread_.number);
    site.own_address = code_address(point.address);
    site.next_address = code_address(point.address + 1);
    site.exclusive_size = arrival.registers.exclusive_size;

    LitmusSemantics semantics(context, site, i);
    const Alts<ControlFlow> alts = run_step(context, [&] { return semantics.build(); });
    place_events(point, arrival, context, alts);
    for (const auto& alt : alts) {
        leave(point, round_.algebra_.pool().both(arrival.guard, alt.guard), after(arrival, context, alt),
              alt);
    }
}

namespace {

/// What the alternatives of an instruction have between them: events and edges, each with the alternatives it
/// is in.
struct SharedStructure {
    struct EdgeGuards {
        std::vector<Formula> guards;
        std::size_t count = 0;
    };
    std::map<LocalEventId, std::vector<Formula>> events;
    std::map<std::tuple<std::size_t, LocalEventId, LocalEventId>, EdgeGuards> edges;  ///< by kind and ends
    std::map<std::pair<LocalEventId, LocalEventId>, std::size_t> together;

    void add(const EventStructure& s, Formula guard) {
        for (const LocalEventId e : s.events) events[e].push_back(guard);
        const std::array kinds{&s.data, &s.control, &s.order};
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            for (const auto& [from, to] : *kinds.at(kind)) {
                auto& edge = edges[{kind, from, to}];
                edge.guards.push_back(guard);
                ++edge.count;
            }
        }
        for (const LocalEventId a : s.events) {
            for (const LocalEventId b : s.events) ++together[{a, b}];
        }
    }
};

constexpr std::array edge_names{"iico_data", "iico_ctrl", "iico_order"};

}  // namespace

std::vector<int> LitmusThreadBuilder::occurrence_of(const Point& point) const {
    std::vector<int> result{thread_.number, point.address, point.in_handler ? 1 : 0};
    for (const auto& [target, times] : point.seen) {
        result.push_back(target);
        result.push_back(times);
    }
    return result;
}

void LitmusThreadBuilder::require_facts(const Alt<ControlFlow>& alt, Formula taken, const TextPlace& at) {
    FormulaPool& pool = round_.algebra_.pool();
    for (const AltFact& fact : alt.facts) {
        if (fact.error != nullptr)
            round_.report(pool.both(taken, !fact.holds), fact.error, at);
        else
            round_.result_.graph.require(pool.implication(taken, fact.holds));
    }
}

void LitmusThreadBuilder::place_events(const Point& point, const Arrival& arrival,
                                       const InstructionContext& context, const Alts<ControlFlow>& alts) {
    FormulaPool& pool = round_.algebra_.pool();
    EventGraph& graph = round_.result_.graph;
    const LitmusInstruction& i = *instruction(point.address);
    std::vector<Formula> guards;
    SharedStructure shared;
    for (const auto& alt : alts) {
        guards.push_back(alt.guard);
        shared.add(alt.structure, alt.guard);
        require_facts(alt, pool.both(arrival.guard, alt.guard), i.place);
    }
    graph.require(pool.implication(arrival.guard, pool.disjunction(guards)));

    std::map<LocalEventId, EventId> ids;
    for (const auto& [local, event_guard] : shared.events) {
        PlacedEvent placed;
        placed.local = context.event(local);
        placed.thread = thread_.number;
        placed.instruction = instances_;
        placed.labels = labels_at(point.address);
        placed.occurrence = occurrence_of(point);
        const bool always = event_guard.size() == alts.size();
        const Formula exec = always ? arrival.guard : pool.both(arrival.guard, pool.disjunction(event_guard));
        ids[local] = round_.place(std::move(placed), exec, i.text, i.place);
    }
    for (const auto& [key, edge] : shared.edges) {
        const auto& [kind, from, to] = key;
        const bool always = edge.count == shared.together[{from, to}];
        graph.add_edge(edge_names.at(kind), ids[from], ids[to],
                       always ? logic::true_formula : pool.disjunction(edge.guards));
    }
    for (const auto& alt : alts) {
        for (const LocalEvents& group : alt.structure.atomic_groups) {
            for (const LocalEventId a : group) {
                for (const LocalEventId b : group) {
                    if (a != b) graph.add_edge("sm", ids[a], ids[b], alt.guard);
                }
            }
        }
    }
}

LitmusThreadBuilder::Registers LitmusThreadBuilder::after(const Arrival& arrival,
                                                          const InstructionContext& context,
                                                          const Alt<ControlFlow>& alt) const {
    Registers result = arrival.registers;
    for (const LocalEventId e : alt.structure.events) {
        const LocalEvent& local = context.event(e);
        if (local.role == EventRole::write_register) result.values[local.reg] = local.value;
    }
    const LitmusInstruction& i = *instruction(current_->address);
    const bool loads =
        (i.op == LitmusOpcode::load && i.ordering.exclusive) || i.op == LitmusOpcode::load_exclusive_pair;
    const bool stores = i.op == LitmusOpcode::store_exclusive || i.op == LitmusOpcode::store_exclusive_pair;
    if (loads) result.exclusive_size = round_.algebra_.number(static_cast<std::uint64_t>(i.size));
    if (stores) result.exclusive_size = round_.algebra_.number(0);
    if (thread_.layout) note_context(context, alt, result);
    return result;
}

}  // namespace tlbcheck::model
