// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/expand_access.cpp: barriers, accesses, flags.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;
using tlbcheck::tests::with_region;

TEST_CASE("barriers take any architectural option, in either case") {
    CHECK(show(sched_program("thread P0 { dsb(ish); dsb(NSHST); dmb(oshld); dsb(sy); dmb(ishst); isb(); }")
                   .threads[0]) == "DSB ISH\nDSB NSHST\nDMB OSHLD\nDSB SY\nDMB ISHST\nISB\n");
    CHECK(sched_errors("thread P0 dsb(ishts);").find("hint: did you mean 'ishst'?") != std::string::npos);
    CHECK(sched_errors("thread P0 dsb(3);") != "");
}

TEST_CASE("accesses are to a region, or to a flag by its name") {
    const auto program = sched_program(
        with_region("thread P0 { store(linear + 8, 5); load(linear); store_release(go, 1); "
                    "load_acquire(linear.end - 8); }\nthread P1 { await(go == 1); await(linear == 2); }"));
    CHECK(show(program.threads[0]) ==
          "store ffff000080000008 5\nload ffff000080000000 0\nstore_release flag0 1\nload_acquire "
          "ffff00008000fff8 0\n");
    CHECK(show(program.threads[1]) == "await flag0 1\nawait ffff000080000000 2\n");
    CHECK(program.flags == std::vector<std::string>{"go"});
    CHECK(sched_errors(with_region("thread P0 load(64K);")).find("no region holds the address 0x10000") !=
          std::string::npos);
}

TEST_CASE("a declared flag can be passed to a helper") {
    const auto program =
        sched_program("flag a, b; def signal(f) store_release(f, 1); thread P0 { signal(b); store(a, 2); }");
    CHECK(show(program.threads[0]) == "store_release flag1 1\nstore flag0 2\n");
}

TEST_CASE("accesses in a loop step with it") {
    CHECK(show(sched_program(with_region("thread P0 for (x : linear) load(x);")).threads[0]) ==
          "x16 {\nload ffff000080000000 0 +va 1000\n}\n");
    CHECK(sched_errors(with_region("thread P0 for (x : linear) load(x + 4K);"))
              .find("no region holds the address 0xffff000080010000") != std::string::npos);
}
