// SPDX-License-Identifier: Apache-2.0
#include "checker/advice/source/draft.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace litmus = tlbcheck::litmus;

namespace {

const std::string source =
    "include \"linux.sched\";\n"
    "region r { va = 0xffff000080000000; pa = 0x80000000; size = 16K; }\n"
    "def own(x) { clear(x); dsb(ishst); }\n"
    "thread P0 {\n"
    "    own(r);  // a comment\n"
    "    flush_tlb_kernel_range(r);\n"
    "    if (machine.tlb_range) isb();\n"
    "    flush_tlb_kernel_range(r);\n"
    "}\n"
    "assert no_stale_entry(r);\n";

Draft draft_of(const std::string& text) {
    const auto parsed = litmus::sched::parse_schedule(litmus::make_source("a.sched", text),
                                                      litmus::sched::embedded_include_resolver());
    REQUIRE(parsed.ok());
    return Draft(parsed.value());
}

std::size_t find(const Draft& draft, const std::string& shown, std::size_t from = 0) {
    for (std::size_t k = from; k < draft.statements().size(); ++k)
        if (draft.shown(draft.statements()[k]) == shown) return k;
    FAIL("there is no " << shown);
    return 0;
}

bool reads(const std::string& text) {
    return litmus::sched::parse_schedule(litmus::make_source("a.sched", text),
                                         litmus::sched::embedded_include_resolver())
        .ok();
}

}  // namespace

TEST_CASE("a draft without edits is the file", "[draft]") {
    CHECK(draft_of(source).text({}) == source);
}

TEST_CASE("a statement of the file is taken out with its line and comment", "[draft]") {
    const Draft draft = draft_of(source);
    const std::string text = draft.text({draft.removal(draft.statements()[find(draft, "own(r)")])});
    CHECK(text.find("own(r)") == std::string::npos);
    CHECK(text.find("thread P0 {\n    flush_tlb_kernel_range(r);\n") != std::string::npos);
    // The body of a branch leaves an empty statement.
    std::size_t isb = find(draft, "isb()");
    while (!draft.calls(draft.statements()[isb]).empty()) isb = find(draft, "isb()", isb + 1);
    const std::string branch = draft.text({draft.removal(draft.statements()[isb])});
    CHECK(branch.find("    if (machine.tlb_range) ;\n") != std::string::npos);
    CHECK(reads(branch));
}

TEST_CASE("a helper's statement is edited in a copy for one call", "[draft]") {
    const Draft draft = draft_of(source);
    const std::size_t first = find(draft, "flush_tlb_kernel_range(r)");
    const std::size_t tlbi = find(draft, "tlbi_range(vaale1is, x, ttl = level)", first);
    const std::size_t second = find(draft, "flush_tlb_kernel_range(r)", first + 1);
    REQUIRE(tlbi < second);
    const std::string text = draft.text({draft.removal(draft.statements()[tlbi])});
    CHECK(reads(text));
    CHECK(text.find("def __flush_tlb_range_op_1(op, x, stride, level) {") != std::string::npos);
    CHECK(text.find("    flush_tlb_kernel_range_1(r);\n") != std::string::npos);
    CHECK(text.find("    flush_tlb_kernel_range(r);\n") != std::string::npos);
    CHECK(draft.calls(draft.statements()[tlbi]).size() == 2);
}

TEST_CASE("equal copies are one", "[draft]") {
    const Draft draft = draft_of(source);
    const std::size_t first = find(draft, "flush_tlb_kernel_range(r)");
    const std::size_t second = find(draft, "flush_tlb_kernel_range(r)", first + 1);
    std::vector<PartEdit> edits;
    for (const std::size_t from : {first, second}) {
        std::size_t isb = from;
        // The helper's own ISB, not that of the flush of everything in it.
        do isb = find(draft, "isb()", isb + 1);
        while (draft.calls(draft.statements()[isb]).size() != 1);
        edits.push_back(draft.removal(draft.statements()[isb]));
    }
    const std::string text = draft.text(edits);
    CHECK(reads(text));
    CHECK(text.find("def flush_tlb_kernel_range_1(x)") != std::string::npos);
    CHECK(text.find("flush_tlb_kernel_range_2") == std::string::npos);
}

TEST_CASE("without a statement all others keep their lines", "[draft]") {
    const Draft draft = draft_of(source);
    const std::string text = draft.text_without(draft.statements()[find(draft, "own(r)")]);
    CHECK(reads(text));
    CHECK(std::ranges::count(text, '\n') == std::ranges::count(source, '\n'));
    CHECK(text.find("\n    ;  // a comment\n    flush") != std::string::npos);
}

TEST_CASE("laid out, every statement has a place of its own", "[draft]") {
    const Draft draft = draft_of(source);
    const Draft::Laid laid = draft.laid_out();
    CHECK(reads(laid.text));
    REQUIRE(laid.places.size() == draft.statements().size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
    for (const litmus::Place& place : laid.places) places.emplace_back(place.line, place.column);
    std::ranges::sort(places);
    CHECK(std::ranges::adjacent_find(places) == places.end());
}
