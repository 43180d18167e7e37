// SPDX-License-Identifier: Apache-2.0
//
// Names of barriers and of their options (Arm ARM C6.2 DMB, DSB, ISB), and the sets of the Arm model that
// hold them.
#include "model/arch/barrier.hpp"

#include <array>
#include <cctype>

namespace tlbcheck::model {

namespace {

struct Option {
    std::string_view name;  ///< upper case
    BarrierDomain domain;
    BarrierAccess access;
};

constexpr std::array<Option, 12> options{{
    {"SY", BarrierDomain::sy, BarrierAccess::full},
    {"LD", BarrierDomain::sy, BarrierAccess::ld},
    {"ST", BarrierDomain::sy, BarrierAccess::st},
    {"ISH", BarrierDomain::ish, BarrierAccess::full},
    {"ISHLD", BarrierDomain::ish, BarrierAccess::ld},
    {"ISHST", BarrierDomain::ish, BarrierAccess::st},
    {"NSH", BarrierDomain::nsh, BarrierAccess::full},
    {"NSHLD", BarrierDomain::nsh, BarrierAccess::ld},
    {"NSHST", BarrierDomain::nsh, BarrierAccess::st},
    {"OSH", BarrierDomain::osh, BarrierAccess::full},
    {"OSHLD", BarrierDomain::osh, BarrierAccess::ld},
    {"OSHST", BarrierDomain::osh, BarrierAccess::st},
}};

std::string upper(std::string_view text) {
    std::string result{text};
    for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return result;
}

std::string option_name(const Barrier& barrier) {
    for (const Option& option : options) {
        if (option.domain != barrier.domain || option.access != barrier.access) continue;
        return std::string{option.name} + (barrier.nxs ? "nXS" : "");
    }
    return {};
}

}  // namespace

std::optional<Barrier> parse_barrier(BarrierKind kind, std::string_view option) {
    std::string name = upper(option);
    if (kind == BarrierKind::isb) {
        if (!name.empty() && name != "SY") return std::nullopt;
        return Barrier{};
    }
    Barrier barrier{kind, BarrierDomain::sy, BarrierAccess::full, false};
    if (kind == BarrierKind::dsb && name.size() > 3 && name.ends_with("NXS")) {
        barrier.nxs = true;
        name.resize(name.size() - 3);
    }
    for (const Option& candidate : options) {
        if (candidate.name != name) continue;
        if (barrier.nxs && candidate.access != BarrierAccess::full) return std::nullopt;
        barrier.domain = candidate.domain;
        barrier.access = candidate.access;
        return barrier;
    }
    return std::nullopt;
}

std::string to_string(const Barrier& barrier) {
    switch (barrier.kind) {
        case BarrierKind::dmb:
            return "DMB " + option_name(barrier);
        case BarrierKind::dsb:
            return "DSB " + option_name(barrier);
        case BarrierKind::isb:
            break;
    }
    return "ISB";
}

std::string cat_set(const Barrier& barrier) {
    std::string text = to_string(barrier);
    if (const auto space = text.find(' '); space != std::string::npos) text[space] = '.';
    return text;
}

}  // namespace tlbcheck::model
