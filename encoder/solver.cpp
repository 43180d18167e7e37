// SPDX-License-Identifier: Apache-2.0
//
// The clauses of encoder/clauses.hpp go to the small search (encoder/clause_search.hpp) and, when that gives
// up, to Z3 as a SAT solver (logic QF_FD). Works with Z3 4.8.12 and 4.13.
#include "encoder/solver.hpp"

#include <z3++.h>

#include <algorithm>
#include <cstdlib>

#include "encoder/clause_search.hpp"
#include "encoder/clauses.hpp"
#include "encoder/memory_share.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::encoder {

namespace {

/// Z3 has several words for it: "out of memory", "max. memory exceeded", "memout".
bool tells_of_memory(const std::string& message) {
    return message.find("memory") != std::string::npos || message.find("memout") != std::string::npos;
}

}  // namespace

// Named: in a unity build, types of members of classes with external linkage.
/// Z3, made once for an input.
struct Z3OfInput final : model::KeptWithInput {
    z3::context context;
};
/// One for all solvers of an input, so that an answer does not depend on what else the process works on;
/// without a budget, one for each solver.
static std::shared_ptr<Z3OfInput> context_of_input() {
    model::Budget* budget = model::current_budget();
    if (budget == nullptr) return std::make_shared<Z3OfInput>();
    auto context = std::dynamic_pointer_cast<Z3OfInput>(budget->kept());
    if (!context) budget->kept() = context = std::make_shared<Z3OfInput>();
    return context;
}

/// Z3's half, made only for a question that the small search leaves open: a context takes longer to make than
/// most questions take to answer.
class Z3Search {
    /// Runs `work` with what memory the budget leaves to Z3. Z3 keeps its own account; to the rest of the
    /// program's an allocation that fails inside of it would be no help.
    template <typename Work>
    auto guarded(const Work& work) {
        share_.set_limit(booleans_.capacity() * sizeof(Boolean));
        try {
            const model::UncountedScope uncounted;
            return work();
        } catch (const z3::exception& e) {
            if (!tells_of_memory(e.msg())) throw;
        }
        give_up();
    }

    /// What ran out of memory may be half done: the next solver starts with a context of its own.
    [[noreturn]] void give_up() {
        if (model::Budget* budget = model::current_budget(); budget != nullptr) budget->kept().reset();
        share_.out_of_memory();
    }

  public:
    Z3Search() : owner_(context_of_input()), context_(owner_->context), solver_(context_, "QF_FD") {
        // Z3 would take Ctrl-C for itself and say "unknown".
        z3::params p(context_);
        p.set("ctrl_c", false);
        solver_.set(p);
    }
    ~Z3Search() {
        const model::UncountedScope uncounted;
        booleans_.clear();
    }
    Z3Search(const Z3Search&) = delete;
    Z3Search& operator=(const Z3Search&) = delete;
    Z3Search(Z3Search&&) = delete;
    Z3Search& operator=(Z3Search&&) = delete;

    /// Clauses, each ended by 0.
    void add(std::span<const Literal> clauses) {
        guarded([&] { take(clauses); });
    }
    /// Undecided: `reason` says why.
    Outcome check(std::span<const Literal> assumptions, std::string& reason) {
        return guarded([&] { return ask(assumptions, reason); });
    }
    /// The variables that are true in the last check's model.
    std::vector<Literal> true_variables() const {
        std::vector<Literal> result;
        const z3::model m = solver_.get_model();
        for (unsigned i = 0; i < m.num_consts(); ++i) {
            const z3::func_decl d = m.get_const_decl(i);
            const z3::symbol name = d.name();
            if (name.kind() == Z3_INT_SYMBOL && m.get_const_interp(d).is_true())
                result.push_back(name.to_int());
        }
        return result;
    }

  private:
    /// The Boolean of a variable of the clauses and its negation, each made once.
    struct Boolean {
        std::optional<z3::expr> plain, negated;
    };

