// SPDX-License-Identifier: Apache-2.0
//
// Memory by bytes. Physical pages exist only where somebody made them; areas say which virtual addresses lead
// to which of them. Addresses outside of all areas are translated by the interpreted tables.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tlbcheck::litmus::kernel::interpreter {

inline constexpr std::uint64_t page_bytes = 4096;

/// How a page takes reads and stores.
enum class PageUse : std::uint8_t {
    plain,
    table,   ///< a translation table: each store is an event
    extern_  ///< holds a variable that the bitcode only declares: its reads are reported
};

struct MemoryPage {
    std::array<std::uint8_t, page_bytes> bytes{};
    std::unique_ptr<std::bitset<page_bytes>> unknown;  ///< bytes that nobody set; none: all are set
    PageUse use = PageUse::plain;
};

/// A range of virtual addresses with one meaning.
struct Area {
    std::string name;                   ///< for messages: "the linear map", "the kernel image", ...
    std::uint64_t first = 0, last = 0;  ///< inclusive
    std::uint64_t pa = 0;               ///< of `first`
    bool grows = false;                 ///< pages are made, zero, when they are touched
    PageUse use = PageUse::plain;       ///< of pages made so
};

/// Two threads are run one after the other; this remembers what each touched, by 8-byte words.
struct Touched {
    static constexpr std::uint32_t never = ~std::uint32_t{0};
    std::uint32_t read = never;  ///< where it was read first: a stack, as Memory::on_touch gave it
    std::uint32_t written = never;
};

/// Throws Refusal (without a stack: the machine adds it) where an access cannot be made.
class Memory {
  public:
    /// Physical pages from here on are of no RAM: the image, stacks, vmemmap, objects.
    static constexpr std::uint64_t private_pa = std::uint64_t{1} << 56U;

    /// Makes the page that holds `pa`, zero or unknown; one that is there is made anew.
    void make_page(std::uint64_t pa, bool known);
    void remove_page(std::uint64_t pa);
    /// Whether there is memory at `pa`; a page of a growing area that was not touched yet is made.
    bool ensure_page(std::uint64_t pa);
    bool has_page(std::uint64_t pa) const { return pages_.contains(pa / page_bytes); }
    void set_use(std::uint64_t pa, PageUse use);
    PageUse use(std::uint64_t pa) const;
    void add_area(Area area);
    /// Where no area has the address: the tables' answer, nullopt where they map nothing.
    std::function<std::optional<std::uint64_t>(std::uint64_t va)> translate;
    /// Called once for each page that would be made beyond the bound; may throw.
    std::uint64_t most_pages = std::uint64_t{1} << 20U;

    /// nullopt: not an address that leads to memory.
    std::optional<std::uint64_t> physical(std::uint64_t va) const;

    /// By physical address, 1 to 8 bytes within one page. Reads of unknown bytes are refused.
    std::uint64_t read_physical(std::uint64_t pa, unsigned bytes) const;
    void write_physical(std::uint64_t pa, std::uint64_t value, unsigned bytes);
    bool is_known(std::uint64_t pa, std::uint64_t bytes) const;

    /// By virtual address. The fast way: a plain page that was found before, nothing unknown in it, the whole
    /// access within it; nullptr otherwise.
    std::uint8_t* fast(std::uint64_t va, unsigned bytes) {
        const Cached& cached = cache_[va / page_bytes % cache_size];
        const std::uint64_t offset = va % page_bytes;
        if (cached.page != va / page_bytes || offset + bytes > page_bytes) return nullptr;
        return cached.bytes + offset;
    }
    /// The same for reads, where a page of a table will do as well.
    const std::uint8_t* fast_read(std::uint64_t va, unsigned bytes) {
        const Cached& cached = read_cache_[va / page_bytes % cache_size];
        const std::uint64_t offset = va % page_bytes;
        if (cached.page != va / page_bytes || offset + bytes > page_bytes) return nullptr;
        return cached.bytes + offset;
    }
    /// The page at `va`, and its physical address; throws Refusal.
    struct Found {
        MemoryPage* page = nullptr;
        std::uint64_t pa = 0;
    };
    Found find(std::uint64_t va, const char* doing);
    /// Any number of bytes, unknown ones stay unknown; not for tables.
    void copy(std::uint64_t to, std::uint64_t from, std::uint64_t bytes);
    void mark_unknown(std::uint64_t va, std::uint64_t bytes);

    /// With tracking on nothing is fast, and every word read or written is remembered.
    void track() { tracking_ = true; }
    bool tracking() const { return tracking_; }
    void touched(std::uint64_t pa, unsigned bytes, bool written, const std::function<std::uint32_t()>& where);
    const std::unordered_map<std::uint64_t, Touched>& touched_words() const { return touched_; }

    std::size_t pages() const { return pages_.size(); }

  private:
    struct Cached {
        std::uint64_t page = ~std::uint64_t{0};
        std::uint8_t* bytes = nullptr;
    };
    static constexpr std::size_t cache_size = 1024;

    const Area* area(std::uint64_t va) const;
    MemoryPage* page_at(std::uint64_t pa) const;
    void forget();

    std::unordered_map<std::uint64_t, std::unique_ptr<MemoryPage>> pages_;
    std::vector<Area> areas_;
    std::array<Cached, cache_size> cache_;
    std::array<Cached, cache_size> read_cache_;
    bool tracking_ = false;
    std::unordered_map<std::uint64_t, Touched> touched_;  ///< by word: PA / 8
};

}  // namespace tlbcheck::litmus::kernel::interpreter
