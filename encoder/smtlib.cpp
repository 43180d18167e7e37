// SPDX-License-Identifier: Apache-2.0
//
// A node is defined before it is used, for operands are made before what is made of them.
#include "encoder/smtlib.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::Formula;
using model::logic::NodeKind;

namespace {

/// A quoted symbol may hold anything but `|` and `\`.
std::string quoted(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '|' || c == '\\' || c == '\n'; }, '_');
    return "|" + text + "|";
}

class Script {
  public:
    explicit Script(const model::logic::FormulaPool& pool)
        : pool_(&pool), wanted_(pool.node_count(), false) {}

    void want(Formula f) {
        std::vector<Formula> open{f};
        while (!open.empty()) {
            model::poll();
            const Formula g = open.back();
            open.pop_back();
            if (g.is_constant() || wanted_[g.node()]) continue;
            wanted_[g.node()] = true;
            if (pool_->kind(g) != NodeKind::conjunction) continue;
            const auto operands = pool_->operands(g);
            open.insert(open.end(), operands.begin(), operands.end());
        }
    }

    std::string definitions() const {
        std::string text;
        for (std::uint32_t n = 0; n < wanted_.size(); ++n) {
            if (!wanted_[n]) continue;
            const Formula f = Formula::from_code(n << 1U);
            if (pool_->kind(f) == NodeKind::variable) {
                text += fmt::format("(declare-const {} Bool)\n", term(f));
                continue;
            }
            text += fmt::format("(define-fun {} () Bool (and", term(f));
            for (const Formula c : pool_->operands(f)) text += " " + term(c);
            text += "))\n";
        }
        return text;
    }

    std::string term(Formula f) const {
        if (f.is_constant()) return f.is_true() ? "true" : "false";
        const Formula positive = f.negated() ? !f : f;
        const std::string name =
            pool_->kind(f) == NodeKind::variable
                ? quoted(fmt::format("v{} {}", pool_->variable_of(f), pool_->name(pool_->variable_of(f))))
                : fmt::format("n{}", positive.node());
        return f.negated() ? "(not " + name + ")" : name;
    }

  private:
    const model::logic::FormulaPool* pool_;
    std::vector<bool> wanted_;
};

std::string asserts(const Script& script, const std::vector<NamedFormula>& asserted) {
    std::string text;
    for (std::size_t i = 0; i < asserted.size(); ++i) {
        text +=
            fmt::format("; {}\n(assert (! {} :named {}))\n", asserted[i].name,
                        script.term(asserted[i].formula), quoted(fmt::format("a{} {}", i, asserted[i].name)));
    }
    return text + "(check-sat)\n";
}

}  // namespace

std::string smtlib_script(const model::EventGraph& graph, const std::vector<NamedFormula>& asserted) {
    Script script(graph.pool());
    for (const Formula f : graph.constraints()) script.want(f);
    for (const auto& [a, b] : graph.exclusions()) {
        script.want(a);
        script.want(b);
    }
    for (const NamedFormula& a : asserted) script.want(a.formula);
    std::string text = "(set-logic QF_UF)\n" + script.definitions();
    text += "; every candidate execution: one source for each read, one order of the writes to a place\n";
    for (const Formula f : graph.constraints()) text += fmt::format("(assert {})\n", script.term(f));
    for (const auto& [a, b] : graph.exclusions()) {
        text += fmt::format("(assert (not (and {} {})))\n", script.term(a), script.term(b));
    }
    return text + asserts(script, asserted);
}

std::string smtlib_script(const model::logic::FormulaPool& pool, std::span<const Formula> required,
                          const std::vector<NamedFormula>& asserted) {
    Script script(pool);
    for (const Formula f : required) script.want(f);
    for (const NamedFormula& a : asserted) script.want(a.formula);
    std::string text = "(set-logic QF_UF)\n" + script.definitions();
    text += "; the rules of every order of the threads and of every entry held\n";
    for (const Formula f : required)
        if (!f.is_true()) text += fmt::format("(assert {})\n", script.term(f));
    return text + asserts(script, asserted);
}

}  // namespace tlbcheck::encoder
