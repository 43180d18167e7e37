// SPDX-License-Identifier: Apache-2.0
//
// Settings of the C library's heap for many short jobs.
#include "checker/cli/heap.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace tlbcheck::checker::cli {

#ifdef __GLIBC__

namespace {

constexpr std::size_t large_page = std::size_t{2} << 20U;
constexpr int stretch = 256 << 20;     // address space only
constexpr int mapped_from = 32 << 20;  // larger blocks are mapped on their own, the most that glibc takes

}  // namespace

void prepare_heap() {
    mallopt(M_TOP_PAD, stretch);
    mallopt(M_MMAP_THRESHOLD, mapped_from);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    // The heap grows by the stretch when what it has is used up.
    const auto begin = reinterpret_cast<std::uintptr_t>(sbrk(0));
    ::operator delete(::operator new(static_cast<std::size_t>(mapped_from) / 2));
    const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
    const std::uintptr_t first = (begin + large_page - 1) / large_page * large_page;
    if (end <= first) return;
    madvise(reinterpret_cast<void*>(first), (end - first) / large_page * large_page, MADV_HUGEPAGE);
}

#else

void prepare_heap() {}

#endif

}  // namespace tlbcheck::checker::cli
