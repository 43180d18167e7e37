// SPDX-License-Identifier: Apache-2.0
//
// Contiguous sets in litmus tests: the answers derived beforehand in examples/litmus_contiguous, the same
// questions as schedules, how symbols are placed, and what is refused.
#include <string>
#include <vector>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

struct DerivedSet {
    const char* name;
    bool allowed;
    const char* schedule;  ///< verdicts of the same question, then of no_bbm_violation where it is asked
};
constexpr DerivedSet derived_sets[] = {
    {"unmap_per_leaf", true, "unsafe"},
    {"unmap_batched", false, "safe"},
    {"move_set", false, "safe safe"},
    {"move_one_slot", true, "unsafe unsafe"},
    {"misprogrammed_set", true, "unsafe"},
    {"table_to_block", false, "safe"},
    {"table_to_block_one_page", true, "unsafe"},
    {"unlink_and_unmap", false, "safe"},
    {"unlink_and_unmap_once", true, "unsafe"},
};

/// P0 unmaps x and y one by one, P1 then reads x; `header` and `state` say what else is asked.
std::string contiguous_per_leaf(const std::string& header, const std::string& state) {
    return "AArch64 T\n" + header + "\n{ " + state +
           " x=1; y=2; 0:X0=(valid:0); 0:X1=PTE(x); 0:X2=x; 0:X3=flag; 0:X4=1; 0:X5=PTE(y); 0:X6=y;"
           " 1:X3=flag; 1:X2=x; }\n"
           " P0 | P1 ;\n STR X0,[X1] | LDR W4,[X3] ;\n DSB ISH | DSB SY ;\n LSR X9,X2,#12 | ISB ;\n"
           " TLBI VAAE1IS,X9 | L0: LDR W5,[X2] ;\n DSB ISH | ;\n STR X0,[X5] | ;\n DSB ISH | ;\n"
           " LSR X9,X6,#12 | ;\n TLBI VAAE1IS,X9 | ;\n DSB ISH | ;\n STR W4,[X3] | ;\n"
           "exists (1:X4=1 /\\ not fault(P1:L0,x))\n";
}

struct PlacedSet {
    const char* header;
    const char* state;
    bool allowed;
};
const std::string both_hints = "[PTE(x)]=(contig:1); [PTE(y)]=(contig:1);";
const PlacedSet placements[] = {
    {"Variant=vmsa,contig", both_hints.c_str(), true},
    {"Variant=vmsa,contig", "[PTE(x)]=(contig:0); [PTE(y)]=(contig:1);", true},  // y's serves both
    {"Variant=vmsa,contig", "[PTE(x)]=(contig:1); [PTE(y)]=(contig:0);", false},
    {"Variant=vmsa,contig", "[PTE(y)]=(contig:1);", false},  // x is in no set
    {"Variant=vmsa,contig\nContiguous=x,y", "[PTE(y)]=(contig:1);", true},
    {"Variant=vmsa,contig\nContiguous=x,flag; y", both_hints.c_str(), false},
    {"Variant=vmsa,contig\nContiguous=x,y", both_hints.c_str(), true},
    {"Variant=vmsa,contig\nContiguous=x\nContiguous=y", both_hints.c_str(), false},
    {"Variant=vmsa,contig", "[PTE(x)]=(contig:1); [PTE(y)]=(contig:1, af:0);", false},  // is not cached
    {"Variant=vmsa,contig\nTTHM=HA", "[PTE(x)]=(contig:1); [PTE(y)]=(contig:1, af:0);", true},
    {"Variant=vmsa,mlpt,contig", both_hints.c_str(), true},
    {"Variant=vmsa,contig", "", false},
};

