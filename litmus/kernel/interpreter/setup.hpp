// SPDX-License-Identifier: Apache-2.0
//
// What the one who runs kernel code decides: addresses, capabilities, functions that are not run but stood in
// for, bounds.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "litmus/kernel/asm/system_registers.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

/// What a call of a function does instead of running it.
struct Stub {
    enum class Kind : std::uint8_t {
        constant,           ///< returns `value`
        argument,           ///< returns its argument `address`
        free_address,       ///< argument `address` is a linear-map address; order in `size`
        free_page,          ///< argument `address` is a struct page (or folio, ptdesc); order in `size`
        free_physical,      ///< argument `address` is a physical address; bytes in `size`
        free_array,         ///< argument `address` points to an array of struct page pointers, `size` of them
        allocate_address,   ///< returns a linear-map address; flags and order in arguments
        allocate_page,      ///< returns a struct page
        allocate_physical,  ///< returns a physical address; bytes in `size`
        allocate_bytes,     ///< returns the address of an object; bytes in `size`, without one in `value`
        clear_page,         ///< argument `address`: 4096 bytes become zero
        set_bytes,          ///< memset
        copy_bytes,         ///< memcpy, memmove
        take_lock,          ///< the spinlock at argument `address` is held from here on; returns `value`
        release_lock,       ///< it is free
        call_argument,      ///< calls its argument `address` with its argument `size`: stop_machine
        stop,               ///< the kernel would not go on: panic and the like
    };
    static constexpr int absent = -1;
    Kind kind = Kind::constant;
    std::uint64_t value = 0;
    int address = absent;  ///< which argument, from 0
    int size = absent;     ///< which argument is an order or a number of bytes; absent: order 0, one page
    int flags = absent;    ///< which argument is gfp flags: without __GFP_ZERO pages are unknown
};

/// Bounds; what goes beyond throws LimitReached.
struct Limits {
    std::uint64_t steps = std::uint64_t{1} << 32U;  ///< instructions of the compact code and of assembly
    std::uint32_t depth = 256;                      ///< calls within calls
    std::uint64_t pages = std::uint64_t{1} << 18U;  ///< of memory, 4096 bytes each
    /// Asked now and then; may throw (time, interruption). Empty: never.
    std::function<void()> poll;
};

/// Virtual addresses of the running kernel.
struct AddressLayout {
    std::uint64_t page_offset = 0xffff'0000'0000'0000;  ///< base of the linear map
    std::uint64_t linear_bytes = std::uint64_t{1} << 47U;
    std::uint64_t memstart = 0;  ///< memstart_addr: what the linear map's base stands for (modulo 2^64)
    std::uint64_t image = 0xffff'8000'8000'0000;  ///< where the kernel's variables and functions lie
    std::uint64_t image_pa = 0;                   ///< of `image`
    std::uint64_t vmemmap_page0 = 0;  ///< address of the struct page of page frame 0 (modulo 2^64)
    std::uint64_t vmemmap_first = 0, vmemmap_last = 0;
    std::uint64_t struct_page_bytes = 64;
    std::optional<std::uint64_t> page_references;  ///< offset of _refcount in struct page, 4 bytes
    std::uint64_t task_bytes = 16384;              ///< of struct task_struct
    /// Where objects and the stack lie; physical memory of their own.
    std::uint64_t objects = 0xffff'8000'c000'0000;
    std::uint64_t stack = 0xffff'8000'f000'0000;
    std::uint64_t stack_bytes = std::uint64_t{1} << 24U;
};

struct Setup {
    AddressLayout layout;
    std::function<bool(unsigned number)> capability;
    std::map<std::string, Stub> stubs;  ///< before the built-in ones, also where the function has a body
    std::map<assembly::SystemRegister, std::uint64_t> registers;
    Limits limits;
};

/// The built-in stub for a function that the bitcode only declares.
std::optional<Stub> find_stub(const std::string& function);
/// The built-in stub that is used even where the function has a body.
std::optional<Stub> find_replacing_stub(const std::string& function);
/// What it does, in words: "returns 0", "frees pages", ...
std::string describe(const Stub& stub);

}  // namespace tlbcheck::litmus::kernel::interpreter
