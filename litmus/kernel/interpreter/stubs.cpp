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

struct Known {
    std::string_view name;
    Stub stub;
};

constexpr Stub returns(std::uint64_t value) {
    return {Kind::constant, value};
}

// Ascending by name. Kernels from 6.1 on; a release has a part of them.
constexpr std::array known_functions = {
    Known{"___free_pages", {Kind::free_page, 0, 0, 1}},
    Known{"__add_pages", returns(0)},
    Known{"__alloc_frozen_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__alloc_pages", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__alloc_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"__cond_resched", returns(0)},
    Known{"__const_memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__dynamic_pr_debug", returns(0)},
    Known{"__flush_dcache_area", returns(0)},
    Known{"__folio_put", {Kind::free_page, 0, 0}},
    Known{"__free_pages", {Kind::free_page, 0, 0, 1}},
    Known{"__get_free_pages", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"__get_free_pages_noprof", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"__kmalloc", {Kind::allocate_bytes, 0, no, 0, 1}},
    Known{"__kmalloc_cache_noprof", {Kind::allocate_bytes, 0, no, 2, 1}},
    Known{"__kmalloc_noprof", {Kind::allocate_bytes, 0, no, 0, 1}},
    Known{"__local_bh_enable_ip", returns(0)},
    Known{"__memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__memmove", {Kind::copy_bytes, 0, 0, 2}},
    Known{"__memset", {Kind::set_bytes, 0, 0, 2}},
    Known{"__mmap_lock_do_trace_acquire_returned", returns(0)},
    Known{"__mmap_lock_do_trace_released", returns(0)},
    Known{"__mmap_lock_do_trace_start_locking", returns(0)},
    Known{"__mmu_notifier_arch_invalidate_secondary_tlbs", returns(0)},
    Known{"__mmu_notifier_invalidate_range", returns(0)},
    Known{"__mmu_notifier_invalidate_range_end", returns(0)},
    Known{"__mmu_notifier_invalidate_range_start", returns(0)},
    Known{"__mod_lruvec_page_state", returns(0)},
    Known{"__mod_node_page_state", returns(0)},
    Known{"__mod_zone_page_state", returns(0)},
    Known{"__mutex_init", returns(0)},
    Known{"__rcu_read_lock", returns(0)},
    Known{"__rcu_read_unlock", returns(0)},
    Known{"__remove_pages", returns(0)},
    Known{"__sync_icache_dcache", returns(0)},
    Known{"__tlb_remove_table", {Kind::free_page, 0, 0}},
    Known{"__traceiter_mmap_lock_acquire_returned", returns(0)},
    Known{"__warn_printk", returns(0)},
    Known{"_printk", returns(0)},
    Known{"_raw_read_lock", returns(0)},
    Known{"_raw_read_unlock", returns(0)},
    Known{"_raw_spin_lock", returns(0)},
    Known{"_raw_spin_lock_irq", returns(0)},
    Known{"_raw_spin_lock_irqsave", returns(0)},
    Known{"_raw_spin_trylock", returns(1)},
    Known{"_raw_spin_unlock", returns(0)},
    Known{"_raw_spin_unlock_irq", returns(0)},
    Known{"_raw_spin_unlock_irqrestore", returns(0)},
    Known{"_raw_write_lock", returns(0)},
    Known{"_raw_write_unlock", returns(0)},
    Known{"alloc_frozen_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"alloc_pages", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"alloc_pages_noprof", {Kind::allocate_page, 0, no, 1, 0}},
    Known{"clear_page", {Kind::clear_page, 0, 0}},
    Known{"cpus_read_lock", returns(0)},
    Known{"cpus_read_unlock", returns(0)},
    Known{"down_read", returns(0)},
    Known{"down_write", returns(0)},
    Known{"dump_page", returns(0)},
    Known{"dump_stack", returns(0)},
    Known{"folio_put", {Kind::free_page, 0, 0}},
    Known{"free_frozen_pages", {Kind::free_page, 0, 0, 1}},
    Known{"free_pages", {Kind::free_address, 0, 0, 1}},
    Known{"free_unref_page", {Kind::free_page, 0, 0, 1}},
    Known{"get_free_pages_noprof", {Kind::allocate_address, 0, no, 1, 0}},
    Known{"get_zeroed_page", {Kind::allocate_address}},
    Known{"get_zeroed_page_noprof", {Kind::allocate_address}},
    Known{"kasan_add_zero_shadow", returns(0)},
    Known{"kasan_remove_zero_shadow", returns(0)},
    Known{"kfree", returns(0)},
    Known{"kmsan_vunmap_range_noflush", returns(0)},
    Known{"kvfree", returns(0)},
    Known{"lock_mm_and_find_vma", returns(0)},
    Known{"lruvec_stat_mod_folio", returns(0)},
    Known{"memblock_phys_alloc_range", {Kind::allocate_physical, 0, no, 0}},
    Known{"memblock_phys_free", {Kind::free_physical, 0, 0, 1}},
    Known{"memcpy", {Kind::copy_bytes, 0, 0, 2}},
    Known{"memmove", {Kind::copy_bytes, 0, 0, 2}},
    Known{"memset", {Kind::set_bytes, 0, 0, 2}},
    Known{"mod_lruvec_page_state", returns(0)},
    Known{"mod_node_page_state", returns(0)},
    Known{"mod_zone_page_state", returns(0)},
    Known{"mte_sync_tags", returns(0)},
    Known{"mutex_is_locked", returns(1)},
    Known{"mutex_lock", returns(0)},
    Known{"mutex_trylock", returns(1)},
    Known{"mutex_unlock", returns(0)},
    Known{"panic", {Kind::stop}},
    Known{"pfn_is_map_memory", returns(1)},
    Known{"preempt_schedule", returns(0)},
    Known{"preempt_schedule_notrace", returns(0)},
    Known{"printk", returns(0)},
    Known{"raw_notifier_call_chain", returns(0)},
    Known{"sme_do_dvmsync", returns(0)},
    Known{"stop_machine", {Kind::call_argument, 0, 0, 1}},
    Known{"synchronize_rcu", returns(0)},
    Known{"up_read", returns(0)},
    Known{"up_write", returns(0)},
    Known{"vmemmap_verify", returns(0)},
    Known{"warn_slowpath_fmt", returns(0)},
};

static_assert(std::ranges::is_sorted(known_functions, {}, &Known::name));

}  // namespace

