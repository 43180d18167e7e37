// SPDX-License-Identifier: Apache-2.0
//
// What one PE keeps in order, rule by rule.
#include "model/axioms/arm_model.hpp"
#include "model/axioms/schedule_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Events;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

Definitions arm_with(std::initializer_list<const char*> more = {}) {
    Variants variants{"vmsa"};
    variants.insert(more.begin(), more.end());
    return arm_definitions(variants);
}

Definitions schedules_with(int ets = 0) {
    HardwareParameters hardware;
    hardware.ets = ets;
    return schedule_definitions(hardware);
}

using Sets = SmallExecution::Sets;
/// Whether the rule orders an event before a barrier and one after it.
bool across(const Definitions& d, const char* rule, Sets before, const char* barrier, Sets after) {
    SmallExecution x;
    const EventId first = x.add(0, before, 0);
    x.add(0, {"F", barrier});
    const EventId last = x.add(0, after, 1);
    return x.pairs(d.r(rule)).contains({first, last});
}

constexpr Sets load{"R", "Exp"}, store{"W", "Exp"}, walk{"R", "NExp", "PTE", "D-PTE"}, tlbi{"TLBI"};

}  // namespace

TEST_CASE("a full DSB orders accesses and TLBIs before all that follows but walks") {
    const Definitions d = arm_with();
    CHECK(across(d, "DSB-ob", store, "DSB.ISH", tlbi));
    CHECK(across(d, "DSB-ob", tlbi, "DSB.ISH", load));
    CHECK(across(d, "DSB-ob", walk, "DSB.NSH", store));
    CHECK_FALSE(across(d, "DSB-ob", tlbi, "DSB.ISH", walk));
    CHECK(across(arm_with({"ETS2"}), "DSB-ob", tlbi, "DSB.ISH", walk));
    CHECK(across(arm_with({"ETS3"}), "DSB-ob", tlbi, "DSB.ISH", walk));
    CHECK_FALSE(across(d, "DSB-ob", {"FAULT"}, "DSB.ISH", tlbi));
}

TEST_CASE("DSB ST orders stores only, DSB LD loads only, and neither a TLBI before it") {
    const Definitions d = arm_with(), ets = arm_with({"ETS2"});
    CHECK(across(d, "DSB-ob", store, "DSB.ISHST", tlbi));
    CHECK_FALSE(across(d, "DSB-ob", load, "DSB.ISHST", tlbi));
    CHECK_FALSE(across(d, "DSB-ob", tlbi, "DSB.ISHST", load));
    CHECK(across(d, "DSB-ob", load, "DSB.LD", tlbi));
    CHECK_FALSE(across(d, "DSB-ob", store, "DSB.LD", tlbi));
    CHECK_FALSE(across(d, "DSB-ob", {"R", "Exp", "NoRet"}, "DSB.LD", tlbi));
    CHECK_FALSE(across(d, "DSB-ob", store, "DSB.ST", walk));
    CHECK(across(ets, "DSB-ob", store, "DSB.ST", walk));
    CHECK(across(ets, "DSB-ob", load, "DSB.LD", walk));
}

TEST_CASE("a DSB nXS waits for accesses and for TLBIs nXS") {
    const Definitions d = schedules_with();
    CHECK(across(d, "DSB-ob", {"TLBI", "TLBInXS"}, "DSB.ISHnXS", load));
    CHECK(across(d, "DSB-ob", store, "DSB.ISHnXS", load));
    CHECK_FALSE(across(d, "DSB-ob", tlbi, "DSB.ISHnXS", load));
    CHECK_FALSE(across(d, "DSB-ob", {"TLBI", "TLBInXS"}, "DSB.ISHnXS", walk));
    CHECK(across(schedules_with(3), "DSB-ob", {"TLBI", "TLBInXS"}, "DSB.ISHnXS", walk));
    CHECK_FALSE(across(arm_with(), "DSB-ob", {"TLBI", "TLBInXS"}, "DSB.ISHnXS", load));
}

TEST_CASE("an ISB after a DSB orders later walks too") {
    const Definitions d = arm_with();
    SmallExecution x;
    const EventId invalidate = x.add(0, tlbi);
    x.add(0, {"F", "DSB.ISH"});
    x.add(0, {"ISB"});
    const EventId later = x.add(0, walk, 0);
    CHECK(x.pairs(d.r("IFB-ob")).contains({invalidate, later}));
    SmallExecution without;
    without.add(0, tlbi);
    without.add(0, {"ISB"});
    without.add(0, walk, 0);
    CHECK_FALSE(without.pairs(d.r("local-hw-reqs")).contains({0, 2}));
}

TEST_CASE("what synchronises the context: ISB, exceptions unless EIS or EOS are off") {
    SmallExecution x;
    const EventId isb = x.add(0, {"ISB"}), entry = x.add(0, {"EXC-ENTRY"}),
                  svc = x.add(0, {"EXC-ENTRY", "SVC"}), ret = x.add(0, {"EXC-RET"});
    CHECK(x.events(arm_with().s("IFB")) == Events{isb, entry, svc, ret});
    CHECK(x.events(arm_with({"ExS"}).s("IFB")) == Events{isb, entry});
    CHECK(x.events(arm_with({"ExS", "EIS"}).s("IFB")) == Events{isb, entry, svc});
    CHECK(x.events(arm_with({"ExS", "EOS"}).s("IFB")) == Events{isb, entry, ret});
}

