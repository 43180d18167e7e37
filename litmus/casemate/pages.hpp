// SPDX-License-Identifier: Apache-2.0
//
// Physical memory as a log tells it: which pages are translation tables and of what, and the stores to them
// as instructions. A page is written before anyone knows that it becomes a table: such a store has no slot
// until the page is hooked, and is dropped where it never is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "litmus/casemate/registers.hpp"
#include "litmus/casemate/words.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::casemate {

inline constexpr std::uint64_t page_bytes = 4096;

class Pages {
  public:
    Pages(model::ScheduleProgram& program, const WordFormat& format);

    /// One thread's instructions so far, and where the record at hand stands.
    struct Where {
        std::uint32_t thread = 0;
        model::SourcePlace place;
    };

    /// A word of physical memory is written.
    void write(const Where& where, std::uint64_t address, std::uint64_t value);
    std::uint64_t read(std::uint64_t address) const;
    bool is_known(std::uint64_t address) const;
    /// Pages begin anew, zeroed. A page that was a table is used for something else from here on.
    void zero(const Where& where, std::uint64_t address, std::uint64_t bytes);
    /// Every byte of a stretch is set.
    void set(const Where& where, std::uint64_t address, std::uint64_t bytes, std::uint8_t byte);
    void free(const Where& where, std::uint64_t address, std::uint64_t bytes);
    /// The table and what hangs below it are tables no more; `in_use`: some PE's base register leads there.
    void release(const Where& where, std::uint64_t address,
                 const std::function<bool(model::SpaceId)>& in_use);
    /// The tables whose root is at `root`; made a space of its own where it is none yet. `as` says what its
    /// entries are tagged with.
    model::SpaceId space_of(const Where& where, std::uint64_t root, model::AddressSpace as,
                            const WalkStart& start);

    void emit(const Where& where, model::Operation operation);
    /// Drops what never came to be a store to a table, and fills in threads, new tables and regions.
    void finish();

  private:
    /// A store whose slot is not known yet.
    struct Pending {
        std::uint32_t thread = 0;
        std::size_t instruction = 0;
        std::uint64_t index = 0, value = 0;
    };
    struct Page {
        bool zeroed = false;     ///< its contents are what was written since, and zero
        bool left_over = false;  ///< it still holds what an earlier use wrote
        std::map<std::uint64_t, std::uint64_t> words;
        std::vector<Pending> pending;
        std::optional<model::TablePage> table;
    };
    struct Root {
        std::uint64_t pa = 0;
        WalkStart start;
        bool dead = false;
    };

    model::StoreDescriptor store_of(const Where& where, const model::TablePage& table, std::uint64_t index,
                                    std::uint64_t value);
    const model::AddressSpace& space_at(std::uint64_t va) const;
    std::uint32_t attach(const Where& where, std::uint64_t pa, int level, std::uint64_t va_base);
    void settle(const Where& where, Page& page);
    void leave(const Where& where, std::uint64_t pa, Page& page);
    bool in_tree(std::uint64_t pa) const;
    void below(std::uint64_t pa, std::vector<std::uint64_t>& pages) const;
    static void detach(Page& page);
    std::optional<model::SpaceId> root_at(std::uint64_t pa) const;
    void add_regions();
    /// Of EL2, where no entry is global.
    void tag(model::Region& region) const;

    model::ScheduleProgram& program_;
    model::Geometry geometry_;
    WordFormat format_;
    std::map<std::uint64_t, Page> pages_;
    std::vector<Root> roots_;  ///< by space
    std::map<std::pair<int, std::uint64_t>, std::uint32_t> generations_;
};

}  // namespace tlbcheck::litmus::casemate
