// SPDX-License-Identifier: Apache-2.0
//
// Events, sets, edges, and the choice of what a read reads from.
#include "model/graph/event_graph.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/graph/vocabulary.hpp"

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

EventId EventGraph::add(Event event) {
    events_.push_back(std::move(event));
    return static_cast<EventId>(events_.size() - 1);
}

void EventGraph::check_set(std::string_view name) const {
    if (names_ == Names::vocabulary && !vocabulary::has_set(name))
        throw std::logic_error("event graph: no set is called " + std::string(name));
}

void EventGraph::check_relation(std::string_view name) const {
    if (names_ == Names::vocabulary && !vocabulary::has_relation(name))
        throw std::logic_error("event graph: no relation is called " + std::string(name));
}

void EventGraph::add_to(std::string_view cat_set, EventId event, Formula when) {
    if (when.is_false()) return;
    auto it = sets_.find(cat_set);
    if (it == sets_.end()) check_set(cat_set);
    if (it == sets_.end()) it = sets_.emplace(std::string(cat_set), std::vector<Member>{}).first;
    it->second.push_back({event, when});
}

void EventGraph::add_edge(std::string_view cat_relation, EventId from, EventId to, Formula when) {
    if (when.is_false()) return;
    auto it = relations_.find(cat_relation);
    if (it == relations_.end()) check_relation(cat_relation);
    if (it == relations_.end()) it = relations_.emplace(std::string(cat_relation), std::vector<Edge>{}).first;
    it->second.push_back({from, to, when});
}

void EventGraph::contract(std::string_view cat_relation, EventId middle) {
    const std::vector<Edge> all = edges(cat_relation);
    for (const Edge& in : all) {
        if (in.to != middle) continue;
        for (const Edge& out : all) {
            if (out.from != middle) continue;
            const Formula both = pool_->conjunction({in.when, out.when, events_[middle].exec});
            add_edge(cat_relation, in.from, out.to, both);
        }
    }
}

void EventGraph::remove(const std::vector<bool>& gone) {
    std::vector<EventId> number(events_.size());
    std::vector<Event> kept;
    for (EventId e = 0; e < events_.size(); ++e) {
        if (gone[e]) continue;
        number[e] = static_cast<EventId>(kept.size());
        kept.push_back(std::move(events_[e]));
    }
    events_ = std::move(kept);
    for (auto& [name, members] : sets_) {
        std::erase_if(members, [&](const Member& m) { return gone[m.event]; });
        for (Member& m : members) m.event = number[m.event];
    }
    for (auto& [name, edges] : relations_) {
        std::erase_if(edges, [&](const Edge& e) { return gone[e.from] || gone[e.to]; });
        for (Edge& e : edges) e = {number[e.from], number[e.to], e.when};
    }
    std::erase_if(reads_from_, [&](const ReadsFrom& choice) { return gone[choice.read]; });
    for (ReadsFrom& choice : reads_from_) {
        choice.read = number[choice.read];
        std::erase_if(choice.writes, [&](const auto& w) { return gone[w.first]; });
        for (auto& [write, variable] : choice.writes) write = number[write];
    }
}

LocationId EventGraph::add_location(Location location) {
    locations_.push_back(std::move(location));
    return static_cast<LocationId>(locations_.size() - 1);
}

const std::vector<Member>& EventGraph::members(std::string_view cat_set) const {
    static const std::vector<Member> none;
    const auto it = sets_.find(cat_set);
    if (it == sets_.end()) check_set(cat_set);
    return it == sets_.end() ? none : it->second;
}

const std::vector<Edge>& EventGraph::edges(std::string_view cat_relation) const {
    static const std::vector<Edge> none;
    const auto it = relations_.find(cat_relation);
    if (it == relations_.end()) check_relation(cat_relation);
    return it == relations_.end() ? none : it->second;
}

Formula EventGraph::in(std::string_view cat_set, EventId event) const {
    Formula result = false_formula;
    for (const Member& m : members(cat_set)) {
        if (m.event == event) result = pool_->either(result, m.when);
    }
    return result;
}

