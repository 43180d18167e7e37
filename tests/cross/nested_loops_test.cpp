// SPDX-License-Identifier: Apache-2.0
//
// Loops within loops and loops of several periods after one another: the arithmetic over loops finds the
// slices that visiting every unit finds (docs/slicing.md, theorem 2), without visiting many.
#include <map>

#include <fmt/format.h>

#include "litmus/sched/schedule.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace sched = tlbcheck::litmus::sched;

namespace {

using Intervals = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// The addresses of each canonical form, neighbours merged.
std::map<std::vector<std::uint64_t>, Intervals> addresses(const model::Slicing& slicing) {
    std::map<std::vector<std::uint64_t>, Intervals> result;
    for (const model::Slice& slice : slicing.slices) {
        Intervals all;
        for (const model::LeafRange& range : slice.stands_for) {
            for (std::uint64_t k = 0; k < range.count; ++k)
                all.emplace_back(range.first + k * range.step, range.last + k * range.step);
        }
        std::ranges::sort(all);
        Intervals& merged = result[slice.canonical];
        for (const auto& [first, last] : all) {
            if (!merged.empty() && merged.back().second + 1 == first) {
                merged.back().second = last;
            } else {
                merged.emplace_back(first, last);
            }
        }
    }
    return result;
}

model::ScheduleProgram program_of_text(const std::string& text) {
    const auto parsed = sched::parse_schedule(tlbcheck::litmus::make_source("nested.sched", text));
    REQUIRE(parsed);
    const auto program = sched::expand(parsed.value());
    REQUIRE(program);
    return program.value();
}

model::ScheduleProgram program_of(const std::string& region, const std::string& thread) {
    return program_of_text(
        "include \"linux.sched\";\nregion R { va = 0xffff000000000000; pa = 0x1000000000; " + region +
        " }\n" + thread + "\nassert no_stale_entry(R);\n");
}

void compare(const model::ScheduleProgram& program) {
    const model::Slicing quick = model::slice(program, program.properties[0], {.contexts_at_any_size = true});
    const model::Slicing slow = model::slice(program, program.properties[0],
                                             {.visit_every_unit = true, .contexts_at_any_size = true});
    REQUIRE_FALSE(quick.whole);
    CHECK(quick.units == slow.units);
    CHECK(quick.leaves == slow.leaves);
    CHECK((addresses(quick) == addresses(slow)));
    CHECK(quick.visited <= slow.visited);
}

void compare(const std::string& region, const std::string& thread) {
    INFO(region << " " << thread);
    compare(program_of(region, thread));
}

const char* const sets_3g = "size = 2G + 64M; contiguous = true;";
const char* const blocks_6g = "size = 6G + 64M; level = 2;";
const char* const block_sets_64g = "size = 64G; level = 2; contiguous = true;";

}  // namespace

TEST_CASE("nested loops over tables, sets and leaves have the slices of their units", "[.long]") {
    compare(sets_3g,
            "thread P0 { for (u : tables(R, 2)) { for (t : tables(u, 3)) { for (l : t) { clear(l); "
            "flush_tlb_kernel_range(l); } clear(t); __flush_tlb_kernel_pgtable(t); } clear(u); "
            "__flush_tlb_kernel_pgtable(u); } }");
    compare(sets_3g,
            "thread P0 { for (t : tables(R, 3)) { for (s : sets(t)) { for (l : s) clear(l); "
            "flush_tlb_kernel_range(s); } clear(t); __flush_tlb_kernel_pgtable(t); free(t); } }");
    compare(blocks_6g,
            "thread P0 { for (v : tables(R, 1)) { for (u : tables(v, 2)) { for (l : u) { clear(l); } "
            "flush_tlb_kernel_range(u); clear(u); __flush_tlb_kernel_pgtable(u); } clear(v); "
            "__flush_tlb_kernel_pgtable(v); } }");
}

TEST_CASE("loops of several periods after one another have the slices of their units", "[.long]") {
    compare(sets_3g,
            "thread P0 { clear(R); flush_tlb_kernel_range(R); for (t : tables(R, 3)) { clear(t); "
            "__flush_tlb_kernel_pgtable(t); } for (t : tables(R, 2)) { clear(t); "
            "__flush_tlb_kernel_pgtable(t); } "
            "for (t : tables(R, 1)) { clear(t); __flush_tlb_kernel_pgtable(t); } }");
    compare(
        block_sets_64g,
        "thread P0 { for (l : R) { clear(l); flush_tlb_kernel_range(l); } for (t : tables(R, 2)) { clear(t); "
        "__flush_tlb_kernel_pgtable(t); } }");
    compare(blocks_6g,
            "thread P0 { for (t : tables(R, 2)) { clear(t); } dsb(ishst); tlbi_pages(vaae1is, R, stride = "
            "2M); dsb(ish); "
            "isb(); }");
}

TEST_CASE("with two threads that store, no repetition is left out of the slices of nested loops", "[.long]") {
    compare(
        block_sets_64g,
        "thread P0 { for (l : R) { clear(l); flush_tlb_kernel_range(l); } store_release(f, 1); } thread P1 { "
        "await(f == 1); for (s : sets(R)) { set(s); emit_pte_barriers(); } }");
}

TEST_CASE("a nest of loops over 64 GiB visits few of its units") {
    const model::ScheduleProgram program =
        program_of("size = 64G; contiguous = true;",
                   "thread P0 { for (t : tables(R, 3)) { clear(t); __flush_tlb_kernel_pgtable(t); } for (t : "
                   "tables(R, 2)) { "
                   "clear(t); __flush_tlb_kernel_pgtable(t); } for (t : tables(R, 1)) { clear(t); "
                   "__flush_tlb_kernel_pgtable(t); } }");
    const model::Slicing slicing = model::slice(program, program.properties[0]);
    CHECK(slicing.units == 64ULL * 16384);
    CHECK(slicing.visited < slicing.units / 10);
}

TEST_CASE("loops over the pages of a VM have the slices of their units") {
    const std::string stage1 = "tlbi(vmalle1is); dsb(ish); isb(); ";
    for (const std::string region :
         {"size = 4M + 64K;", "size = 4M; contiguous = true;", "size = 64M; level = 2;"}) {
        for (const std::string& thread : {
                 "for (p : leaves(R)) clear(p); dsb(ishst); for (p : leaves(R)) tlbi(ipas2e1is, p); "
                 "dsb(ish); " +
                     stage1 + "free(R);",
                 "for (p : leaves(R)) { clear(p); dsb(ishst); tlbi(ipas2e1is, p); dsb(ish); " + stage1 + "}",
                 "for (p : leaves(R)) { clear(p); dsb(ishst); tlbi(ipas2le1is, p); dsb(ish); " + stage1 +
                     "free(p); set(p, pa = 0x4000000000 + p.start); }",
                 "for (p : leaves(R)) { clear(p); } dsb(ishst); tlbi_range(ripas2e1is, R); dsb(ish); " +
                     stage1,
             }) {
            INFO(region << " " << thread);
            compare(program_of_text(
                "vm V { vmid = 1; }\nregion R { vm = V; ipa = 0x40000000; pa = 0x1000000000; " + region +
                " }\nthread P0 in V { " + thread + " }\nassert no_stale_entry(R);\n"));
        }
    }
}
