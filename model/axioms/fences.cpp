// SPDX-License-Identifier: Apache-2.0
//
// Barriers by what they order, and the deprecated shareability arguments (aarch64fences.cat; Arm ARM
// B2.3.10).
#include "model/axioms/arm_model.hpp"

namespace tlbcheck::model::axioms {

namespace {

Set any_of(std::string_view kind, std::initializer_list<std::string_view> options) {
    Set result = empty_set();
    for (const std::string_view option : options)
        result = result | set(std::string(kind) + "." + std::string(option));
    return result;
}

void flag_if_any(Definitions& d, std::string_view name, const Set& s) {
    d.model.flags.push_back({std::string(name), id(s), false, CheckKind::empty});
}

}  // namespace

void define_fences(Definitions& d) {
    const Set Exp_M = set("Exp") & (set("R") | set("W"));
    d.define("A", set("A") & Exp_M);
    d.define("L", set("L") & Exp_M);
    d.define("Q", set("Q") & Exp_M);
    d.define("dmb.full", any_of("DMB", {"NSH", "ISH", "OSH", "SY"}));
    d.define("dmb.ld", any_of("DMB", {"NSHLD", "ISHLD", "OSHLD", "LD"}));
    d.define("dmb.st", any_of("DMB", {"NSHST", "ISHST", "OSHST", "ST"}));
    flag_if_any(d, "Shareability-argument-for-DMB-is-deprecated",
                any_of("DMB", {"NSH", "ISH", "OSH", "NSHLD", "ISHLD", "OSHLD", "NSHST", "ISHST", "OSHST"}));
    d.define("dsb.full", any_of("DSB", {"NSH", "ISH", "OSH", "SY"}));
    // A DSB nXS waits for all but accesses with the XS attribute and TLBIs that are not nXS (FEAT_XS).
    if (d.variant("schedule")) d.define("dsb.nXS", any_of("DSB", {"NSHnXS", "ISHnXS", "OSHnXS", "SYnXS"}));
    d.define("dsb.ld", any_of("DSB", {"NSHLD", "ISHLD", "OSHLD", "LD"}));
    flag_if_any(d, "Maintenance-scope-for-DSB-LD-is-deprecated", any_of("DSB", {"NSHLD", "ISHLD", "OSHLD"}));
    d.define("dsb.st", any_of("DSB", {"NSHST", "ISHST", "OSHST", "ST"}));
    flag_if_any(d, "Maintenance-scope-for-DSB-ST-is-deprecated", any_of("DSB", {"NSHST", "ISHST", "OSHST"}));
}

}  // namespace tlbcheck::model::axioms
