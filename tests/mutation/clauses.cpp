// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/clauses.hpp"

#include <map>
#include <set>

namespace tlbcheck::tests {

using model::Node;
using model::NodePointer;
using model::Op;

namespace {

bool is_leaf(const NodePointer& n) {
    return n->operands.empty();
}
bool is_definition(const NodePointer& n) {
    return !n->name.empty() && !is_leaf(n);
}
bool is_empty(const NodePointer& n) {
    return n->op == Op::set_empty || n->op == Op::rel_empty;
}
bool is_everything(const NodePointer& n) {
    return n->op == Op::set_universe || (n->op == Op::set_complement && is_empty(n->operands[0]));
}

std::string text_of(const NodePointer& n) {
    std::string text = !n->name.empty()       ? n->name
                       : model::is_set(n->op) ? model::to_string(model::Set(n))
                                              : model::to_string(model::Rel(n));
    constexpr std::size_t limit = 200;
    if (text.size() > limit) text = text.substr(0, limit) + "...";
    return text;
}

NodePointer with_operand(const NodePointer& n, std::size_t i, NodePointer operand) {
    auto copy = std::make_shared<Node>(*n);
    copy->operands[i] = std::move(operand);
    return copy;
}

/// What stands for the node at the clause once it is dropped.
NodePointer reduced(const NodePointer& n, std::size_t operand) {
    switch (n->op) {
        case Op::set_union:
        case Op::rel_union:
        case Op::set_inter:
        case Op::rel_inter:
            return n->operands[1 - operand];
        case Op::set_diff:
        case Op::rel_diff:
            return n->operands[0];
        case Op::set_complement:
            return model::universe_set().node();
        case Op::rel_complement:
            return model::universe_rel().node();
        case Op::identity_on:
            return model::id().node();
        case Op::product:
            return with_operand(n, operand, model::universe_set().node());
        case Op::optional:
            return model::id().node();
        default:
            return n->operands[0];  // plus, star
    }
}

NodePointer replaced(const NodePointer& n, const std::vector<std::size_t>& path, std::size_t depth,
                     std::size_t operand) {
    if (depth < path.size()) {
        return with_operand(n, path[depth], replaced(n->operands[path[depth]], path, depth + 1, operand));
    }
    NodePointer result = reduced(n, operand);
    if (n->name.empty() || result->name == n->name) return result;
    auto renamed = std::make_shared<Node>(*result);
    if (is_leaf(result)) {  // a primitive keeps its own name
        renamed->op = model::is_set(result->op) ? Op::set_union : Op::rel_union;
        renamed->operands = {
            result, model::is_set(result->op) ? model::empty_set().node() : model::empty_rel().node()};
    }
    renamed->name = n->name;
    return renamed;
}

class Collector {
  public:
    explicit Collector(std::vector<Clause>& clauses) : clauses_(clauses) {}

    /// Clauses of a definition, or of a relation that has no name of its own, and of all definitions below
    /// it.
    void add(const NodePointer& root, const std::string& where) {
        if (!seen_.insert(root.get()).second) return;
        definition_ = root;
        where_ = is_definition(root) ? root->name : where;
        walk(root, true);
        while (!pending_.empty()) {
            const NodePointer next = pending_.back();
            pending_.pop_back();
            add(next, next->name);
        }
    }

  private:
    void clause(ClauseKind kind, const NodePointer& dropped, std::size_t operand) {
        if (is_empty(dropped)) return;
        clauses_.push_back({kind, where_, text_of(dropped), alternative(), definition_, path_, operand});
    }

    /// The operand of the definition's own unions that the path leads to; "" for these unions themselves.
    std::string alternative() const {
        NodePointer n = definition_;
        std::size_t depth = 0;
        const auto is_union = [&] { return n->op == Op::rel_union || n->op == Op::set_union; };
        while (depth < path_.size() && is_union()) n = n->operands[path_[depth++]];
        return is_union() || n == definition_ ? "" : text_of(n);
    }

    void walk(const NodePointer& n, bool root) {
        if (is_leaf(n) || n->op == Op::rel_fixpoint) return;
        if (!root && is_definition(n)) {
            if (!seen_.contains(n.get())) pending_.push_back(n);
            return;
        }
        clauses_of_node(n);
        for (std::size_t i = 0; i < n->operands.size(); ++i) {
            path_.push_back(i);
            walk(n->operands[i], false);
            path_.pop_back();
        }
    }

    void clauses_of_node(const NodePointer& n) {
        switch (n->op) {
            case Op::set_union:
            case Op::rel_union:
                operands(n, ClauseKind::alternative);
                return;
            case Op::set_inter:
            case Op::rel_inter:
                operands(n, ClauseKind::condition);
                return;
            case Op::set_diff:
            case Op::rel_diff:
                clause(ClauseKind::exception, n->operands[1], 1);
                return;
            case Op::set_complement:
            case Op::rel_complement:
                clause(ClauseKind::exception, n->operands[0], 0);
                return;
            case Op::identity_on:
                if (!is_everything(n->operands[0])) clause(ClauseKind::restriction, n->operands[0], 0);
                return;
            case Op::product:
                for (std::size_t i = 0; i < 2; ++i) {
                    if (!is_everything(n->operands[i])) clause(ClauseKind::restriction, n->operands[i], i);
                }
                return;
            case Op::plus:
            case Op::star:
            case Op::optional:
                clause(ClauseKind::repetition, n, 0);
                return;
            default:
                return;
        }
    }

