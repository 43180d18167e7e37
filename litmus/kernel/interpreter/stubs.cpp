// SPDX-License-Identifier: Apache-2.0
//
// Functions of the kernel that are stood in for. None of them emits a barrier: one that a real function has
// can then only be missing, which makes an answer too pessimistic, never too optimistic.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "litmus/kernel/interpreter/setup.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

using Kind = Stub::Kind;
constexpr int no = Stub::absent;
/// Bytes of an object from a cache whose object size the code does not say.
constexpr std::uint64_t some_object = 4096;

struct Known {
    std::string_view name;
    Stub stub;
};

constexpr Stub returns(std::uint64_t value) {
    return {Kind::constant, value};
}

// Ascending by name. Kernels from 6.1 on; a release has a part of them.
constexpr std::array known_functions = {
    Known{"PageHeadHuge", returns(0)},
    Known{"PageHuge", returns(0)},
    Known{"___free_pages", {Kind::free_page, 0, 0, 1}},
    Known{"___ratelimit", returns(0)},
    Known{"__add_pages", returns(0)},
    Known{"__alloc_frozen_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__alloc_pages", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__alloc_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__cond_resched", returns(0)},
    Known{"__const_memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__dynamic_pr_debug", returns(0)},
    Known{"__flush_dcache_area", returns(0)},
    Known{"__folio_alloc", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__folio_alloc_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__folio_put", {Kind::free_page, 0, 0}},
    Known{"__free_pages", {Kind::free_page, 0, 0, 1}},
    Known{"__get_free_pages", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"__get_free_pages_noprof", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"__kmalloc", {Kind::allocate_bytes, 0, no, 0, 1}},
    Known{"__kmalloc_cache_node_noprof", {Kind::allocate_bytes, 0, no, 3, 1}},
    Known{"__kmalloc_cache_noprof", {Kind::allocate_bytes, 0, no, 2, 1}},
    Known{"__kmalloc_node", {Kind::allocate_bytes, 0, no, 0, 1}},
    Known{"__kmalloc_noprof", {Kind::allocate_bytes, 0, no, 0, 1}},
    Known{"__local_bh_enable_ip", returns(0)},
    Known{"__lruvec_stat_mod_folio", returns(0)},
    Known{"__memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__memmove", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__memset", {Kind::set_bytes, 0, 0, 2}},
    Known{"__mutex_init", returns(0)},
    Known{"__printk_ratelimit", returns(0)},
    Known{"__remove_pages", returns(0)},
    Known{"__sync_icache_dcache", returns(0)},
    Known{"__tlb_remove_table", {Kind::free_page, 0, 0}},
    Known{"__warn", returns(0)},
    Known{"__warn_printk", returns(0)},
    Known{"_printk", returns(0)},
    Known{"add_taint", returns(0)},
    Known{"alloc_frozen_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"alloc_pages", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"alloc_pages_node_noprof", {Kind::allocate_page, 0, no, 2, 1}},
    Known{"alloc_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"call_rcu", {Kind::call_argument, 0, 1, 0}},
    Known{"clear_page", {Kind::clear_page, 0, 0}},
    Known{"copy_highpage", returns(0)},
    Known{"copy_mc_user_highpage", returns(0)},
    Known{"copy_page", returns(0)},
    Known{"copy_user_highpage", returns(0)},
    Known{"cpus_read_lock", returns(0)},
    Known{"cpus_read_unlock", returns(0)},
    Known{"die", {Kind::stop}},
    Known{"flush_work", returns(0)},
    Known{"folio_put", {Kind::free_page, 0, 0}},
    Known{"free_frozen_pages", {Kind::free_page, 0, 0, 1}},
    Known{"free_pages", {Kind::free_address, 0, 0, 1}},
    Known{"free_pages_and_swap_cache", {Kind::free_array, 0, 0, 1}},
    Known{"free_swap_cache", returns(0)},
    Known{"free_unref_page", {Kind::free_page, 0, 0, 1}},
    Known{"get_free_pages_noprof", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"get_zeroed_page", {Kind::allocate_address}},
    Known{"get_zeroed_page_noprof", {Kind::allocate_address}},
    Known{"kasan_add_zero_shadow", returns(0)},
    Known{"kasan_remove_zero_shadow", returns(0)},
    Known{"kfree", returns(0)},
    Known{"kmalloc_trace", {Kind::allocate_bytes, 0, no, 2, 1}},
    Known{"kmem_cache_alloc", {Kind::allocate_bytes, some_object, no, no, 1}},
    Known{"kmem_cache_alloc_node", {Kind::allocate_bytes, some_object, no, no, 1}},
    Known{"kmem_cache_alloc_node_noprof", {Kind::allocate_bytes, some_object, no, no, 1}},
    Known{"kmem_cache_alloc_noprof", {Kind::allocate_bytes, some_object, no, no, 1}},
    Known{"kvfree", returns(0)},
    Known{"kvfree_call_rcu", returns(0)},
    Known{"kvm_get_running_vcpu", returns(0)},
    Known{"kvm_mmu_memory_cache_alloc", {Kind::allocate_address}},
    Known{"lruvec_stat_mod_folio", returns(0)},
    Known{"make_task_dead", {Kind::stop}},
    Known{"memblock_clear_nomap", returns(0)},
    Known{"memblock_is_map_memory", returns(1)},
    Known{"memblock_is_memory", returns(1)},
    Known{"memblock_phys_alloc_range", {Kind::allocate_physical, 0, no, 0}},
    Known{"memblock_phys_free", {Kind::free_physical, 0, 0, 1}},
    Known{"memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"memmove", {Kind::copy_bytes, 0, 0, 2}},
    Known{"memset", {Kind::set_bytes, 0, 0, 2}},
    Known{"mte_sync_tags", returns(0)},
    Known{"mutex_is_locked", returns(1)},
    Known{"panic", {Kind::stop}},
    Known{"pfn_is_map_memory", returns(1)},
    Known{"pfn_valid", returns(1)},
    Known{"preempt_schedule", returns(0)},
    Known{"preempt_schedule_notrace", returns(0)},
    Known{"printk", returns(0)},
    Known{"queue_work_on", returns(1)},
    Known{"raw_notifier_call_chain", returns(0)},
    Known{"refcount_warn_saturate", returns(0)},
    Known{"release_pages", {Kind::free_array, 0, 0, 1}},
    Known{"slab_is_available", returns(1)},
    Known{"sme_do_dvmsync", returns(0)},
    Known{"sparse_buffer_alloc", returns(0)},
    Known{"stop_machine", {Kind::call_argument, 0, 0, 1}},
    Known{"tlb_remove_table_sync_one", returns(0)},
    Known{"vma_alloc_folio", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"vma_alloc_folio_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"vmemmap_verify", returns(0)},
    Known{"warn_alloc", returns(0)},
    Known{"warn_slowpath_fmt", returns(0)},
};

static_assert(std::ranges::is_sorted(known_functions, {}, &Known::name));

// Locks, RCU, tracing and accounting, by how their names begin. Whoever tries to take a lock gets it.
constexpr std::array<std::string_view, 50> families = {"__lock_",
                                                       "__mem_cgroup_",
                                                       "__mmap_lock_",
                                                       "__mmu_notifier_",
                                                       "__mod_",
                                                       "__mutex_",
                                                       "__page_table_check_",
                                                       "__perf_",
                                                       "__rcu_",
                                                       "__trace_",
                                                       "__traceiter_",
                                                       "_raw_read_",
                                                       "_raw_spin_",
                                                       "_raw_write_",
                                                       "count_vm_",
                                                       "debug_",
                                                       "down_",
                                                       "dump_",
                                                       "folio_add_",
                                                       "folio_batch_",
                                                       "folio_lock",
                                                       "folio_mark_",
                                                       "folio_remove_rmap",
                                                       "folio_unlock",
                                                       "kcsan_",
                                                       "kmem_cache_free",
                                                       "kmsan_",
                                                       "lock_",
                                                       "lockdep_",
                                                       "lru_",
                                                       "mark_page_accessed",
                                                       "mem_cgroup_",
                                                       "mod_",
                                                       "mutex_",
                                                       "obj_cgroup_",
                                                       "page_add_",
                                                       "page_remove_rmap",
                                                       "percpu_counter_",
                                                       "perf_",
                                                       "pr_",
                                                       "rcu_",
                                                       "scnprintf",
                                                       "seq_",
                                                       "set_page_dirty",
                                                       "snprintf",
                                                       "synchronize_",
                                                       "trace_",
                                                       "unlock_",
                                                       "up_",
                                                       "vsnprintf"};

std::optional<Stub> find_family(std::string_view function) {
    if (std::ranges::none_of(families, [&](std::string_view each) { return function.starts_with(each); }))
        return std::nullopt;
    const std::uint64_t result = function.find("trylock") == std::string_view::npos ? 0 : 1;
    // assert_spin_locked reads them.
    if (function.starts_with("_raw_spin_unlock")) return Stub{Kind::release_lock, 0, 0};
    if (function.starts_with("_raw_spin_lock") || function.starts_with("_raw_spin_trylock"))
        return Stub{Kind::take_lock, result, 0};
    return returns(result);
}

}  // namespace

std::optional<Stub> find_stub(const std::string& function) {
    const auto found =
        std::ranges::lower_bound(known_functions, std::string_view(function), {}, &Known::name);
    if (found == known_functions.end() || found->name != function) return find_family(function);
    return found->stub;
}

std::optional<Stub> find_replacing_stub(const std::string& function) {
    // Whatever files are given: the allocator and its accounting are never run, and all memory is there.
    constexpr std::array<std::string_view, 17> replaced = {"__alloc_frozen_pages_noprof",
                                                           "__alloc_pages",
                                                           "__alloc_pages_noprof",
                                                           "__free_pages",
                                                           "__kmalloc",
                                                           "__kmalloc_noprof",
                                                           "__tlb_remove_table",
                                                           "call_rcu",
                                                           "free_frozen_pages",
                                                           "free_pages",
                                                           "free_pages_and_swap_cache",
                                                           "free_unref_page",
                                                           "kfree",
                                                           "pfn_valid",
                                                           "release_pages",
                                                           "tlb_remove_table_sync_one",
                                                           "vmemmap_verify"};
    return std::ranges::find(replaced, function) == replaced.end() ? std::nullopt : find_stub(function);
}

std::string describe(const Stub& stub) {
    switch (stub.kind) {
        case Kind::constant:
        case Kind::take_lock:
        case Kind::release_lock:
            return fmt::format("returns {:#x}", stub.value);
        case Kind::argument:
            return fmt::format("returns its argument {}", stub.address + 1);
        case Kind::free_address:
        case Kind::free_page:
        case Kind::free_physical:
        case Kind::free_array:
            return "frees pages";
        case Kind::allocate_address:
        case Kind::allocate_page:
        case Kind::allocate_physical:
            return "allocates pages";
        case Kind::allocate_bytes:
            return "allocates an object";
        case Kind::clear_page:
        case Kind::set_bytes:
            return "fills memory";
        case Kind::copy_bytes:
            return "copies memory";
        case Kind::call_argument:
            return "calls its argument";
        case Kind::stop:
            return "stops";
    }
    return {};
}

}  // namespace tlbcheck::litmus::kernel::interpreter