    const z3::expr& boolean(Literal l) {
        const auto v = static_cast<std::size_t>(std::abs(l));
        if (v > booleans_.size()) booleans_.resize(std::max(v, 2 * booleans_.size()));
        Boolean& b = booleans_[v - 1];
        if (!b.plain)
            b.plain = context_.constant(context_.int_symbol(static_cast<int>(v)), context_.bool_sort());
        if (l > 0) return *b.plain;
        if (!b.negated) b.negated = !*b.plain;
        return *b.negated;
    }

    void take(std::span<const Literal> clauses) {
        z3::expr_vector clause(context_);
        for (const Literal l : clauses) {
            if (l != 0) {
                clause.push_back(boolean(l));
                continue;
            }
            solver_.add(clause.size() == 1 ? clause[0] : z3::mk_or(clause));
            clause = z3::expr_vector(context_);
        }
    }

    Outcome ask(std::span<const Literal> assumptions, std::string& reason) {
        z3::expr_vector assumed(context_);
        for (const Literal l : assumptions) assumed.push_back(boolean(l));
        set_time_left();
        try {
            const z3::check_result result = solver_.check(assumed);
            if (result == z3::sat) return Outcome::satisfiable;
            if (result == z3::unsat) return Outcome::unsatisfiable;
            reason = solver_.reason_unknown();
        } catch (const z3::exception& e) {
            reason = e.msg();
        }
        if (tells_of_memory(reason)) give_up();
        model::poll_now();
        reason = "solver gave up: " + reason;
        return Outcome::undecided;
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

    MemoryShare share_;
    std::shared_ptr<Z3OfInput> owner_;
    z3::context& context_;
    z3::solver solver_;
    std::vector<Boolean> booleans_;
};

class Solver::Implementation {
  public:
    explicit Implementation(const FormulaPool& pool) : clauses_(pool), small_(std::in_place) {}

    void require(Formula f) { clauses_.require(f); }
    void exclude(Formula a, Formula b) { clauses_.exclude(a, b); }

    Outcome check(std::span<const Formula> assumptions) {
        std::vector<Literal> assumed;
        for (const Formula f : assumptions) {
            if (f.is_false()) return Outcome::unsatisfiable;
            if (!f.is_true()) assumed.push_back(clauses_.literal(f));
        }
        model::poll_now();
        if (small_) {
            small_->add(clauses_.drain());
            if (const auto found = small_->check(assumed)) {
                model_read_ = !*found;
                return *found ? Outcome::satisfiable : Outcome::unsatisfiable;
            }
            z3_ = std::make_unique<Z3Search>();
            z3_->add(small_->given());
            small_.reset();
        }
        z3_->add(clauses_.drain());
        const Outcome outcome = z3_->check(assumed, reason_);
        model_read_ = outcome != Outcome::satisfiable;
        return outcome;
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
    void read_model() {
        assignment_.assign(pool().variable_count(), false);
        const auto set = [&](Literal variable) {
            if (const auto v = clauses_.named(variable)) assignment_[*v] = true;
        };
        if (z3_) {
            for (const Literal v : z3_->true_variables()) set(v);
            return;
        }
        for (std::size_t v = 1; v <= clauses_.variable_count(); ++v) {
            if (small_->value(static_cast<Literal>(v))) set(static_cast<Literal>(v));
        }
    }

    Clauses clauses_;
    std::optional<ClauseSearch> small_;  ///< until it gives up
    std::unique_ptr<Z3Search> z3_;       ///< from then on
    std::vector<bool> assignment_;
    bool model_read_ = true;
    std::string reason_;
};

Solver::Solver(const FormulaPool& pool) : implementation_(std::make_unique<Implementation>(pool)) {}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

void Solver::require(Formula f) {
    implementation_->require(f);
}
void Solver::exclude(Formula a, Formula b) {
    implementation_->exclude(a, b);
}

void Solver::require_graph(const model::EventGraph& graph) {
    for (const Formula f : graph.constraints()) require(f);
    for (const auto& [a, b] : graph.exclusions()) exclude(a, b);
}

Outcome Solver::check(std::span<const Formula> assumptions) {
    return implementation_->check(assumptions);
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
