// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/expand_loops.cpp: what loops run over, and that expanding once for all iterations
// changes nothing.

#include <random>

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using tlbcheck::litmus::sched::ExpandOptions;
using tlbcheck::tests::executed;
using tlbcheck::tests::says;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::show;
using tlbcheck::tests::with_region;

namespace {

std::string code(const std::string& text, const ExpandOptions& options = {}) {
    return show(sched_program(text, options).threads.at(0));
}

std::string big(const std::string& body, const std::string& settings = "size = 1T; contiguous = true;") {
    return "include \"linux.sched\"; region r { va = 0xffff000000000000; pa = 0; " + settings +
           " } thread P0 { " + body + " }";
}

}  // namespace

TEST_CASE("a loop over the leaves of a terabyte is one run") {
    CHECK(code(big("for (x : r) { clear(x); flush_tlb_kernel_range(x); }")) ==
          "x268435456 {\nstore L3 ffff000000000000 g0 invalid +va 1000\nDSB ISHST\nTLBI VAALE1IS "
          "ff000000000 +va 1\nDSB ISH\nISB\n}\n");
    CHECK(code(big("clear(r); tlbi_pages(vaale1is, r);")) ==
          "x268435456 {\nstore L3 ffff000000000000 g0 invalid +va 1000\n}\nx268435456 {\nTLBI VAALE1IS "
          "ff000000000 +va 1\n}\n");
    CHECK(code(big("free(r); for (x : r) free(x);")) ==
          "free 0 10000000000\nx268435456 {\nfree 0 1000 +pa 1000\n}\n");
}

TEST_CASE("a region of all the address space is as cheap") {
    const auto program = sched_program(big("for (x : r) clear(x); clear(r);", "size = 256T;"));
    CHECK(instruction_count(program.threads[0]) == 2ULL << 36);
    CHECK(program.threads[0].code.size() == 2);
}

TEST_CASE("a loop over sets has the leaves of one set as its body") {
    const auto program = sched_program(big("for (s : sets(r)) { clear(s); for (x : s) tlbi(vaale1is, x); }"));
    REQUIRE(program.threads[0].code.size() == 1);
    const auto& run = program.threads[0].code[0];
    CHECK(run.count == 1ULL << 24);
    REQUIRE(run.body.size() == 32);
    CHECK(show(run.body[15]) == "store L3 ffff00000000f000 g0 invalid +va 10000");
    CHECK(show(run.body[16]) == "TLBI VAALE1IS ff000000000 +va 10");
}

TEST_CASE("a loop over tables knows which part of a table belongs to the region") {
    const std::string text =
        "region r { va = 0xffff0000001ff000; pa = 0; size = 2M; } thread P0 for (t : tables(r, 3)) { "
        "clear(t); for (x : t) clear(x); free(t); }";
    CHECK(code(text) ==
          "store L2 ffff000000000000 g0 invalid\nstore L3 ffff0000001ff000 g0 invalid\nfree table L3 "
          "ffff000000000000 g0\n"
          "store L2 ffff000000200000 g0 invalid\nx511 {\nstore L3 ffff000000200000 g0 invalid +va "
          "1000\n}\nfree table L3 ffff000000200000 g0\n");
    CHECK(code(big("for (t : tables(r, 2)) clear(t);")) ==
          "x1024 {\nstore L1 ffff000000000000 g0 invalid +va 40000000\n}\n");
}

TEST_CASE("pages are granules, of blocks too, mapped or not") {
    CHECK(code("region r { va = 0; pa = 0; size = 2M; level = 2; } thread P0 for (p : pages(r)) "
               "tlbi(vaae1is, p);") == "x512 {\nTLBI VAAE1IS 0 +va 1\n}\n");
    CHECK(code("thread P0 for (p : pages(range(64K, 80K))) tlbi(vaae1is, p);") ==
          "x4 {\nTLBI VAAE1IS 10 +va 1\n}\n");
    CHECK(says("thread P0 for (p : range(64K, 80K)) isb();", "nothing is mapped at 0x10000"));
}

TEST_CASE("a condition that changes along the loop splits it there") {
    CHECK(code(big("for (x : r) { if (x.start >= r.start + 1M) clear(x); else isb(); }", "size = 2M;")) ==
          "x256 {\nISB\n}\nx256 {\nstore L3 ffff000000100000 g0 invalid +va 1000\n}\n");
    CHECK(code(big("for (x : r) if (x.start == r.start + 12K) isb(); else dsb(sy);", "size = 32K;")) ==
          "x3 {\nDSB SY\n}\nISB\nx4 {\nDSB SY\n}\n");
}

TEST_CASE("an uneven body is expanded one by one, and joined where iterations turn out alike") {
    CHECK(code(big("for (x : r) if (x.start / 4K % 4 == 3) isb(); else dsb(sy);", "size = 32K;")) ==
          "x3 {\nDSB SY\n}\nISB\nx3 {\nDSB SY\n}\nISB\n");
    CHECK(code(big("for (x : r) tlbi(vaae1is, (x.start - r.start) * (x.start - r.start) / 4K);",
                   "size = 16K;")) == "x2 {\nTLBI VAAE1IS 0 +va 1\n}\nx2 {\nTLBI VAAE1IS 4 +va 5\n}\n");
}

TEST_CASE("iterations that differ are bounded by an error at the loop") {
    CHECK(says(big("\nfor (x : r) if (x.start * x.start > 3) clear(x);"),
               "test.sched:2:1: error: the 268435456 iterations of this loop differ from each other"));
    CHECK(says(big("for (x : r) for (y : r) clear(y);", "size = 8G;"), "differ from each other"));
    CHECK(says(
        big("for (x : r) for (y : r) for (z : r) if (x.start * y.start * z.start > 7) isb();", "size = 4M;"),
        "error: "));
}

