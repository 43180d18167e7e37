// SPDX-License-Identifier: Apache-2.0
//
// Printing of descriptor values (Arm ARM D8.3).
#include "model/arch/descriptor.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tlbcheck::model {

namespace {

constexpr std::array<std::pair<Attr, std::string_view>, 18> attribute_names{{
    {Attr::normal, "Normal"},
    {Attr::tagged_normal, "TaggedNormal"},
    {Attr::nsh, "NSH"},
    {Attr::ish, "ISH"},
    {Attr::osh, "OSH"},
    {Attr::iwb, "iWB"},
    {Attr::iwt, "iWT"},
    {Attr::inc, "iNC"},
    {Attr::owb, "oWB"},
    {Attr::owt, "oWT"},
    {Attr::onc, "oNC"},
    {Attr::device_gre, "Device-GRE"},
    {Attr::device_ngre, "Device-nGRE"},
    {Attr::device_ngnre, "Device-nGnRE"},
    {Attr::device_ngnrne, "Device-nGnRnE"},
    {Attr::xs, "XS"},
    {Attr::px, "PX"},
    {Attr::ux, "UX"},
}};

}  // namespace

std::string to_string(Attr attributes) {
    std::string text;
    for (const auto& [bit, name] : attribute_names) {
        if (!has(attributes, bit)) continue;
        if (!text.empty()) text += ' ';
        text += name;
    }
    return text;
}

std::string_view to_string(DescriptorKind kind) {
    switch (kind) {
        case DescriptorKind::invalid:
            return "invalid";
        case DescriptorKind::leaf:
            return "leaf";
        case DescriptorKind::table:
            return "table";
    }
    return "?";
}

std::string to_string(const Descriptor& descriptor) {
    if (descriptor.kind == DescriptorKind::invalid) return "invalid";
    if (descriptor.kind == DescriptorKind::table)
        return descriptor.oa == 0 ? std::string("table") : fmt::format("new table {}", descriptor.oa);
    std::string text = fmt::format("{:#x} {}", descriptor.oa, descriptor.db ? "rw" : "ro");
    if (descriptor.contiguous) text += " cont";
    if (!descriptor.af || descriptor.unaccessed) text += " af=0";
    if (descriptor.dbm) text += " dbm";
    if (descriptor.not_global) text += " nG";
    if (descriptor.nt) text += " nT";
    if (descriptor.contents) text += " (contents kept)";
    if (descriptor.attributes != Attr::none) text += " " + to_string(descriptor.attributes);
    return text;
}

std::string written_text(const Descriptor& descriptor, bool by_new_owner) {
    return by_new_owner ? "what the new owner wrote" : to_string(descriptor);
}

std::string attribute_text(const Descriptor& descriptor) {
    if (descriptor.kind != DescriptorKind::leaf) return "";
    constexpr std::array<std::pair<Attr, std::string_view>, 8> types{{
        {Attr::device_gre, "Device-GRE"},
        {Attr::device_ngre, "Device-nGRE"},
        {Attr::device_ngnre, "Device-nGnRE"},
        {Attr::device_ngnrne, "Device-nGnRnE"},
        {Attr::inc, "Normal-NC"},
        {Attr::xs, "XS"},
        {Attr::px, "PX"},
        {Attr::ux, "UX"},
    }};
    std::string text = descriptor.db ? "rw" : "ro";
    for (const auto& [bit, name] : types) {
        if (has(descriptor.attributes, bit)) text += fmt::format(", {}", name);
    }
    if (!descriptor.af || descriptor.unaccessed) text += ", AF=0";
    if (descriptor.dbm) text += ", DBM";
    if (descriptor.nt) text += ", nT";
    if (descriptor.not_global) text += ", nG";
    return text;
}

}  // namespace tlbcheck::model