TEST_CASE("a translation that worked comes before an ISB and before stores that follow its access") {
    const Definitions d = arm_with();
    SmallExecution x;
    const auto access = x.walked(0, load, 0, 1);
    const EventId stored = x.add(0, store, 2), read = x.add(0, load, 3);
    x.add(0, {"ISB"});
    const EventId last = x.add(0, load, 4);
    CHECK(x.pairs(d.r("dob")).contains({access.walk, stored}));
    CHECK_FALSE(x.pairs(d.r("dob")).contains({access.walk, read}));
    CHECK(x.pairs(d.r("IFB-ob")).contains({access.walk, last}));
    CHECK(x.pairs(d.r("intr-ob")).contains({access.walk, access.access}));
}

TEST_CASE("DMBs order explicit accesses by kind, and no TLBI") {
    const Definitions d = arm_with();
    CHECK(across(d, "bob", store, "DMB.SY", load));
    CHECK(across(d, "bob", load, "DMB.LD", store));
    CHECK_FALSE(across(d, "bob", store, "DMB.LD", store));
    CHECK(across(d, "bob", store, "DMB.ST", store));
    CHECK_FALSE(across(d, "bob", store, "DMB.ST", load));
    CHECK_FALSE(across(d, "bob", load, "DMB.ST", store));
    CHECK_FALSE(across(d, "bob", store, "DMB.SY", tlbi));
    CHECK_FALSE(across(d, "bob", tlbi, "DMB.SY", store));
    CHECK(across(d, "bob", store, "DMB.SY", {"DC.CVAU"}));
    CHECK(across(d, "bob", store, "DMB.SY", {"MMU", "FAULT"}));
}

TEST_CASE("acquire and release") {
    const Definitions d = arm_with();
    SmallExecution x;
    const EventId before = x.add(0, store, 0), release = x.add(0, {"W", "Exp", "L"}, 1);
    const EventId acquire = x.add(0, {"R", "Exp", "A"}, 2), weak = x.add(0, {"R", "Exp", "Q"}, 3);
    const EventId after = x.add(0, load, 4);
    const Pairs bob = x.pairs(d.r("bob"));
    CHECK(bob.contains({before, release}));
    CHECK(bob.contains({release, acquire}));
    CHECK_FALSE(bob.contains({release, weak}));
    CHECK(bob.contains({acquire, after}));
    CHECK(bob.contains({weak, after}));
    CHECK_FALSE(bob.contains({before, after}));
    CHECK_FALSE(bob.contains({release, after}));
}

TEST_CASE("with ETS an access comes before the walk of a later one that faults") {
    const auto ordered = [](const Definitions& d, Sets fault) {
        SmallExecution x;
        const EventId before = x.add(0, store, 0);
        const auto faulting = x.walked(0, fault, 1);
        x.graph.add_to("Last-TTD", faulting.walk);
        return x.pairs(d.r("ets-ob")) == Pairs{{before, faulting.walk}};
    };
    CHECK_FALSE(ordered(arm_with(), {"MMU", "FAULT", "Translation"}));
    CHECK(ordered(arm_with({"ETS2"}), {"MMU", "FAULT", "Translation"}));
    CHECK(ordered(arm_with({"ETS2"}), {"MMU", "FAULT", "AccessFlag"}));
    CHECK_FALSE(ordered(arm_with({"ETS2"}), {"MMU", "FAULT", "Permission"}));
    CHECK(ordered(arm_with({"ETS3"}), {"MMU", "FAULT", "Permission"}));
    CHECK(ordered(schedules_with(2), {"MMU", "FAULT", "Translation"}));
}

TEST_CASE("in a schedule only the last level's read comes before the fault") {
    SmallExecution x;
    const auto faulting = x.walked(0, {"MMU", "FAULT"}, 1);
    CHECK(x.pairs(arm_with().r("tr-ib-fault")) == Pairs{{faulting.walk, faulting.access}});
    CHECK(x.pairs(schedules_with().r("tr-ib-fault")).empty());
    x.graph.add_to("Last-TTD", faulting.walk);
    CHECK(x.pairs(schedules_with().r("tr-ib-fault")) == Pairs{{faulting.walk, faulting.access}});
}

TEST_CASE("read-modify-writes are ordered within") {
    const Definitions d = arm_with();
    SmallExecution x;
    const EventId read = x.add(0, load, 0), write = x.also(0, store, 0);
    x.edge("rmw", read, write);
    const EventId walked = x.add(1, walk, 1), update = x.also(1, {"W", "NExp", "PTE"}, 1);
    x.edge("rmw", walked, update);
    CHECK(x.pairs(d.r("aob")) == Pairs{{read, write}, {walked, update}});
}

TEST_CASE("cache maintenance by line is ordered with accesses to the line") {
    const Definitions d = arm_with();
    SmallExecution x;
    const EventId write = x.add(0, store, 0), clean = x.add(0, {"DC.CVAU"}, 0), read = x.add(0, load, 0);
    x.add(0, load, 1);
    CHECK(x.pairs(d.r("po-scl-ob")) == Pairs{{write, clean}, {clean, read}});
}

TEST_CASE("local order is closed over its rules") {
    const Definitions d = arm_with();
    SmallExecution x;
    const EventId first = x.add(0, store, 0);
    x.add(0, {"F", "DSB.ISH"});
    const EventId second = x.add(0, tlbi);
    x.add(0, {"F", "DSB.ISH"});
    const EventId third = x.add(0, load, 1);
    CHECK(x.pairs(d.r("local-hw-reqs")).contains({first, second}));
    CHECK(x.pairs(d.r("local-hw-reqs")).contains({first, third}));
    CHECK_FALSE(x.pairs(d.r("local-hw-reqs")).contains({third, first}));
}
