// SPDX-License-Identifier: Apache-2.0
//
// Finds what cannot matter, and takes it out.
#include "model/graph/litmus/reduction.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace tlbcheck::model {

namespace {

using Events = std::vector<bool>;

/// Variables that the formulas added so far speak of.
class Support {
  public:
    explicit Support(const FormulaPool& pool) : pool_(pool), seen_(pool.node_count(), false) {}

    void add(Formula f) {
        std::vector<Formula> open{f};
        while (!open.empty()) {
            const Formula at = open.back();
            open.pop_back();
            if (at.is_constant() || seen_[at.node()]) continue;
            seen_[at.node()] = true;
            if (pool_.kind(at) == logic::NodeKind::variable) {
                variables_.insert(pool_.variable_of(at));
            } else {
                const auto operands = pool_.operands(at);
                open.insert(open.end(), operands.begin(), operands.end());
            }
        }
    }
    template <class T>
    void add(const std::vector<Alternative<T>>& alternatives) {
        for (const auto& a : alternatives) add(a.when);
    }
    bool meets(const Support& other) const {
        return std::ranges::any_of(variables_, [&](auto v) { return other.variables_.contains(v); });
    }

  private:
    const FormulaPool& pool_;
    std::vector<bool> seen_;
    std::set<logic::Variable> variables_;
};

class Reducer {
  public:
    explicit Reducer(LitmusGraph& built)
        : graph_(built.graph), gone_(graph_.size(), false), observed_(graph_.pool()) {
        for (const FinalValue& f : built.finals) {
            for (const Symbolic& element : f.elements) observed_.add(element.alternatives);
        }
        for (const PossibleFault& f : built.faults) observed_.add(f.when);
        for (const Formula f : {built.condition, built.cutoff, built.any_error}) observed_.add(f);
        if (built.filter) observed_.add(*built.filter);
        for (EventId e = 0; e < graph_.size(); ++e) threads_[graph_.event(e).thread].push_back(e);
        threads_.erase(initial_thread);
        count_writers();
    }

    LitmusReduction run() {
        LitmusReduction result;
        result.unobserved = drop_unobserved_threads();
        for (const auto& [thread, events] : threads_) result.silent_reads += drop_silent_reads(events);
        result.fixed_walks = drop_fixed_walks();
        if (result.total() != 0) graph_.remove(gone_);
        return result;
    }

  private:
    Events in(std::initializer_list<const char*> sets) const {
        Events result(graph_.size(), false);
        for (const char* name : sets) {
            for (const Member& m : graph_.members(name)) result[m.event] = true;
        }
        return result;
    }

    void count_writers() {
        for (EventId e = 0; e < graph_.size(); ++e) {
            if (!write_[e] || initial_write_[e]) continue;
            for (const auto& l : graph_.event(e).location) written_.insert(l.what);
        }
    }

    bool touches_only_memory_nobody_writes(EventId e) const {
        return std::ranges::all_of(graph_.event(e).location,
                                   [&](const auto& l) { return !written_.contains(l.what); });
    }

    // ---- threads that nothing looks at and nothing meets
    // -------------------------------------------------------

    /// Threads that share a location with writes, or of which one invalidates what the other translates, in
    /// one class: number of the class by thread.
    std::map<int, int> classes() const {
        std::map<int, int> parent;
        for (const auto& [thread, events] : threads_) parent[thread] = thread;
        const auto root = [&](int t) {
            while (parent[t] != t) t = parent[t];
            return t;
        };
        std::map<LocationId, std::set<int>> users;
        for (const auto& [thread, events] : threads_) {
            for (const EventId e : events) {
                for (const auto& l : graph_.event(e).location) {
                    if (written_.contains(l.what)) users[l.what].insert(thread);
                }
            }
        }
        for (const auto& [location, threads] : users) {
            for (const int t : threads) parent[root(t)] = root(*threads.begin());
        }
        for (const Edge& e : graph_.edges("inv-domain")) {
            const int a = graph_.event(e.from).thread;
            const int b = graph_.event(e.to).thread;
            if (a != initial_thread && b != initial_thread) parent[root(a)] = root(b);
        }
        std::map<int, int> result;
        for (const auto& [thread, events] : threads_) result[thread] = root(thread);
        return result;
    }

    std::size_t drop_unobserved_threads() {
        std::map<int, std::vector<EventId>> parts;
        for (const auto& [thread, part] : classes()) {
            const std::vector<EventId>& events = threads_.at(thread);
            parts[part].insert(parts[part].end(), events.begin(), events.end());
        }
        std::size_t count = 0;
        for (const auto& [part, events] : parts) {
            if (!may_drop_part(events)) continue;
            for (const EventId e : events) {
                gone_[e] = true;
                ++count;
            }
        }
        for (auto thread = threads_.begin(); thread != threads_.end();) {
            thread = gone_[thread->second.front()] ? threads_.erase(thread) : std::next(thread);
        }
        return count;
    }

    /// No execution may end early in it, raise a flag or be seen.
    bool may_drop_part(const std::vector<EventId>& events) const {
        if (std::ranges::any_of(events, [&](EventId e) {
                return unforeseeable_[e] || flagged_[e] || (write_[e] && descriptor_[e]);
            })) {
            return false;
        }
        Support own(graph_.pool());
        Events inside(graph_.size(), false);
        for (const EventId e : events) {
            add_formulas(own, e);
            inside[e] = true;
        }
        for (const char* choice : {"rf", "co"}) {
            for (const Edge& e : graph_.edges(choice)) {
                if (inside[e.to]) own.add(e.when);
            }
        }
        return !own.meets(observed_);
    }

