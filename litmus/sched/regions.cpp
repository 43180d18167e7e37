// SPDX-License-Identifier: Apache-2.0
//
// Regions: their keys, and the rules an initial mapping must keep (alignment, address size, no overlap).

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/contexts.hpp"
#include "litmus/sched/declarations.hpp"
#include "litmus/sched/guests.hpp"

namespace tlbcheck::litmus::sched {

/// A region while it is read, with the place of each key.
struct RegionDraft {
    const RegionItem& item;
    const SyntaxTree& tree;
    model::Region region;
    const char* input = "va";  ///< what the region calls its address, and what it maps that to
    const char* output = "pa";
    bool guest = false;   ///< of a VM
    bool stage1 = false;  ///< of a guest

    const Setting* setting(std::string_view key) const {
        for (const Setting& one : item.settings) {
            if (one.key == key) return &one;
        }
        return nullptr;
    }
    [[noreturn]] void error(std::string_view key, std::string message, std::string hint = {}) const {
        const Setting* const at = setting(key);
        fail(tree.where(at != nullptr ? at->value->spot : item.spot), std::move(message), std::move(hint));
    }
};

namespace {

using model::Geometry;
using model::Region;

constexpr int most_va_bits = 48;
constexpr int most_pa_bits = 48;

const std::vector<std::string>& region_keys() {
    static const std::vector<std::string> keys = {"va",   "pa",     "size", "level",  "contiguous", "ap",
                                                  "attr", "global", "asid", "mapped", "exec",       "space",
                                                  "vm",   "ipa",    "af",   "dbm"};
    return keys;
}

std::string bytes_text(std::uint64_t bytes) {
    for (const auto& [shift, suffix] :
         {std::pair{40, 'T'}, std::pair{30, 'G'}, std::pair{20, 'M'}, std::pair{10, 'K'}}) {
        if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0)
            return fmt::format("{}{}", bytes >> shift, suffix);
    }
    return fmt::format("{}", bytes);
}

void check_leaf_alignment(const RegionDraft& draft, const Geometry& geometry) {
    const Region& region = draft.region;
    const std::uint64_t leaf = geometry.entry_bytes(region.level);
    const std::string of = fmt::format("a leaf at level {} ({} with granule {})", region.level,
                                       bytes_text(leaf), model::granule_name(geometry.granule()));
    if (region.size % leaf != 0)
        draft.error("size", fmt::format("size {} is not a multiple of {}", bytes_text(region.size), of));
    if (region.va % leaf != 0)
        draft.error(draft.input, fmt::format("{} 0x{:x} is not aligned to {}", draft.input, region.va, of));
    if (region.pa % leaf != 0)
        draft.error(draft.output, fmt::format("{} 0x{:x} is not aligned to {}", draft.output, region.pa, of));
    if (!region.contiguous) return;
    const std::uint64_t set = geometry.contiguous_bytes(region.level);
    const std::string whole = fmt::format("whole contiguous sets of {}", bytes_text(set));
    const std::string hint = fmt::format(
        "a contiguous region at level {} is aligned to {} in va, pa and size", region.level, bytes_text(set));
    if (region.size % set != 0)
        draft.error("size", fmt::format("size {} is not made of {}", bytes_text(region.size), whole), hint);
    if (region.va % set != 0)
        draft.error(draft.input, fmt::format("{} 0x{:x} is not aligned to {}", draft.input, region.va, whole),
                    hint);
    if (region.pa % set != 0)
        draft.error(draft.output,
                    fmt::format("{} 0x{:x} is not aligned to {}", draft.output, region.pa, whole), hint);
}

void check_address_size(const RegionDraft& draft, const model::HardwareParameters& hardware) {
    const Region& region = draft.region;
    const int index = model::index_bits(hardware.granule);
    const int bits = std::min(most_va_bits,
                              model::granule_bits(hardware.granule) + index * model::lookup_levels(hardware));
    const std::uint64_t half = std::uint64_t{1} << bits;
    if (region.size > half)
        draft.error("size",
                    fmt::format("size {} is more than {} bits of VA hold", bytes_text(region.size), bits));
    const std::uint64_t low = region.va;
    const bool in_low = low < half && region.size <= half - low;
    const std::uint64_t above =
        low - (~std::uint64_t{0} - (half - 1));  // distance from the start of the high half
    const bool in_high = low >= ~std::uint64_t{0} - (half - 1) && region.size <= half - above;
    if (!in_low && !in_high) {
        draft.error("va",
                    fmt::format("0x{:x} with size {} is not within one half of {}-bit VA", region.va,
                                bytes_text(region.size), bits),
                    fmt::format("addresses are 0 .. 0x{:x} or 0x{:x} .. 0xffffffffffffffff", half - 1,
                                ~std::uint64_t{0} - (half - 1)));
    }
    const std::uint64_t pa_end = std::uint64_t{1} << most_pa_bits;
    if (region.pa >= pa_end || region.size > pa_end - region.pa)
        draft.error(draft.output, fmt::format("the PA 0x{:x} with size {} is past {} bits", region.pa,
                                              bytes_text(region.size), most_pa_bits));
}

}  // namespace

