// SPDX-License-Identifier: Apache-2.0
//
// The lists of names.
#include "model/graph/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::model::vocabulary {

namespace {

using Name = std::string_view;

constexpr std::array of_cat_sets = {
    // accesses
    Name("R"),
    Name("W"),
    Name("IW"),
    Name("Exp"),
    Name("NExp"),
    Name("SPURIOUS"),
    Name("Rreg"),
    Name("Wreg"),
    Name("A"),
    Name("Q"),
    Name("L"),
    Name("X"),
    Name("EX"),
    Name("NoRet"),
    Name("T"),
    Name("Instr"),
    Name("Restricted-CMODX"),
    // commits and ports
    Name("B"),
    Name("BCC"),
    Name("PRED"),
    Name("ADDR"),
    Name("DATA"),
    // barriers
    Name("F"),
    Name("ISB"),
    Name("DMB.SY"),
    Name("DMB.ST"),
    Name("DMB.LD"),
    Name("DMB.ISH"),
    Name("DMB.ISHST"),
    Name("DMB.ISHLD"),
    Name("DMB.OSH"),
    Name("DMB.OSHST"),
    Name("DMB.OSHLD"),
    Name("DMB.NSH"),
    Name("DMB.NSHST"),
    Name("DMB.NSHLD"),
    Name("DSB.SY"),
    Name("DSB.ST"),
    Name("DSB.LD"),
    Name("DSB.ISH"),
    Name("DSB.ISHST"),
    Name("DSB.ISHLD"),
    Name("DSB.OSH"),
    Name("DSB.OSHST"),
    Name("DSB.OSHLD"),
    Name("DSB.NSH"),
    Name("DSB.NSHST"),
    Name("DSB.NSHLD"),
    // maintenance
    Name("TLBI"),
    Name("TLBIIS"),
    Name("TLBInXS"),
    Name("DC.CVAU"),
    Name("IC.IALLU"),
    Name("IC.IALLUIS"),
    Name("IC.IVAU"),
    // descriptors
    Name("PTE"),
    Name("D-PTE"),
    Name("PTEV"),
    Name("PTEINV"),
    Name("PTEAF0"),
    Name("PTEDB0"),
    Name("AF"),
    Name("DB"),
    Name("PTEXS"),
    Name("PTENormal"),
    Name("PTETaggedNormal"),
    Name("PTEDevice-GRE"),
    Name("PTEDevice-nGRE"),
    Name("PTEDevice-nGnRE"),
    Name("PTEDevice-nGnRnE"),
    Name("PTENSH"),
    Name("PTEISH"),
    Name("PTEOSH"),
    Name("PTEiWB"),
    Name("PTEiWT"),
    Name("PTEiNC"),
    Name("PTEoWB"),
    Name("PTEoWT"),
    Name("PTEoNC"),
    // faults and exceptions
    Name("FAULT"),
    Name("FAULT-RD"),
    Name("FAULT-WR"),
    Name("UndefinedInstruction"),
    Name("MMU"),
    Name("D-MMU"),
    Name("Translation"),
    Name("AccessFlag"),
    Name("Permission"),
    Name("TagCheck"),
    Name("EXC-ENTRY"),
    Name("EXC-RET"),
    Name("SVC"),
};

constexpr std::array of_cat_relations = {
    Name("po"),         Name("loc"),
    Name("int"),        Name("ext"),
    Name("rf"),         Name("co"),
    Name("iico_data"),  Name("iico_ctrl"),
    Name("iico_order"), Name("same-instance"),
    Name("sm"),         Name("lxsx"),
    Name("amo"),        Name("rmw"),
    Name("inv-domain"), Name("same-low-order-bits"),
    Name("PTEtoPA"),
};

constexpr std::array of_cat_filters = {Name("same-oa"), Name("at-least-one-writable"),
                                       Name("different-values")};

/// Of litmus tests: M, which is R | W in cat, where a loop is cut off, cache maintenance that no rule of the
/// model names, and the Contiguous hint. The others are of schedules.
constexpr std::array other_sets = {
    Name("DC.IVAU"),          Name("DC.IVAC"),    Name("DC.CVAC"),   Name("DC.CIVAU"),
    Name("DC.CIVAC"),         Name("DC.ISW"),     Name("DC.CSW"),    Name("DC.CISW"),
    Name("CutOff"),           Name("HVC"),        Name("MSR"),       Name("M"),
    Name("Last-TTD"),         Name("Table-TTD"),  Name("await"),     Name("DSB.ISHnXS"),
    Name("DSB.NSHnXS"),       Name("DSB.OSHnXS"), Name("DSB.SYnXS"), Name("PTEContiguous"),
    Name("PTENonContiguous"),
};

/// And what the choices of a model are made of.
constexpr std::array other_relations = {
    Name("co0"),
    Name("context-begin"),
    Name("context-end"),
    Name("context-first"),
    Name("walk"),
    Name("completing-dsb"),
    Name("same-va-page-and-context"),
    Name("co-live"),
    Name("TLBI-after"),
    Name("DC-after"),
    Name("IC-after"),
};

bool among(std::span<const Name> names, Name name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::span<const std::string_view> cat_sets() {
    return of_cat_sets;
}
std::span<const std::string_view> cat_relations() {
    return of_cat_relations;
}
std::span<const std::string_view> cat_filters() {
    return of_cat_filters;
}

bool has_set(std::string_view name) {
    return among(of_cat_sets, name) || among(other_sets, name) || name.starts_with("Walk ");
}

bool has_relation(std::string_view name) {
    return among(of_cat_relations, name) || among(of_cat_filters, name) || among(other_relations, name);
}

}  // namespace tlbcheck::model::vocabulary
