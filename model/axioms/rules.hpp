// SPDX-License-Identifier: Apache-2.0
//
// The one table of the rules that answers cite: where each stands, what it says in a sentence, and whether
// cycles are drawn with it. Relation names are those of herdtools7's aarch64.cat and its includes;
// five-letter names are rule identifiers of the Arm ARM (DDI 0487, version M); the rest are extension rules
// of docs/formal-model.md. A new ordering of the axioms needs its row here, and nothing else.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

namespace tlbcheck::model::axioms {

/// What cycles a relation takes part in.
enum class Draws : std::uint8_t {
    nothing,
    order,      ///< of ordered-before: together these generate `ob`
    walk_line,  ///< of the time line of one walk: together these generate `walk-time-line`
};

struct Rule {
    std::string_view
        name;  ///< as cited: a cat relation ("TLBI-ca"), an Arm ARM rule ("RNGLXZ"), an extension
    Draws draws = Draws::nothing;
    std::string_view source;  ///< "Arm ARM B2.3; aarch64.cat", "Arm ARM D8.7", "tlbcheck model, section 3"
    std::string_view text;    ///< one sentence
};

namespace source {
inline constexpr std::string_view cat = "Arm ARM B2.3; aarch64.cat";
inline constexpr std::string_view reqs = "Arm ARM B2.3; aarch64hwreqs.cat";
inline constexpr std::string_view herd = "herd7's vocabulary; Arm ARM B2.3";
inline constexpr std::string_view contiguous = "Arm ARM D8.7; tlbcheck model, section 2";
inline constexpr std::string_view walks = "tlbcheck model, section 3";
inline constexpr std::string_view scopes = "Arm ARM D8.17; tlbcheck model, section 4";
inline constexpr std::string_view hazards = "Arm ARM D8; tlbcheck model, section 5";
inline constexpr std::string_view questions = "tlbcheck model, section 6";
inline constexpr std::string_view machine = "tlbcheck model, section 7";
inline constexpr std::string_view updates = "tlbcheck model, section 12";
}  // namespace source

/// What draws cycles comes first, the most telling at the head: an edge is called by the first that holds it.
inline constexpr auto rules = std::to_array<Rule>({
    {"TLBI-ca", Draws::order, source::cat,
     "A TLBI comes before every write that is coherence-after what a later translation read: none can read a "
     "value overwritten before the TLBI."},
    {"TLBuncacheable-ca", Draws::order, source::cat,
     "A translation or access-flag fault comes from memory as it is, not from a cached entry, so it precedes "
     "the write that repairs it."},
    {"HU-ca", Draws::order, source::cat,
     "A hardware update of a descriptor comes coherence-after what an explicit read returned."},
    {"walk-order", Draws::order, source::walks,
     "The walk reads a table descriptor before the next level's descriptor, which it found through it."},
    {"TLBI-table-ob", Draws::order, source::walks,
     "A walk that used a table descriptor read before a TLBI had filled the levels below by then, so that it "
     "too comes before everything after the DSB that completes the TLBI."},
    {"TLBI-ob", Draws::order, source::cat,
     "A translation read before a TLBI, and the accesses that use it, come before everything after the DSB "
     "that completes the TLBI."},
    {"Exp-haz-ob", Draws::order, source::cat,
     "Two reads of one location, in program order, respect a write that comes in between."},
    {"IC-ob", Draws::order, source::cat,
     "An instruction read before an IC comes before everything after the DSB that completes the IC."},
    {"ets-ob", Draws::order, source::reqs,
     "With FEAT_ETS2 or ETS3 a faulting translation is read after the accesses that precede it in program "
     "order."},
    {"DSB-ob", Draws::order, source::reqs,
     "A DSB orders earlier accesses and TLBIs of its PE before what follows it."},
    {"IFB-ob", Draws::order, source::reqs,
     "An instruction fetch barrier (ISB, exception entry or return) after a DSB makes later accesses walk "
     "anew."},
    {"bob", Draws::order, source::reqs, "Order by DMB, acquire and release."},
    {"dob", Draws::order, source::reqs, "Order by dependencies."},
    {"pob", Draws::order, source::reqs, "Order by pick dependencies."},
    {"aob", Draws::order, source::reqs, "Order inside and after an atomic read-modify-write."},
    {"f-ob", Draws::order, source::reqs, "An instruction is read before what follows it in program order."},
    {"po-scl-ob", Draws::order, source::reqs,
     "Program order between accesses and cache maintenance of one cache line."},
    {"tr-ib", Draws::order, source::cat,
     "Translation-intrinsically-before: an access's own descriptor reads come before it."},
    {"intr-ob", Draws::order, source::reqs,
     "Order inside one instruction: its translation before its access."},
    {"lmws", Draws::order, source::reqs,
     "Local memory write successor: a write and the next overlapping write in program order."},
    {"pick-lob", Draws::order, source::reqs,
     "Pick dependencies and the local order after them, up to a write."},
    {"Exp-obs", Draws::order, source::cat,
     "An explicit access is ordered after the write of another PE that it observes, and before one that "
     "overwrites what it read."},
    {"TTD-obs", Draws::order, source::cat,
     "A walk's read of a descriptor is ordered after the write it reads from."},
    {"Instr-obs", Draws::order, source::cat,
     "An instruction read is ordered after the write it reads from, and before one that an IC makes "
     "visible."},
    {"Tag-obs", Draws::order, source::cat,
     "A tag read is ordered after the write of another PE that it observes, and before one that overwrites "
     "what it read."},
    {"obs", Draws::order, source::cat, "Observed-by: what one observer sees of another orders the two."},
    {"hw-reqs", Draws::order, source::cat, "Hardware-required-ordered-before: local order and hazards."},
    // The time line of one walk.
    {"walk", Draws::walk_line, source::walks,
     "A walk reads one level's descriptor after the level's above it."},
    {"TLBI-after", Draws::walk_line, source::cat,
     "The translation was read before the TLBI took effect, so its uses come before the DSB that completes "
     "the TLBI."},
    {"walk-time-line", Draws::walk_line, source::walks,
     "The steps of one walk and the TLBIs it meets happen in one order."},
    // What drawings and timelines cite beside.
    {"BBM", Draws::nothing, source::cat,
     "Break-before-make: between two cacheable values of a descriptor stand an uncacheable one and a "
     "completed TLBI."},
    {"CONTIGUOUS-FILL", Draws::nothing, source::contiguous,
     "A walk for one address may fill its entry from any valid, Contiguous descriptor of the same set."},
    {"CONTIGUOUS-SPAN", Draws::nothing, source::contiguous,
     "An entry filled from a Contiguous descriptor covers one page or block (shattered) or the whole set "
     "(coalesced)."},
    {"DSB-complete", Draws::nothing, source::scopes,
     "A TLBI is complete once a DSB wide enough for its domain has completed; only then are its entries "
     "surely gone."},
    {"HU", Draws::nothing, source::updates,
     "A hardware update of a leaf's flags is one atomic read-modify-write of what the walk read."},
    {"RFCPSG", Draws::nothing, source::hazards,
     "At BBM levels 1 and 2 an implementation may still raise a TLB conflict abort."},
    {"RFVQCK", Draws::nothing, source::hazards,
     "Where break-before-make was needed and skipped, a lookup may return a mix of the old and the new "
     "entry."},
    {"RJQQTC", Draws::nothing, source::contiguous, "Which descriptors of a contiguous set a lookup may use."},
    {"RNGLXZ", Draws::nothing, source::contiguous,
     "In a contiguous set whose descriptors disagree, a lookup may return what any of them holds."},
    {"RWHZWS", Draws::nothing, source::hazards,
     "The changes of a live descriptor that need break-before-make."},
    {"TLB-conflict", Draws::nothing, source::hazards,
     "Two live entries of one PE match one address and differ in size or result."},
    {"TLB-hit", Draws::nothing, source::machine,
     "An access may use any entry that its PE's TLB holds and that covers its address."},
    {"TLBI-scope", Draws::nothing, source::scopes,
     "A TLBI removes an entry only if its address, context, level and domain name that entry."},
    {"addr", Draws::nothing, source::herd,
     "Address dependency: the address of the later access is computed from the earlier read."},
    {"ca", Draws::nothing, source::herd,
     "Coherence-after: a later write of the same location, seen from a read or a write."},
    {"co", Draws::nothing, source::herd,
     "Coherence order: the order in which writes of one location take effect."},
    {"ctrl", Draws::nothing, source::herd,
     "Control dependency: whether the later access runs depends on the earlier read."},
    {"data", Draws::nothing, source::herd,
     "Data dependency: the value written is computed from the earlier read."},
    {"fr", Draws::nothing, source::herd,
     "From-read: the read happened before this write, whose value it did not see."},
    {"free", Draws::nothing, source::questions,
     "The memory is handed to a new owner at this point of the program, who writes it."},
    {"no-program-order", Draws::nothing, source::questions,
     "Nothing orders these two: the hardware may do the second first."},
    {"po", Draws::nothing, source::herd, "Program order."},
    {"rf", Draws::nothing, source::herd, "Reads-from: the write whose value the read returns."},
    {"rmw", Draws::nothing, source::herd, "The read and the write of one atomic instruction."},
    {"store-buffer", Draws::nothing, source::machine,
     "A store may wait before others, the table walker included, see it; barriers make it visible."},
});

/// All rules.
constexpr std::span<const Rule> all_rules() {
    return rules;
}
/// The rule of that name; nullptr when it is not in the table.
constexpr const Rule* find_rule(std::string_view name) {
    for (const Rule& rule : rules) {
        if (rule.name == name) return &rule;
    }
    return nullptr;
}

/// The name of a rule in the table: a name that is not does not compile.
class RuleName {
  public:
    // NOLINTNEXTLINE(google-explicit-constructor): a name in the source is a rule.
    consteval RuleName(const char* name) : name_(known(name)) {}
    explicit constexpr RuleName(const Rule& rule) : name_(rule.name) {}
    constexpr std::string_view text() const { return name_; }
    friend constexpr auto operator<=>(const RuleName&, const RuleName&) = default;

  private:
    static constexpr std::string_view known(std::string_view name) {
        const Rule* rule = find_rule(name);
        return rule == nullptr ? throw "no rule has this name" : rule->name;
    }
    std::string_view name_;
};

}  // namespace tlbcheck::model::axioms
