// SPDX-License-Identifier: Apache-2.0
//
// How events of different PEs order one another.
#include "model/axioms/arm_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/axioms/usual_axioms.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::arm;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

/// A descriptor's initial write and one that overwrites it.
struct Overwritten {
    SmallExecution x;
    EventId initial = x.also(initial_thread, {"W", "Exp", "PTE"}, 0),
            store = x.add(0, {"W", "Exp", "PTE"}, 0);
    Overwritten() { x.co(initial, store); }
};

}  // namespace

TEST_CASE("explicit accesses observe those of other PEs only") {
    SmallExecution x;
    const EventId write = x.add(0, {"W", "Exp"}, 0), here = x.add(0, {"R", "Exp"}, 0);
    const EventId there = x.add(1, {"R", "Exp"}, 0), overwrites = x.add(1, {"W", "Exp"}, 0);
    x.reads(here, write);
    x.reads(there, write);
    x.co(write, overwrites);
    CHECK(x.pairs(arm().r("Exp-obs")) == Pairs{{write, there}, {write, overwrites}, {here, overwrites}});
    CHECK(x.pairs(arm().r("obs")) == x.pairs(arm().r("Exp-obs")));
}

TEST_CASE("a walk observes the descriptor's write, on its own PE too") {
    Overwritten o;
    const EventId walk = o.x.add(0, {"R", "NExp", "PTE"}, 0);
    o.x.reads(walk, o.store);
    CHECK(o.x.pairs(arm().r("TTD-obs")) == Pairs{{o.store, walk}});
    CHECK(o.x.pairs(arm().r("obs")) == Pairs{{o.initial, o.store}, {o.store, walk}});
}

TEST_CASE("a walk that read the old descriptor comes before the new one where nothing may cache it") {
    Overwritten o;
    const auto faults = o.x.walked(1, {"MMU", "FAULT", "Translation"}, 0);
    o.x.reads(faults.walk, o.initial);
    CHECK(o.x.pairs(arm().r("TLBuncacheable-ca")) == Pairs{{faults.walk, o.store}});
    CHECK(o.x.pairs(arm().r("TTD-obs")).contains({faults.walk, o.store}));
    Overwritten cached;
    const auto refused = cached.x.walked(1, {"MMU", "FAULT", "Permission"}, 0);
    cached.x.reads(refused.walk, cached.initial);
    CHECK(cached.x.pairs(arm().r("TLBuncacheable-ca")).empty());
}

TEST_CASE("a TLBI comes before the overwriting of what a later walk still reads") {
    Overwritten o;
    const EventId tlbi = o.x.add(1, {"TLBI"}), walk = o.x.add(2, {"R", "NExp", "PTE"}, 0);
    o.x.reads(walk, o.initial);
    CHECK(o.x.pairs(arm().r("TLBI-ca")).empty());
    o.x.choose("TLBI-after", tlbi, walk);
    CHECK(o.x.pairs(arm().r("TLBI-ca")) == Pairs{{tlbi, o.store}});
    CHECK(o.x.pairs(arm().r("obs")).contains({tlbi, o.store}));
}

TEST_CASE("hardware updates are ordered with the writes around them") {
    Overwritten o;
    const EventId update = o.x.add(1, {"W", "NExp", "PTE"}, 0), read = o.x.add(2, {"R", "Exp"}, 0);
    o.x.co(o.initial, update);
    o.x.co(update, o.store);
    o.x.reads(read, o.initial);
    CHECK(o.x.pairs(arm().r("HU-ca")) == Pairs{{read, update}});
    const Pairs seen = o.x.pairs(arm().r("TTD-obs"));
    CHECK(seen.contains({o.initial, update}));
    CHECK(seen.contains({update, o.store}));
}

TEST_CASE("an instruction's fetch is ordered by what maintenance the caches need") {
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W", "Exp"}, 0), write = x.add(0, {"W", "Exp"}, 0);
    const EventId clean = x.add(0, {"DC.CVAU"}, 0), invalidate = x.add(0, {"IC.IVAU"}, 0);
    const EventId fetch = x.add(1, {"R", "NExp", "Instr"}, 0);
    x.co(initial, write);
    x.reads(fetch, initial);
    x.choose("IC-after", invalidate, fetch);
    x.choose("DC-after", write, clean);
    const auto ca = [&](std::initializer_list<const char*> more) {
        Variants variants{"ifetch"};
        variants.insert(more.begin(), more.end());
        return x.pairs(arm_definitions(variants).r("IC-ca"));
    };
    CHECK(ca({}) == Pairs{{invalidate, clean}});
    CHECK(ca({"IDC"}) == Pairs{{invalidate, write}});
    CHECK(ca({"DIC", "IDC"}) == Pairs{{fetch, write}});
    CHECK(ca({"DIC"}).empty());
}
