// SPDX-License-Identifier: Apache-2.0
//
// Statements put elsewhere: what each move is called, and the text that it makes.
#include "checker/advice/source/moves.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/advice/drafts.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace litmus = tlbcheck::litmus;

namespace {

/// A draft of thread P with these statements; "own" stores, flushes and frees nothing.
Draft draft_of_contiguous(const std::string& code) {
    const std::string text =
        "include \"linux.sched\";\nregion r { va = 0xffff000000000000; pa = 0x80000000; size = 64K; "
        "contiguous = true; }\n"
        "def own(x) { clear(x); flush_tlb_kernel_range(x); }\nthread P {\n" +
        code + "}\nassert no_stale_entry(r);\nthread Q { await(f == 1); }\nthread S { store(f, 2); }\n";
    return tlbcheck::tests::draft_of_text(text);
}

/// Thread P of the edited text, which must still be read.
std::string moved(const Draft& draft, const Move& move) {
    const std::string text = draft.text(move.edits);
    INFO(text);
    REQUIRE(litmus::sched::parse_schedule(litmus::make_source("a.sched", text),
                                          litmus::sched::embedded_include_resolver())
                .ok());
    const std::size_t begin = text.find("thread P {\n") + 11;
    return text.substr(begin, text.find("}\nassert") - begin);
}

}  // namespace

TEST_CASE("a flush goes behind its loop, for all that the loop runs over", "[moves]") {
    const Draft draft = draft_of_contiguous(
        "    for (l : leaves(r)) {\n        clear(l);\n        dsb(ishst);\n"
        "        tlbi(vaale1is, l);\n        dsb(ish);\n    }\n");
    const std::vector<Move> moves = flushes_behind_loops(draft);
    REQUIRE(moves.size() == 1);
    CHECK(moves[0].what == "flush once behind the loop of line 5, not in each iteration");
    CHECK(
        moved(draft, moves[0]) ==
        "    for (l : leaves(r)) clear(l);\n    dsb(ishst);\n    tlbi_pages(vaale1is, r);\n    dsb(ish);\n");
}

TEST_CASE("a helper that stores and flushes is taken apart", "[moves]") {
    const Draft draft = draft_of_contiguous("    for (l : leaves(r)) own(l);\n");
    const std::vector<Move> moves = flushes_behind_loops(draft);
    REQUIRE(moves.size() == 1);
    CHECK(moved(draft, moves[0]) == "    for (l : leaves(r)) clear(l);\n    flush_tlb_kernel_range(r);\n");
}

TEST_CASE("what does not flush, or does something else in one statement, does not move", "[moves]") {
    CHECK(flushes_behind_loops(draft_of_contiguous("    for (l : leaves(r)) { clear(l); dsb(ishst); }\n"))
              .empty());
    CHECK(flushes_behind_loops(draft_of_contiguous("    clear(r); flush_tlb_kernel_range(r);\n")).empty());
}

TEST_CASE("a flush of each leaf becomes one of each contiguous set", "[moves]") {
    const Draft draft =
        draft_of_contiguous("    for (l : leaves(r)) { clear(l); flush_tlb_kernel_range(l); }\n");
    const std::vector<Move> moves = flushes_by_set(draft);
    REQUIRE(moves.size() == 1);
    CHECK(moves[0].what == "flush once for each contiguous set in the loop of line 5");
    CHECK(moved(draft, moves[0]) ==
          "    for (set : sets(r)) {\n        for (l : set) clear(l);\n        "
          "flush_tlb_kernel_range(set);\n    }\n");
}

TEST_CASE("two flushes of a block come together at the later one", "[moves]") {
    const Draft draft =
        draft_of_contiguous("    flush_tlb_kernel_range(r);\n    clear(r);\n    flush_tlb_all();\n");
    const std::vector<Move> moves = flushes_together(draft);
    REQUIRE(moves.size() == 1);
    CHECK(moves[0].what == "flush line 5 together with line 7");
    CHECK(moved(draft, moves[0]) == "    clear(r);\n    flush_tlb_kernel_range(r);\n    flush_tlb_all();\n");
    CHECK(flushes_together(draft_of_contiguous("    flush_tlb_all();\n    clear(r);\n")).empty());
}

TEST_CASE("a free goes to the end, or into a loop of its own behind the loop", "[moves]") {
    const Draft plain = draft_of_contiguous("    clear(r);\n    free(r);\n    flush_tlb_kernel_range(r);\n");
    const std::vector<Move> last = later_frees(plain);
    REQUIRE(last.size() == 1);
    CHECK(last[0].what == "free (line 6) only at the end, behind line 7");
    CHECK(moved(plain, last[0]) == "    clear(r);\n    flush_tlb_kernel_range(r);\n    free(r);\n");
    const Draft loop = draft_of_contiguous(
        "    for (l : leaves(r)) {\n        clear(l);\n        free(l);\n    }\n"
        "    flush_tlb_kernel_range(r);\n");
    const std::vector<Move> out = later_frees(loop);
    REQUIRE(out.size() == 1);
    CHECK(out[0].what == "free (line 7) in a loop of its own, behind line 9");
    CHECK(moved(loop, out[0]) ==
          "    for (l : leaves(r)) {\n        clear(l);\n    }\n"
          "    flush_tlb_kernel_range(r);\n    for (l : leaves(r)) free(l);\n");
}

TEST_CASE("telling another thread goes to the end as a free does", "[moves]") {
    const Draft draft =
        draft_of_contiguous("    clear(r);\n    store_release(f, 1);\n    flush_tlb_kernel_range(r);\n");
    const std::vector<Move> moves = later_frees(draft);
    REQUIRE(moves.size() == 1);
    CHECK(moves[0].what == "tell the other thread (line 6) only at the end, behind line 7");
}
