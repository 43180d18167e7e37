// SPDX-License-Identifier: Apache-2.0
//
// Which TLBIs and walks a choice orders, and what is forced.
#include <algorithm>

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

const PairChoice& choice(const Definitions& d, const char* name) {
    const auto found = std::ranges::find(d.model.choices, name, &PairChoice::name);
    REQUIRE(found != d.model.choices.end());
    return *found;
}

/// A TLBI, a DSB after it, and a walk in its scope on the same PE or another one.
struct Invalidation {
    SmallExecution x;
    EventId tlbi, dsb, walk;
    Invalidation(SmallExecution::Sets kind, const char* barrier, bool elsewhere,
                 SmallExecution::Sets read = {})
        : tlbi(x.add(0, kind)), dsb(x.add(0, {"F", barrier})), walk(x.add(elsewhere ? 1 : 0, read, 0)) {
        x.graph.add_to("TLBI", tlbi);
        for (const char* name : {"R", "NExp", "PTE", "D-PTE"}) x.graph.add_to(name, walk);
        x.edge("inv-domain", tlbi, walk);
    }
    bool ordered(const Definitions& d) const {
        return x.pairs(choice(d, "TLBI-after").pairs) == Pairs{{tlbi, walk}};
    }
};

}  // namespace

TEST_CASE("a TLBI takes part once a full DSB follows it, for walks in its scope") {
    CHECK(Invalidation({"TLBIIS"}, "DSB.ISH", true).ordered(arm()));
    CHECK_FALSE(Invalidation({"TLBIIS"}, "DSB.ISHST", true).ordered(arm()));
    CHECK_FALSE(Invalidation({"TLBIIS"}, "DMB.SY", true).ordered(arm()));
    SmallExecution x;
    x.add(0, {"TLBI", "TLBIIS"});
    x.add(0, {"F", "DSB.ISH"});
    x.add(1, {"R", "NExp", "PTE"}, 0);  // out of scope
    CHECK(x.pairs(choice(arm(), "TLBI-after").pairs).empty());
}

TEST_CASE("a local TLBI is of its own PE, an nXS one of walks without XS") {
    CHECK(Invalidation({}, "DSB.NSH", false).ordered(arm()));
    CHECK_FALSE(Invalidation({}, "DSB.ISH", true).ordered(arm()));
    CHECK_FALSE(Invalidation({"TLBIIS", "TLBInXS"}, "DSB.ISH", true, {"PTEXS"}).ordered(arm()));
    CHECK(Invalidation({"TLBIIS", "TLBInXS"}, "DSB.ISH", true).ordered(arm()));
    CHECK(Invalidation({"TLBIIS"}, "DSB.ISH", true, {"PTEXS"}).ordered(arm()));
}

TEST_CASE("in a schedule a walk elsewhere asks for a DSB as wide as the TLBI") {
    CHECK_FALSE(Invalidation({"TLBIIS"}, "DSB.ISH", true).ordered(schedules()));
    Invalidation wide({"TLBIIS"}, "DSB.ISH", true);
    wide.x.edge("completing-dsb", wide.tlbi, wide.dsb);
    CHECK(wide.ordered(schedules()));
    CHECK(Invalidation({"TLBIIS"}, "DSB.NSH", false).ordered(schedules()));
    CHECK_FALSE(Invalidation({"TLBIIS"}, "DSB.ISHnXS", false).ordered(schedules()));
    CHECK(Invalidation({"TLBIIS", "TLBInXS"}, "DSB.ISHnXS", false).ordered(schedules()));
}

TEST_CASE("what is ordered locally is forced; in a schedule for the last level only") {
    const auto forced = [](const Definitions& d, bool last) {
        SmallExecution x;
        const EventId tlbi = x.add(0, {"TLBI"});
        x.add(0, {"F", "DSB.ISH"});
        x.add(0, {"ISB"});
        const EventId walk = x.add(0, {"R", "NExp", "PTE"}, 0);
        if (last) x.graph.add_to("Last-TTD", walk);
        return x.pairs(choice(d, "TLBI-after").forced).contains({tlbi, walk});
    };
    CHECK(forced(arm(), false));
    CHECK(forced(schedules(), true));
    CHECK_FALSE(forced(schedules(), false));
}

TEST_CASE("caches have their choices in Arm's model, not in that of schedules") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W", "IW", "Exp"}, 0);
    const EventId write = x.add(0, {"W", "Exp"}, 0), clean = x.add(0, {"DC.CVAU"}, 0);
    const Definitions d = arm_definitions({"vmsa", "ifetch"});
    CHECK(x.pairs(choice(d, "DC-after").pairs) == Pairs{{clean, initial}, {clean, write}});
    CHECK(x.pairs(choice(d, "DC-after").forced).contains({initial, clean}));
    const EventId line = x.add(0, {"IC.IVAU"}, 0), fetch = x.add(1, {"R", "NExp", "Instr"}, 0);
    CHECK(x.pairs(choice(d, "IC-after").pairs).empty());
    x.add(0, {"F", "DSB.ISH"});
    CHECK(x.pairs(choice(d, "IC-after").pairs) == Pairs{{line, fetch}});
    CHECK(schedules().model.choices.size() == 1);
}
