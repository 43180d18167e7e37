// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/guests.cpp: spaces of a VM's guest, and what stage 2 has to hold for them.

#include <string>

#include "model/program/guest.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

namespace model = tlbcheck::model;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;

namespace {

const std::string guest_world =
    "vm V { vmid = 3; } space P { vm = V; asid = 5; } "
    "region m { vm = V; ipa = 0x40000000; pa = 0x80000000; size = 8K; } "
    "region h { space = P; va = 0x400000; ipa = 0x40001000; size = 4K; } ";

bool guest_says(const std::string& text, const std::string& what) {
    const std::string errors = sched_errors(text);
    INFO(errors);
    return errors.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("a region of a guest maps to an IPA of its VM") {
    const auto program =
        sched_program(guest_world + "thread P0 in P { set(h, ipa = 0x40000000); tlbi(vae1is, h); }");
    CHECK(program.spaces.at(1).vm == model::SpaceId{0});
    CHECK(program.regions.at(1).pa == 0x40001000);
    CHECK(program.threads.at(0).starts_in.space == model::SpaceId{1});
    CHECK(program.threads.at(0).starts_in.vm == model::SpaceId{0});
    CHECK(model::guest_of(program, program.regions.at(1).va) == model::SpaceId{0});
    CHECK_FALSE(model::guest_of(program, program.regions.at(0).va).has_value());
    CHECK(guest_says(guest_world + "thread P0 in P { set(h, pa = 0x40000000); }",
                     "a guest's stage 1 maps to an IPA"));
    CHECK(guest_says(guest_world + "thread P0 in V { set(m, ipa = 0x40000000); }",
                     "only a guest's stage 1 maps to an IPA"));
    CHECK(guest_says(guest_world + "thread P0 in P { load(h.pa); }", "has no pa"));
}

TEST_CASE("a guest gives away what stage 2 maps there") {
    const auto program = sched_program(guest_world + "thread P0 in P { free(h); }");
    const auto& run = program.threads.at(0).code.at(0);
    const auto& free = std::get<model::Free>(run.body.at(0).operation);
    CHECK(free.by_guest);
    CHECK(std::get<std::pair<std::uint64_t, std::uint64_t>>(free.what) ==
          std::pair<std::uint64_t, std::uint64_t>{0x80001000, 0x1000});
    CHECK(guest_says(guest_world + "thread P0 in P { free(h); } thread P1 in V { set(m, pa = 0x90000000); }",
                     "whose place in PA the schedule changes"));
}

TEST_CASE("the VM's regions hold what its guests lead to") {
    CHECK(guest_says(
        guest_world + "region k { space = P; va = 0; ipa = 0x50000000; size = 4K; } thread P0 isb();",
        "no region of VM 'V' holds all that region 'k' leads to"));
    CHECK(guest_says(guest_world + "thread P0 in P { set(h, ipa = 0x50000000); }",
                     "no region of VM 'V' holds IPA"));
    CHECK(
        guest_says("vm V { vmid = 3; } space P { vm = V; asid = 5; tables = 0x50000000; } thread P0 isb();"
                   "region m { vm = V; ipa = 0x40000000; pa = 0x80000000; size = 8K; }"
                   "region h { space = P; va = 0x400000; ipa = 0x40001000; size = 4K; }",
                   "no region of its VM holds the table page of 'P'"));
}

TEST_CASE("table pages of a guest keep their place") {
    const std::string placed =
        "machine { levels = 3; } vm V { vmid = 3; } space P { vm = V; asid = 5; tables = 0x50000000; } "
        "region m { vm = V; ipa = 0x40000000; pa = 0x80000000; size = 8K; } "
        "region t { vm = V; ipa = 0x50000000; pa = 0x90000000; size = 12K; } "
        "region h { space = P; va = 0x400000; ipa = 0x40001000; size = 4K; } ";
    const auto program = sched_program(placed + "thread P0 in V { clear(t); set(t, ap = ro); }");
    const model::GuestTables tables(program);
    const std::uint64_t va = program.regions.at(2).va;
    const auto ipa = [&](std::uint64_t slot, int level) {
        return model::spaces::plain(tables.ipa({slot, level, 0}).value_or(0));
    };
    CHECK(ipa(va & ~std::uint64_t{0x3FFFFFFF}, 1) == 0x50000000);
    CHECK(ipa(va, 2) == 0x50001000);
    CHECK(ipa(va, 3) == 0x50002000);
    CHECK(guest_says(placed + "thread P0 in V { set(t, pa = 0xa0000000); }", "holds tables of 'P'"));
    const std::string old = "thread P0 in V { set(t, ap = ro); set(h, af = 0); }";
    CHECK(guest_says("machine { ha = true; levels = 3; }" + placed.substr(placed.find(" vm V")) + old,
                     "this makes tables of a guest read-only"));
    CHECK_FALSE(guest_says(placed + old, "error"));
}

TEST_CASE("what does not fit a guest is an error") {
    CHECK(guest_says("vm V { vmid = 3; } space P { vm = W; asid = 5; } thread P0 isb();", "'W'"));
    CHECK(guest_says("vm V { vmid = 3; } space P { vm = V; asid = 5; regime = el2_0; } thread P0 isb();",
                     "a guest's space is of EL1&0"));
    CHECK(guest_says("space P { asid = 5; tables = 0x1000; } thread P0 isb();", "is of no VM"));
    CHECK(guest_says("vm V { vmid = 3; } space P { vm = V; asid = 5; tables = 0x1; } thread P0 isb();",
                     "not at a page's start"));
    CHECK(guest_says(guest_world + "vm W { vmid = 3; } thread P0 isb();", "have one VMID"));
    CHECK(guest_says(guest_world + "thread P0 in host { switch(P); }", "is a space of VM V"));
    CHECK(guest_says(guest_world + "thread P0 in host { load(h); }", "is a space of VM V"));
    CHECK(guest_says(
        guest_world + "region k { space = P; va = 0; pa = 0; ipa = 0x40000000; size = 4K; } thread P0 isb();",
        "a guest's stage 1 maps to an IPA"));
    const std::string same =
        "thread P0 in V { set(h, ap = ro, same_contents = true, ipa = 0x40000000); clear(m); ";
    CHECK_FALSE(guest_says(guest_world + same + "}", "error"));
    CHECK(guest_says(guest_world + same + "set(m, pa = 0x90000000); }",
                     "1:202: error: stage 2 moves a page whose contents this compares"));
    CHECK(guest_says(guest_world + "thread P0 in P { here: clear(h); } thread P1 in P isb(); "
                                   "assert no_stale_entry(h) at here;",
                     "a question at a label is not supported in a schedule of several threads"));
}