Formula EventGraph::same_location(EventId a, EventId b) const {
    if (a == b) return events_[a].location.empty() ? false_formula : true_formula;
    std::vector<Formula> terms;
    for (const auto& x : events_[a].location) {
        for (const auto& y : events_[b].location) {
            if (x.what == y.what) terms.push_back(pool_->both(x.when, y.when));
        }
    }
    return pool_->disjunction(terms);
}

Formula EventGraph::same_low_order(EventId a, EventId b) const {
    std::vector<Formula> terms;
    for (const auto& x : events_[a].location) {
        for (const auto& y : events_[b].location) {
            if (locations_[x.what].low_order == locations_[y.what].low_order)
                terms.push_back(pool_->both(x.when, y.when));
        }
    }
    return pool_->disjunction(terms);
}

Formula EventGraph::has_value(EventId e, ValueId value) const {
    std::vector<Formula> terms;
    for (const auto& v : events_[e].value) {
        if (v.what == value) terms.push_back(v.when);
    }
    return pool_->disjunction(terms);
}

Formula EventGraph::at_location(EventId e, LocationId location) const {
    std::vector<Formula> terms;
    for (const auto& l : events_[e].location) {
        if (l.what == location) terms.push_back(l.when);
    }
    return pool_->disjunction(terms);
}

std::vector<Formula> EventGraph::choose_source(EventId read,
                                               const std::vector<std::pair<EventId, Formula>>& sources) {
    const logic::Group group = pool_->new_group();
    ReadsFrom choice{read, {}};
    std::vector<Formula> variables;
    for (const auto& [write, condition] : sources) {
        const Formula var =
            pool_->variable("rf " + std::to_string(write) + " " + std::to_string(read), group);
        require(pool_->implication(var, condition));
        choice.writes.emplace_back(write, var);
        add_edge("rf", write, read, var);
        for (const Formula other : variables) exclude(other, var);
        variables.push_back(var);
    }
    require(pool_->implication(events_[read].exec, pool_->disjunction(variables)));
    reads_from_.push_back(std::move(choice));
    return variables;
}

void EventGraph::add_reads_from(EventId read, const std::vector<EventId>& candidates) {
    const bool derive_value = events_[read].value.empty();
    std::vector<std::pair<EventId, Formula>> sources;
    for (const EventId w : candidates) {
        const Event& r = events_[read];
        const Event& write = events_[w];
        const Formula possible = pool_->conjunction({r.exec, write.exec, same_location(w, read)});
        const bool values_meet =
            derive_value || std::ranges::any_of(write.value, [&](const auto& v) {
                return std::ranges::any_of(r.value, [&](const auto& x) { return x.what == v.what; });
            });
        if (!possible.is_false() && values_meet) sources.emplace_back(w, possible);
    }
    const std::vector<Formula> variables = choose_source(read, sources);
    std::map<ValueId, std::vector<Formula>> derived;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        for (const auto& v : events_[sources[i].first].value) {
            const Formula reads_it = pool_->both(variables[i], v.when);
            if (derive_value) {
                derived[v.what].push_back(reads_it);
            } else {
                require(pool_->implication(reads_it, has_value(read, v.what)));
            }
        }
    }
    for (const auto& [value, terms] : derived)
        events_[read].value.push_back({value, pool_->disjunction(terms)});
}

std::vector<Formula> EventGraph::choose_one(Formula exec, const std::vector<std::string>& names) {
    const logic::Group group = pool_->new_group();
    std::vector<Formula> variables;
    for (const std::string& name : names) variables.push_back(pool_->variable(name, group));
    require(pool_->implication(exec, pool_->disjunction(variables)));
    for (std::size_t i = 0; i < variables.size(); ++i) {
        require(pool_->implication(variables[i], exec));
        for (std::size_t j = i + 1; j < variables.size(); ++j) exclude(variables[i], variables[j]);
    }
    return variables;
}

bool EventGraph::program_order(EventId a, EventId b) const {
    const Event& x = events_[a];
    const Event& y = events_[b];
    return x.thread != initial_thread && x.thread == y.thread && x.instruction < y.instruction;
}

}  // namespace tlbcheck::model
