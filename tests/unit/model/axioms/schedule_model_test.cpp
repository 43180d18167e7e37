// SPDX-License-Identifier: Apache-2.0
//
// What axioms_of add: the order of a walk, one time line for walk and TLBIs, variants by hardware.
#include "model/axioms/schedule_model.hpp"

#include <algorithm>

#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

Definitions axioms_of(int ets = 0, bool several = false, bool contexts = false) {
    HardwareParameters hardware;
    hardware.ets = ets;
    return schedule_definitions(hardware, several, contexts);
}

bool one_time_line_broken(const SmallExecution& x, const Definitions& d) {
    const auto violations = judge(d.model, x.graph, x.execution(), true).violations;
    return std::ranges::any_of(violations, [](const Violation& v) { return v.check == "one-time-line"; });
}

}  // namespace

TEST_CASE("ETS is that of the hardware, and nothing of Arm's flags is left") {
    CHECK(axioms_of(2).variant("ETS2"));
    CHECK(axioms_of(3).variant("ETS3"));
    CHECK_FALSE(axioms_of(0).variant("ETS2"));
    CHECK_FALSE(axioms_of(0).variant("ETS3"));
    CHECK(axioms_of().model.flags.empty());
    CHECK(axioms_of(0, true).variant("tlbis-on-several-PEs"));
}

TEST_CASE("TLBIs are on several PEs where two threads have one") {
    JudgedSchedule schedule;
    schedule.threads.resize(2);
    const auto tlbi = [&](std::size_t thread) {
        schedule.threads[thread].code.push_back({TlbiInstruction{*parse_tlbi("vmalle1is"), 0}, {}, {}, 0});
    };
    tlbi(0);
    tlbi(0);
    CHECK_FALSE(schedule_definitions(schedule).variant("tlbis-on-several-PEs"));
    tlbi(1);
    CHECK(schedule_definitions(schedule).variant("tlbis-on-several-PEs"));
}

TEST_CASE("a level is read after the one above, and before what overwrites its source") {
    SmallExecution x;
    const EventId hooked = x.add(0, {"W", "Exp", "PTE"}, 0), overwrites = x.add(0, {"W", "Exp", "PTE"}, 1);
    const EventId initial = x.also(initial_thread, {"W", "Exp", "PTE"}, 1);
    const EventId table = x.add(1, {"R", "NExp", "PTE", "Table-TTD"}, 0);
    const EventId leaf = x.also(1, {"R", "NExp", "PTE", "Last-TTD"}, 1);
    x.edge("walk", table, leaf);
    x.reads(table, hooked);
    x.reads(leaf, initial);
    x.co(initial, overwrites);
    CHECK(x.pairs(axioms_of().r("walk-order")) == Pairs{{table, leaf}, {hooked, overwrites}});
    CHECK(x.pairs(axioms_of().r("ob")).contains({hooked, overwrites}));
}

TEST_CASE("a level is read after all above: a descriptor in between that nothing overwrites hides no order") {
    SmallExecution x;
    const EventId hooked = x.add(0, {"W", "Exp", "PTE"}, 0), overwrites = x.add(0, {"W", "Exp", "PTE"}, 2);
    const EventId middle = x.also(initial_thread, {"W", "Exp", "PTE"}, 1);
    const EventId initial = x.also(initial_thread, {"W", "Exp", "PTE"}, 2);
    const EventId top = x.add(1, {"R", "NExp", "PTE", "Table-TTD"}, 0);
    const EventId table = x.also(1, {"R", "NExp", "PTE", "Table-TTD"}, 1);
    const EventId leaf = x.also(1, {"R", "NExp", "PTE", "Last-TTD"}, 2);
    x.edge("walk", top, table);
    x.edge("walk", table, leaf);
    x.reads(top, hooked);
    x.reads(table, middle);
    x.reads(leaf, initial);
    x.co(initial, overwrites);
    CHECK(x.pairs(axioms_of().r("walk-order")) ==
          Pairs{{top, table}, {table, leaf}, {hooked, overwrites}, {middle, overwrites}});
}

