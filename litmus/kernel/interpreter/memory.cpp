// SPDX-License-Identifier: Apache-2.0
//
// Pages, areas, and the two caches that make the usual access cheap.

#include "litmus/kernel/interpreter/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

void Memory::forget() {
    cache_.fill({});
    read_cache_.fill({});
}

MemoryPage* Memory::page_at(std::uint64_t pa) const {
    const auto found = pages_.find(pa / page_bytes);
    return found == pages_.end() ? nullptr : found->second.get();
}

void Memory::make_page(std::uint64_t pa, bool known) {
    if (pages_.size() >= most_pages)
        throw LimitReached(fmt::format("the run needs more than {} pages of memory", most_pages));
    auto page = std::make_unique<MemoryPage>();
    if (!known) {
        page->unknown = std::make_unique<std::bitset<page_bytes>>();
        page->unknown->set();
    }
    pages_[pa / page_bytes] = std::move(page);
    forget();
}

void Memory::remove_page(std::uint64_t pa) {
    pages_.erase(pa / page_bytes);
    forget();
}

bool Memory::ensure_page(std::uint64_t pa) {
    if (has_page(pa)) return true;
    const auto holds = [&](const Area& each) { return each.grows && pa - each.pa <= each.last - each.first; };
    const auto found = std::find_if(areas_.begin(), areas_.end(), holds);
    if (found == areas_.end()) return false;
    make_page(pa, true);
    set_use(pa, found->use);
    return true;
}

void Memory::set_use(std::uint64_t pa, PageUse use) {
    if (MemoryPage* const page = page_at(pa)) page->use = use;
    forget();
}

PageUse Memory::use(std::uint64_t pa) const {
    const MemoryPage* const page = page_at(pa);
    return page == nullptr ? PageUse::plain : page->use;
}

void Memory::add_area(Area area) {
    areas_.push_back(std::move(area));
    forget();
}

const Area* Memory::area(std::uint64_t va) const {
    const auto found = std::find_if(areas_.begin(), areas_.end(),
                                    [&](const Area& each) { return va >= each.first && va <= each.last; });
    return found == areas_.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> Memory::physical(std::uint64_t va) const {
    if (const Area* const known = area(va)) return known->pa + (va - known->first);
    return translate ? translate(va) : std::nullopt;
}

Memory::Found Memory::find(std::uint64_t va, const char* doing) {
    const Area* const known = area(va);
    const std::optional<std::uint64_t> pa = physical(va);
    if (!pa) {
        if (va < page_bytes)
            throw Refusal(
                fmt::format("{} through a null pointer (address {:#x}); a pointer that nobody set? "
                            "kernel_set gives variables and fields of objects their values",
                            doing, va));
        throw Refusal(
            fmt::format("{} at {:#x}, which is in none of the areas of memory and which the tables "
                        "do not map; a region may be missing, or the layout is another one",
                        doing, va));
    }
    MemoryPage* page = page_at(*pa);
    if (page == nullptr && known != nullptr && known->grows) {
        make_page(*pa, true);
        page = page_at(*pa);
        page->use = known->use;
    }
    if (page == nullptr)
        throw Refusal(fmt::format(
            "{} at {:#x} (physical address {:#x}, in {}), which is neither a table nor "
            "allocated: the contents of mapped pages are not modelled; an object has memory of its own",
            doing, va, *pa, known == nullptr ? "what the tables map" : known->name));
    // What the tables translate is never kept: they change.
    if (known != nullptr && !tracking_ && !page->unknown && page->use != PageUse::extern_) {
        const std::uint64_t number = va / page_bytes;
        read_cache_[number % cache_size] = {number, page->bytes.data()};
        if (page->use == PageUse::plain) cache_[number % cache_size] = {number, page->bytes.data()};
    }
    return {page, *pa};
}

bool Memory::is_known(std::uint64_t pa, std::uint64_t bytes) const {
    const MemoryPage* const page = page_at(pa);
    if (page == nullptr) return false;
    if (!page->unknown) return true;
    for (std::uint64_t i = 0; i < bytes; ++i)
        if (page->unknown->test((pa + i) % page_bytes)) return false;
    return true;
}

std::uint64_t Memory::read_physical(std::uint64_t pa, unsigned bytes) const {
    const MemoryPage* const page = page_at(pa);
    if (page == nullptr) throw Refusal(fmt::format("there is no memory at physical address {:#x}", pa));
    if (!is_known(pa, bytes))
        throw Refusal(fmt::format("physical address {:#x} is read, which nobody has set", pa));
    std::uint64_t value = 0;
    std::memcpy(&value, page->bytes.data() + pa % page_bytes, bytes);
    return value;
}

void Memory::write_physical(std::uint64_t pa, std::uint64_t value, unsigned bytes) {
    MemoryPage* const page = page_at(pa);
    if (page == nullptr) throw Refusal(fmt::format("there is no memory at physical address {:#x}", pa));
    std::memcpy(page->bytes.data() + pa % page_bytes, &value, bytes);
    if (!page->unknown) return;
    for (unsigned i = 0; i < bytes; ++i) page->unknown->reset((pa + i) % page_bytes);
    if (page->unknown->none()) page->unknown.reset();
}

void Memory::copy(std::uint64_t to, std::uint64_t from, std::uint64_t bytes) {
    // As memmove: from the end where the target lies above.
    const bool backwards = to > from;
    for (std::uint64_t i = 0; i < bytes; ++i) {
        const std::uint64_t k = backwards ? bytes - 1 - i : i;
        const Found source = find(from + k, "a copy reads");
        const bool unknown = source.page->unknown && source.page->unknown->test(source.pa % page_bytes);
        const std::uint8_t byte = source.page->bytes[source.pa % page_bytes];
        const Found target = find(to + k, "a copy writes");
        if (unknown) {
            mark_unknown(to + k, 1);
        } else {
            write_physical(target.pa, byte, 1);
        }
    }
}

void Memory::mark_unknown(std::uint64_t va, std::uint64_t bytes) {
    for (std::uint64_t i = 0; i < bytes;) {
        const Found found = find(va + i, "memory is taken");
        const std::uint64_t offset = found.pa % page_bytes;
        const std::uint64_t count = std::min(bytes - i, page_bytes - offset);
        if (!found.page->unknown) {
            found.page->unknown = std::make_unique<std::bitset<page_bytes>>();
            const std::uint64_t number = (va + i) / page_bytes;
            if (cache_[number % cache_size].page == number) cache_[number % cache_size] = {};
            if (read_cache_[number % cache_size].page == number) read_cache_[number % cache_size] = {};
        }
        for (std::uint64_t k = 0; k < count; ++k) found.page->unknown->set(offset + k);
        i += count;
    }
}

void Memory::touched(std::uint64_t pa, unsigned bytes, bool written,
                     const std::function<std::uint32_t()>& where) {
    for (std::uint64_t word = pa / 8; word <= (pa + bytes - 1) / 8; ++word) {
        Touched& each = touched_[word];
        std::uint32_t& first = written ? each.written : each.read;
        if (first == Touched::never) first = where();
    }
}

}  // namespace tlbcheck::litmus::kernel::interpreter
