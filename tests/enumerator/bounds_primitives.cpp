// SPDX-License-Identifier: Apache-2.0
//
// The primitive sets and relations of an event graph, as far as an assignment decides them. An edge is sure
// when its formula holds and both its ends execute.
#include "tests/enumerator/bounds.hpp"

namespace tlbcheck::tests::enumerator {

namespace {

bool same_thread(const Event& a, const Event& b) {
    return a.thread == b.thread && a.thread != initial_thread;
}

template <class F>
BitMatrix tabulated(const EventGraph& graph, F&& holds) {
    BitMatrix result(graph.size());
    for (EventId a = 0; a < graph.size(); ++a) {
        for (EventId b = 0; b < graph.size(); ++b) {
            if (holds(graph.event(a), graph.event(b))) result.set(a, b);
        }
    }
    return result;
}

}  // namespace

Bounds::Bounds(const EventGraph& graph) : graph_(&graph), size_(graph.size()) {
    const auto po = [](const Event& a, const Event& b) {
        return same_thread(a, b) && a.instruction < b.instruction;
    };
    const auto same_instance = [](const Event& a, const Event& b) {
        return same_thread(a, b) && a.instruction == b.instruction;
    };
    fixed_.emplace("po", tabulated(graph, po));
    fixed_.emplace("ext",
                   tabulated(graph, [](const Event& a, const Event& b) { return a.thread != b.thread; }));
    fixed_.emplace("int", tabulated(graph, same_thread));
    fixed_.emplace("same-instance", tabulated(graph, same_instance));
}

void Bounds::refresh(const PartialAssignment& assignment) {
    assignment_ = &assignment;
    ++refreshes_;
    ++looks_;
    executed_ = {BitRow(size_), BitRow(size_)};
    for (EventId e = 0; e < size_; ++e) {
        const Formula exec = graph_->event(e).exec;
        if (assignment.is(exec)) executed_.must.set(e);
        if (assignment.may(exec)) executed_.may.set(e);
    }
}

RelationBounds Bounds::where_executed(const BitMatrix& always) const {
    RelationBounds result{BitMatrix(size_), BitMatrix(size_)};
    const auto restrict_to = [&](BitMatrix& target, const BitRow& executed) {
        for_each_bit(executed.words(), [&](std::size_t i) {
            or_into(target.row(i), always.row(i));
            and_into(target.row(i), executed.words());
        });
    };
    restrict_to(result.must, executed_.must);
    restrict_to(result.may, executed_.may);
    return result;
}

/// Events at one location, or at locations with equal low-order bits.
RelationBounds Bounds::same_class(bool low_order) const {
    std::map<std::uint32_t, SetBounds> classes;
    for_each_bit(executed_.may.words(), [&](std::size_t e) {
        for (const auto& l : graph_->event(static_cast<EventId>(e)).location) {
            if (!assignment_->may(l.when)) continue;
            const std::uint32_t key = low_order ? graph_->location(l.what).low_order : l.what;
            SetBounds& members =
                classes.try_emplace(key, SetBounds{BitRow(size_), BitRow(size_)}).first->second;
            members.may.set(e);
            if (executed_.must.test(e) && assignment_->is(l.when)) members.must.set(e);
        }
    });
    RelationBounds result{BitMatrix(size_), BitMatrix(size_)};
    for (const auto& [key, members] : classes) {
        const SetBounds& m = members;
        for_each_bit(m.must.words(), [&](std::size_t e) { or_into(result.must.row(e), m.must.words()); });
        for_each_bit(m.may.words(), [&](std::size_t e) { or_into(result.may.row(e), m.may.words()); });
    }
    return result;
}

RelationBounds Bounds::primitive_relation(const std::string& name) const {
    if (const auto it = fixed_.find(name); it != fixed_.end()) return where_executed(it->second);
    if (name == "loc") return same_class(false);
    if (name == "same-low-order-bits") return same_class(true);
    if (name == "po-loc") {
        RelationBounds result = same_class(false);
        for (std::size_t e = 0; e < size_; ++e) {
            and_into(result.must.row(e), fixed_.find("po")->second.row(e));
            and_into(result.may.row(e), fixed_.find("po")->second.row(e));
        }
        return result;
    }
    RelationBounds result{BitMatrix(size_), BitMatrix(size_)};
    for (const Edge& e : graph_->edges(name)) {
        if (!executed_.may.test(e.from) || !executed_.may.test(e.to) || !assignment_->may(e.when)) continue;
        result.may.set(e.from, e.to);
        const bool both = executed_.must.test(e.from) && executed_.must.test(e.to);
        if (both && assignment_->is(e.when)) result.must.set(e.from, e.to);
    }
    return result;
}

SetBounds Bounds::primitive_set(const std::string& name) const {
    SetBounds result{BitRow(size_), BitRow(size_)};
    for (const Member& m : graph_->members(name)) {
        if (!executed_.may.test(m.event) || !assignment_->may(m.when)) continue;
        result.may.set(m.event);
        if (executed_.must.test(m.event) && assignment_->is(m.when)) result.must.set(m.event);
    }
    return result;
}

}  // namespace tlbcheck::tests::enumerator