TEST_CASE("a walk cannot find a TLBI done that comes after one it saw before it") {
    SmallExecution x;
    const EventId first = x.add(0, {"TLBI", "TLBIIS"}), dsb = x.add(0, {"F", "DSB.ISH"}),
                  second = x.add(0, {"TLBI", "TLBIIS"});
    const EventId leaf = x.add(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
    x.graph.walks = {"Walk 0"};
    x.choose("TLBI-after", leaf, first);
    x.choose("TLBI-after", second, leaf);
    CHECK_FALSE(one_time_line_broken(x, axioms_of()));  // the DSB does not complete it elsewhere
    x.edge("completing-dsb", first, dsb);
    CHECK(one_time_line_broken(x, axioms_of()));
    CHECK(one_time_line_broken(x, axioms_of(0, true)));
    SmallExecution right;
    right.graph.walks = {"Walk 0"};
    const EventId one = right.add(0, {"TLBI", "TLBIIS"}), barrier = right.add(0, {"F", "DSB.ISH"}),
                  two = right.add(0, {"TLBI", "TLBIIS"});
    const EventId walk = right.add(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
    right.edge("completing-dsb", one, barrier);
    right.choose("TLBI-after", one, walk);
    right.choose("TLBI-after", walk, two);
    CHECK_FALSE(one_time_line_broken(right, axioms_of()));
}

TEST_CASE("on its own PE any full DSB puts one TLBI before the next") {
    SmallExecution x;
    const EventId first = x.add(0, {"TLBI"});
    x.add(0, {"F", "DSB.NSH"});
    const EventId second = x.add(0, {"TLBI"});
    const EventId leaf = x.add(0, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
    x.graph.walks = {"Walk 0"};
    x.choose("TLBI-after", leaf, first);
    x.choose("TLBI-after", second, leaf);
    CHECK(one_time_line_broken(x, axioms_of()));
}

TEST_CASE("a TLBI of another PE comes later where a flag told of the first one's completion") {
    SmallExecution x;
    const EventId first = x.add(0, {"TLBI", "TLBIIS"}), dsb = x.add(0, {"F", "DSB.ISH"}),
                  told = x.add(0, {"W", "Exp"}, 1);
    const EventId seen = x.add(1, {"R", "Exp", "A"}, 1);
    x.add(1, {"F", "DSB.ISH"});
    const EventId second = x.add(1, {"TLBI", "TLBIIS"});
    const EventId leaf = x.add(2, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
    x.graph.walks = {"Walk 0"};
    x.edge("completing-dsb", first, dsb);
    x.reads(seen, told);
    x.choose("TLBI-after", leaf, first);
    x.choose("TLBI-after", second, leaf);
    CHECK(one_time_line_broken(x, axioms_of(0, true)));
    CHECK_FALSE(one_time_line_broken(x, axioms_of(0, false)));
}

TEST_CASE("a TLBI of another PE comes later where a DSB completed the first one for its own PE only") {
    const auto broken = [](std::uint32_t pe_of_walk) {
        SmallExecution x;
        const EventId first = x.add(0, {"TLBI", "TLBIIS"});
        x.add(0, {"F", "DSB.NSH"});
        const EventId told = x.add(0, {"W", "Exp"}, 1);
        const EventId seen = x.add(1, {"R", "Exp", "A"}, 1);
        x.add(1, {"F", "DSB.ISH"});
        const EventId second = x.add(1, {"TLBI", "TLBIIS"});
        const EventId leaf = x.add(pe_of_walk, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
        x.graph.walks = {"Walk 0"};
        x.reads(seen, told);
        x.choose("TLBI-after", leaf, first);
        x.choose("TLBI-after", second, leaf);
        return one_time_line_broken(x, axioms_of(0, true));
    };
    CHECK(broken(0));
    CHECK_FALSE(broken(2));
}

TEST_CASE("a table is used where the level below was read") {
    SmallExecution x;
    const EventId tlbi = x.add(0, {"TLBI", "TLBIIS"});
    const EventId table = x.add(1, {"R", "NExp", "PTE", "Table-TTD", "Walk 0"}, 0);
    const EventId leaf = x.also(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 1);
    x.graph.walks = {"Walk 0"};
    x.edge("walk", table, leaf);
    x.choose("TLBI-after", table, tlbi);
    CHECK_FALSE(one_time_line_broken(x, axioms_of()));
    x.choose("TLBI-after", tlbi, leaf);  // the table's entry was gone when the level below was read
    CHECK(one_time_line_broken(x, axioms_of()));
}

TEST_CASE("what is no table is used by no level below") {
    SmallExecution x;
    const EventId tlbi = x.add(0, {"TLBI", "TLBIIS"});
    const EventId above = x.add(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
    const EventId below = x.also(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 1);
    x.graph.walks = {"Walk 0"};
    x.edge("walk", above, below);
    x.choose("TLBI-after", above, tlbi);
    x.choose("TLBI-after", tlbi, below);
    CHECK_FALSE(one_time_line_broken(x, axioms_of()));
}

TEST_CASE("what the first level read in a context that is over was written before what follows its end") {
    SmallExecution x;
    const EventId written = x.add(0, {"W", "Exp", "PTE"}, 0);
    const EventId first = x.add(1, {"R", "NExp", "PTE", "Table-TTD"}, 0);
    const EventId end = x.add(2, {"F", "ISB"}), follows = x.add(2, {"W", "Exp"}, 1);
    x.reads(first, written);
    x.edge("context-end", first, end);
    const Pairs order = x.pairs(axioms_of(0, false, true).r("walk-order"));
    CHECK(order.contains({written, follows}));
    CHECK_FALSE(order.contains({written, end}));
    CHECK_FALSE(x.pairs(axioms_of().r("walk-order")).contains({written, follows}));
}

TEST_CASE("a walk that begins in a context made after a TLBI was complete finds it done") {
    const auto broken = [](bool told) {
        SmallExecution x;
        const EventId tlbi = x.add(0, {"TLBI", "TLBIIS"}), dsb = x.add(0, {"F", "DSB.ISH"}),
                      flag = x.add(0, {"W", "Exp"}, 1);
        const EventId seen = x.add(1, {"R", "Exp", "A"}, 1);
        x.add(1, {"F", "DSB.ISH"});
        const EventId write = x.add(1, {"MSR"});
        const EventId first = x.add(1, {"R", "NExp", "PTE", "Last-TTD", "Walk 0"}, 0);
        x.graph.walks = {"Walk 0"};
        x.edge("completing-dsb", tlbi, dsb);
        x.edge("context-begin", write, first);
        if (told) x.reads(seen, flag);
        x.choose("TLBI-after", first, tlbi);
        return one_time_line_broken(x, axioms_of(0, false, true));
    };
    CHECK(broken(true));
    CHECK_FALSE(broken(false));
}
