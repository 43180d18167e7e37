// SPDX-License-Identifier: Apache-2.0
//
// Dependencies through registers and memory, and pick dependencies (aarch64deps.cat; Arm ARM B2.3.3 and
// B2.3.4).
#include "model/axioms/arm_model.hpp"

namespace tlbcheck::model::axioms {

namespace {

Rel intervening(const Set& s, const Rel& r) {
    return r >> s >> r;
}

}  // namespace

void define_dependencies(Definitions& d) {
    const Rel po = rel("po");
    const Set R = set("R");
    const Set W = set("W");
    const Set M = R | W;
    const Set Exp = set("Exp");
    const Set Imp = d.s("Imp");
    const Set TTD = d.s("TTD");
    const Set Rreg = set("Rreg");
    const Rel po_gpr = po & d.r("same-gpr");
    const Rel po_loc = po & d.r("same-loc");
    const Rel iico_data = d.r("iico_data");
    const Rel iico_ctrl = d.r("iico_ctrl");
    const Rel lrrs = d.define("lrrs", set("Wreg") >> (po_gpr & ~intervening(set("Wreg"), po_gpr)) >> Rreg);
    d.define("lmws", ((Exp & M) | (Imp & d.s("Tag") & R)) >> po_loc >> (Exp & W) |
                         (Imp & TTD & R) >> po_loc >> ((Exp & W) | d.s("HU")));
    const Rel lmrs = d.define("lmrs", W >> (po_loc & ~intervening(W, po_loc)) >> R);
    const Rel dtrm = d.define("dtrm", plus((~range(rel("lxsx")) >> lrrs) | lmrs | iico_data));
    const Set addressed = (Exp & M) | (Imp & d.s("Tag") & R) | (Imp & TTD & R) | d.s("HU") | set("TLBI") |
                          set("DC.CVAU") | set("IC.IVAU");
    d.define("data", (Exp & R) >> (dtrm & po) >> Rreg >> (iico_data & d.r("ii_data")) >> (Exp & W));
    d.define("addr", (Exp & R) >> (dtrm & po) >> Rreg >> (iico_data & d.r("ii_addr")) >> addressed);
    const Rel ctrl = (Exp & R) >> (dtrm & po) >> Rreg >> iico_data >> set("BCC") >> po;
    // A schedule's await is a loop: the branch that leaves it depends on the value read.
    d.define("ctrl", d.variant("schedule") ? ctrl | (Exp & R & set("await")) >> po : ctrl);
    const Rel pick_dtrm = d.define("pick-dtrm", plus(dtrm | iico_ctrl));
    d.define("pick-basic-dep", (Exp & R) >> pick_dtrm);
    d.define("pick-addr-dep",
             (Exp & R) >> (pick_dtrm & po) >> Rreg >> (iico_data & d.r("ii_addr")) >> addressed);
    d.define("pick-data-dep", (Exp & R) >> (pick_dtrm & po) >> Rreg >>
                                  ((iico_data | (iico_data >> iico_ctrl)) & d.r("ii_data")) >> (Exp & W));
    d.define("pick-ctrl-dep", (Exp & R) >> (pick_dtrm & po) >> Rreg >> iico_data >> set("BCC") >> po);
    d.define("pick-dep",
             (d.r("pick-basic-dep") | d.r("pick-addr-dep") | d.r("pick-data-dep") | d.r("pick-ctrl-dep")) &
                 ~rel("same-instance"));
}

}  // namespace tlbcheck::model::axioms
