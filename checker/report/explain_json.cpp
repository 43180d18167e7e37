// SPDX-License-Identifier: Apache-2.0
//
// The document of `explain --json`.

#include "checker/report/explain_json.hpp"

#include <fmt/format.h>

#include <set>

#include "checker/report/json_parts.hpp"
#include "checker/report/timeline_text.hpp"

namespace tlbcheck::checker {
namespace {

// Of a Place, which is the model's.
using checker::json_of;

// Declared ahead of the template, which could not find them by argument-dependent lookup in this namespace.
Json json_of(const MemoryDescriptor& descriptor);
Json json_of(const CachedEntry& entry);
Json json_of(const PeState& state);
Json json_of(const ProofEdge& edge);
Json json_of(const ProofCycle& cycle);
Json json_of(const ExcludedReading& excluded);
Json json_of(const QuestionExplanation& question);

template <typename Items>
Json list_of(const Items& items) {
    Json list = Json::array();
    for (const auto& item : items) list.push_back(json_of(item));
    return list;
}

Json json_of(const MemoryDescriptor& descriptor) {
    const bool valid = descriptor.value.valid();
    return {
        {"name", descriptor.name},
        {"va", hex(model::spaces::plain(descriptor.slot.va))},
        {"size", descriptor.size},
        {"level", descriptor.slot.level},
        {"state", to_string(descriptor.value.kind)},
        {"oa", valid ? Json(hex(descriptor.value.oa)) : Json(nullptr)},
        {"contiguous", descriptor.value.kind == model::DescriptorKind::leaf && descriptor.value.contiguous},
        {"attributes", attribute_text(descriptor.value)},
        {"reused", descriptor.reused},
        {"space", descriptor.space.empty() ? Json(nullptr) : Json(descriptor.space)},
        {"text", value_text(descriptor)}};
}

Json json_of(const EntryTags& tags) {
    using enum model::CachedTranslation::Stage;
    return {{"stage", tags.stage == stage1   ? "1"
                      : tags.stage == stage2 ? "2"
                                             : "combined"},
            {"regime", to_string(tags.regime)},
            {"global", tags.global},
            {"asid", tags.asid ? Json(*tags.asid) : Json(nullptr)},
            {"vmid", tags.vmid ? Json(*tags.vmid) : Json(nullptr)},
            {"space", tags.space},
            {"text", tags_text(tags)}};
}

Json json_of(const CachedEntry& entry) {
    return {{"id", entry.id},
            {"va", json_of(AddressRange{entry.first, entry.last})},
            {"level", entry.level},
            {"oa", hex(entry.value.oa)},
            {"origin", entry.origin},
            {"span", to_string(entry.span)},
            {"attributes", attribute_text(entry.value)},
            {"reused", entry.reused},
            {"stale", entry.stale},
            {"tags", entry.tags ? json_of(*entry.tags) : Json(nullptr)}};
}

Json json_of(const PeState& state) {
    return {{"tlb", list_of(state.tlb)},
            {"walk_cache", list_of(state.walk_cache)},
            {"store_buffer", state.store_buffer},
            {"pending", state.pending},
            {"context", state.context}};
}

Json json_of(const TimelineStep& step, std::size_t index) {
    Json rules = Json::array();
    for (const RuleName& rule : step.rules) rules.push_back(rule.text());
    Json json = {{"index", index},
                 {"pe", step.pe},
                 {"lane", to_string(step.lane)},
                 {"kind", to_string(step.kind)},
                 {"text", step.text},
                 {"detail", step.detail},
                 {"rules", rules},
                 {"place", json_of(step.place)},
                 {"helper_place", json_of(step.helper_place)},
                 {"minor", step.minor},
                 {"instructions", step.instructions},
                 {"memory", list_of(step.memory)},
                 {"pes", list_of(step.pes)}};
    if (!step.kernel.empty()) json["kernel"] = checker::json_of(step.kernel);
    return json;
}

Json json_of(const Timeline& timeline) {
    Json steps = Json::array(), arrows = Json::array(), folds = Json::array(), idle = Json::array();
    for (const Fold& fold : folds_of(timeline)) {
        folds.push_back({{"first", fold.first}, {"last", fold.last}, {"text", step_of(timeline, fold).text}});
    }
    const std::vector<bool> idle_caches = idle_walk_caches(timeline);
    for (std::size_t pe = 0; pe < idle_caches.size(); ++pe) {
        if (idle_caches[pe]) idle.push_back(pe);
    }
    for (std::size_t i = 0; i < timeline.steps.size(); ++i) steps.push_back(json_of(timeline.steps[i], i));
    for (const TimelineArrow& arrow : timeline.arrows) {
        arrows.push_back(
            {{"from", arrow.from}, {"to", arrow.to}, {"rule", arrow.rule.text()}, {"detail", arrow.detail}});
    }
    return {{"cause", timeline.cause},
            {"outcome", timeline.outcome},
            {"expected", timeline.expected},
            {"pes", timeline.pes},
            {"memory", list_of(timeline.memory)},
            {"initial", list_of(state_after(timeline, -1))},
            {"steps", steps},
            {"folds", folds},
            {"idle_walk_caches", idle},
            {"arrows", arrows}};
}

Json json_of(const ExecutionGraph& graph) {
    Json events = Json::array(), edges = Json::array();
    for (const GraphEvent& event : graph.events) {
        events.push_back({{"id", event.id},
                          {"text", event.text},
                          {"thread", event.thread < 0 ? Json(nullptr) : Json(event.thread)},
                          {"implicit", event.implicit},
                          {"place", json_of(event.place)}});
    }
    for (const GraphEdge& edge : graph.edges) {
        edges.push_back({{"from", edge.from}, {"to", edge.to}, {"relation", edge.relation.text()}});
    }
    return {{"title", graph.title}, {"threads", graph.threads}, {"events", events}, {"edges", edges}};
}

Json json_of(const ProofEdge& edge) {
    return {{"from", edge.from},
            {"to", edge.to},
            {"rule", edge.rule.text()},
            {"from_place", json_of(edge.from_place)},
            {"to_place", json_of(edge.to_place)}};
}

Json json_of(const ProofCycle& cycle) {
    return {{"assumption", cycle.assumption.empty() ? Json(nullptr) : Json(cycle.assumption)},
            {"edges", list_of(cycle.edges)}};
}

Json json_of(const ExcludedReading& excluded) {
    return {{"reading", excluded.reading},
            {"stands_for", excluded.stands_for},
            {"cycles", list_of(excluded.cycles)}};
}

Json json_of(const Proof& proof) {
    return {{"summary", proof.summary}, {"excluded", list_of(proof.excluded)}};
}

Json json_of(const QuestionExplanation& question) {
    return {{"question", json_of(question.question)},
            {"timeline", question.timeline ? json_of(*question.timeline) : Json(nullptr)},
            {"graph", question.graph ? json_of(*question.graph) : Json(nullptr)},
            {"proof", question.proof ? json_of(*question.proof) : Json(nullptr)}};
}

Json json_of(const ExplainedMinimum& minimum) {
    Json steps = Json::array();
    for (const ExplainedStep& row : minimum.steps) {
        steps.push_back({{"place", json_of(row.step.place)},
                         {"called_from", json_of(row.step.called_from)},
                         {"statement", row.step.statement},
                         {"need", to_string(row.step.need)},
                         {"weaker", row.step.weaker},
                         {"note", row.step.note.empty() ? Json(nullptr) : Json(row.step.note)},
                         {"without", row.without.empty() ? Json(nullptr) : Json(row.without)},
                         {"question", row.question ? Json(*row.question) : Json(nullptr)}});
    }
    return {{"steps", steps}, {"changes", minimum.changes}, {"diff", minimum.diff}};
}

void cite(const Timeline& timeline, std::set<RuleName>& names) {
    for (const TimelineStep& step : timeline.steps) names.insert(step.rules.begin(), step.rules.end());
    for (const TimelineArrow& arrow : timeline.arrows) names.insert(arrow.rule);
}

/// The rules that the document cites, so that a reader needs no other source.
Json cited_rules(const Explanation& explanation) {
    std::set<RuleName> names;
    for (const QuestionExplanation& question : explanation.questions) {
        if (question.timeline) cite(*question.timeline, names);
        if (question.graph) {
            for (const GraphEdge& edge : question.graph->edges) names.insert(edge.relation);
        }
        if (!question.proof) continue;
        for (const ExcludedReading& excluded : question.proof->excluded) {
            for (const ProofCycle& cycle : excluded.cycles) {
                for (const ProofEdge& edge : cycle.edges) names.insert(edge.rule);
            }
        }
    }
    Json rules = Json::object();
    for (const RuleName& name : names) {
        const model::axioms::Rule* rule = model::axioms::find_rule(name.text());
        rules[std::string(name.text())] = {{"source", rule->source}, {"text", rule->text}};
    }
    return rules;
}

Json document_of(const Explanation& explanation) {
    Json document = document_head("tlbcheck.explain/1");
    document["file"] = explanation.file;
    document["front_end"] = to_string(explanation.front_end);
    document["title"] = explanation.title;
    document["variant"] = explanation.variant.empty() ? Json(nullptr) : Json(explanation.variant);
    document["questions"] = list_of(explanation.questions);
    document["rules"] = cited_rules(explanation);
    if (explanation.minimum) document["minimum"] = json_of(*explanation.minimum);
    document["sources"] = Json::array();
    for (const SourceText& source : explanation.sources) {
        document["sources"].push_back({{"file", source.file}, {"lines", source.lines}});
    }
    return document;
}

}  // namespace

std::string explain_json(const Explanation& explanation) {
    return dumped(document_of(explanation));
}

std::string explain_json_compact(const Explanation& explanation) {
    return document_of(explanation).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tlbcheck::checker
