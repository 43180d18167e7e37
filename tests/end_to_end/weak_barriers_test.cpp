// SPDX-License-Identifier: Apache-2.0
//
// When a TLBI comes after a store that only weak barriers, loads and releases stand between: an access after
// the invalidation must not be translated any more. herd7 (5feffe4e8, -variant vmsa,fatal) gives these
// answers.
#include <fmt/format.h>

#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

namespace {

/// Instructions apart by ';'.
std::string answer_between(const std::string& between) {
    std::string code;
    std::istringstream lines("STR X2,[X3];" + between +
                             ";LSR X10,X9,#12;TLBI VAAE1IS,X10;DSB ISH;ISB;L0: LDR W1,[X9]");
    for (std::string line; std::getline(lines, line, ';');) code += fmt::format(" {} ;\n", line);
    const TemporaryFolder folder;
    const std::string file =
        folder
            .write("t.litmus",
                   "AArch64 T\n{\npte_x=(oa:phy_x,valid:1);\n0:X2=(oa:phy_x,valid:0); 0:X3=pte_x;\n0:X9=x; "
                   "0:X4=y; 0:X6=z; 0:X7=1;\n}\n P0 ;\n" +
                       code + "exists (~fault(P0:L0,x))\n")
            .string();
    const ProgramResult run = run_tlbcheck({"check", "--variant", "vmsa,fatal", file});
    CAPTURE(run.err);
    CHECK(run.status == 0);
    const std::size_t colon = run.out.rfind(": ");
    return colon == std::string::npos ? run.out : run.out.substr(colon + 2);
}

constexpr const char* allowed = "allowed\n";
constexpr const char* forbidden = "forbidden\n";

}  // namespace

TEST_CASE("a DSB LD orders a load, and what comes before that") {
    CHECK(answer_between("DMB ISH;LDR W5,[X4];DSB LD") == forbidden);
    CHECK(answer_between("LDR W5,[X4];DSB LD") == allowed);
    CHECK(answer_between("DMB ISH;DSB LD") == allowed);
    CHECK(answer_between("DMB ISH;LDR W5,[X4]") == allowed);
    CHECK(answer_between("DMB ISH;LDR W5,[X4];DMB LD") == allowed);
    CHECK(answer_between("DMB ISHST;LDR W5,[X4];DSB LD") == allowed);
    CHECK(answer_between("DMB ISHST;STR W7,[X6];DMB ISH;LDR W5,[X4];DSB LD") == forbidden);
}

TEST_CASE("a load-acquire comes after store-releases, one by LDAPR does not") {
    CHECK(answer_between("STLR W7,[X6];LDAR W5,[X4];DSB LD") == forbidden);
    CHECK(answer_between("STLR W7,[X6];LDAPR W5,[X4];DSB LD") == allowed);
    CHECK(answer_between("STLR W7,[X6];LDR W5,[X4];DSB LD") == allowed);
    CHECK(answer_between("STLR W7,[X6];LDAR W5,[X4]") == allowed);
    CHECK(answer_between("DMB ISHST;STLR W7,[X6];LDAR W5,[X4];DSB LD") == forbidden);
    CHECK(answer_between("STLR W7,[X6];LDAR W5,[X4];STR W7,[X4];DSB ST") == forbidden);
}

TEST_CASE("a TLBI comes after a load that it depends on by control") {
    CHECK(answer_between("DMB ISH;LDR W5,[X4];CBNZ W5,L9;L9: ADD X11,X11,#0") == forbidden);
    CHECK(answer_between("STLR W7,[X6];LDAR W5,[X4];LDR W8,[X6];CBNZ W8,L9;L9: ADD X11,X11,#0") == forbidden);
    CHECK(answer_between("STLR W7,[X6];LDAPR W5,[X4];CBNZ W5,L9;L9: ADD X11,X11,#0") == allowed);
    CHECK(answer_between("DMB ISH;STR W7,[X6]") == allowed);
    CHECK(answer_between("DMB ISH;STR W7,[X6];DSB ST") == forbidden);
}
