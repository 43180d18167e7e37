// SPDX-License-Identifier: Apache-2.0
//
// Hazard-ordered-before with TLBI-ordered-before (aarch64.cat; Arm ARM B2.3.7), and for schedules what a
// table descriptor's T orders (docs/formal-model.md section 3).
#include "model/axioms/arm_model.hpp"
#include "model/axioms/walk_reads.hpp"

namespace tlbcheck::model::axioms {

namespace {

/// T; TLBI-after; e; then all that the DSB after e orders.
Rel base_ttd_read_ob(const Definitions& d) {
    return rel("TLBI-after") >> set("TLBI") >> d.r("DSB-ob") |
           rel("TLBI-after") >> set("TLBI") >> d.r("IFB-ob");
}

/// The same where only a DSB wide enough counts for a T on another PE (docs/formal-model.md section 4).
Rel schedule_ttd_read_ob(Definitions& d) {
    const Rel po = rel("po");
    const Set walks = imp_ttd_r(d);
    const bool ets = d.variant("ETS2") || d.variant("ETS3");
    const Set ordered = ets ? universe_set() : ~walks;
    const Rel wide = d.define("DSB-ob-wide", set("TLBI") >> rel("completing-dsb") >> po >> ordered);
    const Rel after_here = d.r("DSB-ob") | d.r("IFB-ob");
    const Rel after_elsewhere = wide | wide >> d.s("IFB") >> po;
    return (rel("TLBI-after") & rel("int")) >> set("TLBI") >> after_here |
           (rel("TLBI-after") & rel("ext")) >> set("TLBI") >> after_elsewhere;
}

/// (B) of section 3: T_k before e also puts its use, T_{k+1}, before e. A TLBI removes entries, not walks:
/// what is ordered is the writes these read from, or T_{k+1} itself where what it read cannot be cached.
Rel table_ob(Definitions& d, const Rel& ttd_read_ob) {
    const Set table = set("Table-TTD");
    const Set uncacheable = imp_ttd_r(d) & d.s("TLBUncacheableTTD");
    const Set cacheable = imp_ttd_r(d) - d.s("TLBUncacheableTTD");
    const Rel used_by = inverse(rel("walk"));
    return d.define("TLBI-table-ob", rel("rf") >> table >> ttd_read_ob |
                                         rel("rf") >> cacheable >> used_by >> table >> ttd_read_ob |
                                         uncacheable >> used_by >> table >> ttd_read_ob);
}

/// With the erratum (section 4, "repeat") a DSB waits for the accesses translated by T only if its TLBI is a
/// further one: T was before an earlier TLBI, that one was completed there, and then any that is broadcast.
Rel accesses_ob(Definitions& d) {
    const Set TLBI = set("TLBI");
    const Rel first = (rel("TLBI-after") & rel("ext")) >> TLBI;
    const Rel again =
        d.define("TLBI-repeated", first >> (d.r("DSB-ob-wide") & (TLBI * (TLBI & set("TLBIIS")))));
    const Rel after = again >> d.r("DSB-ob-wide");
    return inverse(d.r("tr-ib")) >> set("Last-TTD") >> (after | after >> d.s("IFB") >> rel("po"));
}

Rel tlbi_ob(Definitions& d) {
    const bool schedule = d.variant("schedule");
    const Set T = several_levels(d) ? set("Last-TTD") : imp_ttd_r(d);
    const Rel all =
        d.define("TTD-read-ordered-before", schedule ? schedule_ttd_read_ob(d) : base_ttd_read_ob(d));
    const Rel ttd_read_ob = several_levels(d) ? T >> all : all;
    const Rel elsewhere = ttd_read_ob & rel("ext");
    const Rel tr_ib = d.r("tr-ib");
    const Rel same_page_later =
        (T >> tr_ib >> (d.r("same-low-order-bits") & rel("po")) >> inverse(tr_ib) >> T) &
        d.r("same-translation-context");
    const Rel accesses = d.variant("repeat-TLBI") ? accesses_ob(d) : inverse(tr_ib) >> elsewhere;
    const Rel result = ttd_read_ob | accesses | same_page_later >> elsewhere;
    if (!schedule) return several_levels(d) ? result | table_ob(d, all) : result;
    // "co-live" links the last Ts of two entries asked to be live at once (docs/formal-model.md section 5):
    // what a TLBI finds of one, it finds of the other.
    return result | rel("co-live") >> ttd_read_ob | table_ob(d, all);
}

Rel instruction_ob(Definitions& d) {
    const Set Instr_R = d.s("Imp") & d.s("Instr") & set("R");
    const Rel after =
        d.define("Instr-read-ordered-before", rel("IC-after") >> d.s("IC") >> d.r("DSB-ob") |
                                                  rel("IC-after") >> d.s("IC") >> d.r("IFB-ob") |
                                                  (d.variant("DIC") ? d.r("ca") : empty_rel()));
    return Instr_R >> rel("po") >> Instr_R >> after;
}

}  // namespace

void define_hazards(Definitions& d) {
    const Set Exp_R = set("Exp") & set("R");
    const Set stores = (set("Exp") & set("W")) | d.s("HU");
    const Rel sca = opt(d.r("sca-class"));
    const Rel exp_haz_ob =
        d.define("Exp-haz-ob", Exp_R >> (rel("po") & d.r("same-loc")) >> Exp_R >> sca >> Exp_R >>
                                   (d.r("ca") & rel("ext")) >> stores >> sca >> stores);
    const Rel TLBI_ob = d.define("TLBI-ob", tlbi_ob(d));
    const Rel IC_ob = d.define("IC-ob", instruction_ob(d));
    const Rel haz_ob = d.define("haz-ob", exp_haz_ob | TLBI_ob | IC_ob);
    d.define("hw-reqs", d.r("local-hw-reqs") | haz_ob);
}

}  // namespace tlbcheck::model::axioms
