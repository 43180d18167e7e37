// SPDX-License-Identifier: Apache-2.0
//
// Depth-first search. After each decision the model's constraints are looked at between bounds; what is sure
// to break one is left. Pair choices come last, when the pairs are known.
#include "tests/enumerator/enumerator.hpp"

#include <algorithm>

#include "tests/enumerator/cycles.hpp"

namespace tlbcheck::tests::enumerator {

namespace {

/// `irreflexive r+` asks for the cycles of `r`; the closure need not be made.
std::pair<NodePointer, bool> cyclic_form(CheckKind kind, const Rel& relation) {
    const NodePointer& n = relation.node();
    if (kind == CheckKind::irreflexive && n->op == Op::plus) return {n->operands[0], true};
    return {n, kind == CheckKind::acyclic};
}

bool forbidden(CheckKind kind, bool cycles, const BitMatrix& relation) {
    return cycles ? has_cycle(relation) : breaks(kind, relation);
}

BitMatrix united(BitMatrix a, const BitMatrix& b) {
    for (std::size_t i = 0; i < a.size(); ++i) or_into(a.row(i), b.row(i));
    return a;
}

BitMatrix common(BitMatrix a, const BitMatrix& b) {
    for (std::size_t i = 0; i < a.size(); ++i) and_into(a.row(i), b.row(i));
    return a;
}

BitMatrix without(BitMatrix a, const BitMatrix& b) {
    for (std::size_t i = 0; i < a.size(); ++i) remove_from(a.row(i), b.row(i));
    return a;
}

}  // namespace

Enumerator::Enumerator(const EventGraph& graph, const MemoryModel& model, const Limits& limits)
    : graph_(&graph), model_(&model), limits_(limits), assignment_(graph), bounds_(graph) {
    if (graph.size() > limits.events || graph.incomplete) {
        extent_ = Extent::too_large;
        return;
    }
    compile(model);
}

void Enumerator::compile(const MemoryModel& model) {
    for (const PairChoice& choice : model.choices) {
        const Slot pairs = bounds_.compile(choice.pairs);
        const Slot forced = bounds_.compile(choice.forced);
        choices_.push_back({pairs, forced, bounds_.provided(choice.name), BitMatrix(graph_->size())});
    }
    for (const Check& check : model.checks) {
        const auto [node, cycles] = cyclic_form(check.kind, check.relation);
        checks_.push_back({&check, bounds_.compile(Rel(node)), cycles, 0});
    }
    for (const Flag& flag : model.flags) {
        const auto [node, cycles] = cyclic_form(flag.kind, flag.relation);
        flags_.emplace_back(bounds_.compile(Rel(node)), cycles);
    }
    for (const std::string& walk : graph_->walks) walks_.push_back(bounds_.compile(model::set(walk)));
    tlbi_ = bounds_.compile(model::set("TLBI"));
}

Extent Enumerator::run(const Found& found, const Wanted& wanted) {
    if (over()) return extent_;
    found_ = found;
    wanted_ = wanted;
    search();
    return extent_;
}

bool Enumerator::count_step() {
    if (over()) return false;
    if (++steps_ > limits_.steps) extent_ = Extent::too_large;
    return !over();
}

/// The chosen relations: forced pairs keep their order, decided ones have theirs, the others may go either
/// way.
void Enumerator::provide_choices() {
    for (ChoiceSlots& choice : choices_) {
        const RelationBounds& pairs = bounds_.relation(choice.pairs);
        const RelationBounds& forced = bounds_.relation(choice.forced);
        const BitMatrix sure = united(pairs.must, pairs.must.transposed());
        const BitMatrix possible = united(pairs.may, pairs.may.transposed());
        RelationBounds chosen{common(sure, united(forced.must, choice.decided)),
                              without(possible, choice.decided.transposed())};
        chosen.may = without(std::move(chosen.may), without(forced.must.transposed(), forced.may));
        bounds_.provide(choice.chosen, std::move(chosen));
    }
}

bool Enumerator::unbroken_in_walks(Slot relation) {
    const BitMatrix& r = bounds_.relation(relation).must;
    for (const Slot walk : walks_) {
        BitRow scope = bounds_.set(walk).must;
        or_into(scope.words(), bounds_.set(tlbi_).must.words());
        BitMatrix inside(r.size());
        for_each_bit(scope.words(), [&](std::size_t i) {
            or_into(inside.row(i), r.row(i));
            and_into(inside.row(i), scope.words());
        });
        if (has_cycle(inside)) return false;
    }
    return true;
}

bool Enumerator::unbroken() {
    for (CheckSlots& c : checks_) {
        const RelationBounds& r = bounds_.relation(c.relation);
        if (c.check->per_walk) {
            if (!unbroken_in_walks(c.relation)) return false;
            continue;
        }
        if (c.passed == bounds_.version(c.relation)) continue;
        if (c.check->negated ? !forbidden(c.check->kind, c.cycles, r.may)
                             : forbidden(c.check->kind, c.cycles, r.must)) {
            return false;
        }
        c.passed = bounds_.version(c.relation);
    }
    return true;
}

bool Enumerator::may_raise(std::size_t flag) {
    const auto [slot, cycles] = flags_[flag];
    const RelationBounds& r = bounds_.relation(slot);
    const Flag& f = model_->flags[flag];
    return f.negated ? !forbidden(f.kind, cycles, r.must) : forbidden(f.kind, cycles, r.may);
}

void Enumerator::search() {
    if (!assignment_.consistent() || !count_step()) return;
    bounds_.refresh(assignment_);
    provide_choices();
    if (!unbroken()) return;
    const bool told = std::ranges::none_of(observed_, [&](Formula f) { return assignment_.open(f); });
    if (told && !wanted_()) return;
    const std::vector<Formula> alternatives = next_alternatives();
    if (alternatives.empty()) {
        search_pairs();
    } else {
        try_all(alternatives);
    }
}

void Enumerator::try_all(const std::vector<Formula>& alternatives) {
    for (const Formula f : alternatives) {
        const std::size_t mark = assignment_.mark();
        if (assignment_.assume(f)) search();
        assignment_.undo(mark);
        if (over()) return;
    }
}

std::optional<std::pair<std::size_t, std::size_t>> Enumerator::free_pair(const ChoiceSlots& choice) {
    const RelationBounds& r = bounds_.relation(choice.chosen);
    for (std::size_t a = 0; a < r.may.size(); ++a) {
        std::optional<std::pair<std::size_t, std::size_t>> free;
        for_each_bit(r.may.row(a), [&](std::size_t b) {
            if (!free && a != b && r.may.test(b, a) && !r.must.test(a, b) && !r.must.test(b, a))
                free = {a, b};
        });
        if (free) return free;
    }
    return std::nullopt;
}

void Enumerator::search_pairs() {
    if (over() || !wanted_()) return;
    for (ChoiceSlots& choice : choices_) {
        const auto pair = free_pair(choice);
        if (!pair) continue;
        for (const auto& [a, b] : {*pair, std::pair(pair->second, pair->first)}) {
            if (!count_step()) return;
            choice.decided.set(a, b);
            bounds_.provided_anew();
            provide_choices();
            if (unbroken()) search_pairs();
            choice.decided.reset(a, b);
        }
        bounds_.provided_anew();
        provide_choices();
        return;
    }
    leaf();
}

void Enumerator::leaf() {
    ++judged_;
    logic::Assignment assignment(graph_->pool(), assignment_.values());
    Execution execution = concretise(*graph_, assignment);
    for (std::size_t i = 0; i < choices_.size(); ++i) {
        execution.chosen.emplace(model_->choices[i].name, bounds_.relation(choices_[i].chosen).must);
    }
    const Judgement judgement = judge(*model_, *graph_, execution);
    if (!judgement.allowed()) {
        internal_error_ = "bounds and evaluator differ on a candidate:";
        for (const auto& e : judgement.ill_formed) internal_error_ += " " + e + ";";
        for (const auto& v : judgement.violations) internal_error_ += " " + v.check + ";";
        extent_ = Extent::stopped;
    } else if (!found_(execution, judgement)) {
        extent_ = Extent::stopped;
    }
}

}  // namespace tlbcheck::tests::enumerator
