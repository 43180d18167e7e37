// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/interpreter: functions of compact code are run.

#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"
#include "tests/unit/litmus/kernel/interpreter/code_builder.hpp"

using namespace tlbcheck::tests;
using interpreter::PageUse;
using kernel::Op;

namespace {

/// f(n): a Fibonacci loop whose two values change places on the edge.
void add_loop(kernel::Image& image) {
    FunctionBuilder f(image, "loop", 1);
    const auto i = f.fresh();
    const auto a = f.fresh();
    const auto b = f.fresh();
    const auto in = f.edge({{i, f.number(0)}, {a, f.number(0)}, {b, f.number(1)}});
    f.jump(in);
    f.land(in);
    const auto more = f.op(Op::ult, i, f.argument(0));
    const auto body = f.edge();
    const auto out = f.edge();
    f.branch(more, body, out);
    f.land(body);
    const auto next = f.op(Op::add, i, f.number(1));
    const auto sum = f.op(Op::add, a, b);
    const auto back = f.edge({{i, next}, {a, b}, {b, sum}});
    f.jump(back);
    f.land(out);
    f.give_back({a});
    // The loop's head is where the first edge landed.
    f.done();
    kernel::Function& made = image.functions.back();
    made.edges[back].target = made.edges[in].target;
}

}  // namespace

TEST_CASE("moves on an edge are made at once") {
    Bench bench;
    add_loop(bench.image);
    CHECK(bench.run("loop", {10}) == 55);
    CHECK(bench.run("loop", {0}) == 0);
}

TEST_CASE("out of steps is no answer") {
    Bench bench;
    add_loop(bench.image);
    bench.setup.limits.steps = 1000;
    CHECK_THROWS_AS(bench.run("loop", {1'000'000}), interpreter::LimitReached);
}

TEST_CASE("results are kept at their width") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 2);
    const auto sum = f.op(Op::add, f.argument(0), f.argument(1), kernel::none, 8);
    const auto wide = f.op(Op::sign_extend, sum, kernel::none, kernel::none, 32, 8);
    f.give_back({wide});
    f.done();
    CHECK(bench.run("f", {0x7f, 1}) == 0xffff'ff80);
    CHECK(bench.run("f", {0xff, 1}) == 0);
}

TEST_CASE("calls, calls through pointers, and what is not there") {
    Bench bench;
    FunctionBuilder twice(bench.image, "twice", 1);
    twice.give_back({twice.op(Op::add, 0, 0)});
    twice.done();
    const auto missing = declare_function(bench.image, "not_here");
    FunctionBuilder f(bench.image, "f", 1);
    const auto once = f.call(twice.symbol(), {0});
    f.give_back({f.call_pointer(f.address(twice.symbol()), {once})});
    f.done();
    FunctionBuilder g(bench.image, "g", 1);
    g.line(7);
    g.give_back({g.call(missing, {0})});
    g.done();
    FunctionBuilder h(bench.image, "h", 1);
    h.give_back({h.call_pointer(0, {})});
    h.done();
    CHECK(bench.run("f", {5}) == 20);
    CHECK(has(bench.refusal("g", {1}), "kernel_stub not_here = ...;"));
    CHECK(has(bench.refusal("h", {0x1234}), "a call through a pointer of 0x1234"));
    CHECK(bench.refusal("k") == "there is no function 'k' in the bitcode");
}

TEST_CASE("a stub given stands before the function's own body, and is told once") {
    Bench bench;
    FunctionBuilder own(bench.image, "own", 0);
    own.give_back({own.number(1)});
    own.done();
    FunctionBuilder f(bench.image, "f", 0);
    f.call(own.symbol(), {});
    f.give_back({f.call(own.symbol(), {})});
    f.done();
    bench.setup.stubs["own"] = {interpreter::Stub::Kind::constant, 42};
    CHECK(bench.run("f") == 42);
    CHECK(bench.sink.told == "own returns 0x2a\n");
}

TEST_CASE("endless recursion ends at the bound") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 0);
    f.call(f.symbol(), {});
    f.give_back();
    f.done();
    try {
        bench.run("f");
        FAIL("it ended");
    } catch (const interpreter::LimitReached& limit) {
        CHECK(has(limit.what(), "256 deep"));
    }
}

