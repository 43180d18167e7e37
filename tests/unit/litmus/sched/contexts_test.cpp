// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/contexts.cpp: address spaces, VMs, and the statements that change a PE's context.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

namespace model = tlbcheck::model;
using tlbcheck::tests::says;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;

namespace {

const std::string two =
    "space A { asid = 5; } space B { asid = 6; }"
    "region a { va = 0x400000; pa = 0x80000000; size = 4K; space = A; }"
    "region b { va = 0x400000; pa = 0x90000000; size = 4K; space = B; }";
const std::string guest =
    "vm V { vmid = 3; } region m { vm = V; ipa = 0x40000000; pa = 0x80000000; size = 4K; }";

}  // namespace

TEST_CASE("regions of two spaces may have one address, and their space's ASID") {
    const auto program = sched_program(two + "thread P0 in A { clear(a); clear(b); }");
    REQUIRE(program.spaces.size() == 2);
    const model::Region &a = program.regions.at(0), &b = program.regions.at(1);
    CHECK(a.va != b.va);
    CHECK(model::spaces::plain(a.va) == 0x400000);
    CHECK(model::spaces::plain(b.va) == 0x400000);
    CHECK(model::spaces::of(a.va) == model::SpaceId{0});
    CHECK(model::spaces::of(b.va) == model::SpaceId{1});
    CHECK((a.asid == 5 && !a.global));
    CHECK((b.asid == 6 && !b.global));
    CHECK(program.threads.at(0).starts_in.space == model::SpaceId{0});
}

TEST_CASE("a TLBI's operand has the plain address and the space's ASID") {
    const auto program = sched_program(two + "thread P0 { tlbi(vae1is, b); tlbi(aside1is, A); }");
    CHECK(show(program.threads.at(0)) == "TLBI VAE1IS 6000000000400\nTLBI ASIDE1IS 5000000000000\n");
}

TEST_CASE("overlapping regions of different ASIDs are of two spaces") {
    const auto program = sched_program(
        "region a { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }"
        "region b { va = 0x400000; pa = 0x90000000; size = 4K; asid = 6; } thread P0 { clear(a); }");
    REQUIRE(program.spaces.size() == 2);
    CHECK(program.spaces.at(0).asid == 5);
    CHECK(program.spaces.at(1).asid == 6);
    CHECK(
        says("region a { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }"
             "region b { va = 0x400000; pa = 0x90000000; size = 4K; asid = 5; } thread P0 isb();",
             "overlap from VA 0x400000"));
}

TEST_CASE("switch, exception and eret are instructions") {
    const auto program =
        sched_program(two + "thread P0 in none { switch(B); exception(); eret(); switch(none); }");
    CHECK(show(program.threads.at(0)) == "switch 1\nexception\neret\nswitch none\n");
    CHECK(program.threads.at(0).starts_in.space == model::no_space);
    CHECK_FALSE(program.closed);
}

TEST_CASE("cpus with a thread each close the world") {
    CHECK(sched_program(two + "cpus P0, P1; thread P0 isb(); thread P1 isb();").closed);
    CHECK_FALSE(sched_program(two + "cpus P0, P1; thread P0 isb();").closed);
    CHECK(says(two + "cpus P0; thread P0 isb(); thread P1 isb();", "thread P1 is none of the cpus"));
    CHECK(says(two + "cpus P0, P0; thread P0 isb();", "declared twice"));
}

TEST_CASE("regions of a VM have IPAs, and threads say which VMID they are in") {
    const auto program = sched_program(guest + "thread P0 in V { tlbi(ipas2e1is, m); switch(host); }");
    CHECK(program.spaces.at(0).stage2);
    CHECK(program.spaces.at(0).vmid == 3);
    CHECK(program.threads.at(0).starts_in.vm == model::SpaceId{0});
    CHECK(show(program.threads.at(0)) == "TLBI IPAS2E1IS 40000\nvm none\n");
    CHECK(says(guest + "thread P0 { tlbi(vmalle1is); }", "nothing says which VM thread P0 is in"));
    CHECK(says(guest + "region k { va = 0; pa = 0; size = 4K; } thread P0 isb();", "is of no VM"));
    CHECK(says("vm V { vmid = 3; } region m { vm = V; va = 0; pa = 0; size = 4K; } thread P0 isb();",
               "has no ipa"));
}

TEST_CASE("what does not fit is an error") {
    CHECK(says(two + "thread P0 { switch(C); }", "there is no space 'C'"));
    CHECK(says(two + "thread P0 in C isb();", "there is no space 'C'"));
    CHECK(says(two + "thread P0 in A { load(b); }", "is not in space 'B' here"));
    CHECK(says("space A { } thread P0 isb();", "has no asid"));
    CHECK(says("space A { vmid = 1; } thread P0 isb();", "has no 'vmid'"));
    CHECK(says("space A { asid = 70000; } thread P0 isb();", "an ASID"));
    CHECK(says(two + "region c { va = 0xffff000000000000; pa = 0; size = 4K; space = A; } thread P0 isb();",
               "not in the lower half"));
    CHECK(says(two + "region c { va = 0; pa = 0; size = 4K; space = A; asid = 5; } thread P0 isb();",
               "has no ASID of its own"));
}

