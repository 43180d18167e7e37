// SPDX-License-Identifier: Apache-2.0
//
// A witness read off the solver's assignment, and its drawing.
#include "checker/engine/found_witness.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/event_letters.hpp"
#include "model/relations/bit_matrix.hpp"

namespace tlbcheck::checker {

namespace {

using model::EventId;

std::optional<model::InstructionRef> reference(const JudgedExecution& judged, EventId event) {
    const model::Event& e = judged.built.graph.event(event);
    if (e.thread < 0) return std::nullopt;
    return model::InstructionRef{static_cast<std::uint32_t>(e.thread),
                                 static_cast<std::uint64_t>(judged.built.index_of(e.thread, e.instruction))};
}

model::EntrySpan span_of(const JudgedExecution& judged, const model::WalkLevel& level,
                         const model::Descriptor& value) {
    if (value.kind == model::DescriptorKind::table) return model::EntrySpan::table;
    const bool none = judged.schedule.hardware.contiguous_fill == model::ContiguousFill::none;
    if (!value.cacheable() || !value.contiguous || none) return model::EntrySpan::own;
    return judged.assignment.value(level.shattered) ? model::EntrySpan::shattered
                                                    : model::EntrySpan::coalesced;
}

std::vector<model::WitnessRead> witness_walk(const JudgedExecution& judged, std::size_t access) {
    std::vector<model::WitnessRead> reads;
    const auto writes = walk_of(judged, access);
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const model::DescriptorWrite& w = *writes[i];
        const auto writer = w.thread < 0 ? std::nullopt : reference(judged, w.event);
        reads.push_back({w.slot, writer, span_of(judged, judged.built.accesses[access].walk[i], w.value)});
    }
    return reads;
}

/// What a guest's walk read of stage 2.
std::vector<model::WitnessUnder> witness_unders(const JudgedExecution& judged, std::size_t access) {
    std::vector<model::WitnessUnder> result;
    for (const model::Stage2Walk& under : judged.built.accesses[access].under) {
        model::WitnessUnder found;
        found.for_level = under.for_level;
        for (const model::WalkAddress& a : under.addresses) {
            if (judged.assignment.value(a.chosen)) found.ipa = a.va;
        }
        for (std::uint32_t k = 0; k < under.contexts.size(); ++k) {
            if (judged.assignment.value(under.contexts[k])) found.context = k;
        }
        for (const model::WalkLevel& level : under.levels) {
            if (!judged.execution.executed.test(level.event)) break;
            for (const model::WalkSource& s : level.sources) {
                if (!judged.assignment.value(s.chosen)) continue;
                const model::DescriptorWrite& w = judged.built.writes[s.write];
                const auto writer = w.thread < 0 ? std::nullopt : reference(judged, w.event);
                found.reads.push_back({w.slot, writer, span_of(judged, level, w.value)});
            }
        }
        if (!found.reads.empty()) result.push_back(std::move(found));
    }
    return result;
}

std::vector<model::WitnessTlbi> witness_tlbis(const JudgedExecution& judged) {
    std::vector<model::WitnessTlbi> result;
    const auto chosen = judged.execution.chosen.find("TLBI-after");
    if (chosen == judged.execution.chosen.end()) return result;
    const auto& walk = judged.built.accesses.front().walk;
    for (std::uint32_t k = 0; k < walk.size(); ++k) {
        for (EventId e = 0; e < judged.built.graph.size(); ++e) {
            const bool tlbi_first = chosen->second.test(e, walk[k].event);
            if (!tlbi_first && !chosen->second.test(walk[k].event, e)) continue;
            if (const auto ref = reference(judged, e)) result.push_back({*ref, k, tlbi_first});
        }
    }
    return result;
}

std::optional<std::uint32_t> context_of(const JudgedExecution& judged, std::size_t access) {
    const std::vector<model::Formula>& contexts = judged.built.accesses[access].contexts;
    for (std::uint32_t k = 0; k < contexts.size(); ++k) {
        if (judged.assignment.value(contexts[k])) return k;
    }
    return std::nullopt;
}

std::string event_text(const JudgedExecution& judged, EventId e) {
    const model::Event& event = judged.built.graph.event(e);
    const auto location = judged.execution.location[e];
    const std::string at = location ? fmt::format(" [{}]", judged.built.graph.location(*location).name) : "";
    return event.label + at;
}

/// Base relations that the drawing shows between shown events.
void add_edges(const JudgedExecution& judged, const std::vector<std::uint32_t>& number,
               ExecutionGraph& graph) {
    const model::Execution& x = judged.execution;
    const auto add = [&](EventId a, EventId b, RuleName relation) {
        if (number[a] != 0 && number[b] != 0) graph.edges.push_back({number[a] - 1, number[b] - 1, relation});
    };
    for (EventId e = 0; e < judged.built.graph.size(); ++e) {
        if (x.reads_from[e]) add(*x.reads_from[e], e, "rf");
    }
    for (const RuleName relation : {RuleName("walk"), RuleName("co"), RuleName("TLBI-after")}) {
        const auto edges = x.edges.find(std::string(relation.text()));
        const auto chosen = x.chosen.find(std::string(relation.text()));
        const model::BitMatrix* r = edges != x.edges.end() ? &edges->second : nullptr;
        if (chosen != x.chosen.end()) r = &chosen->second;
        if (r == nullptr) continue;
        for (EventId a = 0; a < r->size(); ++a) {
            model::for_each_bit(r->row(a), [&](std::size_t b) { add(a, static_cast<EventId>(b), relation); });
        }
    }
}

ExecutionGraph execution_graph(const JudgedExecution& judged) {
    ExecutionGraph graph;
    graph.title = judged.schedule.program->title;
    for (const auto& thread : judged.schedule.threads) graph.threads.push_back(thread.name);
    if (judged.question.observer != model::ObserverKind::same_pe) graph.threads.emplace_back("observer");
    std::vector<std::uint32_t> number(judged.built.graph.size());
    std::vector<EventId> last(graph.threads.size(), model::EventId(~0U));
    for (EventId e = 0; e < judged.built.graph.size(); ++e) {
        const model::Event& event = judged.built.graph.event(e);
        const bool read_initially = event.thread < 0;
        const bool used = !read_initially || std::ranges::any_of(judged.execution.reads_from,
                                                                 [&](const auto& w) { return w == e; });
        if (!judged.execution.executed.test(e) || !used) continue;
        if (!judged.built.graph.in("B", e).is_false())
            continue;  // "it translates or faults": told with its access
        number[e] = static_cast<std::uint32_t>(graph.events.size() + 1);
        const bool implicit = !judged.built.graph.in("NExp", e).is_false();
        graph.events.push_back(
            {letters(graph.events.size()), event_text(judged, e), event.thread, implicit, {}});
        if (event.thread < 0) continue;
        auto& previous = last[static_cast<std::size_t>(event.thread)];
        if (previous != EventId(~0U) && judged.built.graph.program_order(previous, e)) {
            graph.edges.push_back({number[previous] - 1, number[e] - 1, "po"});
        }
        previous = e;
    }
    add_edges(judged, number, graph);
    return graph;
}

}  // namespace

