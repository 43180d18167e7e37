// SPDX-License-Identifier: Apache-2.0
//
// Base sets and relations on executions of a few events.
#include "model/axioms/arm_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Events;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

Definitions utilities(const Variants& variants = {"vmsa"}) {
    Definitions d(variants);
    define_utilities(d);
    return d;
}

}  // namespace

TEST_CASE("from-reads goes from a read to what overwrites its source") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W"}, 0);
    const EventId read = x.add(0, {"R"}, 0);
    const EventId here = x.add(0, {"W"}, 0);
    const EventId there = x.add(1, {"W"}, 0);
    x.reads(read, initial);
    x.co(initial, here);
    x.co(initial, there);
    x.co(here, there);
    CHECK(x.pairs(d.r("fr")) == Pairs{{read, here}, {read, there}});
    CHECK(x.pairs(d.r("fri")) == Pairs{{read, here}});
    CHECK(x.pairs(d.r("coi")).empty());
    CHECK(x.pairs(d.r("ca")) ==
          Pairs{{read, here}, {read, there}, {initial, here}, {initial, there}, {here, there}});
    CHECK(x.pairs(d.r("rfi")).empty());  // an initial write is of no thread
    x.reads(read, there);
    CHECK(x.pairs(d.r("fr")).empty());
}

TEST_CASE("an access that reads and writes is not from-read-before itself") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId initial = x.also(initial_thread, {"W"}, 0);
    const EventId both = x.add(0, {"R", "W"}, 0);
    x.reads(both, initial);
    x.co(initial, both);
    CHECK(x.pairs(d.r("fr")).empty());
    CHECK(x.pairs(d.r("ca")) == Pairs{{initial, both}});
}

TEST_CASE("a translation comes before its access or its fault") {
    const Definitions d = utilities();
    SmallExecution x;
    const auto load = x.walked(0, {"R", "Exp"}, 0, 1);
    const auto fault = x.walked(0, {"MMU", "FAULT"}, 0);
    x.walked(0, {"FAULT"}, 0);  // of another kind
    CHECK(x.pairs(d.r("tr-ib")) == Pairs{{load.walk, load.access}, {fault.walk, fault.access}});
    CHECK(x.events(d.s("TTD")) == Events{load.walk, fault.walk, 6});
    CHECK(x.pairs(utilities({}).r("tr-ib")).empty());
    CHECK(x.events(utilities({}).s("TTD")).empty());
}

TEST_CASE("tags and data are places of their own") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId write = x.add(0, {"W", "Exp"}, 0), read = x.add(0, {"R", "Exp"}, 0);
    const EventId tag_write = x.add(0, {"W", "T"}, 0), tag_read = x.add(1, {"R", "T"}, 0);
    const EventId clean = x.add(1, {"DC.CVAU"}, 0);
    CHECK(x.pairs((d.r("same-loc") - id()) & (set("W") * universe_set())) ==
          Pairs{{write, read}, {write, clean}, {tag_write, tag_read}});
    CHECK(x.events(d.s("Tag")) == Events{tag_write, tag_read});
    CHECK(x.events(d.s("M")) == Events{write, read, tag_write, tag_read});
}

TEST_CASE("an instruction cache invalidated as a whole is on every line") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId write = x.add(0, {"W", "Exp"}, 0);
    const EventId all = x.add(0, {"IC.IALLUIS"}), line = x.add(0, {"IC.IVAU"}, 1);
    CHECK(x.pairs((d.r("scl") - id()) & (universe_set() * set("IC.IALLUIS"))) ==
          Pairs{{write, all}, {line, all}});
    CHECK(x.pairs(d.r("scl") & (set("W") * set("IC.IVAU"))).empty());
    CHECK(x.events(d.s("IC")) == Events{all, line});
}

TEST_CASE("hardware updates are implicit writes to descriptors") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId update = x.add(0, {"W", "NExp", "PTE"}, 0);
    x.add(0, {"W", "Exp", "PTE"}, 0);
    x.add(0, {"R", "NExp", "PTE"}, 0);
    CHECK(x.events(d.s("HU")) == Events{update});
    CHECK(x.events(d.s("Imp")) == Events{update, 2});
}

TEST_CASE("intrinsic dependencies are closed, those of data start at DATA") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId data = x.add(0, {"DATA"}), middle = x.also(0, {}), end = x.also(0, {});
    const EventId address = x.also(0, {"ADDR"});
    x.edge("iico_data", data, middle);
    x.edge("iico_ctrl", middle, end);
    x.edge("iico_data", address, middle);
    x.edge("iico_data", middle, address);
    CHECK(x.pairs(d.r("ii_data")) == Pairs{{data, middle}, {data, end}, {data, address}});
    CHECK(x.pairs(d.r("ii_addr")) == Pairs{{address, middle}, {address, address}});
    CHECK(x.pairs(d.r("iico_ctrl")) == Pairs{{middle, end}});
    x.edge("iico_order", data, middle);
    x.edge("iico_order", middle, end);
    CHECK(x.pairs(d.r("iico_order")).contains({data, end}));
}

TEST_CASE("registers are compared with registers, low-order bits between accesses") {
    const Definitions d = utilities();
    SmallExecution x;
    const EventId set_register = x.add(0, {"Wreg"}, 0), use = x.add(0, {"Rreg"}, 0);
    const EventId read = x.add(0, {"R", "Exp"}, 0);
    CHECK(x.pairs(d.r("same-gpr") - id()) == Pairs{{set_register, use}, {use, set_register}});
    CHECK(x.pairs(d.r("same-low-order-bits")) == Pairs{{read, read}});
}

TEST_CASE("what fetches and tags are is of the variants that have them") {
    SmallExecution x;
    const EventId fetch = x.add(0, {"R", "NExp", "Instr"}, 0);
    const EventId walk = x.add(0, {"R", "NExp", "PTE"}, 1);
    CHECK(x.events(utilities({"vmsa", "ifetch"}).s("Instr")) == Events{fetch});
    CHECK(x.events(utilities({"vmsa", "ifetch"}).s("I-TTD")) == Events{walk});
    CHECK(x.events(utilities({"vmsa"}).s("Instr")).empty());
    CHECK(x.events(utilities({"vmsa"}).s("I-TTD")).empty());
    x.add(0, {"Restricted-CMODX"});
    CHECK(x.events(utilities({"ifetch"}).s("Within-CMODX-List")).size() == 1);
    CHECK(x.events(utilities({}).s("Within-CMODX-List")).empty());
}

TEST_CASE("two walks are of one translation context; in a schedule of one page of one context") {
    SmallExecution x;
    const EventId a = x.add(0, {"R", "NExp", "PTE"}, 0), b = x.add(0, {"R", "NExp", "PTE"}, 1);
    CHECK(x.pairs(utilities().r("same-translation-context")).contains({a, b}));
    CHECK(x.pairs(utilities({"vmsa", "schedule"}).r("same-translation-context")).empty());
    x.edge("same-va-page-and-context", a, b);
    CHECK(x.pairs(utilities({"vmsa", "schedule"}).r("same-translation-context")) == Pairs{{a, b}});
}

TEST_CASE("a TLBI's scope is its domain where there are translations") {
    SmallExecution x;
    const EventId tlbi = x.add(0, {"TLBI"}), walk = x.add(0, {"R", "NExp", "PTE"}, 0);
    x.edge("inv-domain", tlbi, walk);
    CHECK(x.pairs(utilities().r("inv-scope")) == Pairs{{tlbi, walk}});
    CHECK(x.pairs(utilities({}).r("inv-scope")).empty());
}
