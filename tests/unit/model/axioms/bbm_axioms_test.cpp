// SPDX-License-Identifier: Apache-2.0
//
// Which changes of a descriptor need break-before-make.
#include "model/axioms/arm_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/model/small_execution.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::axioms;
using tlbcheck::tests::Pairs;
using tlbcheck::tests::SmallExecution;

namespace {

/// One descriptor written twice: the names of the updates that the second write is.
struct Update {
    SmallExecution x;
    EventId first, second;
    Update(SmallExecution::Sets before, SmallExecution::Sets after)
        : first(x.add(0, before, 0)), second(x.add(0, after, 0)) {
        for (const EventId e : {first, second}) {
            for (const char* name : {"W", "Exp", "PTE"}) x.graph.add_to(name, e);
        }
        x.co(first, second);
    }
    bool is(const char* rule) const {
        return x.pairs(arm_definitions({"vmsa"}).r(rule)) == Pairs{{first, second}};
    }
};

}  // namespace

TEST_CASE("changes of memory type, shareability and cacheability") {
    CHECK(Update({"PTENormal"}, {"PTEDevice-nGnRE"}).is("TTD-MT-update"));
    CHECK(Update({"PTEDevice-GRE"}, {"PTENormal"}).is("TTD-MT-update"));
    CHECK_FALSE(Update({"PTENormal"}, {"PTENormal"}).is("TTD-MT-update"));
    CHECK(Update({"PTEISH"}, {"PTENSH"}).is("TTD-SH-update"));
    CHECK(Update({"PTEOSH"}, {"PTEISH"}).is("TTD-SH-update"));
    CHECK(Update({"PTEiWB"}, {"PTEiNC"}).is("TTD-ICH-update"));
    CHECK_FALSE(Update({"PTEiWB"}, {"PTEoNC"}).is("TTD-ICH-update"));
    CHECK(Update({"PTEoWT"}, {"PTEoWB"}).is("TTD-OCH-update"));
    CHECK(Update({"PTEDevice-nGRE"}, {"PTEDevice-nGnRnE"}).is("TTD-DT-update"));
    CHECK_FALSE(Update({"PTEDevice-nGRE"}, {"PTEDevice-nGRE"}).is("TTD-DT-update"));
}

TEST_CASE("an output address that changes") {
    Update update({}, {});
    CHECK(update.is("TTD-OA-update"));
    CHECK_FALSE(update.is("TTD-update-needsBBM"));  // nothing can be written, nothing differs
    update.x.edge("at-least-one-writable", update.first, update.second);
    CHECK(update.is("TTD-update-needsBBM"));
    update.x.edge("same-oa", update.first, update.second);
    CHECK_FALSE(update.is("TTD-OA-update"));
    CHECK_FALSE(update.is("TTD-update-needsBBM"));
}

TEST_CASE("an output address that changes to other contents") {
    Update update({}, {});
    const EventId here = update.x.add(0, {"W"}, 1), there = update.x.add(0, {"W"}, 2);
    update.x.edge("PTEtoPA", update.first, here);
    update.x.edge("PTEtoPA", update.second, there);
    CHECK_FALSE(update.is("TTD-memory-contents-mismatch"));
    update.x.edge("different-values", here, there);
    CHECK(update.is("TTD-memory-contents-mismatch"));
    CHECK(update.is("TTD-update-needsBBM"));
}

TEST_CASE("what no TLB may hold needs no break-before-make") {
    CHECK(Update({"PTENormal"}, {"PTEDevice-GRE"}).is("TTD-update-needsBBM"));
    CHECK_FALSE(Update({"PTENormal"}, {"PTEDevice-GRE", "PTEINV"}).is("TTD-update-needsBBM"));
    CHECK_FALSE(Update({"PTENormal", "PTEINV"}, {"PTEDevice-GRE"}).is("TTD-update-needsBBM"));
    CHECK_FALSE(Update({"PTENormal", "PTEAF0"}, {"PTEDevice-GRE"}).is("TTD-update-needsBBM"));
}
