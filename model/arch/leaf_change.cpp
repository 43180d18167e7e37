// SPDX-License-Identifier: Apache-2.0
//
// The attributes are compared as MAIR_ELx and the descriptor's fields give them (D8.16).
#include "model/arch/leaf_change.hpp"

namespace tlbcheck::model {

namespace {

constexpr Attr device_bits = Attr::device_gre | Attr::device_ngre | Attr::device_ngnre | Attr::device_ngnrne;

Attr part(Attr attributes, Attr mask) {
    return static_cast<Attr>(static_cast<std::uint32_t>(attributes) & static_cast<std::uint32_t>(mask));
}
/// The bits of `mask`, or the default where none is given: Normal, inner shareable, write-back.
Attr part_or(Attr attributes, Attr mask, Attr otherwise) {
    const Attr value = part(attributes, mask);
    return value == Attr::none ? otherwise : value;
}

BbmChange attribute_change(Attr from, Attr to) {
    const bool from_device = part(from, device_bits) != Attr::none;
    const bool to_device = part(to, device_bits) != Attr::none;
    if (from_device != to_device) return BbmChange::memory_type;
    if (from_device)
        return part(from, device_bits) == part(to, device_bits) ? BbmChange::none : BbmChange::device_type;
    const auto differ = [&](Attr mask, Attr otherwise) {
        return part_or(from, mask, otherwise) != part_or(to, mask, otherwise);
    };
    if (differ(Attr::iwb | Attr::iwt | Attr::inc, Attr::iwb)) return BbmChange::cacheability;
    if (differ(Attr::owb | Attr::owt | Attr::onc, Attr::owb)) return BbmChange::cacheability;
    if (differ(Attr::nsh | Attr::ish | Attr::osh, Attr::ish)) return BbmChange::shareability;
    return BbmChange::none;
}

/// RWHZWS: no side is writable, and the contents are those of one page.
bool same_read_only(const LeafTranslation& from, const LeafTranslation& to) {
    return !from.value.writable() && !to.value.writable() &&
           contents_at(from.value, from.va, from.output) == contents_at(to.value, to.va, to.output);
}

}  // namespace

std::string to_string(BbmChange change) {
    switch (change) {
        case BbmChange::none:
            return "nothing";
        case BbmChange::memory_type:
            return "the memory type";
        case BbmChange::cacheability:
            return "the cacheability";
        case BbmChange::shareability:
            return "the shareability";
        case BbmChange::device_type:
            return "the Device type";
        case BbmChange::output_address:
            return "the output address";
        case BbmChange::size:
            return "the size of the block or page";
        case BbmChange::next_table:
            return "the table that follows";
        case BbmChange::contiguous:
            return "the Contiguous bit";
    }
    return "?";
}

BbmChange needs_bbm(const LeafTranslation& from, const LeafTranslation& to, int bbm_level) {
    if (const BbmChange change = attribute_change(from.value.attributes, to.value.attributes);
        change != BbmChange::none) {
        return change;
    }
    if (from.output != to.output && !same_read_only(from, to)) return BbmChange::output_address;
    if (from.level != to.level) {
        const bool exempt = bbm_level >= 2 || (bbm_level == 1 && (from.value.nt || to.value.nt));
        if (!exempt) return BbmChange::size;
    }
    if (from.level == to.level && from.value.contiguous != to.value.contiguous && bbm_level < 1)
        return BbmChange::contiguous;
    return BbmChange::none;
}

bool conflicting(const LeafTranslation& a, const LeafTranslation& b, ContiguousFill fill) {
    if (a.level != b.level || needs_bbm(a, b, 3) != BbmChange::none) return true;
    return fill != ContiguousFill::none && a.value.contiguous != b.value.contiguous;
}

}  // namespace tlbcheck::model