struct RefusedSet {
    const char* header;
    const char* state;
    const char* error;
};
constexpr RefusedSet refused_sets[] = {
    {"Variant=vmsa", "[PTE(x)]=(contig:1);", "t.litmus:3:12: error: field 'contig' needs variant 'contig'"},
    {"Variant=vmsa,contig", "[PTE(x)]=(contig:2);",
     "t.litmus:3:19: error: a field of a descriptor is 0 or 1"},
    {"Variant=vmsa,contig,mlpt", "[TTD(x,S1,LV2)]=(oa:PA(x), dt:Block, contig:1);",
     "t.litmus:3:18: error: the Contiguous hint is supported at level 3 only"},
    {"Variant=vmsa,contig,mlpt", "0:X0=(oa:PA(x), dt:Block, contig:1);",
     "error: the Contiguous hint is supported"},
    {"Variant=vmsa\nContiguous=x", "x=0;", "t.litmus:3:12: error: 'Contiguous' needs variant 'contig'"},
    {"Variant=vmsa,contig\nSameTable=x", "x=0;", "t.litmus:3:11: error: 'SameTable' needs variant 'mlpt'"},
    {"Variant=vmsa,contig\nContiguous=x,q", "x=0;", "t.litmus:3:14: error: there is no location 'q'"},
    {"Variant=vmsa,contig\nContiguous=x; x", "x=0;", "t.litmus:3:15: error: 'x' is named twice"},
    {"Variant=vmsa,mlpt,contig\nContiguous=x,y\nSameTable=x; y", "x=0; y=0;",
     "t.litmus:4:14: error: 'y' is in a contiguous set with another table's"},
    {"Variant=vmsa,contig\nContiguous=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
     "a=0;b=0;c=0;d=0;e=0;f=0;g=0;h=0;i=0;j=0;k=0;l=0;m=0;n=0;o=0;p=0;q=0; x=0;",
     "t.litmus:3:44: error: a contiguous set has 16 slots at most"},
    {"Variant=vmsa,mlpt\nSameTable=x,y", "x=0; y=0; [TTD(x,S1,LV2)]=(valid:0); [TTD(y,S1,LV2)]=(valid:0);",
     "location 'x' is initialised twice"},
};

std::string answer(const TemporaryFolder& folder, const std::string& text) {
    const ProgramResult run = run_tlbcheck({"check", folder.write("t.litmus", text).string()});
    return run.out + run.err;
}

}  // namespace

TEST_CASE("litmus tests with contiguous sets: derived, and as schedules") {
    for (const DerivedSet& d : derived_sets) {
        CAPTURE(d.name);
        const std::string file = (source_dir() / "examples/litmus_contiguous" / d.name).string();
        const ProgramResult run = run_tlbcheck({"check", file + ".litmus"});
        CAPTURE(run.out, run.err);
        CHECK(has(run.out, d.allowed ? ": allowed" : ": forbidden"));
        CHECK(verdicts(file + ".sched") == d.schedule);
    }
}

TEST_CASE("which symbols of a litmus test are in one contiguous set") {
    const TemporaryFolder folder;
    for (const PlacedSet& p : placements) {
        CAPTURE(p.header, p.state);
        const std::string out = answer(folder, contiguous_per_leaf(p.header, p.state));
        CAPTURE(out);
        CHECK(has(out, p.allowed ? ": allowed" : ": forbidden"));
    }
}

TEST_CASE("a change of the Contiguous hint needs break-before-make") {
    const TemporaryFolder folder;
    const auto states = [&](const std::string& value) {
        const std::string file =
            folder
                .write("t.litmus",
                       "AArch64 T\nVariant=vmsa,contig\n{ x=1; [PTE(x)]=(contig:1); 0:X0=" + value +
                           "; 0:X1=PTE(x); 1:X2=x; }\n P0 | P1 ;\n STR X0,[X1] | LDR W5,[X2] ;\n"
                           "exists (1:X5=1)\n")
                .string();
        return run_tlbcheck({"states", file}).out;
    };
    CHECK(has(states("(oa:PA(x))"), "Flag Warning-BBM-expected"));
    CHECK_FALSE(has(states("(oa:PA(x), contig:1)"), "Flag"));
    CHECK_FALSE(has(states("(oa:PA(x), valid:0)"), "Flag"));
}

TEST_CASE("a set whose output has no page for the slot is an error of the test") {
    const TemporaryFolder folder;
    const std::string state = "[PTE(x)]=(contig:1); [PTE(y)]=(oa:PA(z), contig:1);";
    CHECK(has(answer(folder, contiguous_per_leaf("Variant=vmsa,contig\nContiguous=y,x", state)),
              "error: a descriptor that leads to no page of the test"));
    CHECK(
        has(answer(folder, contiguous_per_leaf("Variant=vmsa,contig\nContiguous=x,y; w,z", state + " w=0;")),
            ": allowed"));
}

