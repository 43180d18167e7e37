// SPDX-License-Identifier: Apache-2.0
// Steps of the machine, and that taking some of them at once changes no verdict.
#include "model/machine/machine.hpp"

#include <algorithm>

#include "model/machine/questions.hpp"
#include "model/machine/search.hpp"
#include "tests/explore/explore.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck::model;
namespace tests = tlbcheck::tests;
using tlbcheck::tests::ScheduleBuilder;

namespace {

Question ask(const ScheduleBuilder& schedule, PropertyKind kind, Observer observer) {
    const HardwareParameters& hardware = schedule.program().hardware;
    return {kind, hardware, observer, false, {own_target(Geometry(hardware), schedule.leaf_va(0, 0))}};
}

bool offers(const std::vector<MachineAction>& actions, MachineAction::Kind kind) {
    return std::any_of(actions.begin(), actions.end(),
                       [&](const MachineAction& action) { return action.kind == kind; });
}

MachineAction first(const std::vector<MachineAction>& actions, MachineAction::Kind kind) {
    return *std::find_if(actions.begin(), actions.end(),
                         [&](const MachineAction& action) { return action.kind == kind; });
}

constexpr auto fill = MachineAction::Kind::fill;
constexpr auto make_visible = MachineAction::Kind::make_visible;
constexpr auto look_up = MachineAction::Kind::look_up;

}  // namespace

TEST_CASE("a store that a judged walk reads waits in the buffer, and a DSB for it") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb("ishst");
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, ask(b, PropertyKind::no_stale_entry, {0, false}));
    const Machine machine(scenario);
    MachineState state = machine.initial();
    CHECK(state.threads[0].position == 1);
    CHECK(state.threads[0].buffer.size() == 1);
    CHECK_FALSE(machine.finished(state));
    machine.apply(state, first(machine.actions(state), make_visible));
    CHECK(machine.finished(state));
    CHECK_FALSE(machine.violates(state));
}

TEST_CASE("a TLBI waits while a walk needs the entry, and its DSB with it") {
    ScheduleBuilder b;
    b.region(1, false);
    b.tlbi("vaale1is", ScheduleBuilder::va_base).dsb().clear(0, 0).dsb().isb();
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, ask(b, PropertyKind::no_stale_entry, {0, false}));
    const Machine machine(scenario);
    MachineState state = machine.initial();
    // Nothing is held: the TLBI is over, the clear waits to be seen.
    CHECK(state.pending.empty());
    CHECK(state.threads[0].position == 3);
    machine.apply(state, first(machine.actions(state), fill));
    CHECK(state.walks[0].leaf);
    CHECK_FALSE(offers(machine.actions(state), look_up));  // the ISB is still to come
    machine.apply(state, first(machine.actions(state), make_visible));
    CHECK(offers(machine.actions(state), look_up));
    machine.apply(state, first(machine.actions(state), look_up));
    CHECK(machine.finished(state));
    CHECK(machine.violates(state));
}

TEST_CASE("a DSB waits for an access in flight on another PE, not for one on its own") {
    const auto positions = [](const Observer& observer) {
        ScheduleBuilder b;
        b.region(1, false);
        b.clear(0, 0).dsb("ishst").tlbi("vaale1is", ScheduleBuilder::va_base).dsb().free_leaf(0, 0);
        const JudgedSchedule schedule = unrolled(b.program());
        const Scenario scenario(schedule, ask(b, PropertyKind::no_use_after_free, observer));
        const Machine machine(scenario);
        MachineState state = machine.initial();
        machine.apply(state, first(machine.actions(state), fill));
        machine.apply(state, first(machine.actions(state), look_up));
        machine.apply(state, first(machine.actions(state), make_visible));
        return std::pair{state.threads[0].position, state.phase};
    };
    CHECK(positions({std::nullopt, false}) == std::pair{std::uint32_t{3}, Phase::latched});
    CHECK(positions({0, false}) == std::pair{std::uint32_t{5}, Phase::violated});
}

TEST_CASE("stores to one location keep their order; a DMB orders others; a release comes last") {
    ScheduleBuilder b;
    b.region(2, true);
    const std::uint32_t flag = b.flag("f");
    b.clear(0, 0).set(0, 0, b.leaf_value(0, 0)).clear(0, 1).store_flag(flag, true);
    const JudgedSchedule schedule = unrolled(b.program());
    Question question = ask(b, PropertyKind::no_stale_entry, {0, false});
    question.targets.push_back(
        sibling_target(Geometry(question.hardware), b.leaf_va(0, 0), 3, b.leaf_va(0, 1)));
    const Scenario scenario(schedule, question);
    const Machine machine(scenario);
    const MachineState state = machine.initial();
    CHECK(state.threads[0].buffer.size() == 4);
    std::vector<std::uint32_t> ready;
    for (const MachineAction& action : machine.actions(state)) {
        if (action.kind == make_visible) ready.push_back(action.store);
    }
    CHECK(ready == std::vector<std::uint32_t>{0, 2});
}

TEST_CASE("states have equal keys only when they are equal") {
    ScheduleBuilder b;
    b.region(1, false);
    b.clear(0, 0).dsb().isb();
    const JudgedSchedule schedule = unrolled(b.program());
    const Scenario scenario(schedule, ask(b, PropertyKind::no_stale_entry, {0, false}));
    const Machine machine(scenario);
    const MachineState state = machine.initial();
    CHECK(state.key() == machine.initial().key());
    for (const MachineAction& action : machine.actions(state)) {
        MachineState next = state;
        machine.apply(next, action);
        CHECK(next.key() != state.key());
    }
}

TEST_CASE("taking steps at once changes no verdict on random schedules") {
    std::size_t compared = 0;
    for (std::uint64_t seed = 0; seed < 250; ++seed) {
        const ScheduleProgram program = tlbcheck::tests::random_schedule(seed);
        const Property property = tlbcheck::tests::random_property(program, seed);
        if (property.kind == PropertyKind::no_tlb_conflict) continue;
        const JudgedSchedule schedule = unrolled(program);
        const ContiguousSlots stored = stored_contiguous_slots(schedule);
        INFO(tlbcheck::tests::describe(program, property));
        for (const std::uint64_t va : tests::judged_addresses(program, property)) {
            for (const Observer& observer : observers_of(schedule, property.kind, va)) {
                for (const WalkTarget& target : targets_of(schedule, stored, property.hardware, va)) {
                    const Scenario scenario(schedule,
                                            {property.kind, property.hardware, observer, false, {target}});
                    const Machine closing(scenario);
                    Machine stepping(scenario);
                    stepping.take_single_steps();
                    const SearchResult slow = search(stepping, 3000);
                    if (!slow.path && !slow.exhausted) continue;
                    ++compared;
                    CHECK(search(closing, 3000).path.has_value() == slow.path.has_value());
                }
            }
        }
    }
    CHECK(compared > 200);
}
