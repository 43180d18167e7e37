// SPDX-License-Identifier: Apache-2.0
//
// Each requirement on an execution, broken by a few events, and the flags.
#include <algorithm>

#include "model/axioms/arm_model.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

/// Names of the checks broken, those of malformed choices aside.
std::vector<std::string> broken(const SmallExecution& x, const Variants& variants = {"vmsa"}) {
    std::vector<std::string> names;
    for (const Violation& v : judge(arm_model(variants), x.graph, x.execution(), true).violations)
        names.push_back(v.check);
    return names;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("message passing without order is allowed, with it external visibility is broken") {
    for (const bool ordered : {false, true}) {
        SmallExecution x;
        const EventId data0 = x.also(initial_thread, {"W", "Exp"}, 0);
        x.also(initial_thread, {"W", "Exp"}, 1);
        const EventId data = x.add(0, {"W", "Exp"}, 0);
        if (ordered) x.add(0, {"F", "DMB.SY"});
        const EventId flag = x.add(0, {"W", "Exp"}, 1);
        const EventId seen = x.add(1, {"R", "Exp"}, 1);
        if (ordered) x.add(1, {"F", "DMB.LD"});
        const EventId stale = x.add(1, {"R", "Exp"}, 0);
        x.co(data0, data);
        x.co(1, flag);
        x.reads(seen, flag);
        x.reads(stale, data0);
        CHECK(broken(x) == (ordered ? Names{"external"} : Names{}));
    }
}

TEST_CASE("coherence on one PE") {
    SmallExecution write_before_read;  // reads an older write than its own thread's
    SmallExecution& x = write_before_read;
    const EventId initial = x.also(initial_thread, {"W", "Exp"}, 0), write = x.add(0, {"W", "Exp"}, 0),
                  read = x.add(0, {"R", "Exp"}, 0);
    x.co(initial, write);
    x.reads(read, write);
    CHECK(broken(x).empty());
    x.reads(read, initial);
    CHECK(broken(x) == Names{"coWR-Exp"});

    SmallExecution two_writes;
    const EventId first = two_writes.add(0, {"W", "Exp"}, 0), second = two_writes.add(0, {"W", "Exp"}, 0);
    two_writes.co(second, first);
    CHECK(std::ranges::count(broken(two_writes), "coWW-Exp") == 1);

    SmallExecution from_the_future;
    const EventId early = from_the_future.add(0, {"R", "Exp"}, 0),
                  late = from_the_future.add(0, {"W", "Exp"}, 0);
    from_the_future.reads(early, late);
    CHECK(std::ranges::count(broken(from_the_future), "coRW1-Exp") == 1);
}

TEST_CASE("an atomic access lets no other PE write between") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W", "Exp"}, 0);
    const EventId read = x.add(0, {"R", "Exp"}, 0), write = x.also(0, {"W", "Exp"}, 0);
    const EventId other = x.add(1, {"W", "Exp"}, 0);
    x.edge("rmw", read, write);
    x.reads(read, initial);
    x.co(initial, write);
    x.co(initial, other);
    x.co(write, other);
    CHECK(broken(x).empty());
    SmallExecution between;
    const EventId start = between.also(initial_thread, {"W", "Exp"}, 0);
    const EventId load = between.add(0, {"R", "Exp"}, 0), store = between.also(0, {"W", "Exp"}, 0);
    const EventId theirs = between.add(1, {"W", "Exp"}, 0);
    between.edge("rmw", load, store);
    between.reads(load, start);
    between.co(start, store);
    between.co(start, theirs);
    between.co(theirs, store);
    CHECK(std::ranges::count(broken(between), "atomic") == 1);
}

TEST_CASE("a descriptor that changes without break-before-make raises the flag") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W", "Exp", "PTE", "PTENormal"}, 0);
    const EventId changed = x.add(0, {"W", "Exp", "PTE", "PTEDevice-GRE"}, 0);
    x.co(initial, changed);
    const auto flags = [](const SmallExecution& e) {
        return judge(arm_model({"vmsa"}), e.graph, e.execution()).flags;
    };
    CHECK(flags(x) == Names{"Warning-BBM-expected"});
    SmallExecution broken_first;
    SmallExecution& y = broken_first;
    const EventId before = y.also(initial_thread, {"W", "Exp", "PTE", "PTENormal"}, 0);
    const EventId invalid = y.add(0, {"W", "Exp", "PTE", "PTEINV"}, 0);
    y.add(0, {"F", "DSB.SY"});
    const EventId tlbi = y.add(0, {"TLBI", "TLBIIS"});
    y.add(0, {"F", "DSB.SY"});
    const EventId after = y.add(0, {"W", "Exp", "PTE", "PTEDevice-GRE"}, 0);
    y.co(before, invalid);
    y.co(before, after);
    y.co(invalid, after);
    CHECK(flags(y) == Names{"Warning-BBM-expected"});  // of another descriptor's address
    y.edge("inv-domain", tlbi, after);
    CHECK(flags(y).empty());
    CHECK(y.pairs(arm_definitions({"vmsa"}).r("BBM")) == Pairs{{before, after}});
}

TEST_CASE("a write to an instruction that another PE fetches is flagged where fetches are looked at") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W", "IW"}, 0), write = x.add(0, {"W", "Exp"}, 0);
    const EventId fetch = x.add(1, {"R", "NExp", "Instr"}, 0);
    x.co(initial, write);
    x.reads(fetch, write);
    // Restricted-CMODX: not among the instructions that may be modified while they are executed.
    x.graph.add_to("Restricted-CMODX", fetch);
    const Definitions d = arm_definitions({"ifetch"});
    CHECK(x.pairs(d.r("CMODX-conflicts") & (set("Exp") * set("Instr"))) == Pairs{{write, fetch}});
    CHECK(x.pairs(d.r("CMODX-ordering")).contains({write, fetch}));  // seen through obs
    CHECK_FALSE(x.pairs(d.r("CMODX-unordered-conflicts")).contains({write, fetch}));
    x.reads(fetch, initial);
    CHECK(x.pairs(d.r("CMODX-unordered-conflicts")).contains({write, fetch}));
}