TEST_CASE("symbols of one table have one level 2 descriptor") {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& header, const std::string& condition) {
        return answer(folder,
                      "AArch64 T\nVariant=vmsa,mlpt\n" + header +
                          "{ x=1; y=2; z=3; w=4; [TTD(x,S1,LV2)]=(valid:0); 0:X0=(oa:PA(z), dt:Block);"
                          " 0:X1=TTD(y,S1,LV2); 0:X2=x; 0:X3=y; }\n P0 ;\n STR X0,[X1] ;\n DSB ISH ;\n"
                          " ISB ;\n LDR W5,[X3] ;\n LDR W4,[X2] ;\n" +
                          condition + "\n");
    };
    // The block of z and w takes x to z and y to w.
    CHECK(has(run("SameTable=x,y; z,w\n", "forall (0:X5=4 /\\ 0:X4=3)"), ": required"));
    CHECK(has(run("SameTable=x,y; w,z\n", "forall (0:X5=3 /\\ 0:X4=4)"), ": required"));
    CHECK(has(run("", "exists (0:X5=3 /\\ fault(P0,x))"), ": allowed"));
    CHECK(has(run("SameTable=x,y\n", "forall (0:X5=4)"),
              "error: a descriptor that leads to no page of the test"));
    CHECK(has(run("SameTable=x,y; z,w\n", "forall ([TTD(x,S1,LV2)]=(oa:PA(w), dt:Block))"), ": required"));
}

TEST_CASE("an invalid level 2 descriptor is equal to any other") {
    const TemporaryFolder folder;
    CHECK(has(answer(folder,
                     "AArch64 T\nVariant=vmsa,mlpt\n{ 0:X0=(oa:PA(x), valid:0, db:0, dt:Block);"
                     " 0:X1=TTD(x,S1,LV2); }\n P0 ;\n STR X0,[X1] ;\nforall ([TTD(x,S1,LV2)]=(valid:0))\n"),
              ": required"));
}

TEST_CASE("the Contiguous hint by arithmetic") {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& variant) {
        return answer(folder, "AArch64 T\nVariant=" + variant +
                                  "\n{ 0:X1=PTE(x); 0:X2=1; }\n P0 ;\n LDR X0,[X1] ;\n LSL X2,X2,#52 ;\n"
                                  " ORR X0,X0,X2 ;\n STR X0,[X1] ;\nforall ([PTE(x)]=(contig:1))\n");
    };
    CHECK(has(run("vmsa,contig"), ": required"));
    CHECK(has(answer(folder,
                     "AArch64 T\nVariant=vmsa\n{ 0:X1=PTE(x); 0:X2=1; }\n P0 ;\n LDR X0,[X1] ;\n"
                     " LSL X2,X2,#52 ;\n ORR X0,X0,X2 ;\n STR X0,[X1] ;\nexists (x=0)\n"),
              "stores the Contiguous hint, which needs variant 'contig'"));
}

TEST_CASE("what contiguous sets do not have is refused in its place") {
    const TemporaryFolder folder;
    for (const RefusedSet& r : refused_sets) {
        CAPTURE(r.header, r.state);
        const std::string file = folder
                                     .write("t.litmus", std::string("AArch64 T\n") + r.header + "\n{" +
                                                            r.state + " }\n P0 ;\n NOP ;\nexists (x=0)\n")
                                     .string();
        const ProgramResult run = run_tlbcheck({"check", file});
        CAPTURE(run.out, run.err);
        CHECK(run.status == 2);
        CHECK(has(run.err, r.error));
        CHECK(has(run.err, "^"));
    }
}

TEST_CASE("the Contiguous hint where tables are written out is an error of the test") {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& with) {
        const std::string file =
            folder
                .write("t.litmus.toml",
                       "arch = \"AArch64\"\nname = \"t\"\nsymbolic = [\"x\"]\npage_table_setup = \"\"\"\n"
                       "physical pa1;\nx |-> pa1" +
                           with +
                           ";\n\"\"\"\n[thread.0]\ncode = \"\"\"\n    LDR X0,[X1]\n"
                           "\"\"\"\n[thread.0.reset]\nR1 = \"x\"\n[final]\nassertion = \"0:X0 = 1\"\n")
                .string();
        const ProgramResult result = run_tlbcheck({"check", file});
        return result.out + result.err;
    };
    const std::string plain = run(" with [Contiguous = 0b0] and default");
    CAPTURE(plain);
    CHECK(has(plain, ": forbidden"));
    const std::string hint = run(" with [Contiguous = 0b1] and default");
    CAPTURE(hint);
    CHECK(has(hint,
              "a descriptor with the Contiguous hint, which is not supported where tables are written out"));
}
