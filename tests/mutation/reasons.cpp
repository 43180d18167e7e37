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
    bool whole = false;  ///< the clause's text is that, and not only has it
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
    Reason{"TLBI-Imp_TTD_R-pairs", "Imp", "", "taken from pairs that have an [Imp & TTD & R] already"},
    Reason{"TLBI-Imp_TTD_R-pairs", "TTD", "", "taken from pairs that have an [Imp & TTD & R] already"},
    Reason{"TLBI-Imp_TTD_R-pairs", "R", "", "taken from pairs that have an [Imp & TTD & R] already"},
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

constexpr std::string_view no_fetch =
    "no test holds instruction fetches: they are not read from litmus tests";
constexpr std::string_view no_tags = "no test holds memory tags: they are not read from litmus tests";
constexpr std::string_view no_fetch_after_clean =
    "without fetches nothing asks what a clean or an invalidation came before: any total order that extends "
    "ob places them";
constexpr std::string_view only_walks =
    "in a schedule the reads of descriptors are the walks' own, and nothing else is implicit";
constexpr std::string_view no_registers =
    "a schedule has no registers: the only branches on a value read are its awaits";
constexpr std::string_view only_awaits = "an await is an explicit read";
constexpr std::string_view tlbi_to_dsb =
    "completing-dsb goes from a TLBI to a full DSB in every schedule's graph";
constexpr std::string_view starts_at_walk =
    "all uses start at a T, and TLBI-after leads from a T to TLBIs only";
constexpr std::string_view forced_anyway =
    "a local path from a TLBI begins with DSB-ob or IFB-ob, so the T before it would close a cycle; where T "
    "is locally first, taking the TLBI first instead only adds orderings";

constexpr std::string_view incomplete_tlbi =
    "a TLBI that no DSB completes for a T orders nothing after itself: taking part, it lets the T be first";
constexpr std::string_view tlbis_only = "inv-scope, and the pairs of the choice with it, start at TLBIs";
constexpr std::string_view of_own_pe =
    "it decides about a table's T by program order, so on the TLBI's own PE only; a walk on another PE still "
    "does what that excludes, and a verdict is about all PEs";
constexpr std::string_view both_ways =
    "of a descriptor stored before the TLBI was completed the T may be first; of one stored later the TLBI, "
    "and walk-order then has the next T read nothing that was overwritten before";
constexpr std::string_view last_access =
    "the judged access is the last of its PE: what orders an earlier access's T orders its own";
constexpr std::string_view with_its_access =
    "what is ordered before a T is before its access, of which TLBI-ob says the same; and where T reads what "
    "was stored after the TLBI, the TLBI may as well be first";
constexpr std::string_view reads_before =
    "what it adds follows: a T is after the write it reads (TTD-obs), and is itself ordered";
constexpr std::string_view goes_on = "a T that its walk goes on from has read a table descriptor";
constexpr std::string_view live_last_only = "co-live relates last Ts only";
constexpr std::string_view live_first =
    "TLBI-ob puts co-live Ts before all that follows the first TLBI: before later ones too they may be taken "
    "to be";
constexpr std::string_view wide_is_full =
    "a DSB that completes a TLBI for all PEs is a full DSB: for its own PE the other alternative has the "
    "pairs";
constexpr std::string_view own_walks =
    "what it adds are walks of the TLBI's own PE: a T of another PE is judged, and everything else is in "
    "DSB-ob-wide";
constexpr std::string_view awaited =
    "reads before a barrier are awaits, which control all that follows; the judged access comes after "
    "load-acquires";
constexpr std::string_view initial_value = "a read that nobody awaits may return the initial value";
constexpr std::string_view local_anyway =
    "on one PE local-hw-reqs has the pair; where it has not (a DSB nXS that orders the first TLBI alone), "
    "the "
    "second is seen after the first all the same";
constexpr std::string_view wide_from_tlbi = "DSB-ob-wide starts at TLBIs by its own definition";

