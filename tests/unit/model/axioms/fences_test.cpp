// SPDX-License-Identifier: Apache-2.0
//
// Which barriers order what, and whose shareability argument is deprecated.
#include <string>

#include "model/axioms/arm_model.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Events;
using tlbcheck::tests::SmallExecution;

namespace {

Definitions fences(const Variants& variants = {}) {
    Definitions d(variants);
    define_fences(d);
    return d;
}

/// The only event has the set; whether the other one has it too.
bool has(const Definitions& d, const char* barrier, const char* name) {
    SmallExecution x;
    x.add(0, {"F", barrier});
    return x.events(d.s(name)) == Events{0};
}

std::vector<std::string> flags(const char* barrier) {
    SmallExecution x;
    x.add(0, {"F", barrier});
    return judge(fences().model, x.graph, x.execution()).flags;
}

}  // namespace

TEST_CASE("barriers by what they order") {
    const Definitions d = fences();
    for (const char* domain : {"NSH", "ISH", "OSH", "SY"}) {
        CAPTURE(domain);
        CHECK(has(d, (std::string("DMB.") + domain).c_str(), "dmb.full"));
        CHECK(has(d, (std::string("DSB.") + domain).c_str(), "dsb.full"));
        CHECK_FALSE(has(d, (std::string("DSB.") + domain).c_str(), "dmb.full"));
        CHECK_FALSE(has(d, (std::string("DSB.") + domain).c_str(), "dsb.st"));
    }
    for (const char* domain : {"NSH", "ISH", "OSH", ""}) {
        CAPTURE(domain);
        for (const char* kind : {"LD", "ST"}) {
            const std::string dmb = std::string("DMB.") + domain + kind,
                              dsb = std::string("DSB.") + domain + kind;
            const bool loads = std::string(kind) == "LD";
            CHECK(has(d, dmb.c_str(), "dmb.ld") == loads);
            CHECK(has(d, dmb.c_str(), "dmb.st") != loads);
            CHECK(has(d, dsb.c_str(), "dsb.ld") == loads);
            CHECK(has(d, dsb.c_str(), "dsb.st") != loads);
            CHECK_FALSE(has(d, dsb.c_str(), "dsb.full"));
        }
    }
}

TEST_CASE("a DSB nXS is a barrier of schedules, and no full one") {
    const Definitions d = fences({"schedule"});
    CHECK(has(d, "DSB.ISHnXS", "dsb.nXS"));
    CHECK(has(d, "DSB.SYnXS", "dsb.nXS"));
    CHECK_FALSE(has(d, "DSB.ISHnXS", "dsb.full"));
    CHECK_FALSE(fences().sets().contains("dsb.nXS"));
}

TEST_CASE("only the argument SY, LD or ST is not deprecated where a narrower one is") {
    CHECK(flags("DMB.SY").empty());
    CHECK(flags("DMB.LD").empty());
    CHECK(flags("DSB.SY").empty());
    CHECK(flags("DSB.ISH").empty());
    CHECK(flags("DSB.ST").empty());
    using Told = std::vector<std::string>;
    CHECK(flags("DMB.ISH") == Told{"Shareability-argument-for-DMB-is-deprecated"});
    CHECK(flags("DMB.OSHST") == Told{"Shareability-argument-for-DMB-is-deprecated"});
    CHECK(flags("DSB.ISHLD") == Told{"Maintenance-scope-for-DSB-LD-is-deprecated"});
    CHECK(flags("DSB.NSHST") == Told{"Maintenance-scope-for-DSB-ST-is-deprecated"});
}

TEST_CASE("acquires and releases are explicit accesses") {
    const Definitions d = fences();
    SmallExecution x;
    const EventId acquire = x.add(0, {"R", "Exp", "A"});
    x.add(0, {"R", "NExp", "A"});
    const EventId release = x.add(0, {"W", "Exp", "L"});
    const EventId weaker = x.add(0, {"R", "Exp", "Q"});
    CHECK(x.events(d.s("A")) == Events{acquire});
    CHECK(x.events(d.s("L")) == Events{release});
    CHECK(x.events(d.s("Q")) == Events{weaker});
}