std::vector<const model::DescriptorWrite*> walk_of(const JudgedExecution& judged, std::size_t access) {
    std::vector<const model::DescriptorWrite*> writes;
    for (const model::WalkLevel& level : judged.built.accesses[access].walk) {
        if (!judged.execution.executed.test(level.event)) break;
        for (const model::WalkSource& s : level.sources) {
            if (judged.assignment.value(s.chosen)) writes.push_back(&judged.built.writes[s.write]);
        }
    }
    return writes;
}

std::optional<std::size_t> losing_write(const JudgedExecution& judged) {
    for (const auto& [write, loses] : judged.built.losing) {
        if (judged.assignment.value(loses)) return write;
    }
    return std::nullopt;
}

std::uint64_t judged_address(const JudgedExecution& judged) {
    for (const auto& [va, chosen] : judged.built.judged) {
        if (judged.assignment.value(chosen)) return va;
    }
    return 0;
}

FoundWitness describe_witness(const JudgedExecution& judged) {
    FoundWitness found;
    found.witness.kind = judged.question.property;
    if (judged.question.observer == model::ObserverKind::same_pe) {
        found.witness.observer.thread = static_cast<std::uint32_t>(judged.question.thread);
    }
    found.witness.observer.store = judged.question.store;
    found.witness.observer.starts_in = judged.question.starts_in;
    found.witness.observer.position = judged.question.position;
    found.witness.context = context_of(judged, 0);
    found.witness.va = judged_address(judged);
    found.witness.walk = witness_walk(judged, 0);
    found.witness.under = witness_unders(judged, 0);
    if (judged.question.conflict) {
        found.witness.other_walk = witness_walk(judged, 1);
        found.witness.other_under = witness_unders(judged, 1);
        found.witness.other_context = context_of(judged, 1);
    }
    if (const auto lost = losing_write(judged))
        found.witness.update = reference(judged, judged.built.writes[*lost].event);
    found.witness.tlbis = witness_tlbis(judged);
    found.misread = misread_of(judged);
    found.graph = execution_graph(judged);
    return found;
}

}  // namespace tlbcheck::checker
