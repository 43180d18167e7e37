// SPDX-License-Identifier: Apache-2.0
//
// The lists of names.
#include "litmus/cat/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::litmus::cat {

namespace {

using Name = std::string_view;

constexpr std::array sets = {
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

constexpr std::array relations = {
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

constexpr std::array filters = {Name("same-oa"), Name("at-least-one-writable"), Name("different-values")};

constexpr std::array unsupported = {
    Name("I-PTE"),        Name("rf-reg"),      Name("addr"),
    Name("data"),         Name("ctrl"),        Name("depend"),
    Name("FW"),           Name("pco"),         Name("partial_po"),
    Name("si"),           Name("aligned"),     Name("same-instr"),
    Name("same-static"),  Name("equiv-spec"),  Name("control"),
    Name("success"),      Name("tst"),         Name("SPEC"),
    Name("EXEC"),         Name("S"),           Name("NT"),
    Name("GCS"),          Name("PA"),          Name("no-loc"),
    Name("alias"),        Name("fromto"),      Name("classes"),
    Name("classes-loc"),  Name("partition"),   Name("lift"),
    Name("delift"),       Name("deliftinter"), Name("linearisations"),
    Name("bisimulation"), Name("tag2scope"),   Name("tag2level"),
    Name("tag2events"),   Name("tag2instrs"),  Name("tag2fenced"),
    Name("loc2events"),   Name("fail"),        Name("as_transitive"),
    Name("map"),          Name("PTEMemAttr"),  Name("Exclusive"),
};

template <std::size_t N>
bool holds(const std::array<Name, N>& names, Name name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool is_primitive_set(std::string_view name) {
    return holds(sets, name);
}
bool is_primitive_relation(std::string_view name) {
    return holds(relations, name);
}
bool is_filter(std::string_view name) {
    return holds(filters, name);
}
bool is_unsupported_name(std::string_view name) {
    return holds(unsupported, name);
}
std::vector<std::string> primitive_sets() {
    return {sets.begin(), sets.end()};
}
std::vector<std::string> primitive_relations() {
    return {relations.begin(), relations.end()};
}

}  // namespace tlbcheck::litmus::cat
