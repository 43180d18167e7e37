// SPDX-License-Identifier: Apache-2.0
//
// What the expansion of one file for one hardware configuration shares between its parts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "litmus/sched/interval_map.hpp"
#include "litmus/sched/syntax_tree.hpp"
#include "litmus/sched/value.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

constexpr std::uint64_t max_steps = 4'000'000;            ///< statements executed while expanding
constexpr std::uint64_t max_uneven_iterations = 500'000;  ///< of loops whose iterations differ
constexpr std::uint64_t max_body = 8192;                  ///< instructions in the body of one repeated run
constexpr std::uint64_t max_new_tables = 262'144;
constexpr int max_call_depth = 64;

/// Parts of the tracked tables that one thread reads or changes; threads must not depend on each other's
/// changes.
enum class Field : std::uint8_t { structure, pa, contiguous, ap, attr, nt };
constexpr std::size_t field_count = 6;
using FieldSet = std::uint8_t;
constexpr FieldSet bit(Field field) {
    return static_cast<FieldSet>(1U << static_cast<unsigned>(field));
}
constexpr FieldSet all_fields = (1U << field_count) - 1;

struct UsePlace {
    Spot spot;
    UsePlace advanced(std::uint64_t /*bytes*/) const { return *this; }
    friend bool operator==(const UsePlace& a, const UsePlace& b) {
        return a.spot.file == b.spot.file && a.spot.place == b.spot.place;
    }
};
struct ThreadUses {
    std::array<IntervalMap<UsePlace>, field_count> reads, writes;
};

/// The words of kernel memory that one thread's code read and wrote, for the check that threads do not depend
/// on one another.
struct KernelAccesses;

struct Expansion {
    Expansion(const SyntaxTree& syntax, const model::HardwareParameters& hardware)
        : tree(syntax), geometry(hardware) {
        program.hardware = hardware;
    }

    const SyntaxTree& tree;
    model::Geometry geometry;
    bool one_by_one = false;  ///< ExpandOptions::one_by_one
    model::ScheduleProgram program;
    std::map<std::string, Value> globals;  ///< params, regions, declared flags
    std::vector<ThreadUses> uses;          ///< by thread
    std::vector<std::shared_ptr<const KernelAccesses>>
        kernel_accesses;                      ///< by thread; nullptr: it calls no kernel code
    std::vector<std::string> kernel_files;    ///< in place of the file's own; empty: those
    std::string capabilities_file;            ///< likewise
    std::optional<std::string> include_root;  ///< ExpandOptions::include_root
    /// Loops and flushes by place and innermost place: what to say if they never ran over anything.
    struct Extent {
        std::string what;
        bool some = false;
    };
    std::map<std::pair<model::SourcePlace, model::SourcePlace>, Extent> extents;
    std::uint64_t steps = 0;
    std::uint64_t instructions = 0;
    std::uint64_t most_instructions = 0;
    std::uint64_t uneven_iterations = 0;
    /// The next free generation of the table page at {level, va_base}; 1 where there is no entry.
    std::map<std::pair<int, std::uint64_t>, std::uint32_t> generations;
};

}  // namespace tlbcheck::litmus::sched
