// SPDX-License-Identifier: Apache-2.0
//
// Relation names are those of herdtools7's aarch64.cat and its includes; five-letter names are rule
// identifiers of the Arm ARM (DDI 0487, version M); the rest are extension rules of the manual's formal model
// (model.md sections 2 to 5).

#include "checker/report/rules.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::checker {
namespace {

constexpr std::string_view cat = "Arm ARM B2.3; aarch64.cat";
constexpr std::string_view reqs = "Arm ARM B2.3; aarch64hwreqs.cat";
constexpr std::string_view herd = "herd7's vocabulary; Arm ARM B2.3";
constexpr std::string_view contiguous = "Arm ARM D8.7; tlbcheck model, section 2";
constexpr std::string_view walks = "tlbcheck model, section 3";
constexpr std::string_view scopes = "Arm ARM D8.17; tlbcheck model, section 4";
constexpr std::string_view hazards = "Arm ARM D8; tlbcheck model, section 5";
constexpr std::string_view questions = "tlbcheck model, section 6";
constexpr std::string_view machine = "tlbcheck model, section 7";

constexpr std::array rules{
    Rule{"BBM", cat,
         "Break-before-make: between two cacheable values of a descriptor stand an uncacheable one and a "
         "completed TLBI."},
    Rule{"CONTIGUOUS-FILL", contiguous,
         "A walk for one address may fill its entry from any valid, Contiguous descriptor of the same set."},
    Rule{"CONTIGUOUS-SPAN", contiguous,
         "An entry filled from a Contiguous descriptor covers one page or block (shattered) or the whole set "
         "(coalesced)."},
    Rule{"DSB-complete", scopes,
         "A TLBI is complete once a DSB wide enough for its domain has completed; only then are its entries "
         "surely gone."},
    Rule{"DSB-ob", reqs, "A DSB orders earlier accesses and TLBIs of its PE before what follows it."},
    Rule{"Exp-haz-ob", cat,
         "Two reads of one location, in program order, respect a write that comes in between."},
    Rule{"Exp-obs", cat,
         "An explicit access is ordered after the write of another PE that it observes, and before one that "
         "overwrites what it read."},
    Rule{"HU-ca", cat,
         "A hardware update of a descriptor comes coherence-after what an explicit read returned."},
    Rule{"IFB-ob", reqs,
         "An instruction fetch barrier (ISB, exception entry or return) after a DSB makes later accesses "
         "walk anew."},
    Rule{"RFCPSG", hazards, "At BBM levels 1 and 2 an implementation may still raise a TLB conflict abort."},
    Rule{"RFVQCK", hazards,
         "Where break-before-make was needed and skipped, a lookup may return a mix of the old and the new "
         "entry."},
    Rule{"RJQQTC", contiguous, "Which descriptors of a contiguous set a lookup may use."},
    Rule{"RKHRBC", hazards,
         "From BBM level 1 a change of the Contiguous bit alone needs no break-before-make."},
    Rule{"RNGLXZ", contiguous,
         "In a contiguous set whose descriptors disagree, a lookup may return what any of them holds."},
    Rule{"RWHZWS", hazards, "The changes of a live descriptor that need break-before-make."},
    Rule{"TLB-conflict", hazards,
         "Two live entries of one PE match one address and differ in size or result."},
    Rule{"TLB-hit", machine,
         "An access may use any entry that its PE's TLB holds and that covers its address."},
    Rule{"TLBI-before", cat,
         "The TLBI comes before this translation was read, so the translation cannot have seen a value "
         "overwritten before the TLBI."},
    Rule{"TLBI-after", cat,
         "The translation was read before the TLBI took effect, so its uses come before the DSB that "
         "completes the TLBI."},
    Rule{"TLBI-ca", cat,
         "A TLBI comes before every write that is coherence-after what a later translation read: none can "
         "read a value overwritten before the TLBI."},
    Rule{"TLBI-ob", cat,
         "A translation read before a TLBI, and the accesses that use it, come before everything after the "
         "DSB that completes the TLBI."},
    Rule{"TLBI-order", walks,
         "The order of TLBIs that program order and barriers fix for one walk's time line."},
    Rule{"TLBI-scope", scopes,
         "A TLBI removes an entry only if its address, context, level and domain name that entry."},
    Rule{"TLBuncacheable-ca", cat,
         "A translation or access-flag fault comes from memory as it is, not from a cached entry, so it "
         "precedes the write that repairs it."},
    Rule{"TTD-obs", cat, "A walk's read of a descriptor is ordered after the write it reads from."},
    Rule{"TTD-read-ordered-before", cat,
         "A translation read before a TLBI comes before everything after the DSB that completes that TLBI."},
    Rule{"addr", herd,
         "Address dependency: the address of the later access is computed from the earlier read."},
    Rule{"aob", reqs, "Order inside and after an atomic read-modify-write."},
    Rule{"bob", reqs, "Order by DMB, acquire and release."},
    Rule{"ca", herd, "Coherence-after: a later write of the same location, seen from a read or a write."},
    Rule{"co", herd, "Coherence order: the order in which writes of one location take effect."},
    Rule{"ctrl", herd, "Control dependency: whether the later access runs depends on the earlier read."},
    Rule{"data", herd, "Data dependency: the value written is computed from the earlier read."},
    Rule{"dob", reqs, "Order by dependencies."},
    Rule{"ets-ob", reqs,
         "With FEAT_ETS2 or ETS3 a faulting translation is read after the accesses that precede it in "
         "program order."},
    Rule{"fr", herd, "From-read: the read happened before this write, whose value it did not see."},
    Rule{"free", questions,
         "The memory is handed to a new owner at this point of the program, who writes it."},
    Rule{"haz-ob", cat, "Hazard-ordered-before: TLBI-ob and its kin."},
    Rule{"hw-reqs", cat, "Hardware-required-ordered-before: local order and hazards."},
    Rule{"intr-ob", reqs, "Order inside one instruction: its translation before its access."},
    Rule{"lob", reqs, "Locally-ordered-before: what dependencies, barriers and the like order on one PE."},
    Rule{"lmws", reqs,
         "Local memory write successor: a write and the next overlapping write in program order."},
    Rule{"local-hw-reqs", reqs, "The order that one PE's own hardware requirements give."},
    Rule{"no-program-order", questions, "Nothing orders these two: the hardware may do the second first."},
    Rule{"ob", cat,
         "Ordered-before: the transitive closure of required order and observation; it may not contain a "
         "cycle."},
    Rule{"obs", cat, "Observed-by: what one observer sees of another orders the two."},
    Rule{"po", herd, "Program order."},
    Rule{"pob", reqs, "Order by pick dependencies."},
    Rule{"rf", herd, "Reads-from: the write whose value the read returns."},
    Rule{"rmw", herd, "The read and the write of one atomic instruction."},
    Rule{"store-buffer", machine,
         "A store may wait before others, the table walker included, see it; barriers make it visible."},
    Rule{"tr-ib", cat, "Translation-intrinsically-before: an access's own descriptor reads come before it."},
    Rule{"walk-order", walks,
         "The walk reads a table descriptor before the next level's descriptor, which it found through it."},
    Rule{"walk-use", walks,
         "A cached table descriptor that a TLBI removes was used, if at all, before the TLBI: the next level "
         "was filled by then."},
};

char folded(char c) {
    return c == '_' ? '-' : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return folded(x) == folded(y); });
}

}  // namespace

std::span<const Rule> all_rules() {
    return rules;
}

const Rule* find_rule(std::string_view name) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const Rule& rule) { return same_name(rule.name, name); });
    return found == rules.end() ? nullptr : &*found;
}

}  // namespace tlbcheck::checker
