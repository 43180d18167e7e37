// SPDX-License-Identifier: Apache-2.0
//
// Places in a program's text: neighbours, and gaps around groups and loops.
#include "checker/advice/sites.hpp"

#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::ScheduleBuilder;

namespace {

/// clear, clear; twice (TLBI); twice (TLBI, DSB); ISB.
ScheduleBuilder two_runs() {
    ScheduleBuilder b;
    const auto r = b.region(4, false);
    b.clear(r, 0).clear(r, 1).tlbi("vaale1is", b.leaf_va(r, 0)).tlbi("vaale1is", b.leaf_va(r, 1)).dsb().isb();
    model::ScheduleThread& thread = b.program().threads[0];
    const std::vector<model::Instruction> all = thread.code[0].body;
    thread.code = {{1, {all[0], all[1]}}, {2, {all[2]}}, {2, {all[3], all[4]}}, {1, {all[5]}}};
    return b;
}

}  // namespace

TEST_CASE("next and previous go through the text, not through iterations") {
    const ScheduleBuilder b = two_runs();
    const SiteText site(b.program());
    CHECK(site.next({0, 0, 0}) == Spot{0, 0, 1});
    CHECK(site.next({0, 0, 1}) == Spot{0, 1, 0});
    CHECK(site.next({0, 2, 1}) == Spot{0, 3, 0});
    CHECK_FALSE(site.next({0, 3, 0}));
    CHECK(site.previous({0, 2, 0}) == Spot{0, 1, 0});
    CHECK_FALSE(site.previous({0, 0, 0}));
    CHECK(site.last(0) == Spot{0, 3, 0});
    CHECK(site.end_of(0) == Gap{0, 4, std::nullopt});
}

TEST_CASE("a gap is behind or before a group of like instructions, outside of a loop of nothing else") {
    const ScheduleBuilder b = two_runs();
    const SiteText site(b.program());
    CHECK(site.behind({0, 0, 0}, is_store) == Gap{0, 0, 2});
    CHECK(site.before({0, 0, 1}, is_store) == Gap{0, 0, 0});
    CHECK(site.behind({0, 1, 0}, is_tlbi) == Gap{0, 2, std::nullopt});
    CHECK(site.before({0, 1, 0}, is_tlbi) == Gap{0, 1, std::nullopt});
    CHECK(site.behind({0, 2, 0}, is_tlbi) == Gap{0, 2, 1});  // within the loop, before its DSB
    CHECK(site.behind_loop({0, 2, 0}, is_tlbi) == Gap{0, 3, std::nullopt});
    CHECK(site.before_loop({0, 2, 0}, is_tlbi) == Gap{0, 2, std::nullopt});
    CHECK(site.behind_loop({0, 0, 0}, is_store) == Gap{0, 0, 2});
}

TEST_CASE("sites are a slice's instructions in the text, each once") {
    const ScheduleBuilder b = two_runs();
    const model::JudgedSchedule whole =
        model::whole(b.program(), b.property(model::PropertyKind::no_stale_entry));
    CHECK(sites(b.program(), whole, is_tlbi) == std::vector<Spot>{{0, 1, 0}, {0, 2, 0}});
    CHECK(sites(b.program(), whole, is_store) == std::vector<Spot>{{0, 0, 0}, {0, 0, 1}});
    CHECK(sites(b.program(), whole, is_free).empty());
}

TEST_CASE("kinds of operations") {
    using model::AccessKind;
    CHECK(is_signal(model::Access{AccessKind::store_release, 0, 0, 1}));
    CHECK_FALSE(is_signal(model::Access{AccessKind::load, 0, 0, 0}));
    CHECK_FALSE(is_signal(model::Access{AccessKind::store, std::nullopt, 0x1000, 1}));
    CHECK(is_wait(model::Await{0, 0, 1}));
    CHECK_FALSE(is_wait(model::Await{std::nullopt, 0x1000, 1}));
    CHECK(is_free(model::Free{}));
    CHECK(barrier_of(model::Barrier{}) != nullptr);
    CHECK(barrier_of(model::Free{}) == nullptr);
}
