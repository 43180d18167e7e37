// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/expand_mapping.cpp and expand_new_tables.cpp: stores to descriptors, and which slot
// they go to.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::model;
using tlbcheck::tests::says;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;

namespace {

const std::string pages = "region r { va = 0x400000; pa = 0x80000000; size = 64K; contiguous = true; }\n";
const std::string blocks = "region r { va = 0x40000000; pa = 0x80000000; size = 4M; level = 2; }\n";
const std::string user = "region r { va = 0x400000; pa = 0x80000000; size = 8K; asid = 3; ap = ro; }\n";

std::string code(const std::string& region, const std::string& body) {
    return show(sched_program(region + "thread P0 { " + body + " }").threads.at(0));
}

}  // namespace

TEST_CASE("clear stores invalid descriptors, ascending; of a table, to the descriptor that points to it") {
    CHECK(code(pages, "clear(r);") == "x16 {\nstore L3 400000 g0 invalid +va 1000\n}\n");
    CHECK(code(pages, "clear(range(r.start + 8K, r.end));") ==
          "x14 {\nstore L3 402000 g0 invalid +va 1000\n}\n");
    CHECK(code(pages, "clear(table(r, 3)); clear(table(r, 1));") ==
          "store L2 400000 g0 invalid\nstore L0 0 g0 invalid\n");
    CHECK(says(pages + "thread P0 clear(range(r.start, r.start + 5));", "takes whole leaves"));
    CHECK(says(blocks + "thread P0 clear(range(r.start, r.start + 4K));", "lies inside a leaf of 0x200000"));
    CHECK(says(pages + "thread P0 clear(r.start);", "hint: range(first, end) makes a range of addresses"));
    CHECK(says(pages + "thread P0 clear(sets(r));", "not a list to loop over"));
}

TEST_CASE("set stores what was last mapped, changed as given") {
    CHECK(code(pages, "set(r);") == "x16 {\nstore L3 400000 g0 leaf 80000000 rw cont +va 1000 +pa 1000\n}\n");
    CHECK(code(pages, "set(r, pa = 0x90000000, ap = ro, contiguous = false, attr = device, nt = true);") ==
          "x16 {\nstore L3 400000 g0 leaf 90000000 ro nt attr +va 1000 +pa 1000\n}\n");
    CHECK(code(user, "clear(r); set(r, ap = rw); set(r, pa = 0x1000);") ==
          "x2 {\nstore L3 400000 g0 invalid +va 1000\n}\nx2 {\nstore L3 400000 g0 leaf 80000000 rw ng +va "
          "1000 +pa 1000\n}\n"
          "x2 {\nstore L3 400000 g0 leaf 1000 rw ng +va 1000 +pa 1000\n}\n");
    CHECK(code(pages, "for (x : r) set(x, pa = 0x100000, contiguous = false);") ==
          "x16 {\nstore L3 400000 g0 leaf 100000 rw +va 1000\n}\n");
    CHECK(code("region r { va = 0; pa = 0x1000; size = 4K; mapped = false; }", "set(r);") ==
          "store L3 0 g0 leaf 1000 rw\n");
}

TEST_CASE("a PA that does not fit is an error at the value") {
    CHECK(says(pages + "thread P0 set(r, pa = 0x90000800);",
               "test.sched:2:23: error: the PA 0x90000800 is not aligned to a leaf of 4096"));
    CHECK(says(pages + "thread P0 set(r, pa = 0x90001000);", "differ in their place within a set"));
    CHECK(says(pages + "thread P0 set(r, pa = 0xffffffffffff0000);", "past 48 bits"));
    CHECK(says(pages + "thread P0 set(r, attr = rw);", "attr is normal, normal_nc or device"));
}

TEST_CASE("a block becomes a prepared table of a new generation, only the hook is a store") {
    const auto program = sched_program(
        blocks +
        "thread P0 { set(r, level = 3, ap = ro); for (x : range(r.start, r.start + 8K)) clear(x); }");
    CHECK(show(program.threads[0]) ==
          "x2 {\nstore L2 40000000 g0 table g1 +va 200000\n}\nx2 {\nstore L3 40000000 g1 invalid +va "
          "1000\n}\n");
    REQUIRE(program.new_tables.size() == 2);
    const NewTable& second = program.new_tables[1];
    CHECK(second.page == TablePage{3, 0x40200000, 1});
    CHECK_FALSE(second.garbage);
    REQUIRE(second.leaves.size() == 1);
    CHECK(second.leaves[0].va == 0x40200000);
    CHECK(second.leaves[0].pa == 0x80200000);
    CHECK(second.leaves[0].size == 0x200000);
    CHECK(second.leaves[0].level == 3);
    CHECK_FALSE(second.leaves[0].writable);
    CHECK(initial_descriptor(program, {0x40201000, 3, 1}).oa == 0x80201000);
    CHECK(says(blocks + "thread P0 set(r, level = 1);", "would map more than"));
    CHECK(says("region r { va = 0; pa = 0; size = 1G; level = 1; } thread P0 set(r, level = 3);",
               "level changes by one at a time"));
}

