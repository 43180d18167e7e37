// SPDX-License-Identifier: Apache-2.0
//
// Litmus tests that say nothing, and those whose values feed back, from outside.
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

/// Nothing can make the exclusive pair fail and succeed at once: the filter leaves no execution.
const std::string nothing =
    "AArch64 T\n{ x=0; 0:X1=x; }\n P0 ;\n LDR W0,[X1] ;\nfilter (0:X0=1)\n~exists (0:X0=0)\n";

}  // namespace

TEST_CASE("no allowed execution is no plain pass") {
    const TemporaryFolder folder;
    const std::string file = folder.write("t.litmus", nothing).string();
    const ProgramResult plain = run_tlbcheck({"check", file});
    CAPTURE(plain.out, plain.err);
    CHECK(plain.status == 0);
    CHECK(has(plain.out, "warning: vacuous: no execution of the test is allowed at all"));
    CHECK(has(run_tlbcheck({"check", "--json", file}).out, "vacuous: no execution"));
    const ProgramResult strict = run_tlbcheck({"check", "--strict", file});
    CHECK(strict.status == 1);
    CHECK(has(strict.out, "t.litmus: fail"));
    const std::string junit = (folder.path() / "j.xml").string();
    CHECK(run_tlbcheck({"gate", "--junit", junit, folder.path().string()}).status == 1);
    CHECK(has(read_text(junit), "<failure"));
    CHECK(run_tlbcheck({"gate", "--no-strict", "--junit", junit, folder.path().string()}).status == 0);
    CHECK(has(read_text(junit), "vacuous: no execution"));
}

TEST_CASE("code can be read, and not written") {
    const TemporaryFolder folder;
    const auto states = [&](const std::string& code, const std::string& condition) {
        const std::string file =
            folder.write("t.litmus", "AArch64 T\n{ }\n P0 ;\n" + code + condition + "\n").string();
        return run_tlbcheck({"states", file});
    };
    const ProgramResult read = states(" L0: NOP ;\n ADR X0,L0 ;\n LDR W1,[X0] ;\n", "forall (0:X1=NOP)");
    CHECK(has(read.out, "States 1\n0:X1=NOP;\nOk"));
    const ProgramResult branch =
        states(" L0: B L1 ;\n L1: ADR X0,L0 ;\n LDR W1,[X0] ;\n", "~exists (0:X1=NOP)");
    CHECK(has(branch.out, "0:X1=instr:\"B .+4\";"));
    const ProgramResult store = states(" L0: NOP ;\n ADR X0,L0 ;\n STR W1,[X0] ;\n", "forall (0:X1=0)");
    CHECK(store.status == 2);
    CHECK(has(store.err, "'STR W1,[X0]' stores to code at P0:L0"));
    // Of code between labels there is no word to read.
    const ProgramResult beside =
        states(" L0: NOP ;\n ISB ;\n ADR X0,L0 ;\n LDP W1,W2,[X0] ;\n", "forall (0:X2=NOP)");
    CHECK(beside.status == 2);
    CHECK(has(beside.err, "'LDP W1,W2,[X0]' reads code 4 bytes from"));
    const ProgramResult number = states(" MOV X0,#64 ;\n LDR W1,[X0] ;\n", "forall (0:X1=0)");
    CHECK(number.status == 2);
    CHECK(has(number.err, "accesses address 0x40, which is no location of the test"));
}
