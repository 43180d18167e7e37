// SPDX-License-Identifier: Apache-2.0
//
// Which physical pages are translation tables, and of what: those that map the regions at the start, and
// those that are hooked while code runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "litmus/kernel/interpreter/memory.hpp"
#include "litmus/kernel/world/descriptors.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::kernel::world {

/// A page that is a table, or was given by the allocator and may become one.
struct KnownPage {
    std::optional<model::TablePage> table;  ///< none: hooked nowhere yet
    std::uint32_t placeholder = 0;          ///< of an allocated page, counted from 1; 0: of another
    bool zeroed = false;                    ///< by the allocator
    bool initial = false;                   ///< there when the schedule starts
};

class Tables {
  public:
    /// `fwb`: HCR_EL2.FWB.
    Tables(interpreter::Memory& memory, const model::Geometry& geometry,
           const std::vector<model::AddressSpace>& spaces, bool fwb)
        : memory_(memory), geometry_(geometry), spaces_(spaces), fwb_(fwb) {}

    /// Makes the tables of the regions below the roots, given by PA: of the low half of the address space and
    /// of the high one; each space gets a root of its own. New pages are taken from `next_pa` on.
    void build(const std::vector<model::Region>& regions, std::uint64_t low_root, std::uint64_t high_root,
               std::uint64_t& next_pa);
    /// Takes in what is hooked below the roots by now as there from the start.
    void adopt();

    KnownPage* find(std::uint64_t pa);
    KnownPage& add_allocated(std::uint64_t pa, bool zeroed);

    /// The page becomes the table `page`; tables that its descriptors point to follow. Called with each page
    /// that becomes a table, and its PA. Throws Refusal when it is a table of something else already.
    using OnHook =
        std::function<std::uint32_t(std::uint64_t pa, KnownPage& known, int level, std::uint64_t va_base)>;
    void hook(std::uint64_t pa, int level, std::uint64_t va_base, const OnHook& generation);

    /// The slot that a descriptor's PA is, in a page that is a table.
    model::DescriptorSlot slot(std::uint64_t pa, const model::TablePage& page) const;
    /// PA of the descriptor for `va` at `level` on the walk as memory has it; nullopt: the walk ends above.
    std::optional<std::uint64_t> descriptor_pa(std::uint64_t va, int level) const;
    /// What `va` is translated to by the tables as memory has them.
    std::optional<std::uint64_t> translate(std::uint64_t va) const;
    /// Of the tables that hold the address, one of a space or a plain one.
    std::uint64_t root_of(std::uint64_t va) const {
        if (const auto space = model::spaces::of(va); space && *space < space_roots_.size())
            return space_roots_[*space];
        return va >> 63U != 0 ? high_root_ : low_root_;
    }
    const std::vector<std::uint64_t>& space_roots() const { return space_roots_; }
    DescriptorFormat format_of(std::uint64_t va) const;
    /// All pages that are tables of that space, by PA.
    std::vector<std::uint64_t> pages_of(model::SpaceId space) const;
    std::uint64_t page_of(std::uint64_t pa) const {
        return pa & ~(model::granule_bytes(geometry_.granule()) - 1);
    }
    const model::Geometry& geometry() const { return geometry_; }

  private:
    std::uint64_t slot_pa(std::uint64_t table, std::uint64_t va, int level) const;
    std::uint64_t make_page(std::uint64_t& next_pa);
    void adopt_below(std::uint64_t pa, int level, std::uint64_t va_base);

    interpreter::Memory& memory_;
    const model::Geometry& geometry_;
    std::unordered_map<std::uint64_t, KnownPage> pages_;
    std::uint32_t placeholders_ = 0;
    std::uint64_t low_root_ = 0, high_root_ = 0;
    const std::vector<model::AddressSpace>& spaces_;
    std::vector<std::uint64_t> space_roots_;  ///< by space
    bool fwb_;
};

}  // namespace tlbcheck::litmus::kernel::world
