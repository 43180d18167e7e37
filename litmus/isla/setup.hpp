// SPDX-License-Identifier: Apache-2.0
//
// The set-up of a test's tables (`page_table_setup`): addresses chosen so that its assertions hold, then the
// tables of both stages, word by word.
#pragma once

#include <vector>

#include "litmus/isla/expression.hpp"

namespace tlbcheck::litmus::isla {

/// Where things stand in memory: tables that are there without being asked for, code, data.
struct MemoryMap {
    static constexpr std::uint64_t stage1_tables = 0x300000;
    static constexpr std::uint64_t stage2_tables = 0x200000;
    static constexpr std::uint64_t code = 0x400000;  ///< of thread k at code + k pages
    static constexpr std::uint64_t physical = 0x600000, intermediate = 0x800000, virtual_ = 0xa00000;
    static constexpr std::uint64_t end = 0x1000000;
    static constexpr std::uint64_t page = 0x1000;
};

struct SetupResult {
    Names names;
    model::LitmusTranslation translation;
    bool default_tables = true;
};

/// `symbolic`: names of virtual addresses declared outside of the set-up. The result's names refer to its
/// `translation`: it is not to be moved while they are used.
void read_setup(const Source& source, Span span, const std::vector<std::string>& symbolic, int threads,
                SetupResult& result);

}  // namespace tlbcheck::litmus::isla
