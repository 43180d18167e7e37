// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine against the axioms on random small schedules with address spaces, reused ASIDs
// and a closed world of PEs (docs/formal-model.md section 9).
#include <fmt/format.h>

#include <random>

#include "tests/cross/random_texts.hpp"
#include "tests/cross/random_worlds.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

using tests::World;

/// A schedule as text: two spaces with the same address in both, of one ASID or of two.
class RandomContexts {
  public:
    RandomContexts(std::uint64_t seed, World world) : world_(seed, world) {}

    std::string text() {
        const bool spaces = world_.world() != World::el1_0 || !world_.chance(5);
        const bool closed = world_.chance(spaces ? 3 : 1);
        threads_ = world_.chance(2) ? 1 : 2;
        std::string result = world_.machine();
        result += spaces ? world_.declarations() : no_spaces;
        if (closed) result += threads_ == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads_; ++t) result += thread(t, spaces);
        return result;
    }

  private:
    /// Names that the statements go by, all of one space.
    static constexpr const char* no_spaces =
        "region a { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
        "region b { va = 0x401000; pa = 0x90000000; size = 4K; asid = 5; }\n";

    std::string thread(int t, bool spaces) {
        std::string result = fmt::format("thread P{}{} {{\n", t, spaces ? world_.start() : "");
        const auto length = 2 + world_.below(threads_ == 1 ? 8 : 6);
        for (std::uint64_t k = 0; k < length; ++k) result += "    " + statement(t, spaces) + "\n";
        // Each waits for what the other did before.
        if (threads_ == 2 && world_.chance(2))
            result += fmt::format("    store(done{0}, 1);\n    await(done{1} == 1);\n", t, 1 - t);
        return result + "}\n";
    }

    std::string statement(int t, bool spaces) {
        if (world_.chance(3))
            return world_.one_of({"dsb(ish);", "dsb(ish);", "dsb(ishst);", "dsb(nsh);", "isb();", "isb();",
                                  "eret();", "exception();"});
        if (spaces && world_.chance(world_.vhe() ? 3 : 4)) return world_.switch_statement();
        if (world_.chance(3)) return world_.flush();
        if (threads_ == 2 && world_.chance(4)) {
            const std::string flag = t == 0 ? "f" : "g";
            const std::string other = t == 0 ? "g" : "f";
            return world_.chance(2) ? fmt::format("store({}, 1);", flag)
                                    : fmt::format("await({} == 1);", other);
        }
        return world_.change(threads_ == 1);
    }

    tests::RandomWorld world_;
    int threads_ = 1;
};

model::Property property_of(const model::ScheduleProgram& program, std::uint64_t seed) {
    using model::PropertyKind;
    std::mt19937_64 random(seed * 7 + 1);
    model::Property property;
    constexpr std::array kinds{PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                               PropertyKind::no_use_after_free, PropertyKind::no_tlb_conflict};
    property.kind = kinds[random() % kinds.size()];
    if (property.kind == PropertyKind::no_stale_entry)
        property.region = static_cast<std::uint32_t>(random() % program.regions.size());
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

/// A page that is never unmapped, in the eyes of whoever may access it.
model::Property never_invalid(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = property_of(program, seed);
    property.kind = model::PropertyKind::never_invalid;
    property.region = static_cast<std::uint32_t>(seed % program.regions.size());
    property.text = to_string(property.kind);
    return property;
}

/// Half of them count a table in place of another one.
model::Property break_before_make(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = property_of(program, seed);
    property.kind = model::PropertyKind::no_bbm_violation;
    property.region.reset();
    property.judging.replaced_tables = seed % 2 == 0;
    property.text = to_string(property.kind);
    return property;
}

using PropertyOf = model::Property (*)(const model::ScheduleProgram&, std::uint64_t);

void compare(const char* variable, World world, PropertyOf ask = property_of) {
    tests::compare_opinions(
        tests::Seeds(variable, 700, 10000),
        [world](std::uint64_t seed) { return RandomContexts(seed, world).text(); }, ask);
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

TEST_CASE("machine and axioms agree on never_invalid with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::el1_0, never_invalid);
}

TEST_CASE("machine and axioms agree on never_invalid with VMs", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::vms, never_invalid);
}

TEST_CASE("machine and timeline agree on break-before-make of stage 2", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::vms, break_before_make);
}
