// SPDX-License-Identifier: Apache-2.0
//
// Walks in address spaces (docs/formal-model.md section 9): in which of its PE's contexts a walk begins is a
// choice; which entries the access can then hit, and what the walk's first T is ordered with, follow from it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/graph/schedule/walks.hpp"

namespace tlbcheck::model {

using logic::true_formula;

namespace {

bool global_leaf(const Descriptor& value) {
    return translates(value) && !value.not_global;
}

}  // namespace

/// Of an access that the schedule itself makes. Where the thread started does not matter to what is judged.
PeContexts ScheduleWalks::own_contexts(std::uint64_t va) const {
    const auto space = spaces::of(va);
    return space ? own_contexts_of(*space) : PeContexts{};
}

PeContexts ScheduleWalks::own_vm_contexts(std::uint64_t va) const {
    const auto vm = guest_of(*schedule_.program, va);
    return vm ? own_contexts_of(*vm) : PeContexts{};
}

PeContexts ScheduleWalks::own_contexts_of(SpaceId space) const {
    const JudgedThread& thread = schedule_.threads[static_cast<std::size_t>(events_.at.thread)];
    const int index = out_.index_of(events_.at.thread, events_.at.instruction);
    return contexts_of(*schedule_.program, operations_of(thread), thread.starts_in, std::nullopt, space,
                       static_cast<std::size_t>(index));
}

/// The addresses the walk may be for, space by space. An access to what all spaces share has one.
std::vector<WalkAddress> ScheduleWalks::in_contexts(JudgedAccess& access,
                                                    const std::vector<WalkAddress>& addresses) {
    std::vector<WalkAddress> result = addresses;
    for (WalkAddress& a : result) a.accessed = a.va;
    if (addresses.empty() || !spaces::of(addresses.front().va)) contexts_ = {};
    if (contexts_.all.empty()) return result;
    std::vector<std::string> names;
    for (std::size_t k = 0; k < contexts_.all.size(); ++k) names.push_back(fmt::format("context {}", k));
    access.contexts = names.size() == 1 ? std::vector{true_formula} : graph_.choose_one(true_formula, names);
    std::map<std::pair<SpaceId, std::optional<std::uint16_t>>, std::vector<Formula>> begun;
    for (std::size_t k = 0; k < contexts_.all.size(); ++k) {
        if (contexts_.all[k].space == no_space)
            graph_.require(!access.contexts[k]);
        else
            begun[{contexts_.all[k].space, contexts_.all[k].asid}].push_back(access.contexts[k]);
    }
    result.clear();
    for (const WalkAddress& a : addresses) {
        for (const auto& [in, terms] : begun) {
            result.push_back({spaces::within(spaces::plain(a.va), in.first),
                              pool_.both(a.chosen, pool_.disjunction(terms)), a.va, in.second});
        }
    }
    return result;
}

/// What can be hit: entries of the ASID that the access is made with, and global ones. A walk that begins in
/// a context which is over has its first descriptor from an entry.
void ScheduleWalks::restrict_to_hits(const JudgedAccess& access) {
    const ScheduleProgram& program = *schedule_.program;
    const auto same_asid = [&](const PeContext& ended) {
        return std::ranges::any_of(contexts_.all, [&](const PeContext& c) {
            return !c.ended() && c.space != no_space && same_tags(program, ended, c);
        });
    };
    for (std::size_t k = 0; k < contexts_.all.size(); ++k) {
        const PeContext& context = contexts_.all[k];
        if (context.space == no_space || !context.ended()) continue;
        const Formula chosen = access.contexts[k];
        const auto exclude = [&](const WalkLevel& level, const auto& which) {
            graph_.require(!pool_.both(chosen, any_source(level, which)));
        };
        exclude(access.walk.front(), [](const StaticWrite& w) { return !w.value.cacheable(); });
        if (context.before_all)
            exclude(access.walk.front(), [](const StaticWrite& w) { return w.thread != initial_thread; });
        if (same_asid(context)) continue;
        if (program.spaces[context.space].stage2) {  // nothing there is global
            graph_.require(!chosen);
            continue;
        }
        for (const WalkLevel& level : access.walk) {
            exclude(level, [](const StaticWrite& w) {
                return w.value.kind != DescriptorKind::table && (w.by_new_owner || !global_leaf(w.value));
            });
        }
        if (!program.spaces[context.space].vm) continue;
        std::vector<Formula> leaf;  // there is one: nothing else of stage 1 is hit
        for (const WalkLevel& level : access.walk)
            leaf.push_back(any_source(level, [](const StaticWrite& w) { return global_leaf(w.value); }));
        graph_.require(pool_.either(!chosen, pool_.disjunction(leaf)));
    }
}

void ScheduleWalks::add_context_order(const JudgedAccess& access) {
    order_in_contexts(access.thread, access.walk.front().event, contexts_, access.contexts);
}

void ScheduleWalks::order_in_contexts(int thread, EventId first, const PeContexts& contexts,
                                      const std::vector<Formula>& choice) {
    for (std::size_t k = 0; k < contexts.all.size(); ++k) {
        const PeContext& context = contexts.all[k];
        if (context.space == no_space) continue;
        const Formula chosen = choice[k];
        if (context.begin)
            graph_.add_edge("context-begin", events_.context_event(thread, *context.begin), first, chosen);
        if (context.end)
            graph_.add_edge("context-end", first, events_.context_event(thread, *context.end), chosen);
        if (!context.before_all) continue;
        for (const IssuedTlbi& tlbi : events_.tlbis())
            graph_.add_edge("context-first", first, tlbi.event, chosen);
    }
}

}  // namespace tlbcheck::model
