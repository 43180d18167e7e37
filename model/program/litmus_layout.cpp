// SPDX-License-Identifier: Apache-2.0
//
// Pages get addresses: blocks far from one another, sets in a block one after another.
#include "model/program/litmus_layout.hpp"

namespace tlbcheck::model {

namespace {

constexpr int page_level = 3;
constexpr int block_level = 2;

}  // namespace

const Geometry& LitmusLayout::geometry() {
    static const Geometry geometry{HardwareParameters{}};
    return geometry;
}

std::size_t LitmusLayout::slots() {
    return static_cast<std::size_t>(geometry().contiguous_slots(page_level).value_or(1));
}

std::size_t LitmusLayout::sets_in_block() {
    return geometry().entry_bytes(block_level) / geometry().contiguous_bytes(page_level);
}

void LitmusLayout::add_block(const std::vector<std::vector<std::string>>& sets) {
    const Geometry& g = geometry();
    // No two blocks are in one contiguous set of level 2.
    std::uint64_t at = ++blocks_ * g.contiguous_bytes(block_level);
    for (const std::vector<std::string>& set : sets) {
        std::uint64_t page = at;
        for (const std::string& symbol : set) {
            addresses_[symbol] = page;
            symbols_[page] = symbol;
            page += g.entry_bytes(page_level);
        }
        at += g.contiguous_bytes(page_level);
    }
}

std::optional<std::string> LitmusLayout::at(std::uint64_t address) const {
    const auto it = symbols_.find(address);
    return it == symbols_.end() ? std::nullopt : std::optional(it->second);
}

std::string LitmusLayout::block_of(const std::string& symbol) const {
    const auto it = addresses_.find(symbol);
    if (it == addresses_.end()) return symbol;
    return symbols_.lower_bound(geometry().entry_base(it->second, block_level))->second;
}

std::vector<std::string> LitmusLayout::neighbours(const std::string& symbol) const {
    std::vector<std::string> result;
    const auto own = addresses_.find(symbol);
    if (own == addresses_.end()) return result;
    const std::uint64_t base = geometry().set_base(own->second, page_level);
    const std::uint64_t end = base + geometry().contiguous_bytes(page_level);
    for (auto it = symbols_.lower_bound(base); it != symbols_.end() && it->first < end; ++it) {
        if (it->second != symbol) result.push_back(it->second);
    }
    return result;
}

std::optional<std::string> LitmusLayout::same_place(const std::string& symbol,
                                                    const std::string& other) const {
    if (!contains(symbol) || !contains(other)) return other;
    const std::uint64_t offset = address(symbol) - geometry().entry_base(address(symbol), block_level);
    return at(geometry().entry_base(address(other), block_level) + offset);
}

}  // namespace tlbcheck::model
