// SPDX-License-Identifier: Apache-2.0
//
// The table, and look-ups in it.
#include "model/arch/tlbi_forms.hpp"

#include <array>
#include <utility>

namespace tlbcheck::model {

namespace {

using Forms = std::array<std::pair<TlbiBase, TlbiBase>, 4>;

constexpr Forms all_and_last{{{TlbiBase::vae1, TlbiBase::vale1},
                              {TlbiBase::vaae1, TlbiBase::vaale1},
                              {TlbiBase::rvae1, TlbiBase::rvale1},
                              {TlbiBase::rvaae1, TlbiBase::rvaale1}}};
constexpr Forms one_and_any_asid{{{TlbiBase::vae1, TlbiBase::vaae1},
                                  {TlbiBase::vale1, TlbiBase::vaale1},
                                  {TlbiBase::rvae1, TlbiBase::rvaae1},
                                  {TlbiBase::rvale1, TlbiBase::rvaale1}}};
constexpr Forms address_and_range{{{TlbiBase::vae1, TlbiBase::rvae1},
                                   {TlbiBase::vaae1, TlbiBase::rvaae1},
                                   {TlbiBase::vale1, TlbiBase::rvale1},
                                   {TlbiBase::vaale1, TlbiBase::rvaale1}}};

TlbiBase first_of(const Forms& forms, TlbiBase base) {
    for (const auto& [first, second] : forms)
        if (second == base) return first;
    return base;
}

TlbiBase second_of(const Forms& forms, TlbiBase base) {
    for (const auto& [first, second] : forms)
        if (first == base) return second;
    return base;
}

}  // namespace

TlbiBase all_levels_form(TlbiBase base) {
    return first_of(all_and_last, base);
}

TlbiBase last_level_form(TlbiBase base) {
    return second_of(all_and_last, base);
}

TlbiBase any_asid_form(TlbiBase base) {
    return base == TlbiBase::aside1 ? TlbiBase::vmalle1 : second_of(one_and_any_asid, base);
}

TlbiBase one_asid_form(TlbiBase base) {
    return first_of(one_and_any_asid, base);
}

TlbiBase one_address_form(TlbiBase base) {
    return first_of(address_and_range, base);
}

TlbiBase range_form(TlbiBase base) {
    return second_of(address_and_range, base);
}

TlbiBase flush_of_everything(const CachedTranslation& translation) {
    if (translation.regime != Regime::el10) return TlbiBase::alle2;
    return translation.stage == CachedTranslation::Stage::stage1 ? TlbiBase::vmalle1 : TlbiBase::alle1;
}

}  // namespace tlbcheck::model