std::optional<Stub> find_stub(const std::string& function) {
    const auto found =
        std::ranges::lower_bound(known_functions, std::string_view(function), {}, &Known::name);
    if (found == known_functions.end() || found->name != function) return std::nullopt;
    return found->stub;
}

std::optional<Stub> find_replacing_stub(const std::string& function) {
    // Whatever files are given: the allocator and its accounting are never run.
    constexpr std::array<std::string_view, 12> replaced = {"__alloc_frozen_pages_noprof",
                                                           "__alloc_pages",
                                                           "__alloc_pages_noprof",
                                                           "__free_pages",
                                                           "__kmalloc",
                                                           "__kmalloc_noprof",
                                                           "__tlb_remove_table",
                                                           "free_frozen_pages",
                                                           "free_pages",
                                                           "free_unref_page",
                                                           "kfree",
                                                           "vmemmap_verify"};
    return std::ranges::find(replaced, function) == replaced.end() ? std::nullopt : find_stub(function);
}

std::string describe(const Stub& stub) {
    switch (stub.kind) {
        case Kind::constant:
            return fmt::format("returns {:#x}", stub.value);
        case Kind::argument:
            return fmt::format("returns its argument {}", stub.address + 1);
        case Kind::free_address:
        case Kind::free_page:
        case Kind::free_physical:
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
