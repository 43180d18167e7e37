// SPDX-License-Identifier: Apache-2.0
//
// Observed-by: how events of different PEs order one another (aarch64.cat; Arm ARM B2.3.5).
#include "model/axioms/arm_model.hpp"

namespace tlbcheck::model::axioms {

namespace {

Rel ttd_observed_by(Definitions& d) {
    const Rel rf = rel("rf");
    const Rel ca = d.r("ca");
    const Set W = set("W");
    const Set HU = d.s("HU");
    const Set TTD = d.s("Imp") & d.s("TTD");
    const Set TTD_R = TTD & set("R");
    const Set stores = (set("Exp") & W) | HU;
    const Set refused = range((d.s("TLBUncacheable") & set("FAULT")) >> inverse(d.r("tr-ib-fault")) >> TTD_R);
    const Rel uncacheable_ca = d.define("TLBuncacheable-ca", refused >> ca >> stores);
    const Rel hu_ca = d.define("HU-ca", (set("Exp") & set("R")) >> ca >> HU);
    const Rel tlbi_ca = d.define("TLBI-ca", set("TLBI") >> rel("TLBI-after") >> TTD_R >> ca >> W);
    return d.define("TTD-obs",
                    TTD >> rf | rf >> TTD | uncacheable_ca | hu_ca | HU >> ca >> W | W >> ca >> HU | tlbi_ca);
}

Rel instruction_observed_by(Definitions& d) {
    const Set W = set("W");
    const Set DC = set("DC.CVAU");
    const Set Instr_R = d.s("Imp") & d.s("Instr") & set("R");
    const bool dic = d.variant("DIC");
    const bool idc = d.variant("IDC");
    const Rel read_then_written = Instr_R >> d.r("ca") >> W;
    Rel ic_ca = empty_rel();
    if (!dic && !idc) ic_ca = d.s("IC") >> rel("IC-after") >> read_then_written >> rel("DC-after") >> DC;
    if (!dic && idc) ic_ca = d.s("IC") >> rel("IC-after") >> read_then_written;
    if (dic && idc) ic_ca = read_then_written;
    d.define("IC-ca", ic_ca);
    return d.define("Instr-obs", rel("rf") >> Instr_R | rel("IC-after") | DC >> rel("DC-after") >> W |
                                     W >> rel("DC-after") >> DC | ic_ca);
}

}  // namespace

void define_observations(Definitions& d) {
    const Rel rf = rel("rf");
    const Rel ca = d.r("ca");
    const Rel ext = rel("ext");
    const Set Exp_M = set("Exp") & (set("R") | set("W"));
    const Set Exp_W = set("Exp") & set("W");
    const Set Tag_R = d.s("Imp") & d.s("Tag") & set("R");
    const Rel sca = opt(d.r("sca-class"));
    const Rel exp_obs = d.define("Exp-obs", Exp_M >> (rf & ext) >> Exp_M | Exp_M >> (ca & ext) >> Exp_M);
    const Rel tag_obs = d.define("Tag-obs", Exp_W >> (rf & ext) >> Tag_R | Tag_R >> (ca & ext) >> Exp_W);
    const Rel ttd_obs = ttd_observed_by(d);
    const Rel instr_obs = instruction_observed_by(d);
    d.define("obs", exp_obs >> sca | tag_obs >> sca | ttd_obs | instr_obs);
}

}  // namespace tlbcheck::model::axioms