    void add_formulas(Support& support, EventId e) const {
        support.add(graph_.event(e).exec);
        support.add(graph_.event(e).location);
        support.add(graph_.event(e).value);
    }

    // ---- reads at the end of a thread
    // --------------------------------------------------------------------------

    std::size_t drop_silent_reads(const std::vector<EventId>& events) {
        int from = 0;  // the first instruction of the silent tail
        for (const EventId e : events) {
            if (influential_[e] || unforeseeable_[e]) from = std::max(from, graph_.event(e).instruction + 1);
        }
        // The tail may be shorter still, where something looks at its first reads.
        std::set<int> starts;
        for (const EventId e : events) {
            if (read_[e] && graph_.event(e).instruction >= from) starts.insert(graph_.event(e).instruction);
        }
        for (const int start : starts) {
            const std::size_t count = drop_tail(events, start);
            if (count != 0) return count;
        }
        return 0;
    }

    std::size_t drop_tail(const std::vector<EventId>& events, int start) {
        std::vector<EventId> reads;
        for (const EventId e : events) {
            if (read_[e] && graph_.event(e).instruction >= start) reads.push_back(e);
        }
        Support chosen(graph_.pool());
        for (const EventId e : reads) {
            for (const ReadsFrom& choice : graph_.reads_from()) {
                if (choice.read != e) continue;
                for (const auto& [write, variable] : choice.writes) chosen.add(variable);
            }
            chosen.add(graph_.event(e).value);
        }
        Support kept(graph_.pool());
        for (const EventId e : events) {
            kept.add(graph_.event(e).exec);
            if (graph_.event(e).instruction < start) add_formulas(kept, e);
        }
        if (chosen.meets(observed_) || chosen.meets(kept)) return 0;
        for (const EventId e : reads) gone_[e] = true;
        return reads.size();
    }

    // ---- walks of descriptors that nothing writes
    // --------------------------------------------------------------

    std::size_t drop_fixed_walks() {
        const Events faults = in({"FAULT"});
        std::set<std::pair<int, int>> faulting;
        for (EventId e = 0; e < graph_.size(); ++e) {
            if (faults[e]) faulting.insert({graph_.event(e).thread, graph_.event(e).instruction});
        }
        std::set<LocationId> computed;  // registers that some instruction writes
        const Events register_write = in({"Wreg"});
        for (EventId e = 0; e < graph_.size(); ++e) {
            if (!register_write[e]) continue;
            for (const auto& l : graph_.event(e).location) computed.insert(l.what);
        }
        std::size_t count = 0;
        for (EventId e = 0; e < graph_.size(); ++e) {
            const Event& walk = graph_.event(e);
            if (gone_[e] || !implicit_[e] || !read_[e] || !descriptor_[e]) continue;
            if (faulting.contains({walk.thread, walk.instruction}) || !touches_only_memory_nobody_writes(e))
                continue;
            if (!is_pure_walk(e, computed)) continue;
            graph_.contract("iico_data", e);
            gone_[e] = true;
            ++count;
        }
        return count;
    }

    /// Its address is data from registers that the test sets once and for all, and it has data to the access
    /// and to the branch before the access, nothing else.
    bool is_pure_walk(EventId walk, const std::set<LocationId>& computed) const {
        for (const char* name : {"iico_ctrl", "iico_order", "rmw", "amo", "lxsx"}) {
            for (const Edge& e : graph_.edges(name)) {
                if (e.from == walk || e.to == walk) return false;
            }
        }
        std::set<EventId> data;
        for (const Edge& e : graph_.edges("iico_data")) {
            if (e.to == walk) {
                const auto& from = graph_.event(e.from).location;
                if (!register_read_[e.from] ||
                    std::ranges::any_of(from, [&](const auto& l) { return computed.contains(l.what); }))
                    return false;
            }
            if (e.from == walk) data.insert(e.to);
        }
        return std::ranges::all_of(graph_.edges("iico_ctrl"), [&](const Edge& e) {
            return !data.contains(e.from) || data.contains(e.to) || !memory_[e.to];
        });
    }

    EventGraph& graph_;
    Events gone_;
    Support observed_;
    std::map<int, std::vector<EventId>> threads_;
    std::set<LocationId> written_;
    const Events read_ = in({"R"}), write_ = in({"W"}), memory_ = in({"M"}), initial_write_ = in({"IW"}),
                 implicit_ = in({"NExp"}), descriptor_ = in({"PTE"}), register_read_ = in({"Rreg"});
    /// What other events may depend on.
    const Events influential_ = in({"W", "TLBI", "EXC-RET", "IC.IALLU", "IC.IALLUIS", "IC.IVAU", "DC.CVAU"});
    /// What may end, discard or pair up executions.
    const Events unforeseeable_ = in({"FAULT", "CutOff", "EXC-ENTRY", "EX"});
    const Events flagged_ =
        in({"DMB.NSH", "DMB.ISH", "DMB.OSH", "DMB.NSHLD", "DMB.ISHLD", "DMB.OSHLD", "DMB.NSHST", "DMB.ISHST",
            "DMB.OSHST", "DSB.NSHLD", "DSB.ISHLD", "DSB.OSHLD", "DSB.NSHST", "DSB.ISHST", "DSB.OSHST"});
};

}  // namespace

LitmusReduction reduce(LitmusGraph& built) {
    if (built.graph.incomplete) return {};
    return Reducer(built).run();
}

}  // namespace tlbcheck::model
