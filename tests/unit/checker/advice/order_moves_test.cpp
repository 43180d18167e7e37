// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/source/order_moves.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/checker/advice/drafts.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace litmus = tlbcheck::litmus;

namespace {

Draft draft_of_threads(const std::string& threads,
                       const std::string& questions = "assert no_use_after_free;\n") {
    const std::string text =
        "include \"linux.sched\";\nregion r { va = 0x400000; pa = 0x80000000; size = 16K; asid = 5; }\n" +
        threads + questions;
    return tlbcheck::tests::draft_of_text(text);
}

/// The statements of the edited text that these calls are, in order.
std::string order_of(const Draft& draft, const Move& move) {
    const std::string text = draft.text(move.edits);
    const auto parsed = litmus::sched::parse_schedule(litmus::make_source("a.sched", text),
                                                      litmus::sched::embedded_include_resolver());
    INFO(text);
    REQUIRE(parsed.ok());
    std::string order;
    const Draft edited(parsed.value());
    for (const DraftStatement& s : edited.statements())
        if (s.part == 0 && s.statement->kind == litmus::sched::StatementKind::call)
            order += s.statement->expression->text + " ";
    return order;
}

}  // namespace

TEST_CASE("a flush moves with its barriers, but not with the return to user space", "[order_moves]") {
    const Draft draft = draft_of_threads(
        "thread P { dsb(ishst); tlbi(aside1is, r); dsb(ish); return_to_user(); clear(r); free(r); }\n");
    const std::vector<Move> moves = later_flushes(draft);
    REQUIRE(moves.size() == 2);
    CHECK(order_of(draft, moves[0]) == "return_to_user clear dsb tlbi dsb free ");
    CHECK(order_of(draft, moves[1]) == "return_to_user clear free dsb tlbi dsb ");
    CHECK(earlier_flushes(draft).empty());
}

TEST_CASE("a flush moves before a free and before a signal", "[order_moves]") {
    const Draft draft = draft_of_threads(
        "thread P { clear(r); free(r); store_release(f, 1); flush_tlb_range(r); }\n"
        "thread Q { await(f == 1); }\n");
    const std::vector<Move> moves = earlier_flushes(draft);
    REQUIRE(moves.size() == 2);
    CHECK(order_of(draft, moves[0]) == "clear flush_tlb_range free store_release await ");
    CHECK(order_of(draft, moves[1]) == "clear free flush_tlb_range store_release await ");
}

TEST_CASE("a thread waits before it frees, by a flag of its own", "[order_moves]") {
    const Draft draft =
        draft_of_threads("flag P_done;\nthread P { clear(r); store(P_done, 1); }\nthread Q { free(r); }\n");
    const std::vector<Move> moves = waits_before_frees(draft);
    REQUIRE(moves.size() == 1);
    CHECK(order_of(draft, moves[0]) == "clear store store_release await free ");
    CHECK(draft.text(moves[0].edits).find("await(P_done_ == 1);") != std::string::npos);
    CHECK(waits_before_frees(draft_of_threads("thread P { clear(r); free(r); }\n")).empty());
}

TEST_CASE("only what must never be invalid is written in place or left", "[order_moves]") {
    const std::string thread =
        "thread P { clear(r); flush_tlb_range(r); set(r, ap = ro); for (p : r) free(p); }\n";
    CHECK(stores_in_place(draft_of_threads(thread)).empty());
    CHECK(regions_left(draft_of_threads(thread)).empty());
    const Draft draft = draft_of_threads(thread, "assert never_invalid(r);\n");
    const std::vector<Move> in_place = stores_in_place(draft);
    REQUIRE(in_place.size() == 2);
    CHECK(order_of(draft, in_place[0]) == "flush_tlb_range set free ");
    CHECK(order_of(draft, in_place[1]) == "set flush_tlb_range free ");
    const std::vector<Move> left = regions_left(draft);
    REQUIRE(left.size() == 1);
    CHECK(order_of(draft, left[0]) == "flush_tlb_range ");
}
