// SPDX-License-Identifier: Apache-2.0
//
// Executions and proofs of litmus tests in herd7's words.
#include "checker/engine/litmus_graph_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "checker/engine/cycle_finder.hpp"
#include "checker/engine/event_letters.hpp"
#include "litmus/herd/print.hpp"

namespace tlbcheck::checker {

namespace {

using model::EventId;

/// "R", "W"; "T" for a walk's read of a descriptor, "HU" for a hardware update; "" for what accesses no
/// memory.
std::string access_kind(const model::EventGraph& graph, EventId e) {
    const bool read = !graph.in("R", e).is_false();
    if (!read && graph.in("W", e).is_false()) return {};
    if (graph.in("NExp", e).is_false()) return read ? "R" : "W";
    return read ? "T" : "HU";
}

/// "W[x]=1", "T[PTE(x)]=(...)", "TLBI VAAE1IS,X9", "DSB ISH", "fault of LDR W5,[X2]".
std::string event_text(const model::LitmusGraph& built, EventId e, const model::Execution& x) {
    const std::string kind = access_kind(built.graph, e);
    if (kind.empty()) {
        const std::uint32_t source = built.graph.event(e).source;
        const std::string instruction =
            source < built.sources.size() ? built.sources[source].first : std::string();
        return built.graph.in("FAULT", e).is_false() ? instruction : "fault of " + instruction;
    }
    std::string text = kind;
    if (x.location[e]) text += fmt::format("[{}]", built.graph.location(*x.location[e]).name);
    if (x.value[e]) text += "=" + litmus::herd::print_value(built.values.value(*x.value[e]));
    return text;
}

Place event_place(LitmusQuery& query, EventId e) {
    const auto& sources = query.built().sources;
    const std::uint32_t source = query.built().graph.event(e).source;
    if (source >= sources.size() || sources[source].second.line == 0) return {};
    return {query.job().file, sources[source].second.line, sources[source].second.column};
}

/// Events that herd7 shows: accesses, faults, barriers and maintenance; no registers and no branching.
bool shown(const model::EventGraph& graph, EventId e, const model::Execution& x) {
    if (!x.executed.test(e)) return false;
    for (const char* hidden : {"Rreg", "Wreg", "B", "BCC"}) {
        if (!graph.in(hidden, e).is_false()) return false;
    }
    if (graph.event(e).thread != model::initial_thread) return true;
    return std::ranges::any_of(x.reads_from, [&](const auto& w) { return w == e; });
}

}  // namespace

ExecutionGraph draw_execution(LitmusQuery& query, model::logic::Assignment& assignment) {
    const model::LitmusGraph& built = query.built();
    const model::Execution x = query.formulas().execution(assignment);
    model::ConcreteEvaluator evaluator(built.graph, x);
    ExecutionGraph graph;
    graph.title = query.job().program.name;
    for (const auto& thread : query.job().program.threads)
        graph.threads.push_back(fmt::format("P{}", thread.number));
    std::vector<std::uint32_t> number(built.graph.size());
    std::vector<std::optional<EventId>> last(graph.threads.size());
    std::vector<EventId> order(built.graph.size());
    for (EventId e = 0; e < order.size(); ++e) order[e] = e;
    // Letters run down one thread after the other, as in herd7's pictures.
    std::ranges::stable_sort(order, {}, [&](EventId e) {
        return std::pair(built.graph.event(e).thread, built.graph.event(e).instruction);
    });
    for (const EventId e : order) {
        if (!shown(built.graph, e, x)) continue;
        const model::Event& event = built.graph.event(e);
        number[e] = static_cast<std::uint32_t>(graph.events.size() + 1);
        graph.events.push_back({letters(graph.events.size()), event_text(built, e, x), event.thread,
                                !built.graph.in("NExp", e).is_false(), event_place(query, e)});
        const auto t = static_cast<std::size_t>(event.thread);
        if (event.thread < 0 || t >= last.size()) continue;
        if (last[t] && built.graph.program_order(*last[t], e))
            graph.edges.push_back({number[*last[t]] - 1, number[e] - 1, "po"});
        if (!last[t] || built.graph.program_order(*last[t], e)) last[t] = e;
    }
    static constexpr std::array<RuleName, 9> drawn{"rf",   "co",   "fr",   "tr-ib",     "rmw",
                                                   "addr", "data", "ctrl", "TLBI-after"};
    for (const RuleName name : drawn) {
        const model::BitMatrix& r = evaluator.evaluate(query.job().definitions->r(name.text()));
        for (EventId a = 0; a < r.size(); ++a) {
            model::for_each_bit(r.row(a), [&](std::size_t b) {
                if (number[a] != 0 && number[b] != 0)
                    graph.edges.push_back({number[a] - 1, number[b] - 1, name});
            });
        }
    }
    return graph;
}

Proof prove_forbidden(LitmusQuery& query) {
    model::LitmusGraph& built = query.built();
    const auto text = [&](EventId e, const model::Execution& x) {
        const int thread = built.graph.event(e).thread;
        return event_text(built, e, x) + (thread < 0 ? "" : fmt::format(" (P{})", thread));
    };
    const auto place = [&](EventId e) { return event_place(query, e); };
    const CycleSearch search{built.graph, *query.job().definitions, query.formulas(), text, place};
    std::vector<model::Formula> assumption{built.condition, !built.cutoff, !built.any_error};
    if (built.filter) assumption.push_back(*built.filter);
    const FoundCycles found = find_cycles(search, assumption);
    Proof proof;
    if (found.cycles.empty()) {
        proof.summary =
            "No candidate execution satisfies the condition: values and internal consistency alone exclude "
            "it.";
        return proof;
    }
    proof.summary = found.complete
                        ? "Every candidate execution that satisfies the condition has one of these cycles."
                        : "Cycles of candidate executions that satisfy the condition: " + found.reason + ".";
    ExcludedReading reading;
    reading.reading = litmus::herd::print_condition(query.job().program);
    reading.cycles = found.cycles;
    proof.excluded.push_back(std::move(reading));
    return proof;
}

}  // namespace tlbcheck::checker
