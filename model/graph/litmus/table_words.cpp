// SPDX-License-Identifier: Apache-2.0
//
// Tests whose tables are written out: memory by physical address, what descriptors are as words, the scope of
// TLBIs.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/graph/litmus/builder.hpp"
#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::model {

namespace {

using translation::DescriptorWord;

constexpr std::uint64_t register_tag = std::uint64_t{1} << 48U;

/// Attribute sets of a leaf by its SH field; of its memory type what all tests here have.
std::string shareability_set(const DescriptorWord& d) {
    if (d.shareability == 2) return "PTEOSH";
    return d.shareability == 3 ? "PTEISH" : "PTENSH";
}

}  // namespace

const TranslationTable* LitmusGraphBuilder::table_page(const LitmusValue& place) const {
    if (!program_.translation || place.kind != ValueKind::integer) return nullptr;
    return program_.translation->table_page(place.number);
}

/// An access makes the word part of memory; what is not modelled is an error of the test.
void LitmusGraphBuilder::check_word(const PlacedEvent& e, std::uint64_t place, Formula when,
                                    const std::string& text, const TextPlace& at) {
    const auto bytes = static_cast<std::uint64_t>(e.local.size) / 8;
    if (place % bytes != 0) {
        report(when, fmt::format("'{}' accesses {:#x}, which is not aligned: not supported", text, place),
               at);
        return;
    }
    const LitmusValue whole = LitmusValue::of(place & ~std::uint64_t{7});
    const auto size = sizes_.emplace(whole, e.local.size).first->second;
    if (size != e.local.size) {
        report(when,
               fmt::format("'{}' accesses {} bits where another access has {}: not supported", text,
                           e.local.size, size),
               at);
        return;
    }
    const LitmusValue here = LitmusValue::of(place);
    if (initial_.contains(here)) return;
    std::uint64_t word = program_.translation->word(whole.number);
    if (e.local.size == 32) word = (word >> (8 * (place & 4U))) & 0xffffffffU;
    initial_.emplace(here, LitmusValue::of(word));
    add_initial_word(here, e.local.size);
}

void LitmusGraphBuilder::add_word_sets(const PlacedEvent& e) {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    std::map<std::string, std::vector<Formula>> sets;
    if (e.local.step && e.local.step->combined) {
        for (const char* name : {"PTE", "D-PTE", "Last-TTD"}) g.add_to(name, e.id);
    }
    for (const auto& l : e.local.location.alternatives) {
        const TranslationTable* page = table_page(algebra_.values().value(l.what));
        if (page == nullptr) continue;
        for (const auto& v : e.local.value.alternatives) {
            const LitmusValue& value = algebra_.values().value(v.what);
            const DescriptorWord d = translation::decode_descriptor(value.number, page->stage, page->level);
            const Formula when = pool.both(l.when, v.when);
            sets[d.kind != DescriptorKind::invalid ? "PTEV" : "PTEINV"].push_back(when);
            if (e.local.step) {
                const bool uses = d.kind == DescriptorKind::table ||
                                  (d.kind == DescriptorKind::leaf && e.local.step->stage == 2);
                sets[uses ? "Table-TTD" : "Last-TTD"].push_back(when);
            }
            if (d.kind != DescriptorKind::leaf) continue;
            if (!d.accessed) sets["PTEAF0"].push_back(when);
            if (!d.writable) sets["PTEDB0"].push_back(when);
            for (const std::string& name : {std::string("PTENormal"), shareability_set(d),
                                            std::string("PTEiWB"), std::string("PTEoWB")})
                sets[name].push_back(when);
        }
    }
    for (const auto& [name, formulas] : sets) g.add_to(name, e.id, pool.disjunction(formulas));
}

Formula LitmusGraphBuilder::in_scope(const PlacedEvent& tlbi, const PlacedEvent& read) {
    FormulaPool& pool = algebra_.pool();
    std::vector<Formula> terms;
    const auto compare = [&](translation::IssuedInvalidation issued, Formula when) {
        for (const auto& v : tlbi.local.vttbr.alternatives) {
            issued.vmid = static_cast<std::uint16_t>(algebra_.values().value(v.what).number / register_tag);
            for (const auto& word : read.local.value.alternatives) {
                if (translation::in_scope(issued, *read.local.step,
                                          algebra_.values().value(word.what).number))
                    terms.push_back(pool.conjunction({when, v.when, word.when}));
            }
        }
    };
    if (!tlbi.local.has_location) {
        compare({tlbi.local.tlbi, 0, 0}, logic::true_formula);
        return pool.disjunction(terms);
    }
    for (const auto& operand : tlbi.local.location.alternatives) {
        const LitmusValue& value = algebra_.values().value(operand.what);
        compare({tlbi.local.tlbi, static_cast<std::uint64_t>(value.offset), 0}, operand.when);
    }
    return pool.disjunction(terms);
}

void LitmusGraphBuilder::add_scopes() {
    EventGraph& g = result_.graph;
    for (const PlacedEvent& tlbi : events_) {
        if (tlbi.local.role != EventRole::tlbi) continue;
        for (const PlacedEvent& read : events_) {
            if (!read.local.step) continue;
            const Formula when = in_scope(tlbi, read);
            if (when.is_false()) continue;
            g.add_edge("inv-domain", tlbi.id, read.id, when);
            g.add_edge("inv-domain", read.id, tlbi.id, when);
        }
    }
}

void LitmusGraphBuilder::relate_words(const PlacedEvent& a, const PlacedEvent& b, Formula a_is_descriptor) {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    std::vector<Formula> same_oa;
    std::vector<Formula> writable_pair;
    std::vector<Formula> target;
    const auto each_leaf = [&](const PlacedEvent& e, const auto& f) {
        for (const auto& l : e.local.location.alternatives) {
            const TranslationTable* page = table_page(algebra_.values().value(l.what));
            if (page == nullptr) continue;
            for (const auto& v : e.local.value.alternatives) {
                const std::uint64_t word = algebra_.values().value(v.what).number;
                const DescriptorWord d = translation::decode_descriptor(word, page->stage, page->level);
                if (d.kind == DescriptorKind::leaf)
                    f(d, translation::span_of_level(page->level), pool.both(l.when, v.when));
            }
        }
    };
    each_leaf(a, [&](const DescriptorWord& p, std::uint64_t span, Formula p_when) {
        for (const auto& l : b.local.location.alternatives) {
            const LitmusValue& place = algebra_.values().value(l.what);
            if (place.kind == ValueKind::integer && place.number / span == p.address / span)
                target.push_back(pool.both(p_when, l.when));
        }
        each_leaf(b, [&](const DescriptorWord& q, std::uint64_t, Formula q_when) {
            const Formula meet = pool.both(p_when, q_when);
            if (p.address == q.address) same_oa.push_back(meet);
            if (p.writable || q.writable) writable_pair.push_back(meet);
        });
    });
    g.add_edge("PTEtoPA", a.id, b.id, pool.both(a_is_descriptor, pool.disjunction(target)));
    const Formula descriptors = pool.both(a_is_descriptor, g.in("PTE", b.id));
    g.add_edge("same-oa", a.id, b.id, pool.both(descriptors, pool.disjunction(same_oa)));
    g.add_edge("at-least-one-writable", a.id, b.id, pool.both(descriptors, pool.disjunction(writable_pair)));
}

}  // namespace tlbcheck::model