    /// Of a chain of unions each link has its own clauses: an unnamed union inside another is not dropped as
    /// a whole.
    void operands(const NodePointer& n, ClauseKind kind) {
        for (std::size_t i = 0; i < 2; ++i) {
            const NodePointer& operand = n->operands[i];
            const bool link = operand->op == n->op && operand->name.empty();
            if (!link && !is_empty(operand) && !is_empty(n->operands[1 - i])) clause(kind, operand, i);
        }
    }

    std::vector<Clause>& clauses_;
    std::set<const Node*> seen_;
    std::vector<NodePointer> pending_;
    NodePointer definition_;
    std::string where_;
    std::vector<std::size_t> path_;
};

/// Rebuilds what depends on one node that was exchanged.
class Rebuilder {
  public:
    Rebuilder(NodePointer old_node, NodePointer new_node)
        : old_(std::move(old_node)), new_(std::move(new_node)) {}
    model::Rel operator()(const model::Rel& r) { return model::Rel(rebuild(r.node())); }
    NodePointer rebuild(const NodePointer& n) {
        if (n == old_) return new_;
        if (is_leaf(n)) return n;
        if (const auto known = done_.find(n.get()); known != done_.end()) return known->second;
        std::shared_ptr<Node> copy;
        for (std::size_t i = 0; i < n->operands.size(); ++i) {
            NodePointer operand = rebuild(n->operands[i]);
            if (operand == n->operands[i]) continue;
            if (!copy) copy = std::make_shared<Node>(*n);
            copy->operands[i] = std::move(operand);
        }
        return done_[n.get()] = copy ? NodePointer(copy) : n;
    }

  private:
    NodePointer old_, new_;
    std::map<const Node*, NodePointer> done_;
};

}  // namespace

const char* describe(ClauseKind kind) {
    switch (kind) {
        case ClauseKind::alternative:
            return "without the alternative";
        case ClauseKind::condition:
            return "without the condition";
        case ClauseKind::exception:
            return "without the exception";
        case ClauseKind::restriction:
            return "for any event, not only";
        case ClauseKind::repetition:
            return "without repetition of";
        case ClauseKind::check:
            return "without the check";
        case ClauseKind::flag:
            return "without the flag";
        case ClauseKind::choice:
            return "with nothing to choose for";
        case ClauseKind::forced:
            return "without the given order of";
    }
    return "";
}

std::vector<Clause> clauses_of(const model::MemoryModel& model) {
    std::vector<Clause> clauses;
    Collector collector(clauses);
    for (const auto& c : model.checks) {
        clauses.push_back({ClauseKind::check, c.name, c.name, "", nullptr, {}, 0});
        collector.add(c.relation.node(), c.name);
    }
    for (const auto& f : model.flags) {
        clauses.push_back({ClauseKind::flag, f.name, f.name, "", nullptr, {}, 0});
        collector.add(f.relation.node(), f.name);
    }
    for (const auto& c : model.choices) {
        clauses.push_back({ClauseKind::choice, c.name, c.name, "", nullptr, {}, 0});
        clauses.push_back({ClauseKind::forced, c.name, c.name, "", nullptr, {}, 0});
        collector.add(c.pairs.node(), c.name);
        collector.add(c.forced.node(), c.name);
    }
    return clauses;
}

NodePointer without_clause(const Clause& clause) {
    return replaced(clause.definition, clause.path, 0, clause.operand);
}

model::MemoryModel without_clause(const model::MemoryModel& model, const Clause& clause) {
    model::MemoryModel result = model;
    const auto same = [&](const auto& item) { return item.name == clause.where; };
    switch (clause.kind) {
        case ClauseKind::check:
            std::erase_if(result.checks, same);
            return result;
        case ClauseKind::flag:
            std::erase_if(result.flags, same);
            return result;
        case ClauseKind::choice:
        case ClauseKind::forced:
            for (auto& c : result.choices) {
                if (same(c)) (clause.kind == ClauseKind::choice ? c.pairs : c.forced) = model::empty_rel();
            }
            return result;
        default:
            break;
    }
    Rebuilder rebuild(clause.definition, without_clause(clause));
    for (auto& c : result.checks) c.relation = rebuild(c.relation);
    for (auto& f : result.flags) f.relation = rebuild(f.relation);
    for (auto& c : result.choices) {
        c.pairs = rebuild(c.pairs);
        c.forced = rebuild(c.forced);
    }
    return result;
}

}  // namespace tlbcheck::tests
