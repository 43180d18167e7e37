// SPDX-License-Identifier: Apache-2.0
//
// Locally-hardware-required-ordered-before (aarch64hwreqs.cat; Arm ARM B2.3.6): what one PE must keep in
// order.
#include "model/axioms/arm_model.hpp"
#include "model/axioms/walk_reads.hpp"

namespace tlbcheck::model::axioms {

namespace {

/// `before`; po; [barrier]; po; `after`
Rel across(const Set& before, const Set& barrier, const Set& after) {
    return before >> rel("po") >> barrier >> rel("po") >> after;
}

void define_dsb_ob(Definitions& d) {
    const Set R = set("R");
    const Set M = R | set("W");
    const Set Imp = d.s("Imp");
    const Set TTD_M = Imp & d.s("TTD") & M;
    const Set not_walk_or_fetch = ~(TTD_M | (Imp & d.s("Instr") & R));
    const Set all_before = M | set("DC.CVAU") | d.s("IC") | set("TLBI");
    const Set loads = (set("Exp") & R) - set("NoRet");
    const Set stores = set("Exp") & set("W");
    const bool ets = d.variant("ETS2") || d.variant("ETS3");
    const auto if_ets = [&](const Rel& r) { return ets ? r : empty_rel(); };
    const Rel base = across(all_before, d.s("dsb.full"), not_walk_or_fetch) |
                     if_ets(across(all_before, d.s("dsb.full"), TTD_M)) |
                     across(loads | (Imp & d.s("Tag") & R), d.s("dsb.ld"), not_walk_or_fetch) |
                     if_ets(across(loads, d.s("dsb.ld"), TTD_M)) |
                     across(stores, d.s("dsb.st"), not_walk_or_fetch) |
                     if_ets(across(stores, d.s("dsb.st"), TTD_M));
    if (!d.variant("schedule")) {
        d.define("DSB-ob", base);
        return;
    }
    const Set nxs_before = M | set("TLBInXS");
    const Rel nxs = across(nxs_before, d.s("dsb.nXS"), not_walk_or_fetch) |
                    if_ets(across(nxs_before, d.s("dsb.nXS"), TTD_M));
    d.define("DSB-ob", base | nxs);
}

void define_ifb_ob(Definitions& d) {
    const Rel po = rel("po");
    const Set R = set("R");
    const Set Exp_R = set("Exp") & R;
    const Set Exp_M = set("Exp") & (R | set("W"));
    const Set Imp_TTD_R = d.s("Imp") & d.s("TTD") & R;
    const Set Imp_Tag_R = d.s("Imp") & d.s("Tag") & R;
    const bool exs = d.variant("ExS");
    const Set entry = d.define("EXC-ENTRY-IFB",
                               !exs || d.variant("EIS") ? set("EXC-ENTRY") : set("EXC-ENTRY") - set("SVC"));
    const Set ret = d.define("EXC-RET-IFB", !exs || d.variant("EOS") ? set("EXC-RET") : empty_set());
    const Set IFB = d.define("IFB", set("ISB") | entry | ret);
    const Rel tr_ib = d.r("tr-ib");
    const Rel tc_ib = d.r("tc-ib");
    d.define("IFB-ob", Exp_R >> d.r("ctrl") >> IFB >> po | Exp_R >> d.r("pick-ctrl-dep") >> IFB >> po |
                           Exp_R >> d.r("addr") >> Exp_M >> po >> IFB >> po |
                           Exp_R >> d.r("pick-addr-dep") >> Exp_M >> po >> IFB >> po |
                           Exp_R >> d.r("pick-addr-dep") >> (tc_ib | tr_ib) >> IFB >> po |
                           d.r("DSB-ob") >> IFB >> po | Imp_TTD_R >> tr_ib >> IFB >> po |
                           Imp_Tag_R >> tc_ib >> IFB >> po | Imp_TTD_R >> tr_ib >> Exp_M >> po >> IFB >> po |
                           Imp_Tag_R >> d.r("tc-before") >> Exp_M >> po >> IFB >> po);
}

void define_dependency_order(Definitions& d) {
    const Rel po = rel("po");
    const Set R = set("R");
    const Set W = set("W");
    const Set Exp = set("Exp");
    const Set Exp_M = Exp & (R | W);
    const Set Imp = d.s("Imp");
    const Set HU = d.s("HU");
    const Set stores = (Exp & W) | HU;
    const Set tags_or_loads = (Exp & R) | (Imp & d.s("Tag") & R);
    const Set controlled = (Exp & W) | HU | set("TLBI") | set("DC.CVAU") | d.s("IC");
    const Rel addr = d.r("addr");
    d.define("dob", addr | d.r("data") | d.r("ctrl") >> controlled | addr >> Exp_M >> po >> stores |
                        addr >> Exp_M >> d.r("lmrs") >> tags_or_loads |
                        d.r("data") >> Exp_M >> d.r("lmrs") >> tags_or_loads |
                        (Imp & d.s("TTD") & R) >> d.r("tr-ib") >> Exp_M >> po >> stores |
                        (Imp & d.s("Tag") & R) >> d.r("tc-before") >> Exp_M >> po >> stores);
    d.define("pob", d.r("pick-addr-dep") >> controlled | d.r("pick-data-dep") |
                        d.r("pick-ctrl-dep") >> controlled | d.r("pick-addr-dep") >> Exp_M >> po >> stores);
}

void define_intrinsic_order(Definitions& d) {
    const Set R = set("R");
    const Set Exp = set("Exp");
    const Set Exp_M = Exp & (R | set("W"));
    const Set Imp = d.s("Imp");
    const Set Instr_R = Imp & d.s("Instr") & R;
    d.define("tc-before", (Imp & d.s("Tag") & R) >> d.r("iico_data") >> set("B") >> d.r("iico_ctrl") >>
                              (Exp_M | (set("TagCheck") & set("FAULT"))));
    d.define("tc-ib", d.r("tc-before") >> ~(Exp & R));
    d.define("f-ib", Instr_R >> d.r("iico_data") >> set("B") >>
                         (d.r("iico_ctrl") | d.r("iico_ctrl") >> d.r("iico_data")));
    d.define("f-ob", Instr_R >> rel("po") >> ~Instr_R);
    d.define("intr-ob", d.r("tc-ib") | d.r("tr-ib") | d.r("f-ib") | Exp_M >> d.r("iico_order") >> Exp_M);
    const Rel rmw = rel("rmw");
    const Set acquire = (Exp & R & d.s("A")) | (Exp & R & d.s("Q"));
    d.define("aob", Exp_M >> rmw >> Exp_M | Exp_M >> rmw >> d.r("lmrs") >> acquire |
                        (Imp & d.s("TTD") & R) >> rmw >> d.s("HU"));
}

void define_barrier_order(Definitions& d) {
    const Rel po = rel("po");
    const Set R = set("R");
    const Set W = set("W");
    const Set Exp = set("Exp");
    const Set Exp_M = Exp & (R | W);
    const Set Imp_Tag_R = d.s("Imp") & d.s("Tag") & R;
    const Set fault = d.s("MMU") & set("FAULT");
    const Set DC = set("DC.CVAU");
    const Set all_after = Exp_M | Imp_Tag_R | fault;
    const Set acquire = (Exp & R & d.s("A")) | (Exp & R & d.s("Q"));
    const Set release = Exp & W & d.s("L");
    const Set amo_release = range((Exp & R & d.s("A")) >> rel("amo") >> release);
    d.define("bob", across(Exp_M | Imp_Tag_R, d.s("dmb.full"), all_after) |
                        across(Exp_M, d.s("dmb.full"), DC) | across(DC, d.s("dmb.full"), Exp_M) |
                        across(DC, d.s("dmb.full"), DC) |
                        across((Exp & (R - set("NoRet"))) | Imp_Tag_R, d.s("dmb.ld"), all_after) |
                        across(Exp & W, d.s("dmb.st"), (Exp & W) | fault) | amo_release >> po >> all_after |
                        release >> po >> (Exp & R & d.s("A")) | acquire >> po >> all_after |
                        (Exp_M | Imp_Tag_R) >> po >> release);
    d.define("po-scl-ob", Exp_M >> (po & d.r("scl")) >> DC | DC >> (po & d.r("scl")) >> Exp_M |
                              DC >> (po & d.r("scl")) >> DC);
}

void define_ets_ob(Definitions& d) {
    const Set Exp_M = set("Exp") & (set("R") | set("W"));
    const Set Imp_TTD_R = d.s("Imp") & d.s("TTD") & set("R");
    const Set TLBUncacheable =
        d.define("TLBUncacheable", d.s("MMU") & (d.s("Translation") | d.s("AccessFlag")));
    const Rel to_walk = inverse(d.r("tr-ib-fault"));
    const auto before_walk_of = [&](const Set& fault) {
        return Exp_M >> rel("po") >> fault >> to_walk >> Imp_TTD_R;
    };
    Rel ets_ob = empty_rel();
    if (d.variant("ETS2")) ets_ob = ets_ob | before_walk_of(TLBUncacheable & set("FAULT"));
    if (d.variant("ETS3")) {
        ets_ob = ets_ob | before_walk_of(d.s("MMU") & set("FAULT")) |
                 Exp_M >> rel("po") >> (set("TagCheck") & set("EXC-ENTRY")) >> inverse(d.r("tc-ib")) >>
                     (d.s("Imp") & d.s("Tag") & set("R"));
    }
    d.define("ets-ob", ets_ob);
}

/// A walk that goes by a table address begins after the write of the register that holds it; such a write is
/// not speculative (docs/formal-model.md section 11).
Rel table_base_order(const Definitions& d) {
    return rel("context-begin") | d.r("ctrl") >> set("MSR");
}

}  // namespace

void define_local_order(Definitions& d) {
    // With several levels only the T that read the faulting descriptor counts (formal-model.md section 3,
    // "Faults").
    d.define("tr-ib-fault", several_levels(d) ? set("Last-TTD") >> d.r("tr-ib") : d.r("tr-ib"));
    define_dsb_ob(d);
    define_intrinsic_order(d);
    define_ifb_ob(d);
    define_dependency_order(d);
    define_barrier_order(d);
    define_ets_ob(d);
    const Rel lmws = d.r("lmws");
    const Rel lob = d.define("lob", plus(d.r("intr-ob") | d.r("ets-ob") | d.r("f-ob") | d.r("po-scl-ob") |
                                         d.r("DSB-ob") | d.r("IFB-ob") | lmws | lmws >> d.r("sca-class") |
                                         d.r("dob") | d.r("pob") | d.r("aob") | d.r("bob")));
    const Rel pick_lob = d.define("pick-lob", d.r("pick-dep") >> lob >> (set("Exp") & set("W")));
    d.define("local-hw-reqs",
             plus(d.variant("walks") ? lob | pick_lob | table_base_order(d) : lob | pick_lob));
}

}  // namespace tlbcheck::model::axioms
