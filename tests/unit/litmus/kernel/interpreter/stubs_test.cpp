// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/interpreter: functions of the kernel that are stood in for.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/interpreter/code_builder.hpp"

using namespace tlbcheck::tests;
using interpreter::find_stub;
using interpreter::Stub;
using kernel::Op;

namespace {

std::string words_of(const char* function) {
    const auto stub = find_stub(function);
    return stub ? describe(*stub) : "run";
}

}  // namespace

TEST_CASE("locks, RCU and accounting do nothing, whatever the release calls them") {
    for (const char* each :
         {"_raw_spin_lock", "_raw_write_unlock_irqrestore", "mutex_lock_nested", "up_read", "rcu_read_unlock",
          "__rcu_read_lock", "lruvec_stat_mod_folio", "__lruvec_stat_mod_folio", "mod_node_page_state",
          "__mmu_notifier_invalidate_range_start", "percpu_counter_add_batch"})
        CHECK(words_of(each) == "returns 0x0");
    for (const char* each : {"mutex_trylock", "down_read_trylock", "_raw_spin_trylock", "down_write_trylock"})
        CHECK(words_of(each) == "returns 0x1");
    for (const char* each : {"on_each_cpu", "smp_call_function_many_cond", "flush_tlb_all", "find_vm_area",
                             "__contpte_try_unfold"})
        CHECK(words_of(each) == "run");
}

TEST_CASE("what is called later is called at once: pages that RCU frees are freed") {
    Bench bench;
    const auto later = declare_function(bench.image, "call_rcu");
    const auto give = declare_function(bench.image, "free_pages");
    FunctionBuilder callback(bench.image, "callback", 1);
    callback.call(give, {callback.argument(0), callback.number(0)});
    callback.give_back();
    callback.done();
    FunctionBuilder f(bench.image, "f", 1);
    f.call(later, {f.argument(0), f.address(callback.symbol())});
    f.give_back();
    f.done();
    bench.run("f", {bench.machine().linear_address(0x5000'0000)});
    CHECK(bench.sink.log == "free 0x50000000 4096\n");
}

TEST_CASE("an array of pages as mmu_gather has it: flags in the low bits, numbers of pages between") {
    Bench bench;
    const auto give = declare_function(bench.image, "free_pages_and_swap_cache");
    const auto array = add_variable(bench.image, "array", std::vector<std::uint8_t>(32));
    FunctionBuilder f(bench.image, "f", 2);
    f.plain(Op::store, f.argument(0), f.address(array));
    const auto one = f.op(Op::add, f.address(array), f.number(8));
    f.plain(Op::store, f.op(Op::or_, f.argument(0), f.number(3)), one);
    f.plain(Op::store, f.number(4U << 2U), f.op(Op::add, one, f.number(8)));
    f.call(give, {f.address(array), f.argument(1)});
    f.give_back();
    f.done();
    const std::uint64_t page = bench.machine().page_address(0x5000'0000);
    bench.run("f", {page, 3});
    CHECK(bench.sink.log == "free 0x50000000 4096\nfree 0x50000000 16384\n");
    CHECK(bench.refusal("f", {page, 2}).find("ends where a number of pages") != std::string::npos);
    CHECK(bench.refusal("f", {page + 1 + 64, 1}).find("no struct page") == std::string::npos);
    CHECK(bench.refusal("f", {page + 8, 1}).find("no struct page") != std::string::npos);
}

TEST_CASE("objects of caches begin unknown, except where zero is asked for") {
    Bench bench;
    const auto get = declare_function(bench.image, "kmem_cache_alloc_noprof");
    FunctionBuilder f(bench.image, "f", 1);
    f.give_back({f.op(Op::load, f.call(get, {f.number(0), f.argument(0)}))});
    f.done();
    CHECK(bench.run("f", {0x100}) == 0);
    CHECK(bench.refusal("f", {0}).find("which nobody has set") != std::string::npos);
}

TEST_CASE("initialisers: distances of addresses, and what is not modelled is unknown and not zero") {
    Bench bench;
    const auto target = add_variable(bench.image, "target", std::vector<std::uint8_t>(8));
    const auto table = add_variable(bench.image, "table", std::vector<std::uint8_t>(16));
    bench.image.symbols[table].relocations.push_back({0, {4, target}, table, 4});
    bench.image.symbols[table].unknown.emplace_back(8, 4);
    FunctionBuilder f(bench.image, "f", 1);
    const auto offset =
        f.op(Op::load, f.op(Op::add, f.address(table), f.argument(0)), kernel::none, kernel::none, 32);
    f.give_back({offset});
    f.done();
    FunctionBuilder g(bench.image, "g", 0);
    g.give_back({g.op(Op::sub, g.address(target), g.address(table))});
    g.done();
    CHECK(bench.run("f", {0}) == ((bench.run("g") + 4) & 0xffff'ffffU));
    CHECK(bench.run("f", {4}) == 0);
    CHECK(bench.refusal("f", {8}).find("which nobody has set") != std::string::npos);
    CHECK(bench.run("f", {12}) == 0);
}
