// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/cat_comparison.hpp"

#include <algorithm>

#include "litmus/cat/vocabulary.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/program.hpp"

namespace tlbcheck::tests {

namespace {

/// Sets are compared as identities on them, so that an empty set and an empty relation are alike.
model::Rel as_relation(const model::NodePointer& node) {
    return model::is_set(node->op) ? model::id(model::Set(node)) : model::Rel(node);
}

/// Empty for a reason that shows without events: a variant that is off.
bool certainly_empty(const model::NodePointer& n) {
    using model::Op;
    const auto operand = [&](std::size_t i) { return certainly_empty(n->operands[i]); };
    switch (n->op) {
        case Op::set_empty:
        case Op::rel_empty:
            return true;
        case Op::set_union:
        case Op::rel_union:
            return operand(0) && operand(1);
        case Op::set_inter:
        case Op::rel_inter:
        case Op::sequence:
        case Op::product:
            return operand(0) || operand(1);
        case Op::set_diff:
        case Op::rel_diff:
        case Op::domain:
        case Op::range:
        case Op::inverse:
        case Op::plus:
        case Op::identity_on:
            return operand(0);
        default:
            return false;
    }
}

/// Calls both(a, b) for entries of the same name, once for each of theirs in `b`'s order, and one(label) for
/// the rest.
template <class Item, class Both>
void match_by_name(const std::string& kind, const std::vector<Item>& cat, const std::vector<Item>& ours,
                   std::set<std::string>& only_in_cat, std::set<std::string>& only_in_ours, Both both) {
    for (const Item& a : cat) {
        const auto b = std::ranges::find(ours, a.name, &Item::name);
        if (b == ours.end()) {
            only_in_cat.insert(kind + a.name);
        } else {
            both(a, *b);
        }
    }
    for (const Item& b : ours) {
        if (std::ranges::find(cat, b.name, &Item::name) == cat.end()) only_in_ours.insert(kind + b.name);
    }
}

}  // namespace

CatComparison::CatComparison(const litmus::cat::CatModel& cat, const model::axioms::Definitions& ours) {
    add_definitions(cat, ours);
    add_choices(cat.model, ours.model);
    add_checks(cat.model, ours.model);
    add_flags(cat.model, ours.model);
}

void CatComparison::add(const std::string& label, const model::NodePointer& cat,
                        const model::NodePointer& ours) {
    pairs_.push_back({label, as_relation(cat), as_relation(ours)});
    primitives_.add(cat);
    primitives_.add(ours);
}

void CatComparison::add_definitions(const litmus::cat::CatModel& cat,
                                    const model::axioms::Definitions& ours) {
    for (const auto& d : cat.definitions) {
        if (std::ranges::find(cat.model.choices, d.name, &model::PairChoice::name) != cat.model.choices.end())
            continue;
        const std::string label = "definition " + d.name;
        if (const auto r = ours.relations().find(d.name); r != ours.relations().end()) {
            add(label, d.node, r->second.node());
        } else if (const auto s = ours.sets().find(d.name); s != ours.sets().end()) {
            add(label, d.node, s->second.node());
        } else if (litmus::cat::is_primitive_relation(d.name)) {  // not defined in ours: the primitive
            add(label, d.node, model::rel(d.name).node());
        } else if (litmus::cat::is_primitive_set(d.name)) {
            add(label, d.node, model::set(d.name).node());
        } else {
            only_in_cat_.insert(label);
        }
    }
    const auto defined = [&](const std::string& name) {
        return std::ranges::find(cat.definitions, name, &litmus::cat::Definition::name) !=
               cat.definitions.end();
    };
    for (const auto& [name, r] : ours.relations()) {
        if (!defined(name)) only_in_ours_.insert("definition " + name);
    }
    for (const auto& [name, s] : ours.sets()) {
        if (!defined(name)) only_in_ours_.insert("definition " + name);
    }
}

void CatComparison::add_choices(const model::MemoryModel& cat, const model::MemoryModel& ours) {
    const auto both = [this](const model::PairChoice& a, const model::PairChoice& b) {
        add("pairs of " + a.name, a.pairs.node(), b.pairs.node());
        // Only what orders some of the pairs counts.
        const auto counting = [](const model::PairChoice& c) {
            return c.forced & (c.pairs | model::inverse(c.pairs));
        };
        add("forced order of " + a.name, counting(a).node(), counting(b).node());
    };
    match_by_name("choice ", cat.choices, ours.choices, only_in_cat_, only_in_ours_, both);
}

void CatComparison::add_checks(const model::MemoryModel& cat, const model::MemoryModel& ours) {
    const auto both = [this](const model::Check& a, const model::Check& b) {
        add("check " + a.name, a.relation.node(), b.relation.node());
        if (a.kind != b.kind || a.negated != b.negated) only_in_cat_.insert("kind of check " + a.name);
    };
    match_by_name("check ", cat.checks, ours.checks, only_in_cat_, only_in_ours_, both);
}

void CatComparison::add_flags(const model::MemoryModel& cat, const model::MemoryModel& ours) {
    const auto can_be_raised = [](const model::MemoryModel& m) {
        std::vector<model::Flag> result;
        for (const model::Flag& f : m.flags) {
            if (!certainly_empty(f.relation.node()) || f.negated) result.push_back(f);
        }
        return result;
    };
    const auto both = [this](const model::Flag& a, const model::Flag& b) {
        add("flag " + a.name, a.relation.node(), b.relation.node());
        if (a.kind != b.kind || a.negated != b.negated) only_in_cat_.insert("kind of flag " + a.name);
    };
    match_by_name("flag ", can_be_raised(cat), can_be_raised(ours), only_in_cat_, only_in_ours_, both);
}

std::vector<std::string> CatComparison::disagreements(const model::EventGraph& graph,
                                                      const model::Execution& execution) const {
    model::ConcreteEvaluator evaluator(graph, execution);
    std::vector<std::string> result;
    for (const Pair& p : pairs_) {
        if (!(evaluator.evaluate(p.cat) == evaluator.evaluate(p.ours))) result.push_back(p.label);
    }
    return result;
}

std::string aarch64_cat() {
    const auto checkout = herdtools7_dir();
    return checkout ? (*checkout / "herd" / "libdir" / "aarch64.cat").string() : "";
}

}  // namespace tlbcheck::tests