TEST_CASE("a table made again for the same addresses has a generation of its own") {
    const auto program = sched_program(
        blocks + "thread P0 { for (b : r) { set(b, level = 3); set(b, level = 2); set(b, level = 3); } }");
    CHECK(show(program.threads[0]) ==
          "x2 {\nstore L2 40000000 g0 table g1 +va 200000\nstore L2 40000000 g0 leaf 80000000 rw +va 200000 "
          "+pa 200000\nstore L2 40000000 g0 table g2 +va 200000\n}\n");
    CHECK(program.new_tables.size() == 4);
}

TEST_CASE("a table is folded into a block when it is mapped whole") {
    const std::string whole = "region r { va = 0x400000; pa = 0x80000000; size = 4M; }\n";
    CHECK(code(whole, "set(r, level = 2);") ==
          "x2 {\nstore L2 400000 g0 leaf 80000000 rw +va 200000 +pa 200000\n}\n");
    CHECK(code(whole, "for (t : tables(r, 3)) set(t, level = 2, ap = ro);") ==
          "x2 {\nstore L2 400000 g0 leaf 80000000 ro +va 200000 +pa 200000\n}\n");
    CHECK(says(pages + "thread P0 set(r, level = 2);",
               "a block of 0x200000 would map more than 0x400000 .. 0x410000"));
    CHECK(says("region r { va = 0; pa = 4K; size = 2M; } thread P0 set(r, level = 2);",
               "the PA 4096 is not aligned to a leaf of 0x200000"));
    CHECK(code("region r { va = 0; pa = 4K; size = 2M; }", "set(r, level = 2, pa = 2M);") ==
          "store L2 0 g0 leaf 200000 rw\n");
    CHECK(says(whole + "thread P0 { set(range(r.start, r.start + 4K), pa = 0x1000); set(r, level = 2); }",
               "does not make one block"));
}

TEST_CASE("the Contiguous bit is kept over a change of level where whole sets are covered") {
    CHECK(code("region r { va = 0; pa = 0; size = 32M; contiguous = true; }", "set(r, level = 2);") ==
          "x16 {\nstore L2 0 g0 leaf 0 rw cont +va 200000 +pa 200000\n}\n");
    CHECK(code("region r { va = 0; pa = 0; size = 2M; contiguous = true; }", "set(r, level = 2);") ==
          "store L2 0 g0 leaf 0 rw\n");
    CHECK(sched_program("region r { va = 0; pa = 0; size = 32M; level = 2; contiguous = true; } thread P0 "
                        "set(r, level = 3);")
              .new_tables.at(3)
              .leaves.at(0)
              .contiguous);
}

TEST_CASE("a table descriptor is stored again by set, and takes no properties") {
    CHECK(code(pages, "let t = table(r, 3); clear(t); set(t);") ==
          "store L2 400000 g0 invalid\nstore L2 400000 g0 table g0\n");
    CHECK(says(pages + "thread P0 set(table(r, 3), ap = ro);",
               "a table descriptor has none of these properties"));
}

TEST_CASE("free hands over what was last mapped, cleared or not") {
    CHECK(code(pages, "clear(r); free(r);").find("free 80000000 10000\n") != std::string::npos);
    CHECK(code(pages, "set(r, pa = 0x90000000); clear(r); free(r);").find("free 90000000 10000\n") !=
          std::string::npos);
    CHECK(code(pages, "free(table(r, 3)); free(r, pa = 0x1000);") ==
          "free table L3 400000 g0\nfree 1000 10000\n");
    CHECK(code(pages, "set(range(r.start + 4K, r.end), pa = 0x90000000, contiguous = false); free(r);")
              .find("free 80000000 1000\nfree 90000000 f000\n") != std::string::npos);
    CHECK(code(blocks, "for (p : pages(range(r.start, r.start + 8K))) free(p);") ==
          "x2 {\nfree 80000000 1000 +pa 1000\n}\n");
    CHECK(says(pages + "thread P0 free(range(r.start, r.start + 5));", "free() takes whole pages"));
    CHECK(says(pages + "thread P0 free(range(0, 4K));", "nothing is mapped at 0"));
}

