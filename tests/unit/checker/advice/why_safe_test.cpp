// SPDX-License-Identifier: Apache-2.0
//
// The sentence of a safe answer names the instructions without which it is not safe.
#include "checker/advice/why_safe.hpp"

#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

std::string sentence(const std::string& text) {
    const tests::Asked asked(text);
    REQUIRE(asked.answer().report.verdict == Verdict::safe);
    return why_safe(asked.program(), asked.property());
}

}  // namespace

TEST_CASE("of an unmap: the DSB from which on it holds, its TLBI, and the ISB", "[why_safe]") {
    CHECK(
        sentence(tests::unmap("clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\ndsb(ish);\nisb();")) ==
        "After the DSB ISH (line 7) no other PE can use an old entry, because it completes the TLBI "
        "VAALE1IS, 0xffff000000000000 (line 6), which came after the DSB ISHST (line 5) had made the stores "
        "visible to walks. On P0 itself that holds from the ISB (line 8) on.");
}

TEST_CASE("where something else of the kind follows, that is not the one that decides", "[why_safe]") {
    const std::string text =
        sentence(tests::unmap("clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, "
                              "R[0]);\ndsb(ish);\nisb();\ntlbi(vaale1is, R[3]);\ndsb(ish);"));
    CHECK(
        text.starts_with("After the DSB ISH (line 7) no other PE can use an old entry, because it completes "
                         "the TLBI VAALE1IS, 0xffff000000000000 (line 6)"));
}

TEST_CASE("of a loop the last iteration is told", "[why_safe]") {
    const std::string text = sentence(tests::unmap(
        "for (l : leaves(R)) {\nclear(l);\ndsb(ishst);\ntlbi(vaale1is, l);\ndsb(ish);\nisb();\n}"));
    CHECK(
        text.starts_with("After the last DSB ISH (line 8) no other PE can use an old entry, because it "
                         "completes the last TLBI VAALE1IS, 0xffff000000003000 (line 7), which came after "
                         "the last DSB ISHST (line 6)"));
    CHECK(text.ends_with("On P0 itself that holds from the last ISB (line 9) on."));
}

TEST_CASE("of freed memory: what comes before the free", "[why_safe]") {
    const std::string text = sentence(
        tests::unmap("clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\ndsb(ish);\nisb();\nfree(R[0]);",
                     "assert no_use_after_free;"));
    CHECK(
        text.starts_with("No PE can reach freed memory: the DSB ISH (line 7) comes before \"free "
                         "0x80000000-0x80000fff (line 9)\", and it completes the TLBI VAALE1IS, "
                         "0xffff000000000000 (line 6)"));
}

TEST_CASE("where no single instruction decides, or none is needed, it says that", "[why_safe]") {
    CHECK(sentence(tests::unmap("isb();")) ==
          "Nothing in it needs a TLBI or a barrier: with all of them taken out it still holds.");
    const std::string twice = "dsb(ish);\ntlbi(vaale1is, R[0]);\ndsb(ish);\nisb();\n";
    CHECK(sentence(tests::unmap("clear(R[0]);\n" + twice + twice)) ==
          "No single TLBI or barrier decides it: each can be taken out by itself, because another does the "
          "same.");
}
