// SPDX-License-Identifier: Apache-2.0
//
// The choices of an execution: for each completed TLBI and each TTD read in its scope, which comes first
// (enumerations.cat); likewise DC and IC. For schedules completion and scope: docs/formal-model.md.
#include "model/axioms/arm_model.hpp"
#include "model/axioms/walk_reads.hpp"

namespace tlbcheck::model::axioms {

namespace {

/// Pairs that take part whatever completes the TLBI: none of an nXS TLBI with an XS walk, none of a local
/// TLBI with another PE's walk.
Rel without_exempt(const Definitions& d, const Rel& pairs) {
    const Rel nxs = set("TLBInXS") * set("PTEXS");
    const Rel local = (~set("TLBIIS") * imp_ttd_r(d)) & rel("ext");
    return d.r("inv-scope") & ((pairs - nxs) - local);
}

Rel base_pairs(Definitions& d) {
    const Set C_TLBI = d.define("C_TLBI", set("TLBI") & domain(rel("po") >> d.s("dsb.full")));
    return without_exempt(d, C_TLBI * imp_ttd_r(d));
}

/// Completion for a T on another PE needs a DSB as wide as the TLBI; for one on the same PE any full DSB will
/// do, for an nXS TLBI a DSB nXS too.
Rel schedule_pairs(Definitions& d) {
    const Set here = d.define("C_TLBI", (set("TLBI") & domain(rel("po") >> d.s("dsb.full"))) |
                                            (set("TLBInXS") & domain(rel("po") >> d.s("dsb.nXS"))));
    const Set elsewhere = d.define("C_TLBI-wide", set("TLBI") & domain(rel("completing-dsb")));
    const Set T = imp_ttd_r(d);
    return without_exempt(d, ((here * T) & rel("int")) | ((elsewhere * T) & rel("ext")));
}

}  // namespace

void define_enumerations(Definitions& d) {
    const bool schedule = d.variant("schedule");
    const Rel local = d.r("local-hw-reqs");
    const Rel pairs = d.define("TLBI-Imp_TTD_R-pairs", schedule ? schedule_pairs(d) : base_pairs(d));
    // Program order never decides about a table descriptor's T (docs/formal-model.md section 3).
    const Set last = set("Last-TTD");
    const Rel forced = several_levels(d) ? local & ((set("TLBI") * last) | (last * set("TLBI"))) : local;
    // What is left of a walk that goes by a table address of before is there already (section 11).
    const Rel ended = (rel("context-end") | rel("context-end") >> rel("po")) & (imp_ttd_r(d) * set("TLBI"));
    d.model.choices.push_back({"TLBI-after", pairs, d.variant("walks") ? forced | ended : forced});
    if (schedule) return;
    const Set Exp_W = set("Exp") & set("W");
    const Set C_IC = d.define("C_IC", d.s("IC") & domain(rel("po") >> d.s("dsb.full")));
    d.model.choices.push_back(
        {"DC-after", d.r("scl") & (set("DC.CVAU") * Exp_W), local | (set("IW") * ~set("IW"))});
    d.model.choices.push_back(
        {"IC-after", d.r("scl") & (C_IC * (d.s("Imp") & d.s("Instr") & set("R"))), local});
}

}  // namespace tlbcheck::model::axioms
