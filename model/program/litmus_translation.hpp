// SPDX-License-Identifier: Apache-2.0
//
// What a litmus test says of translation when its tables are written out: every descriptor a 64-bit word at a
// physical address (Arm ARM D8.3, 4K granule, 48-bit addresses), registers that hold table addresses, code at
// addresses of its own, exception vectors.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tlbcheck::model {

struct TranslationTable {
    int stage = 1;  ///< 1 or 2
    int level = 0;  ///< lookup level of the descriptors that the page holds, 0 to 3
};

struct LitmusTranslation {
    /// Initial contents of memory, descriptors and data, by physical address; 0 where there is none.
    std::map<std::uint64_t, std::uint64_t> words;
    std::map<std::uint64_t, TranslationTable> table_pages;  ///< by physical address
    std::map<std::string, std::uint64_t> places;  ///< physical address of what conditions call by a name
    std::map<std::uint64_t, std::string> names;   ///< how a value is printed
    std::uint64_t word(std::uint64_t place) const {
        const auto it = words.find(place);
        return it == words.end() ? 0 : it->second;
    }
    const TranslationTable* table_page(std::uint64_t place) const {
        const auto it = table_pages.find(place & ~std::uint64_t{0xfff});
        return it == table_pages.end() ? nullptr : &it->second;
    }
};

/// Where a thread's code stands: instruction k at `main` + 4k; each section of handler code at its address.
struct CodeLayout {
    struct Section {
        std::uint64_t address = 0;  ///< in bytes
        int first = 0;  ///< index of its first instruction, as labels count (LitmusThread::labels)
        int count = 0;
    };
    std::uint64_t main = 0;
    std::vector<Section> sections;
    int exception_level = 0;  ///< that the thread starts at
    bool own_stack = false;   ///< PSTATE.SP
};

}  // namespace tlbcheck::model