/// What no test can notice, although it means something on executions that no test has.
constexpr std::array unseen = {
    Reason{"DC-after", "", "", no_fetch_after_clean},
    Reason{"IC-after", "", "", no_fetch_after_clean},
    Reason{"C_IC", "", "", no_fetch_after_clean},
    Reason{"Instr-obs", "", "", no_fetch_after_clean},
    Reason{"IC-ca", "", "", no_fetch_after_clean},
    Reason{"coRW1-Exp", "", "",
           "the graph offers no read a write of its own thread from its own instruction on (docs/litmus.md)"},
    Reason{"", "Instr", "", no_fetch},
    Reason{"", "", "Instr", no_fetch},
    Reason{"IC-ob", "", "", no_fetch},
    Reason{"f-ob", "", "", no_fetch},
    Reason{"f-ib", "", "", no_fetch},
    Reason{"CMODX", "", "", no_fetch},
    Reason{"coRW1-MTE", "", "", no_tags},
    Reason{"coWR-MTE", "", "", no_tags},
    Reason{"Tag-obs", "", "", no_tags},
    Reason{"tc-", "", "", no_tags},
    Reason{"", "Tag)", "", no_tags},
    Reason{"", "", "Tag)", no_tags},
    Reason{"", "TagCheck", "", no_tags},
};
/// The same for the clauses that schedules add.
constexpr std::array unseen_in_schedules = {
    Reason{"DSB-ob-wide", "Imp", "", only_walks},
    Reason{"DSB-ob-wide", "dsb.full", "", tlbi_to_dsb},
    Reason{"DSB-ob-wide", "TLBI", "", tlbi_to_dsb},
    Reason{"C_TLBI-wide", "TLBI", "", tlbi_to_dsb},
    Reason{"C_TLBI-wide", "dsb.full", "", tlbi_to_dsb},
    Reason{"ctrl", "Rreg", "", no_registers},
    Reason{"ctrl", "", "Rreg", no_registers},
    Reason{"ctrl", "Exp", "await", only_awaits},
    Reason{"ctrl", "R", "await", only_awaits},
    Reason{"ctrl", "await", "await", initial_value},
    Reason{"TTD-read-ordered-before", "TLBI", "", starts_at_walk},
    Reason{"TTD-read-ordered-before", "ext", "DSB-ob-wide", wide_is_full},
    Reason{"TTD-read-ordered-before", "IFB", "DSB-ob-wide", own_walks},
    Reason{"DSB-ob", "Imp", "dsb.nXS", only_walks},
    Reason{"DSB-ob", "TTD", "dsb.nXS", only_walks},
    Reason{"DSB-ob", "(R | W)", "dsb.nXS", only_walks},
    Reason{"DSB-ob", "W", "dsb.nXS", only_walks},
    Reason{"DSB-ob", "R", "dsb.nXS", awaited},
    Reason{"C_TLBI", "dsb", "", incomplete_tlbi},
    Reason{"C_TLBI", "completing-dsb", "", incomplete_tlbi},
    Reason{"C_TLBI", "TLBInXS", "TLBInXS", incomplete_tlbi},
    Reason{"C_TLBI", "TLBI", "", tlbis_only},
    Reason{"TLBI-Imp_TTD_R-pairs", "C_TLBI-wide", "", incomplete_tlbi},
    Reason{"TLBI-Imp_TTD_R-pairs", "int", "", incomplete_tlbi},
    Reason{"TLBI-Imp_TTD_R-pairs", "ext", "", wide_is_full},
    Reason{"TLBI-after", "((TLBI * Last-TTD) |", "", of_own_pe},
    Reason{"TLBI-after", "(TLBI * Last-TTD)", "", forced_anyway},
    Reason{"TLBI-after", "(Last-TTD * TLBI)", "", forced_anyway},
    Reason{"TLBI-after", "Last-TTD", "", of_own_pe},
    Reason{"TLBI-after", "TLBI", "", tlbis_only},
    Reason{"TLBI-ob", "Last-TTD", "co-live", live_last_only},
    Reason{"TLBI-ob", "same-low-order-bits", "", last_access},
    Reason{"TLBI-ob", "([Last-TTD]; TTD-read-ordered-before)", "", with_its_access},
    Reason{"same-translation-context", "same-va-page-and-context", "", last_access},
    Reason{"same-translation-context", "", "", "same-va-page-and-context relates Ts only"},
    Reason{"TLBI-table-ob", "TLBUncacheableTTD", "", reads_before},
    Reason{"TLBI-table-ob", "Table-TTD", "walk^-1", goes_on},
    Reason{"TLBI-table-ob", "((rf; [Table-TTD]); TTD-read-ordered-before)", "", both_ways},
    Reason{"TLBI-table-ob", "Table-TTD", "", reads_before},
    Reason{"walk-order", "walk", "", both_ways},
    Reason{"walk-time-line", "((co-live; TLBI-after); [TLBI])", "", live_first, true},
    Reason{"walk-time-line", "(TLBI-after; [TLBI])", "local-hw-reqs", both_ways, true},
    Reason{"walk-time-line", "(TLBI-after; [TLBI])", "", "TLBI-after is an alternative by itself", true},
    Reason{"walk-time-line", "TLBI", "TLBI-after", starts_at_walk, true},
    Reason{"walk-time-line", "TLBI", "DSB-ob-wide", wide_from_tlbi, true},
    Reason{"walk-time-line", "Table-TTD", "", goes_on, true},
    Reason{"walk-time-line", "ext", "DSB-ob", local_anyway, true},
    Reason{"walk-time-line", "walk", "", both_ways, true},
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}
bool is_about(const Reason& r, const Clause& clause) {
    const bool text = r.whole ? clause.text == r.part_of_text : has(clause.text, r.part_of_text);
    return text && has(clause.context, r.part_of_context);
}

template <std::size_t n>
std::string first_of(const std::array<Reason, n>& among, const Clause& clause) {
    for (const Reason& r : among) {
        const bool where = r.where.empty() || clause.where.starts_with(r.where);
        if (where && is_about(r, clause)) return std::string(r.why);
    }
    return "";
}

}  // namespace

std::string why_redundant(const Clause& clause) {
    for (const Reason& r : reasons) {
        if (r.where != clause.where) continue;
        if (is_about(r, clause)) return std::string(r.why);
    }
    return "";
}

std::string why_unseen(const Clause& clause, bool of_schedules) {
    const bool of_a_walk = clause.text == "Imp" || clause.text == "TTD" || clause.text == "R";
    if (of_schedules && clause.where == "TLBI-table-ob" && of_a_walk) return std::string(only_walks);
    if (of_schedules && clause.where == "DSB-ob-wide" && of_a_walk) return std::string(only_walks);
    if (clause.kind == ClauseKind::forced && clause.where == "TLBI-after") return std::string(forced_anyway);
    if (of_schedules) return first_of(unseen_in_schedules, clause);
    return first_of(unseen, clause);
}

}  // namespace tlbcheck::tests
