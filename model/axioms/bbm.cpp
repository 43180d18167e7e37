// SPDX-License-Identifier: Apache-2.0
//
// Memory attributes and the changes of a descriptor that need break-before-make (aarch64memattrs.cat,
// aarch64bbm.cat; Arm ARM RWHZWS in D8.16).
#include <vector>

#include "model/axioms/arm_model.hpp"

namespace tlbcheck::model::axioms {

namespace {

/// Changes from one set of a partition to another one of it.
Rel between_different(const std::vector<Set>& kinds, const Rel& ca) {
    Rel result = empty_rel();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        Set others = empty_set();
        for (std::size_t j = 0; j < kinds.size(); ++j) {
            if (j != i) others = others | kinds[j];
        }
        result = result | (kinds[i] >> ca >> others);
    }
    return result;
}

}  // namespace

void define_memory_attributes(Definitions& d) {
    for (const char* name : {"Device-GRE", "Device-nGRE", "Device-nGnRE", "Device-nGnRnE", "NSH", "ISH",
                             "OSH", "iWB", "iWT", "iNC", "oWB", "oWT", "oNC", "TaggedNormal", "Normal"}) {
        d.define(name, set("PTE" + std::string(name)));
    }
    d.define("Device", d.s("Device-GRE") | d.s("Device-nGRE") | d.s("Device-nGnRE") | d.s("Device-nGnRnE"));
}

void define_bbm(Definitions& d) {
    const Rel ca = d.r("ca");
    const Set TTD = d.s("TTD");
    const Set M = set("R") | set("W");
    const Set W = set("W");
    d.define("TTD-MT-update", between_different({d.s("Normal"), d.s("Device")}, ca));
    d.define("TTD-SH-update", between_different({d.s("NSH"), d.s("ISH"), d.s("OSH")}, ca));
    d.define("TTD-ICH-update", between_different({d.s("iNC"), d.s("iWT"), d.s("iWB")}, ca));
    d.define("TTD-OCH-update", between_different({d.s("oNC"), d.s("oWT"), d.s("oWB")}, ca));
    d.define("TTD-DT-update",
             between_different(
                 {d.s("Device-GRE"), d.s("Device-nGRE"), d.s("Device-nGnRE"), d.s("Device-nGnRnE")}, ca));
    const Rel ttd_pairs = (TTD & M) * (TTD & M);
    d.define("TTD-OA-update", (TTD & M) >> (ca - (rel("same-oa") & ttd_pairs)) >> (TTD & W));
    d.define("TTD-at-least-one-writable", rel("at-least-one-writable") & ttd_pairs);
    d.define("TTD-memory-contents-mismatch",
             ((TTD & M) >> rel("PTEtoPA") >> (rel("different-values") & (W * W)) >> inverse(rel("PTEtoPA")) >>
              (TTD & M)) &
                 rel("loc"));
    const Set TLBUncacheableTTD = d.define("TLBUncacheableTTD", d.s("TTDINV") | d.s("TTDAF0"));
    const Set TLBCacheableTTD = d.define("TLBCacheableTTD", (TTD & M) - TLBUncacheableTTD);
    // Not in Arm's text, which has no Contiguous hint (docs/formal-model.md section 11).
    const Rel contiguous = d.variant("contig")
                               ? between_different({set("PTEContiguous"), set("PTENonContiguous")}, ca)
                               : empty_rel();
    const Rel candidates = d.define("TTD-update-BBM-cand",
                                    contiguous | d.r("TTD-MT-update") | d.r("TTD-SH-update") |
                                        d.r("TTD-ICH-update") | d.r("TTD-OCH-update") | d.r("TTD-DT-update") |
                                        (d.r("TTD-OA-update") & (d.r("TTD-at-least-one-writable") |
                                                                 d.r("TTD-memory-contents-mismatch"))));
    d.define("TTD-update-needsBBM", TLBCacheableTTD >> candidates >> TLBCacheableTTD);
}

}  // namespace tlbcheck::model::axioms
