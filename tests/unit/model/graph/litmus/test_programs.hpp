// SPDX-License-Identifier: Apache-2.0
// Litmus programs put together by hand, and questions about their graphs, for tests below the text format.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/graph/litmus/litmus_graph.hpp"
#include "tests/support/catch.hpp"

namespace tlbcheck::model {

inline LitmusInstruction instruction(LitmusOpcode op, const std::string& text) {
    LitmusInstruction i;
    i.op = op;
    i.width = i.size = 32;
    i.text = text;
    return i;
}
inline LitmusInstruction access(LitmusOpcode op, const std::string& text, RegisterId data, RegisterId base,
                                RegisterId second = zero_register) {
    LitmusInstruction i = instruction(op, text);
    i.reg[0] = data;
    i.reg[1] = second;
    i.address.base = base;
    return i;
}
inline LitmusInstruction wide(LitmusInstruction i) {
    i.width = i.size = 64;
    return i;
}
inline LitmusInstruction jump(LitmusOpcode op, const std::string& text, RegisterId reg, int target) {
    LitmusInstruction i = instruction(op, text);
    i.reg[0] = reg;
    i.target = target;
    i.label = "L";
    return i;
}

inline LitmusDescriptor descriptor(const std::string& oa, int valid = 1, int af = 1, int db = 1,
                                   int dbm = 0) {
    LitmusDescriptor d;
    d.oa = oa;
    d.valid = valid;
    d.af = af;
    d.db = db;
    d.dbm = dbm;
    return d;
}

inline LitmusLocation register_of(int thread, RegisterId reg) {
    LitmusLocation l;
    l.is_register = true;
    l.thread = thread;
    l.reg = reg;
    return l;
}
inline LitmusLocation memory_of(const std::string& symbol, ValueKind kind = ValueKind::address) {
    LitmusLocation l;
    l.address = LitmusValue::address(kind, symbol);
    return l;
}

/// Threads share the registers: X0 = 1, X1 = x, X2 = y, X3 = PTE(x), X4 = (oa:PA(x), valid:0).
inline LitmusProgram program(const std::vector<std::vector<LitmusInstruction>>& threads) {
    LitmusProgram p;
    p.name = "test";
    const auto set = [&p](const LitmusLocation& l, const LitmusValue& v) {
        LitmusInitial i;
        i.location = l;
        i.values.push_back(v);
        p.initial.push_back(i);
    };
    set(memory_of("x"), LitmusValue::of(0));
    set(memory_of("y"), LitmusValue::of(0));
    for (std::size_t t = 0; t < threads.size(); ++t) {
        const int n = static_cast<int>(t);
        LitmusThread thread;
        thread.number = n;
        thread.code = threads[t];
        p.threads.push_back(thread);
        set(register_of(n, 0), LitmusValue::of(1));
        set(register_of(n, 1), LitmusValue::address(ValueKind::address, "x"));
        set(register_of(n, 2), LitmusValue::address(ValueKind::address, "y"));
        set(register_of(n, 3), LitmusValue::address(ValueKind::pte, "x"));
        set(register_of(n, 4), LitmusValue::of(descriptor("x", 0)));
    }
    return p;
}
inline void map_x(LitmusProgram& p, const LitmusDescriptor& d) {
    LitmusInitial i;
    i.location = memory_of("x", ValueKind::pte);
    i.values.push_back(LitmusValue::of(d));
    p.initial.push_back(i);
}

/// Events of the set, in order.
inline std::vector<EventId> all(const LitmusGraph& g, const std::string& set) {
    std::vector<EventId> result;
    for (const Member& m : g.graph.members(set)) result.push_back(m.event);
    return result;
}
/// The only event that is in each of the sets.
inline EventId only(const LitmusGraph& g, const std::vector<std::string>& sets) {
    std::vector<EventId> found;
    for (EventId e = 0; e < g.graph.size(); ++e) {
        if (g.graph.event(e).thread != initial_thread &&
            std::ranges::all_of(sets, [&](const std::string& s) { return !g.graph.in(s, e).is_false(); })) {
            found.push_back(e);
        }
    }
    INFO(sets.front());
    REQUIRE(found.size() == 1);
    return found.front();
}
inline bool edge(const LitmusGraph& g, const std::string& relation, EventId from, EventId to) {
    return std::ranges::any_of(g.graph.edges(relation),
                               [&](const Edge& e) { return e.from == from && e.to == to; });
}

/// Tries every assignment of the graph's variables (few) and gives those that meet its constraints.
inline std::vector<std::vector<bool>> candidates(const LitmusGraph& g) {
    const FormulaPool& pool = g.graph.pool();
    const std::size_t n = pool.variable_count();
    REQUIRE(n <= 18);
    std::vector<std::vector<bool>> result;
    for (std::size_t bits = 0; bits < (std::size_t{1} << n); ++bits) {
        std::vector<bool> values(n);
        for (std::size_t k = 0; k < n; ++k) values[k] = ((bits >> k) & 1U) != 0;
        logic::Assignment a(pool, values);
        const bool meets =
            std::ranges::all_of(g.graph.constraints(), [&](Formula f) { return a.value(f); }) &&
            std::ranges::none_of(g.graph.exclusions(),
                                 [&](const auto& e) { return a.value(e.first) && a.value(e.second); });
        if (meets) result.push_back(std::move(values));
    }
    return result;
}
/// True when some candidate satisfies the formula.
inline bool possible(const LitmusGraph& g, Formula f) {
    return std::ranges::any_of(candidates(g), [&](const std::vector<bool>& values) {
        logic::Assignment a(g.graph.pool(), values);
        return a.value(f);
    });
}

}  // namespace tlbcheck::model
