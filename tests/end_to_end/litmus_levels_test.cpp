// SPDX-License-Identifier: Apache-2.0
//
// Litmus tests with two levels: the answers derived beforehand in examples/litmus_two_levels, the same
// questions as schedules, and what is refused_tests.
#include <string>
#include <vector>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

struct Derived {
    const char* name;
    bool allowed;
    const char* schedule;  ///< verdicts of the same question
};
constexpr Derived derived[] = {
    {"unmap_block", false, "safe"},
    {"unlink_table", false, "safe"},
    {"unlink_table_last_level", true, "unsafe"},
    {"table_to_block", false, "safe"},
    {"table_to_block_last_level", true, "unsafe"},
    {"table_to_block_in_place", false, "safe unsafe"},
};

struct Refused {
    const char* variant;
    const char* state;
    const char* error;
};
constexpr Refused refused_tests[] = {
    {"vmsa", "[TTD(x,S1,LV2)]=(valid:0);", "t.litmus:3:8: error: descriptors of a level need variant 'mlpt'"},
    {"vmsa", "[PTE(x)]=(dt:Block);", "t.litmus:3:12: error: field 'dt' needs variant 'mlpt'"},
    {"vmsa,mlpt", "[TTD(x,S2,LV2)]=(valid:0);", "t.litmus:3:9: error: stage 'S2' is not supported"},
    {"vmsa,mlpt", "[TTD(x,S1,LV1)]=(valid:0);", "t.litmus:3:12: error: level 'LV1' is not supported"},
    {"vmsa,mlpt", "[PTE(x)]=(dt:Block);", "t.litmus:3:11: error: a level 3 descriptor is a page"},
    {"vmsa,mlpt", "[TTD(x,S1,LV2)]=(oa:PA(x));", "error: a level 2 descriptor is a table or a block"},
    {"vmsa,mlpt", "[TTD(x,S1,LV2)]=(oa:PA(x), dt:Table);", "error: a table descriptor leads to a descriptor"},
    {"vmsa,mlpt", "[TTD(x,S1,LV2)]=(oa:PTE(x), dt:Table, af:0);",
     "t.litmus:3:18: error: a table descriptor has no access flag"},
    {"vmsa,mlpt", "[TTD(x,S1,LV2)]=(db:0);", "t.litmus:3:18: error: a table descriptor has no access flag"},
    {"vmsa,mlpt", "0:X0=(oa:PTE(x), dt:Table, el0:0);", "error: a table descriptor has no access flag"},
    {"vmsa,mlpt", "[TTD(x,S1,LV2)]=(oa:PTE(x), dt:Block);", "error: a block descriptor leads to memory"},
    {"vmsa,mlpt\nTTHM=HA", "x=0;", "t.litmus:3:6: error: hardware updates are not supported"},
};

}  // namespace

TEST_CASE("litmus tests with two levels: derived, and as schedules") {
    for (const Derived& d : derived) {
        CAPTURE(d.name);
        const std::string file = (source_dir() / "examples/litmus_two_levels" / d.name).string();
        const ProgramResult run = run_tlbcheck({"check", file + ".litmus"});
        CAPTURE(run.out, run.err);
        CHECK(has(run.out, d.allowed ? ": allowed" : ": forbidden"));
        CHECK(verdicts(file + ".sched") == d.schedule);
    }
    const auto flagged = [](const std::string& name) {
        const auto file = source_dir() / "examples/litmus_two_levels" / (name + ".litmus");
        return has(run_tlbcheck({"states", file.string()}).out, "Flag Warning-BBM-expected");
    };
    CHECK(flagged("table_to_block_in_place"));
    CHECK_FALSE(flagged("table_to_block"));
    // A last-level operation is no break of a table.
    CHECK(flagged("table_to_block_last_level"));
}

TEST_CASE("two levels without a change answer as one does") {
    const TemporaryFolder folder;
    const auto states = [&](const std::string& variant) {
        const std::string file =
            folder
                .write("t.litmus",
                       "AArch64 T\nVariant=" + variant +
                           "\n{ x=1; 0:X0=(valid:0); 0:X1=PTE(x); 0:X2=x; 0:X3=y; 0:X4=1; 1:X3=y; "
                           "1:X2=x; }\n P0 | P1 ;\n STR X0,[X1] | LDR W4,[X3] ;\n DSB ISH | DSB SY ;\n"
                           " LSR X9,X2,#12 | ISB ;\n TLBI VAALE1IS,X9 | L0: LDR W5,[X2] ;\n"
                           " DSB ISH | ;\n STR W4,[X3] | ;\nexists (1:X4=1 /\\ 1:X5=1)\n")
                .string();
        const std::string out = run_tlbcheck({"states", file}).out;
        return out.substr(0, out.find("Hash"));
    };
    const std::string one = states("vmsa");
    CHECK(has(one, "Never"));
    CHECK(states("vmsa,mlpt") == one);
}

TEST_CASE("a page's descriptor at level 2 is an error of the test, and conditions see level 2") {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& value, const std::string& condition) {
        const std::string file =
            folder
                .write("t.litmus",
                       "AArch64 T\nVariant=vmsa,mlpt\n{ 0:X0=" + value +
                           "; 0:X1=TTD(x,S1,LV2); 1:X2=x; }\n P0 | P1 ;\n STR X0,[X1] | LDR W5,[X2] ;\n" +
                           condition + "\n")
                .string();
        return run_tlbcheck({"states", file});
    };
    const ProgramResult page = run("(oa:PA(x))", "exists (1:X5=0)");
    CAPTURE(page.out, page.err);
    CHECK(page.status == 2);
    CHECK(has(page.err, "a page descriptor at level 2"));
    const ProgramResult block = run("(oa:PA(x), dt:Block)", "forall ([TTD(x,S1,LV2)]=(oa:PA(x), dt:Block))");
    CAPTURE(block.out, block.err);
    CHECK(has(block.out, "[TTD(x,S1,LV2)]=(oa:PA(x), dt:Block);"));
    CHECK(has(block.out, "\nOk\n"));
}

TEST_CASE("what two levels do not have is refused_tests in its place") {
    const TemporaryFolder folder;
    for (const Refused& r : refused_tests) {
        CAPTURE(r.variant, r.state);
        const std::string file =
            folder
                .write("t.litmus", std::string("AArch64 T\nVariant=") + r.variant + "\n{" + r.state +
                                       " }\n P0 ;\n NOP ;\nexists (x=0)\n")
                .string();
        const ProgramResult run = run_tlbcheck({"check", file});
        CAPTURE(run.out, run.err);
        CHECK(run.status == 2);
        CHECK(has(run.err, r.error));
        CHECK(has(run.err, "^"));
    }
}