TEST_CASE("a store to a table is an event with the whole call stack") {
    Bench bench;
    FunctionBuilder inner(bench.image, "set_pte", 2);
    inner.line(12, "include/own.h");
    inner.plain(Op::store, 1, 0);
    inner.give_back();
    inner.done();
    FunctionBuilder outer(bench.image, "unmap", 1);
    outer.line(30);
    outer.call(inner.symbol(), {outer.argument(0), outer.number(0)});
    outer.assembly("dsb ishst", "~{memory}", {});
    outer.line(31);
    outer.assembly("tlbi vae1is, $0", "r", {outer.number(0x77)});
    outer.give_back();
    outer.done();
    bench.machine().memory().make_page(0x5000'0000, true);
    bench.machine().memory().set_use(0x5000'0000, PageUse::table);
    bench.machine().memory().write_physical(0x5000'0008, 0x703, 8);
    bench.run("unmap", {bench.machine().linear_address(0x5000'0008)});
    CHECK(bench.sink.log == "store 0x50000008: 0x703 = 0x0\nDSB ISHST\nVAE1IS 0x77\n");
    REQUIRE(bench.sink.stacks.size() == 3);
    CHECK(bench.machine().frames(bench.sink.stacks[0]) ==
          std::vector<interpreter::Frame>{{"set_pte", "include/own.h", 12}, {"unmap", "mm/own.c", 30}});
    CHECK(bench.machine().frames(bench.sink.stacks[2]) ==
          std::vector<interpreter::Frame>{{"unmap", "mm/own.c", 31}});
}

TEST_CASE("equal stacks have equal numbers") {
    Bench bench;
    FunctionBuilder barrier(bench.image, "barrier", 0);
    barrier.line(1);
    barrier.assembly("isb", "~{memory}", {});
    barrier.give_back();
    barrier.done();
    FunctionBuilder f(bench.image, "f", 0);
    f.line(2);
    f.call(barrier.symbol(), {});
    f.call(barrier.symbol(), {});
    f.line(3);
    f.call(barrier.symbol(), {});
    f.give_back();
    f.done();
    bench.run("f");
    REQUIRE(bench.sink.stacks.size() == 3);
    CHECK(bench.sink.stacks[0] == bench.sink.stacks[1]);
    CHECK(bench.sink.stacks[0] != bench.sink.stacks[2]);
}

TEST_CASE("variables: initialisers, pointers to each other, and what is only declared") {
    Bench bench;
    const auto number = add_variable(bench.image, "number", {1, 2, 0, 0, 0, 0, 0, 0});
    const auto pointer = add_variable(bench.image, "pointer", std::vector<std::uint8_t>(8));
    bench.image.symbols[pointer].relocations.push_back({0, {1, number}});
    const auto elsewhere = declare_variable(bench.image, "elsewhere", 8);
    FunctionBuilder f(bench.image, "f", 0);
    const auto at = f.op(Op::load, f.address(pointer));
    const auto byte = f.op(Op::load, at, kernel::none, kernel::none, 8);
    const auto zero = f.op(Op::load, f.address(elsewhere));
    const auto again = f.op(Op::load, f.address(elsewhere));
    const auto sum = f.op(Op::add, byte, zero);
    f.give_back({f.op(Op::add, sum, again)});
    f.done();
    CHECK(bench.run("f") == 2);
    CHECK(bench.sink.told == "extern elsewhere\n");
    bench.machine().set(*bench.machine().address_of("elsewhere"), 10, 8);
    CHECK(bench.run("f") == 22);
}

TEST_CASE("a declared variable that was set is not told") {
    Bench bench;
    const auto elsewhere = declare_variable(bench.image, "elsewhere", 8);
    FunctionBuilder f(bench.image, "f", 0);
    f.give_back({f.op(Op::load, f.address(elsewhere))});
    f.done();
    bench.machine().set(*bench.machine().address_of("elsewhere"), 3, 8);
    CHECK(bench.run("f") == 3);
    CHECK(bench.sink.told.empty());
}

TEST_CASE("the stack begins unknown, and is a function's own") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 1);
    const auto at = f.allocate(16);
    f.plain(Op::store, f.argument(0), at);
    const auto second = f.op(Op::add, at, f.number(8));
    f.give_back({f.op(Op::load, second)});
    f.done();
    FunctionBuilder g(bench.image, "g", 1);
    const auto place = g.allocate(16);
    g.plain(Op::store, g.argument(0), place);
    g.give_back({g.op(Op::load, place)});
    g.done();
    CHECK(bench.run("g", {9}) == 9);
    CHECK(has(bench.refusal("f", {9}), "which nobody has set"));
}

TEST_CASE("atomics on tables are events, compare-and-exchange only where it is equal") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 2);
    const auto old = f.op(Op::exchange_and, 0, f.number(~std::uint64_t{0x80}));
    const auto result = f.op(Op::compare_exchange, 0, f.argument(1), f.number(0));
    const auto both = f.op(Op::shl, result + 1, f.number(60));
    f.give_back({f.op(Op::or_, both, old)});
    f.done();
    auto& memory = bench.machine().memory();
    memory.make_page(0x5000'0000, true);
    memory.set_use(0x5000'0000, PageUse::table);
    memory.write_physical(0x5000'0000, 0x783, 8);
    const std::uint64_t at = bench.machine().linear_address(0x5000'0000);
    CHECK(bench.run("f", {at, 0x999}) == 0x783);
    CHECK(bench.sink.log == "store 0x50000000: 0x783 = 0x703 atomic\n");
    CHECK(bench.run("f", {at, 0x703}) == ((std::uint64_t{1} << 60U) | 0x703));
    CHECK(memory.read_physical(0x5000'0000, 8) == 0);
}

TEST_CASE("pages are allocated and freed by stubs") {
    Bench bench;
    const auto get = declare_function(bench.image, "get_free_pages_noprof");
    const auto alloc = declare_function(bench.image, "alloc_pages_noprof");
    const auto give = declare_function(bench.image, "__free_pages");
    const auto lock = declare_function(bench.image, "_raw_spin_lock");
    FunctionBuilder f(bench.image, "f", 0);
    f.call(lock, {f.number(0)});
    const auto zeroed = f.call(get, {f.number(0x100), f.number(0)});
    const auto word = f.op(Op::load, zeroed);
    const auto page = f.call(alloc, {f.number(0), f.number(1)});
    f.plain(Op::store, f.number(3), zeroed);
    f.call(give, {page, f.number(1)});
    f.give_back({word});
    f.done();
    CHECK(bench.run("f") == 0);
    CHECK(bench.sink.log ==
          "allocate 4096 zero\nallocate 8192 unknown\nstore 0x90000000: 0x0 = 0x3\nfree 0x90001000 8192\n");
    CHECK(has(bench.sink.told, "_raw_spin_lock returns 0x0"));
}

TEST_CASE("inline assembly: capabilities, registers, results") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 0);
    const auto flags = f.fresh();
    f.assembly("mrs $0, daif", "=r", {}, flags, {64});
    const auto task = f.fresh();
    f.assembly("mrs $0, sp_el0", "=r", {}, task, {64});
    f.give_back({task});
    f.done();
    FunctionBuilder g(bench.image, "g", 0);
    g.line(5);
    const auto unknown = g.fresh();
    g.assembly("mrs $0, vbar_el1", "=r", {}, unknown, {64});
    g.give_back();
    g.done();
    CHECK(bench.run("f") == bench.machine().task());
    CHECK(has(bench.sink.told, "register daif 0x0"));
    try {
        bench.run("g");
        FAIL("vbar_el1 was read");
    } catch (const interpreter::Refusal& refused) {
        CHECK(has(refused.what(), "vbar_el1"));
        REQUIRE(refused.stack().size() == 1);
        CHECK(refused.stack().front() == interpreter::Frame{"g", "mm/own.c", 5});
    }
}

TEST_CASE("memset of a table is a store of each descriptor; of plain memory it is none") {
    Bench bench;
    FunctionBuilder f(bench.image, "f", 1);
    f.plain(Op::set_bytes, 0, f.number(0), f.number(16));
    f.give_back();
    f.done();
    auto& memory = bench.machine().memory();
    memory.make_page(0x5000'0000, true);
    memory.write_physical(0x5000'0008, 0x703, 8);
    bench.run("f", {bench.machine().linear_address(0x5000'0000)});
    CHECK(bench.sink.log.empty());
    CHECK(memory.read_physical(0x5000'0008, 8) == 0);
    memory.set_use(0x5000'0000, PageUse::table);
    memory.write_physical(0x5000'0008, 0x703, 8);
    bench.run("f", {bench.machine().linear_address(0x5000'0000)});
    CHECK(bench.sink.log == "store 0x50000000: 0x0 = 0x0\nstore 0x50000008: 0x703 = 0x0\n");
}

TEST_CASE("with tracking on, words read and written are known, the stack's not") {
    Bench bench;
    const auto counter = add_variable(bench.image, "counter", std::vector<std::uint8_t>(8));
    FunctionBuilder f(bench.image, "f", 0);
    f.line(9);
    const auto own = f.allocate(8);
    f.plain(Op::store, f.number(1), own);
    f.op(Op::load, own);
    const auto old = f.op(Op::load, f.address(counter));
    f.plain(Op::store, f.op(Op::add, old, f.number(1)), f.address(counter));
    f.give_back();
    f.done();
    bench.machine().memory().track();
    bench.run("f");
    const auto& words = bench.machine().memory().touched_words();
    REQUIRE(words.size() == 1);
    const auto& word = words.begin()->second;
    REQUIRE(word.read != interpreter::Touched::never);
    CHECK(bench.machine().frames(word.read).front().line == 9);
    CHECK(word.written != interpreter::Touched::never);
}
