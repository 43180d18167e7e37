// SPDX-License-Identifier: Apache-2.0
//
// Translation tables in memory, word by word, as the set-up of a test asks for them: 4K granule, four levels,
// pages of a tree one after the other from its root's address.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "model/program/litmus_translation.hpp"

namespace tlbcheck::litmus::isla {

/// Fields of leaf descriptors, by stage.
struct LeafAttributes {
    std::uint64_t stage1 = 0, stage2 = 0;
};
/// Read and write at every exception level, AF = 1.
LeafAttributes default_attributes();
LeafAttributes code_attributes();
/// Puts `value` of `width` bits into the field of that name ("AP", "AF", "S2AP"); what is wrong, or "".
std::string set_field(std::uint64_t& word, int stage, const std::string& name, std::uint64_t value,
                      int width);

class TableTree {
  public:
    TableTree(int stage, std::uint64_t base, model::LitmusTranslation& memory);

    int stage() const { return stage_; }
    std::uint64_t base() const { return base_; }
    /// End of the pages made so far.
    std::uint64_t end() const { return next_; }
    /// Address of the descriptor of `input` at the level, tables above it made where there is none; nullopt
    /// where a block stands in the way, or with too many pages.
    std::optional<std::uint64_t> slot(std::uint64_t input, int level);
    /// Writes a leaf or (for `table`) table descriptor.
    bool map(std::uint64_t input, std::uint64_t output, std::uint64_t attributes, int level,
             bool table = false);

  private:
    std::uint64_t new_page(int level);

    int stage_;
    std::uint64_t base_, next_;
    model::LitmusTranslation* memory_;
};

}  // namespace tlbcheck::litmus::isla
