// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine against the axioms on random small schedules with address spaces, reused ASIDs
// and a closed world of PEs (docs/formal-model.md section 9).
#include "tests/cross/random_contexts.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

using tests::World;

/// A page that is never unmapped, in the eyes of whoever may access it.
model::Property never_invalid(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = tests::random_context_property(program, seed);
    property.kind = model::PropertyKind::never_invalid;
    property.region = static_cast<std::uint32_t>(seed % program.regions.size());
    property.text = to_string(property.kind);
    return property;
}

/// Half of them count a table in place of another one.
model::Property break_before_make(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = tests::random_context_property(program, seed);
    property.kind = model::PropertyKind::no_bbm_violation;
    property.region.reset();
    property.judging.replaced_tables = seed % 2 == 0;
    property.text = to_string(property.kind);
    return property;
}

/// Leaves have flags that hardware may set; mostly it is asked whether one is lost.
model::Property with_flags(model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = tests::random_context_property(program, seed);
    tests::manage_flags(program, property, seed);
    return property;
}

using PropertyOf = std::function<model::Property(model::ScheduleProgram&, std::uint64_t)>;

void compare(const char* variable, World world, const PropertyOf& ask = tests::random_context_property) {
    tests::compare_opinions(
        tests::Seeds(variable, 700, 10000),
        [world](std::uint64_t seed) { return tests::random_contexts(seed, world); }, ask);
}

/// The PEs go by what they read; half of them are asked of what hardware sets, or of faults.
model::Property with_conditions(model::ScheduleProgram& program, std::uint64_t seed) {
    if (seed % 4 == 0) return never_invalid(program, seed);
    return tests::random_context_property(program, seed);
}

void compare_conditions(World world, const PropertyOf& ask = with_conditions) {
    tests::compare_opinions(
        tests::Seeds("TLBCHECK_CROSS_CONTEXTS_BRANCHES", 150, 10000),
        [world](std::uint64_t seed) { return tests::random_conditions(seed, world); }, ask);
}

}  // namespace

TEST_CASE("machine and axioms agree on random schedules with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el1_0);
}

TEST_CASE("machine and axioms agree on random schedules with VMs", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::vms);
}

TEST_CASE("machine and axioms agree on random schedules of EL2", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el2);
}

TEST_CASE("machine and axioms agree on random schedules of a host with FEAT_VHE", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el2_0);
}

TEST_CASE("machine and axioms agree on random schedules of VMs under such a host", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::vms_of_vhe);
}

TEST_CASE("machine and axioms agree on random schedules with spaces of the upper half", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::upper);
}

TEST_CASE("machine and axioms agree on random schedules with spaces of the upper half of EL2&0", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::upper_el2_0);
}

TEST_CASE("machine and axioms agree on never_invalid with spaces of the upper half", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::upper, never_invalid);
}

TEST_CASE("machine and axioms agree on never_invalid with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::el1_0, never_invalid);
}

TEST_CASE("machine and axioms agree on never_invalid with VMs", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::vms, never_invalid);
}

TEST_CASE("machine and axioms agree where hardware sets flags, with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_UPDATES", World::el1_0, with_flags);
    compare("TLBCHECK_CROSS_CONTEXTS_UPDATES", World::upper, with_flags);
}

TEST_CASE("machine and axioms agree where hardware sets flags, at EL2 and EL2&0", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_UPDATES", World::el2, with_flags);
    compare("TLBCHECK_CROSS_CONTEXTS_UPDATES", World::el2_0, with_flags);
}

TEST_CASE("machine and timeline agree on break-before-make of stage 2", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::vms, break_before_make);
}

TEST_CASE("machine and timeline agree on break-before-make with address spaces, of EL2 too", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::el1_0, break_before_make);
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::el2, break_before_make);
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::el2_0, break_before_make);
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::upper, break_before_make);
}

TEST_CASE("machine and axioms agree where PEs in address spaces go by what they read", "[long]") {
    compare_conditions(World::el1_0);
    compare_conditions(World::el2_0);
}

TEST_CASE("machine and axioms agree where PEs in VMs go by what they read", "[long]") {
    compare_conditions(World::vms);
    compare_conditions(World::guests);
}

TEST_CASE(
    "machine and axioms agree where PEs in address spaces go by what they read, and hardware sets flags",
    "[long]") {
    compare_conditions(World::el1_0, with_flags);
}
