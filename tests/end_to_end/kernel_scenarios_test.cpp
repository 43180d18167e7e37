// SPDX-License-Identifier: Apache-2.0
//
// What a scenario can say of compiled code: arguments, objects, pages, rights, and what lies in no region.
#include "tests/end_to_end/kernel_scenario.hpp"

using namespace tlbcheck::tests;          // NOLINT(google-build-using-namespace)
using namespace tlbcheck::tests::kernel;  // NOLINT(google-build-using-namespace)

TEST_CASE("descriptors that no region holds are judged too") {
    if (!reads_bitcode()) return;
    const auto verdict_of = [](const std::string& call) {
        const Scenario scenario(thread(call) + "assert no_bbm_violation;\n", "kernel \"unused.bc\";\n");
        auto options = other_code("odd");
        options.insert(options.begin(), "check");
        const auto run = scenario.run(options);
        CAPTURE(run.err);
        CHECK(run.status != 2);
        return run.out;
    };
    // A page beside the region, in the same table; the address changes, or the permissions alone.
    const std::string beside = "call stores_twice(table_slot(r, 3) + 128, ";
    CHECK(has(verdict_of(beside + "0x80000703, 0x80001703);"), "unsafe (expected safe)"));
    CHECK(has(verdict_of(beside + "0x80000703, 0x80000783);"), "no_bbm_violation: safe"));
    // A table that code hooked before the first call, as the fixmap's are.
    CHECK(has(verdict_of("call stores_to_own_table(0x80000703, 0x80001703);"), "unsafe (expected safe)"));
    CHECK(has(verdict_of("call stores_to_own_table(0x80000703, 0);"), "no_bbm_violation: safe"));
    const Scenario scenario(thread("call stores_to_own_table(0x80000703, 0);"), "kernel \"unused.bc\";\n");
    auto options = other_code("odd");
    options.insert(options.begin(), "extract");
    const auto listed = scenario.run(options).out;
    CHECK(has(listed, "2 instructions"));
    CHECK(has(listed, "outside_1[0] = 0x80000000"));
}

TEST_CASE("arguments are those of the C, also where the compiler took one out") {
    if (!reads_bitcode()) return;
    const auto run = [](const std::string& call) {
        const Scenario scenario(thread(call) + "assert no_bbm_violation;\n", "kernel \"unused.bc\";\n");
        auto options = other_code("odd");
        options.insert(options.begin(), "check");
        return scenario.run(options);
    };
    // Only the permissions change.
    CHECK(run("call maps(r.start, 0x80000000, 0x60000000000783);").status == 0);
    const auto other = run("call maps(r.start, 0x90000000, 0x60000000000783);");
    CHECK(other.status == 2);
    CHECK(has(other.err, "is compiled for argument 2 (pa) = 0x80000000 only"));
    CHECK(has(run("call maps(1, 0x80000000, 3, 4);").err, "takes 3 argument(s): va, pa, bits, 4 given"));
}

TEST_CASE("objects at an address, pages from the allocator, addresses of the linear map") {
    if (!reads_bitcode()) return;
    auto options = other_code("odd");
    options.insert(options.begin(), "extract");
    const Scenario hooks(
        "region b { va = 0xffff000080000000; pa = 0x80000000; size = 2M; level = 2; mapped = false; }\n"
        "thread P0 { call stores_twice(table_slot(b, 2), 0, allocated_page() | 3); }\n",
        "kernel \"unused.bc\";\n");
    const auto listed = hooks.run(options).out;
    CHECK(has(listed, "512 times"));
    CHECK(has(listed, "b[0] = new table 1"));
    const Scenario sets(
        "object o = \"u64[4]\" { \"[1]\" = linear_address(0x80001000); }\n"
        "object same = \"u64[4]\" at o { \"[2]\" = 7; }\n" +
            thread("call reads(same + 8); call reads(o + 16);"),
        "kernel \"unused.bc\";\n");
    const auto set = sets.run(options);
    CAPTURE(set.err);
    CHECK(set.status == 0);
}

TEST_CASE("the address of a field, also of one that is no number") {
    if (!reads_bitcode()) return;
    const std::string head =
        "object o = holder;\nobject inner = pair at field_address(o, inside) { second = 0x80000703; }\n";
    const auto run = [&](const std::string& address) {
        const Scenario scenario(
            head + thread("call stores_what_is_at(table_slot(r, 3) + 128, " + address + ");"),
            "kernel \"unused.bc\";\n");
        auto options = other_code("contexts");
        options.insert(options.begin(), "extract");
        return scenario.run(options);
    };
    const auto listed = run("field_address(inner, second)");
    CAPTURE(listed.err);
    CHECK(has(listed.out, "outside_1[0] = 0x80000000"));
    CHECK(has(run("field_address(o, inside) + 8").out, "outside_1[0] = 0x80000000"));
    CHECK(has(run("field_address(o, outside)").err, "has no field 'outside'"));
    CHECK(has(run("field_address(r, inside)").err, "not an object of the scenario"));
}

TEST_CASE("the right to execute is a permission: changed in place, stale until it is flushed") {
    if (!reads_bitcode()) return;
    const auto verdict = [](bool executable, const std::string& bits, const std::string& question) {
        const Scenario scenario(
            "region r { va = 0xffff000080000000; pa = 0x80000000; size = 4K; exec = " +
                std::string(executable ? "true" : "false") +
                "; }\nthread P0 { call stores_twice(table_slot(r, 3), descriptor(r), descriptor(r) " + bits +
                "); dsb(ishst); isb(); }\nassert " + question + ";\n",
            "kernel \"unused.bc\";\n");
        auto options = other_code("odd");
        options.insert(options.begin(), "check");
        return scenario.run(options).status;
    };
    const std::string pxn = "0x20000000000000";
    CHECK(verdict(true, "| " + pxn, "no_bbm_violation") == 0);
    CHECK(verdict(true, "| " + pxn, "no_stale_entry(r)") == 1);
    CHECK(verdict(true, "| " + pxn, "no_stale_entry(r, tolerate = restrictive)") == 1);
    CHECK(verdict(false, "^ " + pxn, "no_stale_entry(r)") == 1);
    CHECK(verdict(false, "^ " + pxn, "no_stale_entry(r, tolerate = restrictive)") == 0);
    CHECK(verdict(false, "| " + pxn, "no_stale_entry(r)") == 0);  // it was there
}
