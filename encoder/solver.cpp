// SPDX-License-Identifier: Apache-2.0
//
// Z3 as a SAT solver (logic QF_FD): the pool's nodes become definitions, asserted clause by clause, so that
// no preprocessing is needed and assumptions stay cheap. Works with Z3 4.8.12 and 4.13.
#include "encoder/solver.hpp"

#include <z3++.h>

#include <algorithm>

#include "encoder/memory_share.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

using model::logic::NodeKind;

namespace {

/// Z3 has several words for it: "out of memory", "max. memory exceeded", "memout".
bool tells_of_memory(const std::string& message) {
    return message.find("memory") != std::string::npos || message.find("memout") != std::string::npos;
}

}  // namespace

class Solver::Implementation {
  public:
    explicit Implementation(const FormulaPool& pool) : pool_(&pool), solver_(context_, "QF_FD") {}

    ~Implementation() {
        const model::UncountedScope uncounted;
        nodes_.clear();
    }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;
    Implementation(Implementation&&) = delete;
    Implementation& operator=(Implementation&&) = delete;

    /// Runs `work` with what memory the budget leaves to Z3. Z3 keeps its own account; to the rest of the
    /// program's an allocation that fails inside of it would be no help.
    template <typename Work>
    auto guarded(const Work& work) {
        share_.set_limit(nodes_.capacity() * sizeof(nodes_[0]));
        try {
            const model::UncountedScope uncounted;
            return work();
        } catch (const z3::exception& e) {
            if (!tells_of_memory(e.msg())) throw;
        }
        share_.out_of_memory();
    }

    void require(Formula f) {
        if (f.is_true()) return;
        if (!f.negated() && pool_->kind(f) == NodeKind::conjunction) {
            for (const Formula c : copy_of_operands(f)) require(c);
            return;
        }
        if (f.negated() && pool_->kind(f) == NodeKind::conjunction) {
            z3::expr_vector clause(context_);
            for (const Formula c : copy_of_operands(f)) clause.push_back(literal(!c));
            solver_.add(z3::mk_or(clause));
            return;
        }
        solver_.add(literal(f));
    }

    void exclude(Formula a, Formula b) {
        z3::expr_vector clause(context_);
        clause.push_back(literal(!a));
        clause.push_back(literal(!b));
        solver_.add(z3::mk_or(clause));
    }

    /// As Outcome check(), within guarded().
    Outcome check(std::span<const Formula> assumptions) {
        z3::expr_vector assumed(context_);
        for (const Formula f : assumptions) {
            if (f.is_false()) return Outcome::unsatisfiable;
            if (!f.is_true()) assumed.push_back(literal(f));
        }
        set_time_left();
        try {
            const z3::check_result result = solver_.check(assumed);
            model_read_ = result != z3::sat;
            if (result == z3::sat) return Outcome::satisfiable;
            if (result == z3::unsat) return Outcome::unsatisfiable;
            reason_ = solver_.reason_unknown();
        } catch (const z3::exception& e) {
            reason_ = e.msg();
        }
        if (tells_of_memory(reason_)) share_.out_of_memory();
        model::poll_now();
        reason_ = "solver gave up: " + reason_;
        return Outcome::undecided;
    }

    const FormulaPool& pool() const { return *pool_; }
    /// Read on demand: building Z3's model costs more than most checks.
    const std::vector<bool>& assignment() {
        if (!model_read_) read_model();
        model_read_ = true;
        return assignment_;
    }
    const std::string& reason() const { return reason_; }

  private:
    std::vector<Formula> copy_of_operands(Formula f) const {
        const auto inner = pool_->operands(f);
        return {inner.begin(), inner.end()};
    }

    z3::expr literal(Formula f) {
        if (f.is_constant()) return context_.bool_val(f.is_true());
        const z3::expr& e = node(f);
        return f.negated() ? !e : e;
    }

    /// The Boolean that stands for a node; defines it on first use (iteratively, formulas can be deep).
    const z3::expr& node(Formula f) {
        std::vector<std::uint32_t> stack{f.node()};
        while (!stack.empty()) {
            model::poll();
            const std::uint32_t n = stack.back();
            if (n < nodes_.size() && nodes_[n]) {
                stack.pop_back();
                continue;
            }
            const Formula g = Formula::from_code(n << 1U);
            bool ready = true;
            for (const Formula c : pool_->operands(g)) {
                if (c.node() >= nodes_.size() || !nodes_[c.node()]) {
                    stack.push_back(c.node());
                    ready = false;
                }
            }
            if (!ready) continue;
            define(g);
            stack.pop_back();
        }
        return *nodes_[f.node()];
    }