TEST_CASE("helpers that double at each level end in an error, not in a hang") {
    std::string text = "def f0() { isb(); isb(); }\n";
    for (int k = 1; k < 60; ++k)
        text += "def f" + std::to_string(k) + "() { f" + std::to_string(k - 1) + "(); f" +
                std::to_string(k - 1) + "(); }\n";
    CHECK(says(text + "thread P0 f59();", "error: "));
}

TEST_CASE("leaves are those of the tables at that point") {
    CHECK(code("region r { va = 0; pa = 0; size = 4M; level = 2; } thread P0 for (b : r) { set(b, level = "
               "3); for (x : range(b.start, b.start + 8K)) clear(x); }")
              .find("store L3 1000 g1 invalid +va 200000") != std::string::npos);
}

TEST_CASE("sets of a region that does not begin with one are an error") {
    CHECK(says("region r { va = 4K; pa = 4K; size = 64K; } thread P0 for (s : sets(r)) clear(s);",
               "is not made of whole contiguous sets of 0x10000"));
    CHECK(code("machine { granule = 16K; } region r { va = 0; pa = 0; size = 4M; } thread P0 for (s : "
               "sets(r)) tlbi(vaae1is, s);") == "x2 {\nTLBI VAAE1IS 0 +va 200\n}\n");
}

TEST_CASE("a table that does not exist is an error") {
    CHECK(
        says("region r { va = 0; pa = 0; size = 2M; level = 2; } thread P0 for (t : tables(r, 3)) clear(t);",
             "no table at level 3 maps 0"));
    CHECK(says(with_region("thread P0 for (t : tables(linear, 0)) clear(t);"), "is the first of the walk"));
    CHECK(
        says("machine { levels = 3; } region r { va = 0; pa = 0; size = 4K; } thread P0 for (t : tables(r, "
             "0)) clear(t);",
             "the walk starts at level 1"));
    CHECK(says(big("clear(table(r, 3));"), "more than one table at level 3 maps this"));
}

namespace {

/// A random thread body over regions `r` (pages) and `b` (blocks). Every statement is legal in any order.
class Bodies {
  public:
    explicit Bodies(unsigned seed) : random_(seed) {}
    std::string body() {
        std::string text;
        for (int k = 0; k < 3; ++k) text += loop();
        return text;
    }

  private:
    unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
    std::string condition() {
        static const char* const conditions[] = {"x.start < r.start + 48K",
                                                 "x.start == b.start + 6M",
                                                 "x.start != r.start + 16K",
                                                 "(x.start >> 12) % 3 == 1",
                                                 "x.contiguous",
                                                 "x.level == 3",
                                                 "x.start > b.start && x.start + 4M <= b.end",
                                                 "x.pa % 32K == 0"};
        return conditions[pick(8)];
    }
    std::string action() {
        static const char* const actions[] = {
            "clear(x);",
            "free(x);",
            "set(x);",
            "set(x, ap = ro);",
            "set(x, contiguous = false);",
            "set(x, nt = true);",
            "set(x, pa = 0x40000000 + (x.start - x.start % 2M) % 1G);",
            "set(x, pa = 0x80000000 + (x.start - r.start) % 4G - (x.start - r.start) % 2M);",
            "flush_tlb_kernel_range(x);",
            "tlbi(vaae1is, x.start + 4K);",
            "tlbi_pages(vale1is, range(x.start, x.start + 8K));",
            "isb();",
            "for (y : x) clear(y);",
            "for (y : x) { set(y, ap = rw); isb(); }",
            "clear(range(r.start, r.start + 8K));",
            "for (y : range(r.start, r.start + 16K)) if (y.start == x.start) isb(); else dsb(sy);"};
        return actions[pick(16)];
    }
    std::string loop() {
        static const char* const over[] = {"r", "b", "sets(r)", "sets(b)"};
        std::string text = std::string("for (x : ") + over[pick(4)] + ") { ";
        for (unsigned k = 0; k < 1 + pick(3); ++k) {
            if (pick(3) == 0)
                text += "if (" + condition() + ") " + action() + " else " + action();
            else
                text += action();
        }
        return text + " }\n";
    }
    std::mt19937 random_;
};

}  // namespace

TEST_CASE("expanding a loop once for all iterations gives what one by one gives") {
    ExpandOptions one_by_one;
    one_by_one.one_by_one = true;
    int compared = 0;
    int compact = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        const std::string text =
            "include \"linux.sched\"; machine { contiguous_entries = 4; }\n"
            "region r { va = 0xffff000000000000; pa = 0x80000000; size = 128K; contiguous = true; }\n"
            "region b { va = 0xffff000040000000; pa = 0xc0000000; size = 16M; level = 2; }\n"
            "thread P0 {\n" +
            Bodies(seed).body() + "}";
        INFO(text);
        const std::string errors = sched_errors(text);
        REQUIRE(errors.empty() == sched_errors(text, one_by_one).empty());
        if (!errors.empty()) continue;
        const auto a = sched_program(text);
        const auto b = sched_program(text, one_by_one);
        REQUIRE(executed(a.threads[0], 100'000) == executed(b.threads[0], 100'000));
        ++compared;
        for (const auto& run : a.threads[0].code) compact += run.count > 1 ? 1 : 0;
    }
    CHECK(compared > 150);
    CHECK(compact > 300);
}
