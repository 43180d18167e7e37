// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "litmus/sched/schedule.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace sched = tlbcheck::litmus::sched;

namespace {

struct Sliced {
    std::unique_ptr<model::ScheduleProgram> program;  ///< slices refer to it
    model::Slicing slicing;
};

Sliced sliced(const std::string& text) {
    const auto parsed = sched::parse_schedule(tlbcheck::litmus::make_source("contexts.sched", text));
    REQUIRE(parsed);
    const auto program = sched::expand(parsed.value());
    REQUIRE(program);
    Sliced result{std::make_unique<model::ScheduleProgram>(program.value()), {}};
    result.slicing = model::slice(*result.program, result.program->properties[0]);
    return result;
}

std::string of_vm(const std::string& thread, const std::string& declared = "") {
    return "vm V { vmid = 1; }\n" + declared +
           "region R { vm = V; ipa = 0x40000000; pa = 0x80000000; size = 2M; }\nthread P0 in V { " + thread +
           " }\nassert no_stale_entry(R);\n";
}

std::size_t kept(const model::Slice& slice) {
    return slice.schedule.threads[0].code.size();
}

}  // namespace

TEST_CASE("pages of a VM that are treated alike have one slice") {
    const Sliced s =
        sliced(of_vm("for (p : R) clear(p); dsb(ishst); for (p : R) tlbi(ipas2e1is, p); dsb(ish); "
                     "tlbi(vmalle1is); dsb(ish);"));
    REQUIRE(s.slicing.slices.size() == 1);
    CHECK_FALSE(s.slicing.whole);
    CHECK(s.slicing.units == 512);
    CHECK(kept(s.slicing.slices[0]) == 6);
}

TEST_CASE("what a later page's flush repeats is not in the slice, as long as no context changes") {
    const std::string loop =
        "for (p : R) { clear(p); dsb(ishst); tlbi(ipas2e1is, p); dsb(ish); tlbi(vmalle1is); "
        "dsb(ish); }";
    const Sliced one = sliced(of_vm(loop));
    REQUIRE(one.slicing.slices.size() == 1);
    CHECK(kept(one.slicing.slices[0]) == 6);
    CHECK(one.slicing.visited < 40);
    const Sliced changed = sliced(of_vm("switch(host); isb(); switch(V); isb(); " + loop));
    REQUIRE_FALSE(changed.slicing.whole);
    CHECK(changed.slicing.units == 512);
    CHECK(kept(changed.slicing.slices[0]) > 512);
}

TEST_CASE("a flush of what combines both stages is no repetition where stage 2 was flushed since") {
    const Sliced s =
        sliced(of_vm("for (p : R) { clear(p); dsb(ishst); tlbi(vmalle1is); dsb(ish); tlbi(ipas2e1is, p); "
                     "dsb(ish); tlbi(vmalle1is); dsb(ish); }"));
    REQUIRE(s.slicing.slices.size() == 1);
    CHECK(kept(s.slicing.slices[0]) == 8);
}

TEST_CASE("flushes of both stages that are repeated together are left out together") {
    const Sliced s = sliced(
        of_vm("for (p : R) { clear(p); dsb(ishst); tlbi_range(ripas2e1is, R); dsb(ish); tlbi(vmalle1is); "
              "dsb(ish); }"));
    CHECK(s.slicing.slices.size() < 4);
    CHECK(kept(s.slicing.slices[0]) == 6);
}

TEST_CASE("a block at whose addresses another space of its ASID has pages is sliced page by page") {
    const std::string text =
        "machine { bbm_level = 2; }\nspace A { asid = 5; }\nspace B { asid = 5; }\n"
        "region R { va = 0x400000; pa = 0x80000000; size = 2M; level = 2; space = A; }\n"
        "region O { va = 0x400000; pa = 0x80000000; size = 2M; space = B; }\n"
        "thread P0 in B { clear(R); clear(O); dsb(ishst); tlbi_pages(vale1is, O, ttl = 3); dsb(ish); }\n"
        "assert no_stale_entry(R);\n";
    const Sliced s = sliced(text);
    REQUIRE(s.slicing.slices.size() == 1);
    CHECK(s.slicing.units == 512);
    CHECK(kept(s.slicing.slices[0]) == 5);
    std::string apart = text;
    apart.replace(apart.find("space B { asid = 5"), 18, "space B { asid = 6");
    CHECK(sliced(apart).slicing.units == 1);
}

TEST_CASE("a store at the same address in another space is part of the slice") {
    const Sliced s = sliced(
        "space A { asid = 5; }\nspace B { asid = 5; }\n"
        "region R { va = 0x400000; pa = 0x80000000; size = 1M; space = A; }\n"
        "region O { va = 0x480000; pa = 0x90000000; size = 512K; space = B; }\n"
        "thread P0 in A { clear(R); clear(O); dsb(ishst); tlbi(aside1is, A); dsb(ish); }\n"
        "assert no_stale_entry(R);\n");
    REQUIRE(s.slicing.slices.size() == 2);
    CHECK(s.slicing.slices[0].units == 128);
    CHECK(kept(s.slicing.slices[0]) + 1 == kept(s.slicing.slices[1]));
}

TEST_CASE("two pages whose freed memory differs are two slices") {
    const Sliced s = sliced(
        of_vm("for (p : R) clear(p); dsb(ishst); tlbi(vmalls12e1is); dsb(ish); free(range(R, R + 1M));"));
    CHECK(s.slicing.slices.size() == 2);
}

TEST_CASE("where every PE observes, and where the schedule is small, it is judged whole") {
    const std::string thread = "for (p : R) clear(p); dsb(ishst); tlbi(vmalls12e1is); dsb(ish);";
    const Sliced closed = sliced(of_vm(thread, "cpus P0;\n"));
    CHECK(closed.slicing.whole);
    CHECK(closed.slicing.why_whole.find("cpus") != std::string::npos);
    std::string small = of_vm(thread);
    small.replace(small.find("2M"), 2, "8K");
    CHECK(sliced(small).slicing.whole);
}

TEST_CASE("an ASID of the lower half is one that entries of the upper half may carry") {
    const Sliced s = sliced(
        "space U { asid = 5; }\nspace K { ttbr = 1; }\n"
        "region R { va = 0xffff800000400000; pa = 0x80000000; size = 1M; space = K; global = false; }\n"
        "thread P0 in U, K { clear(R); dsb(ishst); tlbi(aside1is, U); dsb(ish); isb(); }\n"
        "assert no_stale_entry(R) by P0;\n");
    REQUIRE(s.slicing.slices.size() == 1);
    CHECK_FALSE(s.slicing.whole);
    CHECK(kept(s.slicing.slices[0]) == 5);
}
