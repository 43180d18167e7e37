// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/outcomes.hpp"

#include "model/axioms/arm_model.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"
#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;
namespace enumerator = tlbcheck::tests::enumerator;
using enumerator::Extent;
using enumerator::ScheduleSearch;

namespace {

LitmusInstruction dmb() {
    LitmusInstruction i = instruction(LitmusOpcode::barrier, "DMB SY");
    i.barrier = *parse_barrier(BarrierKind::dmb, "sy");
    return i;
}

/// Writes x, then y; reads y, then x.
enumerator::LitmusOutcomes message_passing(bool barriers) {
    std::vector<LitmusInstruction> writer{access(LitmusOpcode::store, "STR W0,[X1]", 0, 1),
                                          access(LitmusOpcode::store, "STR W0,[X2]", 0, 2)};
    std::vector<LitmusInstruction> reader{access(LitmusOpcode::load, "LDR W5,[X2]", 5, 2),
                                          access(LitmusOpcode::load, "LDR W6,[X1]", 6, 1)};
    if (barriers) {
        writer.insert(writer.begin() + 1, dmb());
        reader.insert(reader.begin() + 1, dmb());
    }
    LitmusProgram p = program({writer, reader});
    Proposition flag_seen;
    flag_seen.kind = Proposition::Kind::value;
    flag_seen.location = register_of(1, 5);
    flag_seen.values = {LitmusValue::of(1)};
    Proposition data_missed = flag_seen;
    data_missed.location = register_of(1, 6);
    data_missed.values = {LitmusValue::of(0)};
    p.condition.kind = Proposition::Kind::conjunction;
    p.condition.operands = {flag_seen, data_missed};
    return enumerator::litmus_outcomes(build_litmus_graph(p), axioms::arm_model({"vmsa"}));
}

ScheduleSearch search(const ScheduleProgram& program, const Property& property,
                      const enumerator::Limits& limits = {}) {
    const JudgedSchedule schedule = whole(program, property);
    ScheduleQuestion question;
    question.property = property.kind;
    question.observer = ObserverKind::other_pe;
    const auto definitions = axioms::schedule_definitions(schedule);
    return enumerator::find_violation(build_schedule_graph(schedule, question), definitions.model, limits);
}

}  // namespace

TEST_CASE("message passing without barriers has all four outcomes") {
    const auto outcomes = message_passing(false);
    CHECK(outcomes.extent == Extent::complete);
    CHECK(outcomes.satisfying.size() == 1);
    CHECK(outcomes.others.size() == 3);
    CHECK_FALSE(outcomes.loop);
    CHECK(outcomes.errors.empty());
    CHECK(outcomes.internal_error.empty());
}

TEST_CASE("message passing with barriers never misses the data") {
    const auto outcomes = message_passing(true);
    CHECK(outcomes.extent == Extent::complete);
    CHECK(outcomes.satisfying.empty());
    CHECK(outcomes.others.size() == 3);
}

TEST_CASE("a page unmapped, invalidated and completed leaves nothing stale; a local TLBI does") {
    tlbcheck::tests::ScheduleBuilder right;
    const auto r = right.region(1, false);
    right.clear(r, 0).flush(r, 0, 0);
    CHECK(search(right.program(), right.property(PropertyKind::no_stale_entry)).answer ==
          ScheduleSearch::Answer::not_violated);

    tlbcheck::tests::ScheduleBuilder local;
    const auto s = local.region(1, false);
    local.clear(s, 0).flush(s, 0, 0, "vaale1");
    const ScheduleSearch found = search(local.program(), local.property(PropertyKind::no_stale_entry));
    CHECK(found.answer == ScheduleSearch::Answer::violated);
    REQUIRE(found.execution);
    CHECK(found.internal_error.empty());
}

TEST_CASE("a contiguous set flushed leaf by leaf leaves a stale entry, also by enumeration") {
    tlbcheck::tests::ScheduleBuilder b(tlbcheck::tests::ScheduleBuilder::small_hardware(2, 2));
    const auto r = b.region(2, true);
    b.clear(r, 0).flush(r, 0, 0).clear(r, 1).flush(r, 1, 1);
    CHECK(search(b.program(), b.property(PropertyKind::no_stale_entry)).answer ==
          ScheduleSearch::Answer::violated);
}

TEST_CASE("out of limits a schedule has no answer") {
    tlbcheck::tests::ScheduleBuilder b;
    const auto r = b.region(1, false);
    b.clear(r, 0).flush(r, 0, 0);
    CHECK(search(b.program(), b.property(PropertyKind::no_stale_entry), {1, 600}).answer ==
          ScheduleSearch::Answer::too_large);
}
