// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/enumerator.hpp"

#include <array>
#include <set>

#include "model/axioms/arm_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;
namespace enumerator = tlbcheck::tests::enumerator;
using enumerator::Enumerator;
using enumerator::Extent;

namespace {

/// Two threads, each one write and one read of the only location.
struct TwoWritersTwoReaders {
    EventGraph graph;
    EventId initial = 0;
    std::array<EventId, 2> w{}, r{};

    TwoWritersTwoReaders() {
        const LocationId x = graph.add_location({"x", true, 0});
        const auto add = [&](int thread, int instruction, const char* set) {
            Event e;
            e.thread = thread;
            e.instruction = instruction;
            e.location = {{x, logic::true_formula}};
            if (*set == 'W') e.value = {{static_cast<ValueId>(thread + 1), logic::true_formula}};
            const EventId id = graph.add(e);
            graph.add_to(set, id);
            return id;
        };
        initial = add(initial_thread, 0, "W");
        for (std::size_t t = 0; t < 2; ++t) {
            w[t] = add(static_cast<int>(t), 0, "W");
            r[t] = add(static_cast<int>(t), 1, "R");
        }
        for (const EventId read : r) graph.add_reads_from(read, {initial, w[0], w[1]});
        graph.add_coherence(false);
    }
};

/// Sources of both reads and which write is last, of each allowed execution.
using Picture = std::set<std::vector<EventId>>;

Picture pictures(const TwoWritersTwoReaders& t, const MemoryModel& model) {
    Picture result;
    Enumerator enumerator(t.graph, model);
    const Extent extent = enumerator.run([&](const Execution& x, const Judgement& judgement) {
        CHECK(judgement.allowed());
        result.insert(
            {*x.reads_from[t.r[0]], *x.reads_from[t.r[1]], x.co.test(t.w[0], t.w[1]) ? t.w[1] : t.w[0]});
        return true;
    });
    CHECK(extent == Extent::complete);
    CHECK(enumerator.internal_error().empty());
    return result;
}

MemoryModel requiring(const Rel& r, bool negated = false) {
    MemoryModel model;
    model.checks.push_back({CheckKind::acyclic, "test", r, false, negated});
    return model;
}

}  // namespace

TEST_CASE("without axioms every source and every coherence order is a candidate") {
    const TwoWritersTwoReaders t;
    CHECK(pictures(t, {}).size() == 18);
}

TEST_CASE("coherence for each location leaves the executions that it allows") {
    const TwoWritersTwoReaders t;
    const Rel fr = inverse(rel("rf")) >> rel("co");
    const Picture found = pictures(t, requiring(rel("po-loc") | rel("rf") | rel("co") | fr));
    // A read sees its own thread's write, or the other's where that is later.
    const Picture expected{{t.w[0], t.w[1], t.w[0]},
                           {t.w[0], t.w[1], t.w[1]},
                           {t.w[1], t.w[1], t.w[1]},
                           {t.w[0], t.w[0], t.w[0]}};
    CHECK(found == expected);
}

TEST_CASE("a negated check keeps the other candidates") {
    const TwoWritersTwoReaders t;
    const Rel r = rel("po-loc") | rel("rf") | rel("co") | (inverse(rel("rf")) >> rel("co"));
    CHECK(pictures(t, requiring(r)).size() + pictures(t, requiring(r, true)).size() == 18);
}

TEST_CASE("a chosen relation orders each free pair one way or the other") {
    const TwoWritersTwoReaders t;
    MemoryModel model;
    const Rel pairs = (set("R") * set("R")) & rel("ext");
    model.choices.push_back({"chosen", pairs, empty_rel()});
    CHECK(pictures(t, model).size() == 18);
    // What the choice must follow: two free pairs of reads become one order.
    int executions = 0;
    Enumerator enumerator(t.graph, model);
    enumerator.run([&](const Execution& x, const Judgement&) {
        const BitMatrix& chosen = x.chosen.at("chosen");
        CHECK(chosen.count() == 1);
        CHECK(chosen.test(t.r[0], t.r[1]) != chosen.test(t.r[1], t.r[0]));
        ++executions;
        return true;
    });
    CHECK(executions == 36);
}

TEST_CASE("a forced pair is not chosen") {
    const TwoWritersTwoReaders t;
    MemoryModel model;
    model.choices.push_back({"chosen", (set("W") * set("R")) & rel("po"), rel("po")});
    int executions = 0;
    Enumerator enumerator(t.graph, model);
    enumerator.run([&](const Execution& x, const Judgement&) {
        CHECK(x.chosen.at("chosen").test(t.w[0], t.r[0]));
        CHECK(x.chosen.at("chosen").test(t.w[1], t.r[1]));
        ++executions;
        return true;
    });
    CHECK(executions == 18);
}

TEST_CASE("beyond its limits there is no answer") {
    const TwoWritersTwoReaders t;
    const auto none = [](const Execution&, const Judgement&) { return true; };
    const MemoryModel no_axioms;
    CHECK(Enumerator(t.graph, no_axioms, {5, 600}).run(none) == Extent::too_large);
    CHECK(Enumerator(t.graph, no_axioms, {1000, 4}).run(none) == Extent::too_large);
    CHECK(Enumerator(t.graph, no_axioms, {1000, 5}).run(none) == Extent::complete);
}

TEST_CASE("a graph whose values were cut off has no answer") {
    TwoWritersTwoReaders t;
    t.graph.incomplete = true;
    const auto none = [](const Execution&, const Judgement&) { return true; };
    CHECK(Enumerator(t.graph, MemoryModel{}).run(none) == Extent::too_large);
}

TEST_CASE("the caller stops when it has enough, and leaves what it does not want") {
    const TwoWritersTwoReaders t;
    const MemoryModel no_axioms;
    int told = 0;
    const auto count = [&](const Execution&, const Judgement&) { return ++told < 3; };
    CHECK(Enumerator(t.graph, no_axioms).run(count) == Extent::stopped);
    CHECK(told == 3);
    told = 0;
    CHECK(Enumerator(t.graph, no_axioms).run(count, [] { return false; }) == Extent::complete);
    CHECK(told == 0);
}

TEST_CASE("the candidates of a litmus graph are the assignments that meet its constraints") {
    const LitmusGraph built =
        build_litmus_graph(program({{wide(access(LitmusOpcode::store, "STR X4,[X3]", 4, 3))},
                                    {access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)}}));
    // Executions as text: assignments may differ in what no event depends on.
    const auto picture = [&](const Execution& x) {
        std::vector<int> result;
        for (EventId e = 0; e < built.graph.size(); ++e) {
            result.push_back(x.executed.test(e) ? 1 : 0);
            result.push_back(x.value[e] ? static_cast<int>(*x.value[e]) : -1);
            result.push_back(x.reads_from[e] ? static_cast<int>(*x.reads_from[e]) : -1);
        }
        return result;
    };
    std::set<std::vector<int>> expected;
    for (const std::vector<bool>& values : candidates(built)) {
        logic::Assignment assignment(built.graph.pool(), values);
        expected.insert(picture(concretise(built.graph, assignment)));
    }
    std::set<std::vector<int>> found;
    const MemoryModel no_axioms;
    Enumerator enumerator(built.graph, no_axioms);
    enumerator.run([&](const Execution& x, const Judgement&) {
        found.insert(picture(x));
        return true;
    });
    CHECK(found.size() > 1);
    CHECK(found == expected);
}
