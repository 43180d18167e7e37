// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/reasons.hpp"

#include <array>
#include <string_view>

namespace tlbcheck::tests {

namespace {

struct Reason {
    std::string_view where;
    std::string_view part_of_text;     ///< of the clause; "" for any
    std::string_view part_of_context;  ///< of the alternative it stands in; "" for any
    std::string_view why;
};

constexpr std::string_view from_exp_read = "dependencies start at [Exp & R] by their own definition";
constexpr std::string_view from_walk = "tr-ib starts at [Imp & TTD & R] by its own definition";
constexpr std::string_view from_tag =
    "tc-before, and tc-ib with it, starts at [Imp & Tag & R] by its own definition";
constexpr std::string_view annotated = "A, L and Q hold explicit accesses only (aarch64fences.cat)";
constexpr std::string_view same_tags = "same-loc relates tag accesses to tag accesses only";
constexpr std::string_view ends = "lmrs goes from [W] to [R] by its own definition";
constexpr std::string_view any_walk =
    "beside the alternative for all but implicit TTD accesses, what it adds is any event";

constexpr std::array reasons = {
    Reason{"IFB-ob", "; ctrl)", "", "pick-ctrl-dep includes ctrl, as pick-dtrm includes dtrm"},
    Reason{"IFB-ob", "; addr)", "", "pick-addr-dep includes addr, as pick-dtrm includes dtrm"},
    Reason{"IFB-ob", "R", "[(Exp & R)]; addr)",
           "pick-addr-dep includes addr, and the alternative of pick-addr-dep has both R and W"},
    Reason{"IFB-ob", "W", "[(Exp & R)]; addr)",
           "pick-addr-dep includes addr, and the alternative of pick-addr-dep has both R and W"},
    Reason{"IFB-ob", "", "[(Exp & R)]; ctrl)", from_exp_read},
    Reason{"IFB-ob", "", "[(Exp & R)]; addr)", from_exp_read},
    Reason{"IFB-ob", "", "[(Exp & R)]; pick-", from_exp_read},
    Reason{"IFB-ob", "", "[((Imp & TTD) & R)]; tr-ib)", from_walk},
    Reason{"IFB-ob", "", "[((Imp & Tag) & R)]; tc-", from_tag},
    Reason{"dob", "", "[((Imp & TTD) & R)]; tr-ib)", from_walk},
    Reason{"dob", "", "[((Imp & Tag) & R)]; tc-before)", from_tag},
    Reason{"dob", "(Exp & (R | W))", "(data; ", "data ends at [Exp & W] by its own definition"},
    Reason{"dob", "Exp", "(data; ", "data ends at [Exp & W] by its own definition"},
    Reason{"dob", "R", "lmrs", ends},
    Reason{"ets-ob", "", "tr-ib-fault^-1", from_walk},
    Reason{"ets-ob", "", "tc-ib^-1", from_tag},
    Reason{"ets-ob", "", "", from_walk},
    Reason{"TLBuncacheable-ca", "", "", from_walk},
    Reason{"TLBI-ob", "", "same-translation-context",
           "tr-ib starts at [Imp & TTD & R], and herd has one translation context: same-translation-context "
           "holds all such pairs"},
    Reason{"TLBI-Imp_TTD_R-pairs", "", "", "taken from pairs that have an [Imp & TTD & R] already"},
    Reason{"TTD-OA-update", "", "",
           "the pairs of same-oa and of the sequence are both restricted to TTD accesses; ca ends at writes"},
    Reason{"addr", "iico_data", "", "ii_addr is iico_data from an address port"},
    Reason{"pick-addr-dep", "iico_data", "", "ii_addr is iico_data from an address port"},
    Reason{"pick-dep", "pick-addr-dep", "", "pick-basic-dep includes it: its parts compose to pick-dtrm"},
    Reason{"pick-dep", "pick-data-dep", "", "pick-basic-dep includes it: its parts compose to pick-dtrm"},
    Reason{"lmrs", "same-loc", "",
           "same-loc is transitive and symmetric: two of the three pairs at one location give the third"},
    Reason{"lrrs", "same-gpr", "",
           "same-gpr is transitive and symmetric: two of the three pairs at one register give the third"},
    Reason{"aob", "Exp", "", annotated},
    Reason{"aob", "R", "rmw); lmrs", ends},
    Reason{"bob", "Exp", "", annotated},
    Reason{"Exp-haz-ob", "Exp", "", "Exp is asked of both ends of sca-class, or both ends are one event"},
    Reason{"coRW1-MTE", "Tag", "", same_tags},
    Reason{"coWR-MTE", "Tag", "", same_tags},
    Reason{"DSB-ob", "", "[((Imp & TTD) & (R | W))]", any_walk},
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string why_redundant(const Clause& clause) {
    for (const Reason& r : reasons) {
        if (r.where != clause.where) continue;
        if (!has(clause.text, r.part_of_text) || !has(clause.context, r.part_of_context)) continue;
        return std::string(r.why);
    }
    return "";
}

}  // namespace tlbcheck::tests
