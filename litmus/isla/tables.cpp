// SPDX-License-Identifier: Apache-2.0
//
// Pages and descriptors made on the way to each mapping.
#include "litmus/isla/tables.hpp"

#include <array>

#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::litmus::isla {

namespace {

using model::translation::decode_descriptor;
using model::translation::descriptor_address;

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t most_pages = 64;  // of one tree

struct Field {
    std::string_view name;
    int high, low;
};
constexpr std::array<Field, 9> stage1_fields{{{"UXN", 54, 54},
                                              {"PXN", 53, 53},
                                              {"Contiguous", 52, 52},
                                              {"nG", 11, 11},
                                              {"AF", 10, 10},
                                              {"SH", 9, 8},
                                              {"AP", 7, 6},
                                              {"NS", 5, 5},
                                              {"AttrIndx", 4, 2}}};
constexpr std::array<Field, 6> stage2_fields{{{"XN", 54, 54},
                                              {"Contiguous", 52, 52},
                                              {"AF", 10, 10},
                                              {"SH", 9, 8},
                                              {"S2AP", 7, 6},
                                              {"MemAttr", 5, 2}}};

constexpr std::uint64_t access_flag = std::uint64_t{1} << 10U;
constexpr std::uint64_t normal_stage2 = 0b1111U << 2U;

}  // namespace

LeafAttributes default_attributes() {
    return {access_flag | (0b01U << 6U), access_flag | (0b11U << 6U) | normal_stage2};
}

LeafAttributes code_attributes() {
    return {access_flag | (0b11U << 6U), access_flag | normal_stage2};
}

std::string set_field(std::uint64_t& word, int stage, const std::string& name, std::uint64_t value,
                      int width) {
    const auto put = [&](const auto& fields) -> std::string {
        for (const Field& f : fields) {
            if (f.name != name) continue;
            const int bits = f.high - f.low + 1;
            if (width != bits) return "field '" + name + "' has " + std::to_string(bits) + " bits";
            const std::uint64_t mask = ((std::uint64_t{1} << static_cast<unsigned>(bits)) - 1)
                                       << static_cast<unsigned>(f.low);
            word = (word & ~mask) | (value << static_cast<unsigned>(f.low));
            return {};
        }
        return "stage " + std::to_string(stage) + " descriptors have no field '" + printable(name) + "'";
    };
    return stage == 1 ? put(stage1_fields) : put(stage2_fields);
}

TableTree::TableTree(int stage, std::uint64_t base, model::LitmusTranslation& memory)
    : stage_(stage), base_(base), next_(base), memory_(&memory) {
    new_page(0);
}

std::uint64_t TableTree::new_page(int level) {
    const std::uint64_t page = next_;
    next_ += page_bytes;
    memory_->table_pages[page] = {stage_, level};
    return page;
}

std::optional<std::uint64_t> TableTree::slot(std::uint64_t input, int level) {
    std::uint64_t table = base_;
    for (int at = 0;; ++at) {
        const std::uint64_t place = descriptor_address(table, input, at);
        if (at == level) return place;
        const auto d = decode_descriptor(memory_->word(place), stage_, at);
        if (d.kind == model::DescriptorKind::leaf) return std::nullopt;
        if (d.kind == model::DescriptorKind::table) {
            table = d.address;
            continue;
        }
        if ((next_ - base_) / page_bytes >= most_pages) return std::nullopt;
        table = new_page(at + 1);
        memory_->words[place] = table | 3U;
    }
}

bool TableTree::map(std::uint64_t input, std::uint64_t output, std::uint64_t attributes, int level,
                    bool table) {
    const auto place = slot(input, level);
    if (!place) return false;
    const std::uint64_t kind = table || level == 3 ? 3 : 1;
    memory_->words[*place] = table ? output | kind : output | attributes | kind;
    return true;
}

}  // namespace tlbcheck::litmus::isla
