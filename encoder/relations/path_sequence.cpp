// SPDX-License-Identifier: Apache-2.0
//
// Sequences with a closure in them, such as "TLBI; DSB-ob; ob?; [TLBI]": of the closure only the paths are
// made that begin where the factors before it end, and end where those after it begin.
#include <algorithm>
#include <optional>

#include "encoder/relations/symbolic_evaluator.hpp"

namespace tlbcheck::encoder {

namespace {

constexpr int most_parts = 3;  ///< parts of one closure, before the whole is made

BitRow everything(std::size_t size) {
    BitRow row(size);
    row.fill();
    return row;
}

BitRow possible(const SymbolicSet& s) {
    BitRow row(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
        if (!s[i].is_false()) row.set(i);
    }
    return row;
}

/// What the edges out of `from` may lead to.
BitRow image(const BitMatrix& may, const BitRow& from) {
    BitRow row(may.size());
    for_each_bit(from.words(), [&](std::size_t i) { or_into(row.words(), may.row(i)); });
    return row;
}

}  // namespace

bool SymbolicEvaluator::is_unknown_path(const NodePointer& n) const {
    const bool closed = n->op == Op::plus || n->op == Op::star;
    if (!closed && !(n->op == Op::optional && n->operands[0]->op == Op::plus)) return false;
    const NodePointer& whole = closed ? n : n->operands[0];
    if (relations_.contains(n.get()) || relations_.contains(whole.get())) return false;
    const auto made = paths_made_.find(whole.get());
    return made == paths_made_.end() || made->second < most_parts;
}

std::vector<NodePointer> SymbolicEvaluator::factors(const NodePointer& n) const {
    if (n->op != Op::sequence || relations_.contains(n.get())) return {n};
    std::vector<NodePointer> result;
    for (const NodePointer& operand : n->operands) {
        // What has a name is asked for elsewhere too, and made once.
        const bool open = operand->op == Op::sequence && operand->name.empty();
        for (const NodePointer& f : open ? factors(operand) : std::vector<NodePointer>{operand})
            result.push_back(f);
    }
    return result;
}

SymbolicRelation SymbolicEvaluator::path(const NodePointer& n, const PathEnds& ends) {
    const NodePointer& closed = n->op == Op::optional ? n->operands[0] : n;
    ++paths_made_[closed.get()];
    SymbolicRelation r = algebra_.closure(relation(closed->operands[0]), ends);
    return n->op == Op::plus ? r : algebra_.with_identity(r);
}

SymbolicRelation SymbolicEvaluator::compute_path_sequence(const std::vector<NodePointer>& factors) {
    const std::size_t size = algebra_.size();
    // Where what comes behind each factor may begin.
    std::vector<BitRow> targets(factors.size(), everything(size));
    for (std::size_t k = factors.size() - 1; k > 0; --k) {
        const NodePointer& f = factors[k];
        if (f->op == Op::identity_on) {
            targets[k - 1] = possible(set(f->operands[0]));
            model::and_into(targets[k - 1].words(), targets[k].words());
        } else if (!is_unknown_path(f)) {
            targets[k - 1] = image(relation(f).may().transposed(), targets[k]);
        }
    }
    std::optional<SymbolicRelation> result;
    BitRow sources = everything(size);
    for (std::size_t k = 0; k < factors.size(); ++k) {
        const NodePointer& f = factors[k];
        if (f->op == Op::identity_on && result) {
            result = algebra_.restrict_range(*result, set(f->operands[0]));
        } else if (result) {
            result =
                algebra_.compose(*result, is_unknown_path(f) ? path(f, {sources, targets[k]}) : relation(f));
        } else if (f->op == Op::identity_on && k + 1 < factors.size()) {
            model::and_into(sources.words(), possible(set(f->operands[0])).words());
            continue;
        } else {
            result = is_unknown_path(f) ? path(f, {sources, targets[k]}) : relation(f);
            for (std::size_t before = k; before-- > 0;)
                result = algebra_.restrict_domain(set(factors[before]->operands[0]), *result);
        }
        sources = image(result->may(), everything(size));
    }
    return *result;
}

}  // namespace tlbcheck::encoder
