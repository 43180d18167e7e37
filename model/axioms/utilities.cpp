// SPDX-License-Identifier: Apache-2.0
//
// Base sets and relations (aarch64util.cat, aarch64loc.cat, cos.cat). `co` and `rf` are primitives that each
// execution chooses; `co0`, which co extends, is part of the event graph.
#include "model/axioms/arm_model.hpp"
#include "model/axioms/walk_reads.hpp"

namespace tlbcheck::model::axioms {

namespace {

void define_translation_sets(Definitions& d) {
    const bool vmsa = d.variant("vmsa");
    const auto only_vmsa = [&](std::string_view name, const Set& s) {
        d.define(name, vmsa ? s : empty_set());
    };
    only_vmsa("TTD", set("PTE"));
    only_vmsa("TTDV", set("PTEV"));
    only_vmsa("TTDINV", set("PTEINV"));
    only_vmsa("TTDAF0", set("PTEAF0"));
    only_vmsa("D-TTD", set("D-PTE"));
    for (const char* name : {"AF", "DB", "MMU", "D-MMU", "Translation", "AccessFlag"})
        only_vmsa(name, set(name));
    d.define("inv-domain", vmsa ? rel("inv-domain") : empty_rel());
    d.define("inv-scope", d.r("inv-domain"));
    const bool ifetch = d.variant("ifetch");
    d.define("Instr", ifetch ? set("Instr") : empty_set());
    d.define("I-TTD", vmsa && ifetch ? set("PTE") - set("D-PTE") : empty_set());
    d.define("Within-CMODX-List", ifetch ? set("Restricted-CMODX") : empty_set());
}

void define_coherence(Definitions& d) {
    const Rel rf = rel("rf");
    const Rel co = rel("co");
    const Rel fr = d.define("fr", (inverse(rf) >> co) - id());
    d.define("ca", fr | co);
    d.define("coi", co & rel("int"));
    d.define("fri", fr & rel("int"));
    d.define("rfi", rf & rel("int"));
}

void define_locations(Definitions& d) {
    const Set R = set("R");
    const Set M = d.define("M", R | set("W"));
    const Set Rreg_Wreg = set("Rreg") | set("Wreg");
    const Set Tag = d.define("Tag", set("T"));
    const Set E_valid_PA = d.define("E-valid-PA", M | set("DC.CVAU") | d.s("IC"));
    d.define("same-gpr", Rreg_Wreg >> rel("loc") >> Rreg_Wreg);
    d.define("tr-ib", (d.s("Imp") & d.s("TTD") & R) >> d.r("iico_data") >> set("B") >> d.r("iico_ctrl") >>
                          ((set("Exp") & M) | (d.s("MMU") & set("FAULT"))));
    d.define("same-loc", ((E_valid_PA & ~(Tag & M)) >> rel("loc") >> (E_valid_PA & ~(Tag & M))) |
                             ((Tag & M) >> rel("loc") >> (Tag & M)));
    d.define("same-low-order-bits", E_valid_PA >> rel("same-low-order-bits") >> E_valid_PA);
    const Set everywhere = set("IC.IALLU") | set("IC.IALLUIS");
    const Set by_line = M | set("DC.CVAU") | d.s("IC");
    d.define("scl", rel("loc") | (by_line * everywhere) | (everywhere * by_line));
    d.define("sca-class", (M & set("Exp")) >> rel("sm") >> (M & set("Exp")));
}

}  // namespace

void define_utilities(Definitions& d) {
    d.define("iico_data", plus(rel("iico_data")));
    d.define("iico_ctrl", plus(rel("iico_ctrl")));
    d.define("iico_order", plus(rel("iico_order")));
    d.define("ii_addr", set("ADDR") >> d.r("iico_data"));
    d.define("ii_data", set("DATA") >> plus(d.r("iico_data") | d.r("iico_ctrl")));
    define_translation_sets(d);
    define_coherence(d);
    d.define("IC", set("IC.IALLUIS") | set("IC.IALLU") | set("IC.IVAU"));
    const Set Imp = d.define("Imp", set("NExp"));
    d.define("HU", Imp & d.s("TTD") & set("W"));
    const Rel same_context = (Imp & d.s("TTD")) * (Imp & d.s("TTD"));
    d.define("same-translation-context",
             several_levels(d) ? same_context & rel("same-va-page-and-context") : same_context);
    define_locations(d);
}

}  // namespace tlbcheck::model::axioms
