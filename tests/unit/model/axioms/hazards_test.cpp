// SPDX-License-Identifier: Apache-2.0
//
// What a walk that came before a TLBI is ordered before, by Arm's model and by that of schedules.
#include "model/axioms/schedule_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/axioms/usual_axioms.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::arm;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::schedules;
using tlbcheck::tests::SmallExecution;

namespace {

/// PE 0: a TLBI, DSB, store. PE 1: a walk that came before the TLBI, its access, and one more of the page.
struct Before {
    SmallExecution x;
    EventId tlbi = x.add(0, {"TLBI", "TLBIIS"}), dsb = x.add(0, {"F", "DSB.ISH"}),
            store = x.add(0, {"W", "Exp"}, 2);
    SmallExecution::Walked access = x.walked(1, {"R", "Exp"}, 0, 1);
    Before() { x.choose("TLBI-after", access.walk, tlbi); }
};

}  // namespace

TEST_CASE("a walk before a TLBI, and its access, come before what the DSB after the TLBI orders") {
    const Before b;
    const Pairs order = b.x.pairs(arm().r("TLBI-ob"));
    CHECK(order.contains({b.access.walk, b.store}));
    CHECK(order.contains({b.access.access, b.store}));
    CHECK(b.x.pairs(arm().r("haz-ob")).contains({b.access.access, b.store}));
    CHECK(b.x.pairs(arm().r("hw-reqs")).contains({b.access.access, b.store}));
    SmallExecution after;  // the TLBI came first
    after = {};
    const EventId tlbi = after.add(0, {"TLBI", "TLBIIS"});
    after.add(0, {"F", "DSB.ISH"});
    after.add(0, {"W", "Exp"}, 2);
    const auto access = after.walked(1, {"R", "Exp"}, 0, 1);
    after.choose("TLBI-after", tlbi, access.walk);
    CHECK(after.pairs(arm().r("TLBI-ob")).empty());
}

TEST_CASE("on the TLBI's own PE its access is not ordered by it") {
    SmallExecution x;
    const auto access = x.walked(0, {"R", "Exp"}, 0, 1);
    const EventId tlbi = x.add(0, {"TLBI"});
    x.add(0, {"F", "DSB.ISH"});
    const EventId store = x.add(0, {"W", "Exp"}, 2);
    x.choose("TLBI-after", access.walk, tlbi);
    const Pairs order = x.pairs(arm().r("TLBI-ob"));
    CHECK(order.contains({access.walk, store}));
    CHECK_FALSE(order.contains({access.access, store}));
}

TEST_CASE("the walk of a later access of the same page makes the earlier one come first too") {
    SmallExecution x;
    const EventId tlbi = x.add(0, {"TLBI", "TLBIIS"});
    x.add(0, {"F", "DSB.ISH"});
    const EventId store = x.add(0, {"W", "Exp"}, 2);
    const auto first = x.walked(1, {"R", "Exp"}, 0, 1), second = x.walked(1, {"R", "Exp"}, 0, 1);
    x.choose("TLBI-after", second.walk, tlbi);
    CHECK(x.pairs(arm().r("TLBI-ob")).contains({first.walk, store}));
}

TEST_CASE("in a schedule it is the last level's walk, and elsewhere only a DSB that completes the TLBI") {
    Before b;
    CHECK_FALSE(b.x.pairs(schedules().r("TLBI-ob")).contains({b.access.walk, b.store}));
    b.x.graph.add_to("Last-TTD", b.access.walk);
    CHECK_FALSE(b.x.pairs(schedules().r("TLBI-ob")).contains({b.access.walk, b.store}));
    b.x.edge("completing-dsb", b.tlbi, b.dsb);
    CHECK(b.x.pairs(schedules().r("DSB-ob-wide")) == Pairs{{b.tlbi, b.store}});
    CHECK(b.x.pairs(schedules().r("TLBI-ob")).contains({b.access.walk, b.store}));
    CHECK(b.x.pairs(schedules().r("TLBI-ob")).contains({b.access.access, b.store}));
}

TEST_CASE("of two entries live at once a TLBI finds both") {
    Before b;
    const EventId other = b.x.add(1, {"R", "NExp", "PTE", "D-PTE"}, 0);
    b.x.graph.add_to("Last-TTD", b.access.walk);
    b.x.edge("completing-dsb", b.tlbi, b.dsb);
    CHECK_FALSE(b.x.pairs(schedules().r("TLBI-ob")).contains({other, b.store}));
    b.x.edge("co-live", other, b.access.walk);
    CHECK(b.x.pairs(schedules().r("TLBI-ob")).contains({other, b.store}));
    CHECK_FALSE(b.x.pairs(arm().r("TLBI-ob")).contains({other, b.store}));
}

TEST_CASE("a table's read before a TLBI orders the write it read from, and that of the level below") {
    SmallExecution x;
    const EventId table_write = x.add(2, {"W", "Exp", "PTE"}, 0),
                  leaf_write = x.add(2, {"W", "Exp", "PTE"}, 1);
    const EventId tlbi = x.add(0, {"TLBI", "TLBIIS"}), dsb = x.add(0, {"F", "DSB.ISH"});
    const EventId store = x.add(0, {"W", "Exp"}, 2);
    const EventId table = x.add(1, {"R", "NExp", "PTE", "Table-TTD"}, 0);
    const EventId leaf = x.also(1, {"R", "NExp", "PTE", "Last-TTD"}, 1);
    x.edge("walk", table, leaf);
    x.edge("completing-dsb", tlbi, dsb);
    x.reads(table, table_write);
    x.reads(leaf, leaf_write);
    x.choose("TLBI-after", table, tlbi);
    CHECK(x.pairs(schedules().r("TLBI-table-ob")) == Pairs{{table_write, store}, {leaf_write, store}});
    x.graph.add_to("PTEINV", leaf);  // cannot be cached: the read itself
    CHECK(x.pairs(schedules().r("TLBI-table-ob")) == Pairs{{table_write, store}, {leaf, store}});
}

TEST_CASE("two reads of one place in program order see writes in their order") {
    SmallExecution x;
    const EventId first = x.add(0, {"R", "Exp"}, 0), second = x.add(0, {"R", "Exp"}, 0);
    const EventId initial = x.also(initial_thread, {"W", "Exp"}, 0), there = x.add(1, {"W", "Exp"}, 0),
                  here = x.add(0, {"W", "Exp"}, 0);
    x.reads(second, initial);
    x.co(initial, there);
    x.co(initial, here);
    x.co(there, here);
    CHECK(x.pairs(arm().r("Exp-haz-ob")) == Pairs{{first, there}});
}
