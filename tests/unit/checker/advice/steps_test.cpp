// SPDX-License-Identifier: Apache-2.0
//
// What is one step weaker than a TLBI or a barrier, and what a statement is there for.
#include "checker/advice/source/steps.hpp"

#include <algorithm>

#include "checker/advice/source/purpose.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/checker/advice/drafts.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace litmus = tlbcheck::litmus;

namespace {

std::vector<std::string> forms(const TlbiForm& form, const std::vector<std::string>& regions, bool in_asid) {
    std::vector<std::string> result;
    for (const TlbiForm& next : weaker_forms(form, regions, in_asid)) result.push_back(to_string(next));
    return result;
}

using Words = std::vector<std::string>;

Draft draft_of_thread(const std::string& code) {
    const std::string text =
        "include \"linux.sched\";\nregion r { va = 0x400000; pa = 0x80000000; size = 16K; asid = 5; }\n"
        "def own(x) { clear(x); dsb(ishst); }\nthread Q { await(f == 1); }\nthread S { store(f, 2); "
        "}\nthread P { " +
        code + " }\nassert no_stale_entry(r);\n";
    return tlbcheck::tests::draft_of_text(text);
}

/// The letters of what the first statement of a thread is for.
std::string purpose_of_first(const std::string& code) {
    const Draft draft = draft_of_thread(code);
    const auto& statements = draft.statements();
    const auto first = std::ranges::find_if(statements, [](const DraftStatement& s) {
        return s.part == 0 && s.in_block && s.statement->spot.place.line == 6;
    });
    REQUIRE(first != statements.end());
    const Purpose p = purpose_of(*first->statement, draft.tree());
    std::string letters;
    for (const auto& [is, letter] :
         {std::pair(p.store, 's'), std::pair(p.tlbi, 't'), std::pair(p.barrier, 'b'), std::pair(p.free, 'f'),
          std::pair(p.signal, 'g'), std::pair(p.wait, 'w')})
        if (is) letters += letter;
    return letters + (p.only_maintains() ? " maintains" : "");
}

}  // namespace

TEST_CASE("a TLBI is weakened by one thing at a time", "[steps]") {
    CHECK(forms({"vaae1is", ""}, {"r"}, false) == Words{"TLBI VAAE1", "TLBI VAALE1IS"});
    CHECK(forms({"vaale1", ""}, {"r"}, false).empty());
    CHECK(forms({"vmalle1is", ""}, {"r"}, false) == Words{"TLBI VMALLE1", "TLBI VAAE1IS of r alone"});
}

TEST_CASE("what statements are for", "[steps]") {
    CHECK(purpose_of_first("clear(r);") == "s");
    CHECK(purpose_of_first("dsb(ish);") == "b maintains");
    CHECK(purpose_of_first("tlbi(vmalle1is);") == "t maintains");
    CHECK(purpose_of_first("free(r);") == "f");
    CHECK(purpose_of_first("store_release(f, 1);") == "g");
    CHECK(purpose_of_first("await(f == 1);") == "w");
    CHECK(purpose_of_first("own(r);") == "sb");
    CHECK(purpose_of_first("for (l : leaves(r)) { clear(l); tlbi(vaale1is, l); }") == "st");
    CHECK(purpose_of_first("flush_tlb_kernel_range(r);").ends_with("maintains"));
}