/// The MAIR_EL1 encodings that predate FEAT_XS have XS = 1 where memory is not write-back cacheable.
std::optional<model::Attr> memory_attributes(std::string_view name) {
    using model::Attr;
    if (name == "normal") return Attr::none;
    if (name == "normal_nc") return Attr::onc | Attr::inc | Attr::xs;
    if (name == "device") return Attr::device_ngnre | Attr::xs;
    return std::nullopt;
}

Region Declarations::region(const RegionItem& item, const Geometry& geometry) {
    RegionDraft draft{item, tree(), {}};
    draft.region.name = item.name;
    draft.region.place = {item.spot.file, item.spot.place.line, item.spot.place.column};
    for (const Setting& setting : item.settings) {
        const auto& keys = region_keys();
        if (std::find(keys.begin(), keys.end(), setting.key) != keys.end()) continue;
        error(setting.spot, fmt::format("a region has no '{}'", printable(setting.key, 40)),
              did_you_mean(setting.key, keys, fmt::format("it has {}", fmt::join(keys, ", "))));
    }
    draft.guest = draft.setting("vm") != nullptr;
    draft.stage1 = !draft.guest && is_guest_region(tree(), item);
    if (draft.guest) draft.input = "ipa";
    if (draft.stage1) draft.output = "ipa";
    read_addresses(draft, geometry);
    read_rights(draft);
    check_leaf_alignment(draft, geometry);
    check_address_size(draft, *hardware_);
    read_space(draft);
    if (setting_truth(draft, "exec", false))
        draft.region.attributes = draft.region.attributes | model::execute_right(draft.region.global);
    return draft.region;
}

std::uint64_t Declarations::setting_number(const RegionDraft& draft, const char* key, std::uint64_t low,
                                           std::uint64_t high, std::uint64_t otherwise) {
    const Setting* const at = draft.setting(key);
    return at == nullptr ? otherwise : constant(*at->value, low, high, key);
}

bool Declarations::setting_truth(const RegionDraft& draft, const char* key, bool otherwise) {
    const Setting* const at = draft.setting(key);
    return at == nullptr ? otherwise : truth(*at->value);
}

/// Where it lies, how large it is, and the leaves that map it.
void Declarations::read_addresses(RegionDraft& draft, const Geometry& geometry) {
    Region& region = draft.region;
    for (const char* needed : {draft.input, draft.output, "size"}) {
        if (draft.setting(needed) == nullptr)
            error(draft.item.spot,
                  fmt::format("region '{}' has no {}", printable(draft.item.name, 60), needed));
    }
    if (draft.stage1 && draft.setting("pa") != nullptr)
        draft.error("pa", "a guest's stage 1 maps to an IPA",
                    "write ipa; a region of the VM maps that to a PA");
    if (const char* other = draft.guest ? "va" : "ipa"; !draft.stage1 && draft.setting(other) != nullptr)
        draft.error(other, fmt::format("a region {} has no {}", draft.guest ? "of a VM" : "of no VM", other),
                    fmt::format("write {}", draft.input));
    constexpr std::uint64_t most = ~std::uint64_t{0};
    region.va = setting_number(draft, draft.input, 0, most, 0);
    region.pa = setting_number(draft, draft.output, 0, draft.stage1 ? most_ipa : most, 0);
    region.size = setting_number(draft, "size", 1, most, 0);
    region.size = region.size > most / region_scale_ ? most : region.size * region_scale_;
    if (region_size_ && region_size_->first == region.name) region.size = region_size_->second;
    region.level = static_cast<int>(setting_number(draft, "level", 0, 3, 3));
    if (!geometry.has_leaf(region.level) || region.level < geometry.start_level()) {
        draft.error("level",
                    fmt::format("there are no leaves at level {} with granule {}", region.level,
                                model::granule_name(geometry.granule())),
                    "level 3 is pages, 2 blocks, and 1 blocks with granule 4K");
    }
    region.contiguous = setting_truth(draft, "contiguous", false);
    region.mapped = setting_truth(draft, "mapped", true);
}

