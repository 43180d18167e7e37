// SPDX-License-Identifier: Apache-2.0
//
// The program's operator new: what a thread allocates is charged to its budget, and what does not fit is
// refused with OutOfMemory. Part of the program alone, not of a library: whoever links those keeps their
// own.
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "model/limits/budget.hpp"

// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): what operator new is made of
namespace {

using tlbcheck::model::Budget;
using tlbcheck::model::charged_budget;
using tlbcheck::model::OutOfMemory;

std::int64_t size_of(void* memory) {
    return static_cast<std::int64_t>(malloc_usable_size(memory));
}

void* allocate(std::size_t size, std::size_t alignment) {
    Budget* budget = charged_budget();
    // Refused before it is asked for: the kernel hands out more than there is.
    if (budget != nullptr) budget->need(size);
    void* memory = alignment <= alignof(std::max_align_t)
                       ? std::malloc(std::max<std::size_t>(size, 1))
                       : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc();
    if (budget != nullptr && !budget->charge(size_of(memory))) {
        std::free(memory);
        throw OutOfMemory(budget->limits());
    }
    return memory;
}

void* allocate_or_null(std::size_t size, std::size_t alignment) noexcept {
    try {
        return allocate(size, alignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void release(void* memory) noexcept {
    if (memory == nullptr) return;
    if (Budget* budget = charged_budget(); budget != nullptr) budget->charge(-size_of(memory));
    std::free(memory);
}

// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size, usual);
}
void* operator new[](std::size_t size) {
    return allocate(size, usual);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate_or_null(size, usual);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate_or_null(size, usual);
}
void* operator new(std::size_t size, std::align_val_t a) {
    return allocate(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
    return allocate(size, static_cast<std::size_t>(a));
}
void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
    return allocate_or_null(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
    return allocate_or_null(size, static_cast<std::size_t>(a));
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
    release(memory);
}
