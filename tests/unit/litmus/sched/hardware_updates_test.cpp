// SPDX-License-Identifier: Apache-2.0
// AF, DBM and atomic read-modify-writes of descriptors in the language.

#include <array>

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;

namespace {

const std::string managed = "machine { ha = true; hd = true; }\n";
const std::string clean =
    "region c { va = 0x400000; pa = 0x80000000; size = 8K; asid = 3; ap = ro; dbm = 1; }\n";

std::vector<StoreDescriptor> stores_of(const std::string& text) {
    std::vector<StoreDescriptor> stores;
    const ScheduleProgram program = sched_program(text);
    for (const Run& run : program.threads.at(0).code) {
        for (const Instruction& i : run.body) {
            if (const auto* store = std::get_if<StoreDescriptor>(&i.operation)) stores.push_back(*store);
        }
    }
    return stores;
}

bool refused_with(const std::string& text, const std::string& what) {
    const std::string errors = sched_errors(text);
    INFO(errors);
    return errors.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("flags of a region are kept by set, changed as given, and mean what the hardware manages") {
    const auto initial =
        initial_descriptor(sched_program(managed + clean + "thread P0 {}"), {0x400000, 3, 0});
    CHECK(initial.dbm);
    CHECK_FALSE(initial.db);
    CHECK_FALSE(initial_descriptor(sched_program(clean + "thread P0 {}"), {0x400000, 3, 0}).dbm);
    const auto stores =
        stores_of(managed + clean + "thread P0 { set(c, af = 0); set(c, dbm = 0); set(c, af = 1); }");
    REQUIRE(stores.size() == 3);
    CHECK((stores[0].value.dbm && stores[0].value.unaccessed && stores[0].value.af));
    CHECK((!stores[1].value.dbm && stores[1].value.unaccessed));
    CHECK((!stores[2].value.dbm && !stores[2].value.unaccessed));
    const auto unmanaged = stores_of(clean + "thread P0 set(c, af = 0);");
    REQUIRE(unmanaged.size() == 1);
    CHECK((!unmanaged[0].value.af && !unmanaged[0].value.unaccessed));
}

TEST_CASE("flags of either stage mean what the hardware manages there") {
    const std::string stages =
        "vm v { vmid = 1; } space s { vm = v; asid = 5; }\n"
        "region g { vm = v; ipa = 0x400000; pa = 0x80000000; size = 4K; af = 0; ap = ro; dbm = 1; }\n"
        "region h { space = s; va = 0x400000; ipa = 0x400000; size = 4K; af = 0; ap = ro; dbm = 1; }\n"
        "thread P0 in s { set(g); set(h); }";
    const auto flags = [](const Descriptor& value) {
        return std::array{value.af, value.unaccessed, value.writable()};
    };
    constexpr std::array unmanaged{false, false, false};
    constexpr std::array with_ha{true, true, false};
    constexpr std::array with_hd{true, true, true};
    const auto both = [&](const std::string& machine) {
        const auto stores = stores_of("machine {" + machine + "}\n" + stages);
        REQUIRE(stores.size() == 2);
        const ScheduleProgram program = sched_program("machine {" + machine + "}\n" + stages);
        for (std::size_t k = 0; k < 2; ++k) {
            const Descriptor initial = initial_descriptor(program, {program.regions.at(k).va, 3, 0});
            CHECK(flags(initial) == flags(stores[k].value));
        }
        return std::array{flags(stores[0].value), flags(stores[1].value)};
    };
    CHECK(both("") == std::array{unmanaged, unmanaged});
    CHECK(both(" ha = true; hd = true; ") == std::array{unmanaged, with_hd});
    CHECK(both(" vtcr_ha = true; ") == std::array{with_ha, unmanaged});
    CHECK(both(" ha = true; vtcr_ha = true; vtcr_hd = true; ") == std::array{with_hd, with_ha});
}

TEST_CASE("fetch_and_clear and cmpxchg are atomic stores; clear and set are not") {
    const auto stores = stores_of(managed + clean +
                                  "thread P0 { fetch_and_clear(c); cmpxchg(c, dbm = 0); clear(c); set(c); }");
    REQUIRE(stores.size() == 4);
    CHECK((stores[0].atomic && !stores[0].value.valid()));
    CHECK((stores[1].atomic && stores[1].value.valid() && !stores[1].value.dbm));
    CHECK((!stores[2].atomic && !stores[3].atomic));
}

TEST_CASE("what hardware updates are not followed through is refused with its place") {
    CHECK(refused_with("machine { hd = true; }\n" + clean + "thread P0 clear(c);",
                       "manages the access flag (ha) too"));
    CHECK(refused_with(clean + "thread P0 fetch_and_clear(table(c, 3));",
                       "2:11: error: hardware updates leaves"));
    CHECK(refused_with(clean + "thread P0 cmpxchg(table(c, 3));", "hardware updates leaves"));
    CHECK(refused_with(clean + "thread P0 cmpxchg(c, level = 2);", "keeps the level"));
    CHECK(
        refused_with("vm v { vmid = 1; }\n"
                     "region g { vm = v; ipa = 0x400000; pa = 0x80000000; size = 4K; }\n"
                     "thread P0 in v clear(g);\nassert no_lost_update(g);",
                     "4:8: error: no_lost_update is not judged of stage 2, nor of a guest's stage 1"));
    CHECK(
        refused_with("vm v { vmid = 1; }\nspace p { vm = v; asid = 5; }\n"
                     "region g { vm = v; ipa = 0x400000; pa = 0x80000000; size = 4K; }\n"
                     "region h { space = p; va = 0x400000; ipa = 0x400000; size = 4K; }\n"
                     "thread P0 in v clear(h);\nassert no_lost_update(h);",
                     "6:8: error: no_lost_update is not judged of stage 2, nor of a guest's stage 1"));
    CHECK(refused_with("machine { vtcr_hd = true; ha = true; }\n" + clean + "thread P0 clear(c);",
                       "manages its access flag (vtcr_ha) too"));
    CHECK(
        refused_with(clean + "thread P0 clear(c);\nassert no_lost_update;", "no_lost_update needs a region"));
}