    void define(Formula g) {
        if (g.node() >= nodes_.size()) nodes_.resize(pool_->node_count());
        const bool variable = pool_->kind(g) == NodeKind::variable;
        const std::string name =
            variable ? "v" + std::to_string(pool_->variable_of(g)) : "n" + std::to_string(g.node());
        nodes_[g.node()] = context_.bool_const(name.c_str());
        if (variable) return;
        const z3::expr self = *nodes_[g.node()];
        z3::expr_vector some_fails(context_);
        some_fails.push_back(self);
        for (const Formula c : copy_of_operands(g)) {
            some_fails.push_back(literal(!c));
            solver_.add(!self || literal(c));
        }
        solver_.add(z3::mk_or(some_fails));
    }

    void read_model() {
        const z3::model m = solver_.get_model();
        assignment_.assign(pool_->variable_count(), false);
        for (unsigned i = 0; i < m.num_consts(); ++i) {
            const z3::func_decl d = m.get_const_decl(i);
            const std::string name = d.name().str();
            if (name.empty() || name[0] != 'v') continue;
            const auto v = static_cast<std::size_t>(std::stoul(name.substr(1)));
            if (v < assignment_.size()) assignment_[v] = m.get_const_interp(d).is_true();
        }
    }

    void set_time_left() {
        const model::Budget* budget = model::current_budget();
        if (budget == nullptr) return;
        budget->check_time();
        const auto left = budget->time_left();
        if (!left) return;
        z3::params p(context_);
        p.set("timeout", static_cast<unsigned>(std::clamp<std::int64_t>(left->count(), 1, 0x7fffffff)));
        solver_.set(p);
    }

    const FormulaPool* pool_;
    MemoryShare share_;
    z3::context context_;
    z3::solver solver_;
    std::vector<std::optional<z3::expr>> nodes_;
    std::vector<bool> assignment_;
    bool model_read_ = true;
    std::string reason_;
};

Solver::Solver(const FormulaPool& pool) : implementation_(std::make_unique<Implementation>(pool)) {}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

void Solver::require(Formula f) {
    implementation_->guarded([&] { implementation_->require(f); });
}
void Solver::exclude(Formula a, Formula b) {
    implementation_->guarded([&] { implementation_->exclude(a, b); });
}

void Solver::require_graph(const model::EventGraph& graph) {
    for (const Formula f : graph.constraints()) require(f);
    for (const auto& [a, b] : graph.exclusions()) exclude(a, b);
}

Outcome Solver::check(std::span<const Formula> assumptions) {
    return implementation_->guarded([&] { return implementation_->check(assumptions); });
}
Outcome Solver::check(Formula assumption) {
    return check(std::span(&assumption, 1));
}
std::vector<bool> Solver::assignment() const {
    return implementation_->assignment();
}
const std::string& Solver::reason() const {
    return implementation_->reason();
}

std::optional<std::vector<bool>> Solver::least_assignment(std::span<const Formula> assumptions,
                                                          std::span<const Formula> order) {
    std::vector<Formula> fixed(assumptions.begin(), assumptions.end());
    std::vector<bool> best = assignment();
    std::optional<model::logic::Assignment> now(std::in_place, implementation_->pool(), best);
    for (const Formula f : order) {
        if (f.is_constant()) continue;
        if (!now->value(f)) {
            fixed.push_back(!f);
            continue;
        }
        // Groups of exclusive variables: once one is fixed, the others need no question.
        const auto settles = [&](Formula g) { return implementation_->pool().implies(g, f); };
        if (std::ranges::any_of(fixed, settles)) continue;
        fixed.push_back(!f);
        const Outcome outcome = check(fixed);
        if (outcome == Outcome::undecided) return std::nullopt;
        if (outcome == Outcome::satisfiable) {
            best = assignment();
            now.emplace(implementation_->pool(), best);
        } else {
            fixed.back() = f;
        }
    }
    return best;
}

std::string solver_version() {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned build = 0;
    unsigned revision = 0;
    Z3_get_version(&major, &minor, &build, &revision);
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(build);
}

}  // namespace tlbcheck::encoder
