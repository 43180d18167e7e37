// SPDX-License-Identifier: Apache-2.0
//
// Z3 as a SAT solver (logic QF_FD): it is given the clauses of encoder/clauses.hpp one by one. Works with Z3
// 4.8.12 and 4.13.
#include "encoder/solver.hpp"

#include <z3++.h>

#include <algorithm>
#include <cstdlib>

#include "encoder/clauses.hpp"
#include "encoder/memory_share.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

namespace {

/// Z3 has several words for it: "out of memory", "max. memory exceeded", "memout".
bool tells_of_memory(const std::string& message) {
    return message.find("memory") != std::string::npos || message.find("memout") != std::string::npos;
}

/// One for all solvers of an input, so that an answer does not depend on what else the process works on;
/// without a budget, one for each solver.
std::shared_ptr<z3::context> context_of_input() {
    model::Budget* budget = model::current_budget();
    if (budget == nullptr) return std::make_shared<z3::context>();
    if (!budget->kept()) budget->kept() = std::make_shared<z3::context>();
    return std::static_pointer_cast<z3::context>(budget->kept());
}

}  // namespace

class Solver::Implementation {
  public:
    explicit Implementation(const FormulaPool& pool)
        : clauses_(pool), owner_(context_of_input()), context_(*owner_), solver_(context_, "QF_FD") {
        // Z3 would take Ctrl-C for itself and say "unknown".
        z3::params p(context_);
        p.set("ctrl_c", false);
        solver_.set(p);
    }

    ~Implementation() {
        const model::UncountedScope uncounted;
        booleans_.clear();
    }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;
    Implementation(Implementation&&) = delete;
    Implementation& operator=(Implementation&&) = delete;

    /// Runs `work` with what memory the budget leaves to Z3. Z3 keeps its own account; to the rest of the
    /// program's an allocation that fails inside of it would be no help.
    template <typename Work>
    auto guarded(const Work& work) {
        share_.set_limit(booleans_.capacity() * sizeof(Boolean) + clauses_.bytes());
        try {
            const model::UncountedScope uncounted;
            return work();
        } catch (const z3::exception& e) {
            if (!tells_of_memory(e.msg())) throw;
        }
        give_up();
    }

    void require(Formula f) {
        clauses_.require(f);
        take_clauses();
    }

    void exclude(Formula a, Formula b) {
        clauses_.exclude(a, b);
        take_clauses();
    }

    /// As Outcome check(), within guarded().
    Outcome check(std::span<const Formula> assumptions) {
        z3::expr_vector assumed(context_);
        for (const Formula f : assumptions) {
            if (f.is_false()) return Outcome::unsatisfiable;
            if (!f.is_true()) assumed.push_back(boolean(clauses_.literal(f)));
        }
        take_clauses();
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
        if (tells_of_memory(reason_)) give_up();
        model::poll_now();
        reason_ = "solver gave up: " + reason_;
        return Outcome::undecided;
    }

    const FormulaPool& pool() const { return clauses_.pool(); }
    /// Read on demand: building Z3's model costs more than most checks.
    const std::vector<bool>& assignment() {
        if (!model_read_) read_model();
        model_read_ = true;
        return assignment_;
    }
    const std::string& reason() const { return reason_; }

  private:
    /// What ran out of memory may be half done: the next solver starts with a context of its own.
    [[noreturn]] void give_up() {
        if (model::Budget* budget = model::current_budget(); budget != nullptr) budget->kept().reset();
        share_.out_of_memory();
    }

    /// The Boolean of a variable of the clauses and its negation, each made once.
    struct Boolean {
        std::optional<z3::expr> plain, negated;
    };

    const z3::expr& boolean(Literal l) {
        const auto v = static_cast<std::size_t>(std::abs(l));
        if (v > booleans_.size()) booleans_.resize(clauses_.variable_count());
        Boolean& b = booleans_[v - 1];
        if (!b.plain)
            b.plain = context_.constant(context_.int_symbol(static_cast<int>(v)), context_.bool_sort());
        if (l > 0) return *b.plain;
        if (!b.negated) b.negated = !*b.plain;
        return *b.negated;
    }

    /// Hands over the clauses that were made since the last time.
    void take_clauses() {
        z3::expr_vector clause(context_);
        for (const Literal l : clauses_.drain()) {
            if (l != 0) {
                clause.push_back(boolean(l));
                continue;
            }
            solver_.add(clause.size() == 1 ? clause[0] : z3::mk_or(clause));
            clause = z3::expr_vector(context_);
        }
    }

    void read_model() {
        const z3::model m = solver_.get_model();
        assignment_.assign(pool().variable_count(), false);
        for (unsigned i = 0; i < m.num_consts(); ++i) {
            const z3::func_decl d = m.get_const_decl(i);
            const z3::symbol name = d.name();
            if (name.kind() != Z3_INT_SYMBOL) continue;
            const auto v = clauses_.named(name.to_int());
            if (v) assignment_[*v] = m.get_const_interp(d).is_true();
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

    Clauses clauses_;
    MemoryShare share_;
    std::shared_ptr<z3::context> owner_;
    z3::context& context_;
    z3::solver solver_;
    std::vector<Boolean> booleans_;
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
