// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/names.cpp: what is wrong with names, in dead code too.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using tlbcheck::tests::says;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::with_region;

TEST_CASE("an unknown helper gets the nearest name, or a hint at linux.sched") {
    CHECK(says(with_region("thread P0 flush_tlb_kernal_range(linear);"),
               "hint: did you mean 'flush_tlb_kernel_range'?"));
    CHECK(
        says("thread P0 flush_tlb_all();", "hint: the kernel's helpers come with: include \"linux.sched\";"));
    CHECK(says("thread P0 cleer(3);", "hint: did you mean 'clear'?"));
    CHECK(says("thread P0 if (false) nonsense();", "there is no helper 'nonsense'"));
    CHECK(says("def unused() { nonsense(); } thread P0 isb();", "there is no helper 'nonsense'"));
}

TEST_CASE("a wrong number of arguments says how many there are") {
    CHECK(says(with_region("thread P0 clear();"), "'clear' takes 1 argument(s), 0 given"));
    CHECK(says(with_region("thread P0 tlbi();"), "'tlbi' takes 1 to 2 argument(s), 0 given"));
    CHECK(says(with_region("thread P0 flush_tlb_kernel_range(linear, 1, 2);"),
               "takes 1 or 2 argument(s), 3 given"));
    CHECK(says("thread P0 isb(sy, sy);", "'isb' takes 0 to 1 argument(s), 2 given"));
}

TEST_CASE("recursion is an error at the call that closes the circle, called or not") {
    CHECK(says("def f() { f(); } thread P0 isb();", "test.sched:1:11: error: 'f' calls itself"));
    CHECK(says("def f(x) { g(x); }\ndef g(x) { h(x); }\ndef h(x) { f(x); }\nthread P0 f(1);",
               "test.sched:3:12: error: 'f' calls itself"));
    CHECK(sched_errors("def f() { g(); g(); } def g() { isb(); } thread P0 f();") == "");
    CHECK(sched_errors("def f(a) { f(a, a); } def f(a, b) { isb(); } thread P0 f(1);") == "");
}

TEST_CASE("what is declared twice is an error that shows both places") {
    const std::string both = "note: the first is here";
    CHECK(says("param a = 1; param a = 2; thread P0 isb();", both));
    CHECK(says(with_region("param linear = 2; thread P0 isb();"), both));
    CHECK(says("thread P0 isb(); thread P0 isb();", both));
    CHECK(says("def f(a) isb(); def f(b) isb(); thread P0 isb();", both));
    CHECK(says("flag f, f; thread P0 isb();", both));
    CHECK(says("def f(a, a) isb(); thread P0 isb();", "parameter 'a' is declared twice"));
    CHECK(says("def clear(a) isb(); thread P0 isb();", "'clear' is built into the language"));
    CHECK(says("machine { ets = 2; } machine { ets = 3; } thread P0 isb();",
               "'ets' of the machine is given twice"));
}

TEST_CASE("names that nothing declares are errors") {
    CHECK(says(with_region("thread P0 clear(linaer);"), "hint: did you mean 'linear'?"));
    CHECK(says("def f(x) { clear(y); } thread P0 isb();", "'y' is not declared"));
    CHECK(says("param a = b; param b = 1; thread P0 isb();", "'b' is not declared"));
    CHECK(says("thread P0 { { let a = 1; } store(f, a); load(f); }", "'a' is not declared"));
    CHECK(says(with_region("thread P0 { for (x : linear) clear(x); clear(x); }"), "'x' is not declared"));
    CHECK(says("thread P0 if (machine.granul == 4K) isb();", "hint: did you mean 'granule'?"));
    CHECK(says("thread P0 if (machine == 4K) isb();", "'machine' needs a parameter"));
}

TEST_CASE("a helper does not see the variables of its caller") {
    CHECK(says("def f() { store(g, a); } thread P0 { let a = 1; f(); load(g); }", "'a' is not declared"));
}

TEST_CASE("properties are checked: name, region, and which take one") {
    CHECK(says(with_region("thread P0 isb(); assert no_stale_entri(linear);"),
               "hint: did you mean 'no_stale_entry'?"));
    CHECK(
        says(with_region("thread P0 isb(); assert no_stale_entry(linaer);"), "hint: did you mean 'linear'?"));
    CHECK(says(with_region("thread P0 isb(); assert no_stale_entry;"), "no_stale_entry needs a region"));
    CHECK(says(with_region("thread P0 isb(); assert no_bbm_violation(linear);"), "takes no region"));
    CHECK(sched_errors(with_region("thread P0 isb(); assert no_bbm_violation();")) == "");
}

TEST_CASE("a flag is a name that is stored and read; one that nobody stores is a slip of the pen") {
    CHECK(sched_errors("thread P0 store(done, 1); thread P1 await(done == 1);") == "");
    CHECK(sched_errors("thread P0 store(done, 1);") == "");
    CHECK(says("thread P0 store(done, 1); thread P1 await(dome == 1);", "'dome' is not declared"));
    CHECK(says(with_region("thread P0 store(linaer, 1);"), "hint: did you mean 'linear'?"));
    CHECK(sched_errors("flag quiet; thread P0 await(quiet == 0);") == "");
}

TEST_CASE("values and statements are not mixed up") {
    CHECK(says(with_region("thread P0 sets(linear);"), "'sets' is a value, not a statement"));
    CHECK(
        says(with_region("thread P0 { let a = clear(linear); }"), "'clear' is a statement and has no value"));
    CHECK(says("def f() isb(); thread P0 { let a = f(); }", "'f' is a helper and has no value"));
    CHECK(says("thread P0 await(3);", "await takes a comparison"));
    CHECK(says(with_region("thread P0 set(linear, lavel = 3);"), "hint: did you mean 'level'?"));
}
