// SPDX-License-Identifier: Apache-2.0
//
// Ordered-before and the requirements on it: external and internal visibility, atomicity, and the flags of
// break-before-make and concurrent modification (aarch64.cat; Arm ARM B2.3.8).
#include "model/axioms/arm_model.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/axioms/walk_reads.hpp"

namespace tlbcheck::model::axioms {

namespace {

void require_irreflexive(Definitions& d, std::string_view name, const Rel& r) {
    d.model.checks.push_back({CheckKind::irreflexive, std::string(name), r, false, false});
}

void define_cmodx(Definitions& d) {
    const Set W = set("W");
    const Set Instr_R = d.s("Imp") & d.s("Instr") & set("R");
    const Set listed = d.s("Within-CMODX-List");
    const Rel conflicts =
        d.define("CMODX-conflicts", d.r("same-loc") & (((Instr_R & listed) * W) | (Instr_R * (listed & W)) |
                                                       (W * (listed & Instr_R)) | ((listed & W) * Instr_R)));
    const Rel ordering = d.define("CMODX-ordering", Instr_R >> d.r("ob") >> W | W >> d.r("ob") >> Instr_R);
    const Rel unordered = d.define("CMODX-unordered-conflicts", conflicts - (ordering | inverse(ordering)));
    if (d.variant("ifetch")) {
        const Set modified = (W - set("IW")) & d.s("Instr");
        d.model.flags.push_back({"Assuming-no-two-modified-instructions-are-on-the-same-cache-line",
                                 (modified * modified) - rel("loc"), false, CheckKind::empty});
        d.model.flags.push_back({"violates-CMODX-requirements", unordered, false, CheckKind::empty});
    }
}

}  // namespace

void define_external(Definitions& d) {
    Rel edges = d.r("hw-reqs") | d.r("obs");
    if (several_levels(d)) edges = edges | d.r("walk-order");
    const Rel ob = d.define("ob", plus(edges));
    require_irreflexive(d, "external", ob);
}

void define_internal(Definitions& d) {
    const Set R = set("R");
    const Set W = set("W");
    const Set Exp = set("Exp");
    const Set Tag = d.s("Tag");
    const Set Imp_Tag_R = d.s("Imp") & Tag & R;
    const Rel po_loc = rel("po") & d.r("same-loc");
    const Rel rmw = rel("rmw");
    const Rel ca_int = d.r("ca") & rel("int");
    require_irreflexive(d, "coRW1-Exp", (Exp & R) >> (po_loc | rmw) >> (Exp & W) >> d.r("rfi") >> (Exp & R));
    require_irreflexive(d, "coRW1-MTE", Imp_Tag_R >> po_loc >> (Exp & Tag & W) >> d.r("rfi") >> Imp_Tag_R);
    require_irreflexive(d, "coWW-Exp", (Exp & W) >> po_loc >> (Exp & W) >> ca_int >> (Exp & W));
    require_irreflexive(d, "coWR-Exp", (Exp & W) >> po_loc >> (Exp & R) >> ca_int >> (Exp & W));
    require_irreflexive(d, "coWR-MTE", (Exp & Tag & W) >> po_loc >> Imp_Tag_R >> ca_int);
    const Rel between =
        (rmw & (d.r("fr") >> rel("co"))) - ((Exp >> rmw >> Exp) & (d.r("fri") >> (Exp & W) >> d.r("coi")));
    d.model.checks.push_back({CheckKind::empty, "atomic", between, false, false});
}

void define_flags(Definitions& d) {
    const Rel ob = d.r("ob");
    const Set TLBUncacheableTTD = d.s("TLBUncacheableTTD");
    const Set TLBCacheableTTD = d.s("TLBCacheableTTD");
    const Rel BBM = d.define("BBM", TLBCacheableTTD >> d.r("ca") >> TLBUncacheableTTD >> ob >> set("TLBI") >>
                                        (ob & d.r("inv-scope")) >> TLBCacheableTTD);
    if (!d.variant("schedule")) {
        d.model.flags.push_back(
            {"Warning-BBM-expected", d.r("TTD-update-needsBBM") - BBM, false, CheckKind::empty});
    }
    define_cmodx(d);
}

Definitions arm_definitions(const Variants& variants) {
    Definitions d(variants);
    define_fences(d);
    define_utilities(d);
    define_memory_attributes(d);
    define_bbm(d);
    define_dependencies(d);
    define_local_order(d);
    define_enumerations(d);
    define_hazards(d);
    define_observations(d);
    if (d.variant("walks")) define_walk_order(d);
    define_external(d);
    if (d.variant("walks")) define_time_line(d);
    define_internal(d);
    define_flags(d);
    d.model.name = "AArch64";
    return d;
}

MemoryModel arm_model(const Variants& variants) {
    return arm_definitions(variants).model;
}

}  // namespace tlbcheck::model::axioms
