// SPDX-License-Identifier: Apache-2.0
//
// The coherence choice (cat `co`, cos.cat): a total order on the writes to each location. Two writes that may
// meet at one location get one variable saying which is first; where the order is known there is none.
#include <algorithm>
#include <map>

#include "model/graph/event_graph.hpp"

namespace tlbcheck::model {

namespace {

using logic::false_formula;
using logic::true_formula;

/// Formula "a is coherence-before b if they are at one location", for every pair that may be.
class Order {
  public:
    Order(EventGraph& graph, bool program_order_first, bool explicit_only)
        : graph_(graph), program_order_first_(program_order_first), explicit_only_(explicit_only) {}

    void add(EventId a, EventId b) {
        const Formula first = known(a, b);
        before_[{a, b}] = first;
        before_[{b, a}] = !first;
    }
    const Formula* find(EventId a, EventId b) const {
        const auto it = before_.find({a, b});
        return it == before_.end() ? nullptr : &it->second;
    }

  private:
    Formula known(EventId a, EventId b) {
        const Event& x = graph_.event(a);
        const Event& y = graph_.event(b);
        if (x.thread == initial_thread) return true_formula;
        if (y.thread == initial_thread) return false_formula;
        const bool in_order = program_order_first_ && !(explicit_only_ && (implicit(a) || implicit(b)));
        if (in_order && graph_.program_order(a, b)) return true_formula;
        if (in_order && graph_.program_order(b, a)) return false_formula;
        for (const Edge& e : graph_.edges("co0")) {
            if (e.from == a && e.to == b && e.when.is_true()) return true_formula;
            if (e.from == b && e.to == a && e.when.is_true()) return false_formula;
        }
        return graph_.pool().variable("co " + std::to_string(a) + " " + std::to_string(b));
    }

    bool implicit(EventId e) const { return graph_.in("NExp", e).is_true(); }

    EventGraph& graph_;
    bool program_order_first_, explicit_only_;
    std::map<std::pair<EventId, EventId>, Formula> before_;
};

void require_transitive(EventGraph& graph, const Order& order, const std::vector<EventId>& writes) {
    FormulaPool& pool = graph.pool();
    for (const EventId a : writes) {
        for (const EventId b : writes) {
            const Formula* ab = order.find(a, b);
            if (a == b || ab == nullptr || ab->is_false()) continue;
            for (const EventId c : writes) {
                if (c == a || c == b) continue;
                const Formula* bc = order.find(b, c);
                const Formula* ac = order.find(a, c);
                if (bc == nullptr || ac == nullptr || bc->is_false() || ac->is_true()) continue;
                const Formula together =
                    pool.conjunction({graph.event(a).exec, graph.event(b).exec, graph.event(c).exec,
                                      graph.same_location(a, b), graph.same_location(b, c)});
                graph.require(!pool.conjunction({together, *ab, *bc, !*ac}));
            }
        }
    }
}

}  // namespace

void EventGraph::add_coherence(bool program_order_first, bool explicit_only) {
    std::vector<EventId> writes;
    for (const Member& m : members("W")) {
        const bool in_memory = std::ranges::any_of(events_[m.event].location,
                                                   [&](const auto& l) { return locations_[l.what].memory; });
        if (in_memory) writes.push_back(m.event);
    }
    std::ranges::sort(writes);
    Order order(*this, program_order_first, explicit_only);
    for (std::size_t i = 0; i < writes.size(); ++i) {
        for (std::size_t j = i + 1; j < writes.size(); ++j) {
            const EventId a = writes[i];
            const EventId b = writes[j];
            const Formula meet = same_location(a, b);
            if (pool_->conjunction({meet, events_[a].exec, events_[b].exec}).is_false()) continue;
            order.add(a, b);
            add_edge("co", a, b, pool_->both(meet, *order.find(a, b)));
            add_edge("co", b, a, pool_->both(meet, *order.find(b, a)));
        }
    }
    require_transitive(*this, order, writes);
    for (const Edge& e : std::vector<Edge>(edges("co0"))) {
        if (e.when.is_true()) continue;
        if (const Formula* before = order.find(e.from, e.to)) {
            require(pool_->implication(pool_->conjunction({e.when, events_[e.from].exec, events_[e.to].exec,
                                                           same_location(e.from, e.to)}),
                                       *before));
        }
    }
}

}  // namespace tlbcheck::model