TEST_CASE("members tell the state of the tables at that point") {
    const std::string flags = "flag f; ";
    const auto stored = [&](const std::string& region, const std::string& body) {
        const auto program = sched_program(flags + region + "thread P0 { " + body + " }");
        return std::get<Access>(program.threads[0].code.back().body.back().operation).value;
    };
    CHECK(stored(pages, "store(f, r.pages);") == 16);
    CHECK(stored(pages, "store(f, r.end - r.start == r.size);") == 1);
    CHECK(stored(pages, "store(f, r.contiguous);") == 1);
    CHECK(stored(pages, "set(r, contiguous = false); store(f, r.contiguous);") == 0);
    CHECK(stored(blocks, "store(f, r.level);") == 2);
    CHECK(stored(blocks, "set(r, level = 3); store(f, r.level);") == 3);
    CHECK(stored(pages, "store(f, table(r, 3).level * 10 + table(r, 2).level);") == 32);
    CHECK(stored(pages, "set(r, pa = 0x90000000); store(f, r.pa);") == 0x90000000);
    CHECK(stored(user, "store(f, r.asid * 10 + (r.ap == ro) + r.global);") == 31);
    CHECK(stored(pages, "let second = r + 4K; store(f, second);") == 0x401000);
    CHECK(
        says(blocks + "thread P0 { set(range(r.start, r.start + 2M), level = 3); if (r.level == 3) isb(); }",
             "'.level' is not the same for all leaves here"));
    CHECK(says(pages + "thread P0 if (r.lenght == 3) isb();", "has no member 'lenght'"));
}

TEST_CASE("(X3) a prepared table takes the place of another") {
    const auto program = sched_program(
        "region r { va = 0; pa = 0x1000; size = 8K; mapped = false; } thread P0 { let t = new_table(r, level "
        "= 3, contents = mapped, ap = ro); hook(t); clear(r); }");
    CHECK(show(program.threads[0]) == "store L2 0 g0 table g1\nx2 {\nstore L3 0 g1 invalid +va 1000\n}\n");
    CHECK_FALSE(initial_descriptor(program, {0, 3, 0}).valid());
    CHECK(initial_descriptor(program, {0x1000, 3, 1}).oa == 0x2000);
    CHECK_FALSE(initial_descriptor(program, {0x1000, 3, 1}).db);
    CHECK_FALSE(initial_descriptor(program, {0x2000, 3, 1}).valid());
}

TEST_CASE("(X4) a page of unknown contents is written, then hooked up") {
    const auto program =
        sched_program(blocks +
                      "thread P0 { let t = new_table(range(r.start, r.start + 2M), level = 3); zero(t); "
                      "dsb(ishst); hook(t); for (x : range(r.start, r.start + 8K)) set(x); }");
    CHECK(show(program.threads[0]) ==
          "x512 {\nstore L3 40000000 g1 invalid +va 1000\n}\nDSB ISHST\nstore L2 40000000 g0 table g1\nx2 "
          "{\nstore L3 40000000 g1 leaf 80000000 rw +va 1000 +pa 1000\n}\n");
    REQUIRE(program.new_tables.size() == 1);
    CHECK(program.new_tables[0].garbage);
    CHECK(initial_descriptor(program, {0x40005000, 3, 1}).valid());
    CHECK(says(blocks + "thread P0 { let t = new_table(r, level = 3); }",
               "one table at level 3 covers 0x200000"));
    CHECK(says(blocks + "thread P0 { let t = new_table(r); }", "needs the level of the table"));
    CHECK(says(
        pages + "thread P0 { let t = new_table(range(r.start, r.start), level = 3, contents = mapped); }",
        "this range is empty"));
    CHECK(says(pages + "thread P0 { let t = new_table(r, level = 0); }", "a new table is at level 1 to 3"));
    CHECK(says(pages + "thread P0 zero(r);", "zero() needs a table, not a region"));
    CHECK(says(pages + "thread P0 { let t = new_table(r, level = 3, ap = ro); }",
               "only a table with contents = mapped"));
}

TEST_CASE("fill writes leaves into a table before it is hooked up") {
    CHECK(code(pages,
               "let t = new_table(r, level = 3, contents = empty); fill(t, r, ap = ro); hook(t); free(r);") ==
          "x16 {\nstore L3 400000 g1 leaf 80000000 ro cont +va 1000 +pa 1000\n}\nstore L2 400000 g0 table "
          "g1\nfree 80000000 10000\n");
    CHECK(says(pages + "thread P0 { let t = new_table(range(1G, 1G + 4K), level = 3); fill(t, r); }",
               "is not within the table's"));
}

TEST_CASE("tables made in a loop are as many as its iterations, and bounded") {
    const std::string many = "region r { va = 0; pa = 0; size = 1G; level = 2; }\n";
    CHECK(sched_program(many + "thread P0 for (b : r) set(b, level = 3);").new_tables.size() == 512);
    CHECK(says("region r { va = 0; pa = 0; size = 1T; level = 2; } thread P0 set(r, level = 3);",
               "makes more than 262144 new tables"));
}
