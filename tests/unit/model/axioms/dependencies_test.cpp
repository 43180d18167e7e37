// SPDX-License-Identifier: Apache-2.0
//
// Dependencies of instructions written down as herd's events: a load is a read and the write of a register,
// what uses the register reads it.
#include "model/axioms/arm_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

Definitions defined(const Variants& variants = {"vmsa"}) {
    Definitions d(variants);
    define_utilities(d);
    define_dependencies(d);
    return d;
}

constexpr int X0 = 10, X1 = 11;

struct Code : SmallExecution {
    EventId load(int to_register, int place) {
        const EventId read = add(0, {"R", "Exp"}, place);
        edge("iico_data", read, also(0, {"Wreg"}, to_register));
        return read;
    }
    void set_register(int which) { add(0, {"Wreg"}, which); }
    /// An instruction whose event depends on a register in the way that the set of the register's read says.
    EventId uses(int from_register, const char* how, Sets sets, int place) {
        const EventId use = add(0, {"Rreg", how}, from_register);
        const EventId made = also(0, sets, place);
        edge("iico_data", use, made);
        return made;
    }
};

}  // namespace

TEST_CASE("data and address dependencies go through the register last written") {
    const Definitions d = defined();
    Code code;
    const EventId load = code.load(X0, 0);
    const EventId stored = code.uses(X0, "DATA", {"W", "Exp"}, 1);
    const EventId at = code.uses(X0, "ADDR", {"R", "Exp"}, 2);
    CHECK(code.pairs(d.r("data")) == Pairs{{load, stored}});
    CHECK(code.pairs(d.r("addr")) == Pairs{{load, at}});
    CHECK(code.pairs(d.r("pick-data-dep")) == Pairs{{load, stored}});
    CHECK(code.pairs(d.r("pick-addr-dep")) == Pairs{{load, at}});
    code.set_register(X0);
    const EventId unrelated = code.uses(X0, "DATA", {"W", "Exp"}, 1);
    CHECK_FALSE(code.pairs(d.r("data")).contains({load, unrelated}));
    const EventId tlbi = code.uses(X0, "ADDR", {"TLBI"}, -1);
    CHECK_FALSE(code.pairs(d.r("addr")).contains({load, tlbi}));
}

TEST_CASE("a TLBI depends on the address it is given, by a load and what is computed from it") {
    const Definitions d = defined();
    Code code;
    const EventId load = code.load(X0, 0);
    code.uses(X0, "DATA", {"Wreg"}, X1);
    const EventId tlbi = code.uses(X1, "ADDR", {"TLBI"}, -1);
    CHECK(code.pairs(d.r("addr")) == Pairs{{load, tlbi}});
}

TEST_CASE("dependencies go through memory: a load of what the thread stored") {
    const Definitions d = defined();
    Code code;
    const EventId load = code.load(X0, 0);
    const EventId stored = code.uses(X0, "DATA", {"W", "Exp"}, 1);
    const EventId again = code.load(X1, 1);
    const EventId at = code.uses(X1, "ADDR", {"R", "Exp"}, 2);
    CHECK(code.pairs(d.r("lmrs")) == Pairs{{stored, again}});
    CHECK(code.pairs(d.r("addr")) == Pairs{{load, at}, {again, at}});
    // Only the last store before the load.
    code.add(0, {"W", "Exp"}, 1);
    const EventId third = code.load(X0, 1);
    CHECK_FALSE(code.pairs(d.r("lmrs")).contains({stored, third}));
}

TEST_CASE("a conditional branch puts a control dependency on all that follows") {
    const Definitions d = defined();
    Code code;
    const EventId load = code.load(X0, 0);
    code.uses(X0, "DATA", {"BCC"}, -1);
    const EventId later = code.add(0, {"W", "Exp"}, 1);
    CHECK(code.pairs(d.r("ctrl")) == Pairs{{load, later}});
    CHECK(code.pairs(d.r("pick-ctrl-dep")) == Pairs{{load, later}});
}

TEST_CASE("a schedule's await branches on what it read") {
    Code code;
    const EventId wait = code.add(0, {"R", "Exp", "await"}, 0);
    const EventId later = code.add(0, {"W", "Exp"}, 1);
    CHECK(code.pairs(defined({"vmsa", "schedule"}).r("ctrl")) == Pairs{{wait, later}});
    CHECK(code.pairs(defined().r("ctrl")).empty());
}

TEST_CASE("pick dependencies go on through intrinsic control, others do not") {
    const Definitions d = defined();
    Code code;
    const EventId load = code.load(X0, 0);
    const EventId choice = code.add(0, {"Rreg", "DATA"}, X0);
    const EventId result = code.also(0, {"Wreg"}, X1);
    code.edge("iico_ctrl", choice, result);
    const EventId at = code.uses(X1, "ADDR", {"R", "Exp"}, 1);
    CHECK(code.pairs(d.r("addr")).empty());
    CHECK(code.pairs(d.r("pick-addr-dep")) == Pairs{{load, at}});
    CHECK(code.pairs(d.r("pick-dep")).contains({load, at}));
    CHECK_FALSE(code.pairs(d.r("pick-dep")).contains({load, load + 1}));  // within one instruction
}

TEST_CASE("local write successors: an access before a write to its place") {
    const Definitions d = defined();
    SmallExecution x;
    const EventId read = x.add(0, {"R", "Exp"}, 0), write = x.add(0, {"W", "Exp"}, 0);
    x.add(0, {"W", "Exp"}, 1);
    const EventId walk = x.add(0, {"R", "NExp", "PTE"}, 2), update = x.add(0, {"W", "NExp", "PTE"}, 2);
    CHECK(x.pairs(d.r("lmws")) == Pairs{{read, write}, {walk, update}});
}
