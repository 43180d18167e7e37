// SPDX-License-Identifier: Apache-2.0
//
// Fields of descriptors.
#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::model::translation {

namespace {

constexpr int page_bits = 12;
constexpr int index_width = 9;

std::uint64_t bits(std::uint64_t word, int high, int low) {
    const int width = high - low + 1;
    return (word >> static_cast<unsigned>(low)) & (~std::uint64_t{0} >> static_cast<unsigned>(64 - width));
}

int shift_of_level(int level) {
    return page_bits + index_width * (3 - level);
}

}  // namespace

DescriptorWord decode_descriptor(std::uint64_t word, int stage, int level) {
    DescriptorWord d;
    const std::uint64_t type = bits(word, 1, 0);
    const bool block_level = level == 1 || level == 2;
    if (type == 3)
        d.kind = level == 3 ? DescriptorKind::leaf : DescriptorKind::table;
    else if (type == 1 && block_level)
        d.kind = DescriptorKind::leaf;
    if (d.kind == DescriptorKind::invalid) return d;
    const int low = d.kind == DescriptorKind::table ? page_bits : shift_of_level(level);
    d.address = bits(word, 47, low) << static_cast<unsigned>(low);
    if (d.kind == DescriptorKind::table) return d;
    d.accessed = bits(word, 10, 10) != 0;
    d.contiguous = bits(word, 52, 52) != 0;
    d.shareability = static_cast<unsigned>(bits(word, 9, 8));
    if (stage == 1) {
        d.not_global = bits(word, 11, 11) != 0;
        d.user = bits(word, 6, 6) != 0;
        d.writable = bits(word, 7, 7) == 0;
        d.attributes = static_cast<unsigned>(bits(word, 4, 2));
    } else {
        d.readable = bits(word, 6, 6) != 0;
        d.writable = bits(word, 7, 7) != 0;
        d.attributes = static_cast<unsigned>(bits(word, 5, 2));
    }
    return d;
}

std::uint64_t span_of_level(int level) {
    return std::uint64_t{1} << static_cast<unsigned>(shift_of_level(level));
}

std::uint64_t descriptor_address(std::uint64_t table, std::uint64_t input, int level) {
    const int low = shift_of_level(level);
    return table + bits(input, low + index_width - 1, low) * 8;
}

}  // namespace tlbcheck::model::translation