void Declarations::read_rights(RegionDraft& draft) {
    Region& region = draft.region;
    region.asid = static_cast<std::uint16_t>(setting_number(draft, "asid", 0, 0xFFFF, 0));
    region.global = setting_truth(draft, "global", draft.setting("asid") == nullptr);
    if (region.global && draft.setting("asid") != nullptr)
        draft.error("asid", "a global region has no ASID", "leave out global, or asid");
    if (const Setting* at = draft.setting("ap")) {
        const std::string name = word(*at->value);
        if (name != "rw" && name != "ro") draft.error("ap", "ap is rw or ro");
        region.writable = name == "rw";
    }
    if (const Setting* at = draft.setting("attr")) {
        const auto attributes = memory_attributes(word(*at->value));
        if (!attributes) draft.error("attr", "attr is normal, normal_nc or device");
        region.attributes = *attributes;
    }
    region.accessed = setting_truth(draft, "af", true);
    region.dbm = setting_truth(draft, "dbm", false);
    if (setting_truth(draft, "exec", false) && draft.guest)
        draft.error("exec", "execute rights of stage 2 are not judged", "leave out exec");
}

/// The space or VM whose tables map it, if it says one.
void Declarations::read_space(RegionDraft& draft) {
    Region& region = draft.region;
    const bool guest = draft.guest;
    const Setting* const space = draft.setting(guest ? "vm" : "space");
    if (space == nullptr) return;
    if (guest && draft.setting("space") != nullptr)
        draft.error("space", "a region of a VM is of no space", "leave out space");
    if (draft.setting("asid") != nullptr)
        draft.error("asid", fmt::format("a region of a {} has no ASID of its own", guest ? "VM" : "space"),
                    "leave out asid");
    if (guest && draft.setting("global") != nullptr)
        draft.error("global", "stage 2 has no global entries", "leave out global");
    const std::optional<model::SpaceId> id = space_named(tree(), word(*space->value));
    if (!id || tree().spaces[*id].vm != guest)
        draft.error(guest ? "vm" : "space", fmt::format("there is no {} '{}'", guest ? "VM" : "space",
                                                        printable(word(*space->value), 60)));
    const bool upper = spaces_[*id].upper;
    if (upper != model::spaces::is_upper(region.va) || (!upper && region.va >> 47U != 0))
        draft.error(
            draft.input,
            fmt::format("0x{:x} is not in the {} half, which {} maps", region.va, upper ? "upper" : "lower",
                        guest   ? "VTTBR"
                        : upper ? "TTBR1"
                                : "TTBR0"),
            upper ? "a space of the lower half has no ttbr = 1"
                  : "a region of the upper half is in every space, or in one with ttbr = 1");
    region.va = model::spaces::within(region.va, *id);
    region.global = guest || setting_truth(draft, "global", false);  // stage 2 has no nG bit
}

void check_overlap(const SyntaxTree& tree, const std::vector<Region>& regions) {
    std::vector<std::size_t> order(regions.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(regions[a].va, a) < std::pair(regions[b].va, b);
    });
    for (std::size_t k = 1; k < order.size(); ++k) {
        const Region& below = regions[order[k - 1]];
        const Region& above = regions[order[k]];
        if (above.va - below.va >= below.size) continue;
        const bool in_order = order[k - 1] < order[k];
        const RegionItem& later = tree.regions[in_order ? order[k] : order[k - 1]];
        const RegionItem& earlier = tree.regions[in_order ? order[k - 1] : order[k]];
        Diagnostic diagnostic{
            Severity::error,
            fmt::format("regions '{}' and '{}' overlap from VA 0x{:x}", printable(earlier.name, 60),
                        printable(later.name, 60), model::spaces::plain(above.va)),
            tree.sources[later.spot.file],
            later.spot.place,
            "aliases share a PA, not a VA",
            {}};
        diagnostic.notes.push_back({fmt::format("'{}' is here", printable(earlier.name, 60)),
                                    tree.sources[earlier.spot.file], earlier.spot.place});
        throw InputError(diagnostic);
    }
}

}  // namespace tlbcheck::litmus::sched
