// SPDX-License-Identifier: Apache-2.0
//
// A row for each hardware parameter.
#include "model/arch/hardware_table.hpp"

#include <algorithm>

namespace tlbcheck::model {

namespace {

constexpr std::array granules{HardwareValue{"4K", 1U << 12U}, HardwareValue{"16K", 1U << 14U},
                              HardwareValue{"64K", 1U << 16U}};
constexpr std::array fills{HardwareValue{"any", {}}, HardwareValue{"none", {}},
                           HardwareValue{"coalesced", {}}, HardwareValue{"shattered", {}}};
constexpr std::array walk_caches{HardwareValue{"per_entry", {}}, HardwareValue{"per_page", {}}};
constexpr std::array yes_or_no{HardwareValue{"true", 1}, HardwareValue{"false", 0}};
constexpr std::array bbm_levels{HardwareValue{"0", 0}, HardwareValue{"1", 1}, HardwareValue{"2", 2},
                                HardwareValue{"3", 3}};
constexpr std::array ets_numbers{HardwareValue{"0", 0}, HardwareValue{"2", 2}, HardwareValue{"3", 3}};
constexpr std::array level_counts{HardwareValue{"2", 2}, HardwareValue{"3", 3}, HardwareValue{"4", 4}};
constexpr std::array set_sizes{HardwareValue{"2", 2},    HardwareValue{"4", 4},   HardwareValue{"8", 8},
                               HardwareValue{"16", 16},  HardwareValue{"32", 32}, HardwareValue{"64", 64},
                               HardwareValue{"128", 128}};

std::optional<std::size_t> place_of(std::span<const HardwareValue> values, int number) {
    const auto found = std::ranges::find(values, static_cast<std::uint64_t>(number), &HardwareValue::number);
    return found == values.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - values.begin()));
}

int number_at(std::span<const HardwareValue> values, std::size_t index) {
    return static_cast<int>(values[index].number.value());
}

// The enumerators have the order of their values above.
const std::array<HardwareParameter, hardware_parameter_count> table{{
    {"granule", "granule size", granules,
     [](const HardwareParameters& h) { return std::optional(static_cast<std::size_t>(h.granule)); },
     [](HardwareParameters& h, std::size_t v) { h.granule = static_cast<Granule>(v); }},
    {"bbm_level", "FEAT_BBM level; 3 stands for level 2 that never aborts", bbm_levels,
     [](const HardwareParameters& h) { return place_of(bbm_levels, h.bbm_level); },
     [](HardwareParameters& h, std::size_t v) { h.bbm_level = number_at(bbm_levels, v); }},
    {"ets", "0, 2 (FEAT_ETS2) or 3 (FEAT_ETS3)", ets_numbers,
     [](const HardwareParameters& h) { return place_of(ets_numbers, h.ets); },
     [](HardwareParameters& h, std::size_t v) { h.ets = number_at(ets_numbers, v); }},
    {"contiguous_fill", "what an entry filled from a Contiguous descriptor spans", fills,
     [](const HardwareParameters& h) { return std::optional(static_cast<std::size_t>(h.contiguous_fill)); },
     [](HardwareParameters& h, std::size_t v) { h.contiguous_fill = static_cast<ContiguousFill>(v); }},
    {"walk_cache", "what an entry for a table descriptor is kept for", walk_caches,
     [](const HardwareParameters& h) { return std::optional(static_cast<std::size_t>(h.walk_cache)); },
     [](HardwareParameters& h, std::size_t v) { h.walk_cache = static_cast<WalkCache>(v); }},
    {"tlb_range", "FEAT_TLBIRANGE", yes_or_no,
     [](const HardwareParameters& h) { return std::optional<std::size_t>(h.tlb_range ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.tlb_range = v == 0; }},
    {"levels", "number of lookup levels", level_counts,
     [](const HardwareParameters& h) { return place_of(level_counts, lookup_levels(h)); },
     [](HardwareParameters& h, std::size_t v) { h.levels = number_at(level_counts, v); }},
    {"contiguous_entries", "slots of a contiguous set, for experiments", set_sizes,
     [](const HardwareParameters& h) {
         return h.contiguous_entries ? place_of(set_sizes, *h.contiguous_entries) : std::nullopt;
     },
     [](HardwareParameters& h, std::size_t v) { h.contiguous_entries = number_at(set_sizes, v); }},
    {"repeat_tlbi", "an erratum: accesses through a removed entry may outlive the first TLBI and DSB",
     yes_or_no, [](const HardwareParameters& h) { return std::optional<std::size_t>(h.repeat_tlbi ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.repeat_tlbi = v == 0; }},
    {"ha", "FEAT_HAFDBS: hardware sets the access flag (TCR_ELx.HA)", yes_or_no,
     [](const HardwareParameters& h) { return std::optional<std::size_t>(h.ha ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.ha = v == 0; }},
    {"hd", "FEAT_HAFDBS: hardware sets the dirty state where DBM = 1 (TCR_ELx.HD)", yes_or_no,
     [](const HardwareParameters& h) { return std::optional<std::size_t>(h.hd ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.hd = v == 0; }},
    {"vtcr_ha", "FEAT_HAFDBS at stage 2: hardware sets the access flag (VTCR_EL2.HA)", yes_or_no,
     [](const HardwareParameters& h) { return std::optional<std::size_t>(h.vtcr_ha ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.vtcr_ha = v == 0; }},
    {"vtcr_hd", "FEAT_HAFDBS at stage 2: hardware sets the dirty state where DBM = 1 (VTCR_EL2.HD)",
     yes_or_no, [](const HardwareParameters& h) { return std::optional<std::size_t>(h.vtcr_hd ? 0 : 1); },
     [](HardwareParameters& h, std::size_t v) { h.vtcr_hd = v == 0; }},
}};

}  // namespace

std::span<const HardwareParameter> hardware_table() {
    return table;
}

std::string values_in_braces(const HardwareParameter& parameter) {
    std::string text = "{";
    for (const HardwareValue& value : parameter.values) {
        if (text.size() > 1) text += ',';
        text += value.word;
    }
    return text + "}";
}

std::string values_sentence(const HardwareParameter& parameter) {
    std::string text(parameter.key);
    text += " is ";
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
        if (i > 0) text += i + 1 == parameter.values.size() ? " or " : ", ";
        text += parameter.values[i].word;
    }
    return text;
}

bool is_default(const HardwareParameter& parameter, const HardwareParameters& hardware) {
    HardwareParameters usual;
    if (parameter.key != "granule") usual.granule = hardware.granule;
    return parameter.get(hardware) == parameter.get(usual);
}

std::string_view to_string(ContiguousFill fill) {
    return fills.at(static_cast<std::size_t>(fill)).word;
}

std::string_view to_string(WalkCache walk_cache) {
    return walk_caches.at(static_cast<std::size_t>(walk_cache)).word;
}

std::string_view granule_name(Granule granule) {
    return granules.at(static_cast<std::size_t>(granule)).word;
}

}  // namespace tlbcheck::model
