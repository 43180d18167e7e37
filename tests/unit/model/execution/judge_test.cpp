// SPDX-License-Identifier: Apache-2.0
//
// Each kind of check, the choices and the flags of a model, on executions of a few events.
#include <algorithm>

#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::SmallExecution;

namespace {

MemoryModel with_check(CheckKind kind, const Rel& r, bool negated = false, bool per_walk = false) {
    MemoryModel model;
    model.checks.push_back({kind, "asked", r, per_walk, negated});
    return model;
}

/// Three events a -> b -> c by "r", and what "back" adds.
struct Chain {
    SmallExecution x;
    EventId a = x.add(0, {"A"}), b = x.add(0, {"B"}), c = x.add(1, {"C"});
    Chain() {
        x.edge("r", a, b);
        x.edge("r", b, c);
    }
    Judgement judged(const MemoryModel& model, bool all = false) const {
        return judge(model, x.graph, x.execution(), all);
    }
};

}  // namespace

TEST_CASE("a cycle breaks acyclic and an irreflexive closure, and is told whole") {
    Chain chain;
    CHECK(chain.judged(with_check(CheckKind::acyclic, rel("r"))).allowed());
    CHECK(chain.judged(with_check(CheckKind::irreflexive, plus(rel("r")))).allowed());
    chain.x.edge("r", chain.c, chain.a);
    for (const MemoryModel& model :
         {with_check(CheckKind::acyclic, rel("r")), with_check(CheckKind::irreflexive, plus(rel("r")))}) {
        const Judgement judgement = chain.judged(model);
        REQUIRE(judgement.violations.size() == 1);
        CHECK(judgement.violations[0].check == "asked");
        CHECK(judgement.violations[0].events == std::vector<EventId>{chain.a, chain.b, chain.c});
        CHECK_FALSE(judgement.allowed());
    }
    // No event is related to itself yet.
    CHECK(chain.judged(with_check(CheckKind::irreflexive, rel("r"))).allowed());
    chain.x.edge("r", chain.b, chain.b);
    CHECK(chain.judged(with_check(CheckKind::irreflexive, rel("r"))).violations.at(0).events ==
          std::vector<EventId>{chain.b});
}

TEST_CASE("empty is broken by any pair; negated, by none") {
    const Chain chain;
    CHECK(chain.judged(with_check(CheckKind::empty, rel("none"))).allowed());
    CHECK(chain.judged(with_check(CheckKind::empty, rel("r"))).violations.at(0).events ==
          std::vector<EventId>{chain.a, chain.b});
    CHECK_FALSE(chain.judged(with_check(CheckKind::empty, rel("none"), true)).allowed());
    CHECK(chain.judged(with_check(CheckKind::empty, rel("r"), true)).allowed());
}

TEST_CASE("a check of walks sees one walk and the TLBIs at a time") {
    SmallExecution x;
    const EventId first = x.add(0, {"Walk 0"}), second = x.add(1, {"Walk 1"}), tlbi = x.add(2, {"TLBI"});
    x.graph.walks = {"Walk 0", "Walk 1"};
    const MemoryModel model = with_check(CheckKind::acyclic, rel("r"), false, true);
    x.edge("r", first, tlbi);
    x.edge("r", tlbi, second);
    x.edge("r", second, first);
    CHECK(judge(model, x.graph, x.execution()).allowed());  // the only cycle is of both walks
    x.edge("r", second, tlbi);
    CHECK(judge(model, x.graph, x.execution()).violations.at(0).events == std::vector<EventId>{second, tlbi});
}

TEST_CASE("all violations are told only when asked for") {
    const Chain chain;
    MemoryModel model = with_check(CheckKind::empty, rel("r"));
    model.checks.push_back({CheckKind::empty, "second", rel("r"), false, false});
    CHECK(chain.judged(model).violations.size() == 1);
    CHECK(chain.judged(model, true).violations.size() == 2);
}

TEST_CASE("a flag is raised by a pair, or negated by none, and only in what is allowed") {
    const Chain chain;
    MemoryModel model;
    model.flags.push_back({"some", rel("r"), false, CheckKind::empty});
    model.flags.push_back({"none", rel("none"), false, CheckKind::empty});
    model.flags.push_back({"missing", rel("none"), true, CheckKind::empty});
    CHECK(chain.judged(model).flags == std::vector<std::string>{"some", "missing"});
    model.checks.push_back({CheckKind::empty, "asked", rel("r"), false, false});
    CHECK(chain.judged(model).flags.empty());
}

TEST_CASE("a choice orders each of its pairs one way, the forced ones as they are, and no others") {
    Chain chain;
    MemoryModel model;
    model.choices.push_back({"after", set("A") * set("C"), rel("forced")});
    const auto wrong = [&] { return chain.judged(model).ill_formed; };
    CHECK_FALSE(wrong().empty());
    chain.x.choose("after", chain.a, chain.c);
    CHECK(wrong().empty());
    Chain other;
    other.x.choose("after", other.c, other.a);
    CHECK(other.judged(model).ill_formed.empty());
    other.x.choose("after", other.a, other.c);
    CHECK_FALSE(other.judged(model).ill_formed.empty());
    Chain both_ways;  // one way is forced, the other chosen beside it
    both_ways.x.edge("forced", both_ways.c, both_ways.a);
    both_ways.x.choose("after", both_ways.c, both_ways.a);
    CHECK(both_ways.judged(model).ill_formed.empty());
    both_ways.x.choose("after", both_ways.a, both_ways.c);
    CHECK_FALSE(both_ways.judged(model).ill_formed.empty());
    chain.x.edge("forced", chain.c, chain.a);
    CHECK_FALSE(wrong().empty());
    Chain more;
    more.x.choose("after", more.a, more.c);
    more.x.choose("after", more.b, more.c);
    CHECK(std::ranges::any_of(more.judged(model).ill_formed, [](const std::string& e) {
        return e.find("orders more than its pairs") != std::string::npos;
    }));
}

TEST_CASE("the shortest of several cycles is found, through words of bits too") {
    BitMatrix r(130);
    for (std::size_t i = 0; i < 129; ++i) r.set(i, i + 1);
    CHECK(shortest_cycle(r).empty());
    r.set(129, 0);
    CHECK(shortest_cycle(r).size() == 130);
    r.set(100, 97);
    CHECK(shortest_cycle(r) == std::vector<EventId>{97, 98, 99, 100});
    r.set(70, 70);
    CHECK(shortest_cycle(r) == std::vector<EventId>{70});
}