TEST_CASE("arms of a condition on a value read flush, store and wait, and change no context") {
    const std::string one = two + "cpus P0; thread P0 in A { store(f, 1); ";
    const auto program =
        sched_program(one +
                      "switch(B); isb(); if (read(f) == 1) { tlbi(vmalle1); dsb(nsh); isb(); }"
                      "else clear(b); eret(); switch(A); }");
    CHECK(show(program.threads.at(0)).find("TLBI VMALLE1") != std::string::npos);
    for (const char* change : {"switch(B);", "exception();", "eret();"}) {
        CHECK(says(one + "if (read(f) == 1) " + change + " }",
                   "the context of the PE would depend on what was read"));
        CHECK(says(one + "if (read(f) == 1) dsb(ish); else { if (read(f) == 0) " + change + " } }",
                   "the context of the PE would depend on what was read"));
    }
    CHECK(says("space h { regime = el2_0; asid = 1; } " + guest +
                   "thread P0 in host { store(f, 1); if (read(f) == 1) tge(0); }",
               "the context of the PE would depend on what was read"));
    CHECK(says(one + "switch(B); if (read(f) == 1) isb(); }",
               "whether the switch before is synchronised would depend on what was read"));
    CHECK(says(one + "switch(B); if (read(f) == 1) dsb(ish); else isb(); isb(); }",
               "whether the switch before is synchronised would depend on what was read"));
    const std::string helper = two + "def enter() { switch(B); }\nthread P0 in A {\nstore(f, 1);\n";
    CHECK(says(helper + "if (read(f) == 1)\nenter();\n}", "the context of the PE would depend"));
}

TEST_CASE("what is not judged together with contexts is refused, with its place") {
    const std::string one = two + "cpus P0; thread P0 in A ";
    CHECK(says(one + "clear(a); assert no_stale_entry(a) by other;", "there is no other PE"));
    CHECK(says(two + "thread P0 in A { clear(a); here: isb(); } thread P1 isb();"
                     "assert no_stale_entry(a) at here;",
               "a question at a label is not supported in a schedule of several threads"));
}

namespace {

const std::string halves =
    "space P { asid = 5; } space U { ttbr = 1; } space W { ttbr = 1; }"
    "region u { va = 0xffff000000400000; pa = 0x80000000; size = 4K; space = U; }"
    "region w { va = 0xffff000000400000; pa = 0x90000000; size = 4K; space = W; global = true; }";

}  // namespace

TEST_CASE("spaces of the upper half") {
    const auto program = sched_program(
        halves + "thread P0 in P, U { switch(W); tlbi(vae1is, w); tlbi(vale1is, u, asid = 5); load(w); }");
    CHECK(program.spaces.at(1).upper);
    CHECK_FALSE(program.spaces.at(0).upper);
    CHECK(program.regions.at(0).va != program.regions.at(1).va);
    CHECK(model::spaces::plain(program.regions.at(0).va) == 0xffff000000400000);
    CHECK(program.threads.at(0).starts_in.space == model::SpaceId{0});
    CHECK(program.threads.at(0).starts_in.upper == model::SpaceId{1});
    const auto& change =
        std::get<model::ContextChange>(program.threads.at(0).code.at(0).body.at(0).operation);
    CHECK((change.kind == model::ContextChange::Kind::switch_upper && change.space == 2));
    // The operand has the plain address, bits 55:12 of it.
    const auto& tlbi =
        std::get<model::TlbiInstruction>(program.threads.at(0).code.at(0).body.at(2).operation);
    CHECK(tlbi.operand == model::encode_va_operand(0xffff000000400000, 5, 0, model::Granule::k4));
    const auto vhe = sched_program("space K { ttbr = 1; regime = el2_0; } thread P0 in K isb();");
    CHECK(vhe.threads.at(0).starts_in.el2_upper == model::SpaceId{0});
    CHECK(vhe.threads.at(0).starts_in.tge == true);
}

TEST_CASE("what does not fit the upper half is an error") {
    CHECK(says("space U { ttbr = 1; asid = 5; } thread P0 isb();", "has no ASID of its own"));
    CHECK(says("space U { ttbr = 2; } thread P0 isb();", "the number of a TTBR"));
    CHECK(says("space U { ttbr = 1; regime = el2; } thread P0 isb();", "EL2 has no TTBR1"));
    CHECK(says("vm V { vmid = 1; } space U { ttbr = 1; vm = V; } thread P0 isb();", "is not modelled"));
    CHECK(says(halves + "region x { va = 0x1000; pa = 0; size = 4K; space = U; } thread P0 isb();",
               "not in the upper half, which TTBR1 maps"));
    CHECK(says(halves + "region s { va = 0xffff000000400000; pa = 0; size = 4K; } thread P0 isb();",
               "overlap from VA 0xffff000000400000"));
    CHECK(says(halves + "thread P0 in U, W isb();", "starts in 'U' and in 'W'"));
    CHECK(says(halves + "thread P0 in P, none isb();", "starts in 'P' and in 'none'"));
    CHECK(says(halves + "thread P0 tlbi(vae1is, u);", "names an ASID"));
    CHECK(says(halves + "thread P0 tlbi(aside1is, U);", "has no ASID of its own"));
    CHECK(says(halves + "flag f; thread P0 store(f, u.asid);", "has no ASID of its own"));
    CHECK(says(halves + "thread P0 in U { load(w); }", "is not in space 'W' here"));
}
