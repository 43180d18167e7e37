// SPDX-License-Identifier: Apache-2.0
//
// Where the pages of a litmus test's symbols lie (variants mlpt, contig): which share a level 2 descriptor
// and which are slots of one contiguous set. Physical memory is laid out as virtual memory is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/arch/granule.hpp"

namespace tlbcheck::model {

class LitmusLayout {
  public:
    /// Puts `sets`, each of symbols in consecutive slots of one contiguous set, into one block: symbols that
    /// share a level 2 descriptor. Each set has at most `slots` symbols, and a block at most `sets_in_block`.
    void add_block(const std::vector<std::vector<std::string>>& sets);
    static std::size_t slots();
    static std::size_t sets_in_block();

    /// Address of a symbol's page in bytes. The symbol is in a block.
    std::uint64_t address(const std::string& symbol) const { return addresses_.at(symbol); }
    bool contains(const std::string& symbol) const { return addresses_.contains(symbol); }
    /// All symbols, with the addresses of their pages.
    const std::map<std::string, std::uint64_t>& addresses() const { return addresses_; }
    /// The symbol whose page begins at the address.
    std::optional<std::string> at(std::uint64_t address) const;
    /// The first symbol of the block: by it the block's level 2 descriptor is called.
    std::string block_of(const std::string& symbol) const;
    /// The other symbols of the contiguous set, by address.
    std::vector<std::string> neighbours(const std::string& symbol) const;
    /// The symbol that stands in the block of `other` where `symbol` stands in its own.
    std::optional<std::string> same_place(const std::string& symbol, const std::string& other) const;
    /// 4K granule.
    static const Geometry& geometry();

  private:
    std::map<std::string, std::uint64_t> addresses_;
    std::map<std::uint64_t, std::string> symbols_;
    std::uint64_t blocks_ = 0;
};

}  // namespace tlbcheck::model
