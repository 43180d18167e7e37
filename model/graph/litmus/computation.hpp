// SPDX-License-Identifier: Apache-2.0
//
// The language that the AArch64 semantics of litmus tests is written in: computations of one instruction. A
// computation has alternatives (a fault or none, a successful exclusive or not), each with a value, a guard
// over the choices of the execution, facts it requires, and an event structure. Events alike in alternatives
// that exclude each other are one.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"
#include "model/graph/litmus/structure.hpp"
#include "model/graph/litmus/symbolic.hpp"
#include "model/graph/translation/walk_step.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::model {

enum class EventRole : std::uint8_t {
    read_register,
    write_register,
    read_memory,
    write_memory,
    branch_condition,
    branch_predicate,
    exception_return,
    barrier,
    tlbi,
    cache,
    fault,
    cutoff,
};
enum class EventPort : std::uint8_t { none, address, data };
/// Explicit access; implicit TTD access, marked with what hardware may update.
enum class EventOrigin : std::uint8_t { explicit_access, ttd, ttd_af, ttd_af_db };
/// Atomicity and ordering of an access (herd7's annotations).
struct EventMarks {
    bool acquire = false, acquire_pc = false, release = false;
    bool atomic = false;     ///< cat X
    bool exclusive = false;  ///< cat EX
    bool no_return = false;  ///< cat NoRet
    friend bool operator==(const EventMarks&, const EventMarks&) = default;
};
enum class FaultKind : std::uint8_t {
    translation,
    access_flag,
    permission,
    permission_at_el0,  ///< a descriptor accessed from EL0
    supervisor_call,
    hypervisor_call,
    undefined,
};

/// An event of one instruction, before it is placed in the graph.
struct LocalEvent {
    EventRole role = EventRole::branch_predicate;
    RegisterId reg = zero_register;
    EventPort port = EventPort::none;
    EventOrigin origin = EventOrigin::explicit_access;
    EventMarks marks;
    int size = 64;
    bool has_location = false;
    Symbolic location;
    bool has_value = false;
    Symbolic value;  ///< for reads: what is read
    bool writes_back =
        false;  ///< stores what the same instruction read: no further access flag update follows from it
    bool fault_writes = false;
    FaultKind fault = FaultKind::translation;
    Barrier barrier;
    TlbiOp tlbi;
    std::string name;  ///< cache: "DC.CVAU"
    /// TTD read over tables that are written out: where in which walk.
    std::optional<translation::WalkStep> step;
    /// TTD read of a walk over symbols that are laid out: its level (2, 3; else 0), and the address walked
    /// for.
    int walk_level = 0;
    Symbolic walked;
    Symbolic vttbr;  ///< TLBI over such tables: VTTBR_EL2 of its PE
    /// Instruction instances on the thread: that wrote the register which the walk goes by, and whose event
    /// synchronises the next write of it; 0 where there is none.
    int context_begin = 0, context_end = 0;
    std::vector<Formula>
        choices;  ///< read: variables, exactly one holds where the event executes (when more than one)

    bool is_read() const { return role == EventRole::read_memory; }
    bool is_write() const { return role == EventRole::write_memory; }
    bool is_commit() const {
        return role == EventRole::branch_condition || role == EventRole::branch_predicate ||
               role == EventRole::exception_return;
    }
};
/// Alike in all but the value read.
bool alike(const LocalEvent& a, const LocalEvent& b);

struct NoValue {};

/// A formula that holds in executions that take an alternative. With a message, an execution where it does
/// not hold is an error of the test; without, there is no such execution.
struct AltFact {
    Formula holds;
    const char* error = nullptr;
};

template <class T>
struct Alt {
    T value;
    Formula guard = logic::true_formula;
    std::vector<AltFact> facts;
    EventStructure structure;
};
template <class T>
using Alts = std::vector<Alt<T>>;

/// What an instruction is built in: the pool of its events, the registers before it, values memory may hold.
class InstructionContext {
  public:
    InstructionContext(ValueAlgebra& values_algebra, std::string prefix)
        : algebra(values_algebra), prefix_(std::move(prefix)) {}

    ValueAlgebra& algebra;
    std::function<Symbolic(RegisterId)> register_value;
    /// Values that a read of the location may see; sorted.
    std::function<std::vector<ValueId>(const LitmusValue& location)> memory_values;
    /// A value that a register which walks go by has had; 0: as with LocalEvent's.
    struct TableBase {
        Symbolic value;
        int begin = 0, end = 0;
        bool pending = false;  ///< replaced, and the write is not synchronised
    };
    /// The present value first, then the older ones.
    std::function<std::vector<TableBase>(RegisterId)> table_bases;

    FormulaPool& pool() { return algebra.pool(); }
    /// An event like `event`, not used so far on this path of alternatives.
    LocalEventId place(const LocalEvent& event);
    const std::vector<LocalEvent>& events() const { return events_; }
    const LocalEvent& event(LocalEventId id) const { return events_[static_cast<std::size_t>(id)]; }
    /// A yes-or-no choice of the execution, the same one at the same point of exclusive alternatives.
    Formula choice(std::string_view what);

    // Bookkeeping of paths, for the combinators.
    const std::vector<bool>& used() const { return used_; }
    void set_used(std::vector<bool> used) { used_ = std::move(used); }
    void use(const LocalEvents& events);

  private:
    void give_read_value(LocalEvent& event);

    std::string prefix_;
    std::vector<LocalEvent> events_;
    std::vector<bool> used_;
    std::map<std::string, Formula, std::less<>> choices_;
};

/// Puts `used` back when a scope ends.
class PathScope {
  public:
    explicit PathScope(InstructionContext& c) : context_(c), saved_(c.used()) {}
    PathScope(const PathScope&) = delete;
    PathScope& operator=(const PathScope&) = delete;
    PathScope(PathScope&&) = delete;
    PathScope& operator=(PathScope&&) = delete;
    ~PathScope() { context_.set_used(std::move(saved_)); }

  private:
    InstructionContext& context_;
    std::vector<bool> saved_;
};

template <class T>
using Computation = std::function<Alts<T>(InstructionContext&)>;
template <class C>
using ResultOf = typename std::invoke_result_t<C, InstructionContext&>::value_type;
template <class C>
using ValueOf = decltype(ResultOf<C>::value);

/// A value alone.
template <class T>
auto unit(T value) {
    return [value = std::move(value)](InstructionContext&) {
        return Alts<T>{Alt<T>{value, logic::true_formula, {}, {}}};
    };
}

/// Alternatives already computed, to be used as they are (their events are not made again).
template <class T>
Computation<T> given(Alt<T> alt) {
    return [alt = std::move(alt)](InstructionContext&) { return Alts<T>{alt}; };
}

/// Runs `f`, a function that gives a computation, and adds to its alternatives the faults of the values it
/// computed.
template <class F>
auto run_step(InstructionContext& c, F&& f) {
    auto computation = std::forward<F>(f)();
    const std::vector<ValueFault> faults = c.algebra.take_faults();
    auto alts = computation(c);
    for (auto& alt : alts) {
        for (const ValueFault& fault : faults) alt.facts.push_back({!fault.when, fault.what});
    }
    return alts;
}

/// What `f` makes, made only when it is needed: the faults of its values count only there.
template <class F>
auto lazily(F f) {
    return [f = std::move(f)](InstructionContext& c) { return run_step(c, f); };
}

using Composition = EventStructure (*)(const EventStructure&, const EventStructure&);

/// `m`, then for each of its alternatives what `f` makes of the value.
template <class M, class F>
auto then(Composition compose, M m, F f) {
    using A = ValueOf<M>;
    using B = ValueOf<std::invoke_result_t<F, const A&>>;
    return [compose, m = std::move(m), f = std::move(f)](InstructionContext& c) {
        Alts<B> result;
        const Alts<A> firsts = m(c);
        for (const Alt<A>& first : firsts) {
            const PathScope scope(c);
            c.use(first.structure.events);
            for (Alt<B>& second : run_step(c, [&] { return f(first.value); })) {
                const Formula guard = c.pool().both(first.guard, second.guard);
                if (guard.is_false()) continue;
                Alt<B> alt{std::move(second.value), guard, first.facts,
                           compose(first.structure, second.structure)};
                alt.facts.insert(alt.facts.end(), second.facts.begin(), second.facts.end());
                result.push_back(std::move(alt));
            }
        }
        return result;
    };
}

template <class M, class F>
auto then(M m, F f) {
    return then(&data_sequence, std::move(m), std::move(f));
}

/// `f(value, m')` where m' is the alternative that gave the value: its events appear where f puts them.
template <class M, class F>
auto delayed(M m, F f) {
    using A = ValueOf<M>;
    using B = ValueOf<std::invoke_result_t<F, const A&, Computation<A>>>;
    return [m = std::move(m), f = std::move(f)](InstructionContext& c) {
        Alts<B> result;
        const Alts<A> firsts = m(c);
        for (const Alt<A>& first : firsts) {
            const PathScope scope(c);
            c.use(first.structure.events);
            for (Alt<B>& alt : run_step(c, [&] { return f(first.value, given(first)); }))
                result.push_back(std::move(alt));
        }
        return result;
    };
}

/// Side by side; by default no edges between the two.
template <class M, class N>
auto both(M m, N n, Composition compose = &parallel) {
    using A = ValueOf<M>;
    using B = ValueOf<N>;
    return [m = std::move(m), n = std::move(n), compose](InstructionContext& c) {
        Alts<std::pair<A, B>> result;
        const PathScope scope(c);
        const Alts<A> left = m(c);
        for (const Alt<A>& a : left) c.use(a.structure.events);
        const Alts<B> right = n(c);
        for (const Alt<A>& a : left) {
            for (const Alt<B>& b : right) {
                const Formula guard = c.pool().both(a.guard, b.guard);
                if (guard.is_false()) continue;
                Alt<std::pair<A, B>> alt{
                    {a.value, b.value}, guard, a.facts, compose(a.structure, b.structure)};
                alt.facts.insert(alt.facts.end(), b.facts.begin(), b.facts.end());
                result.push_back(std::move(alt));
            }
        }
        return result;
    };
}

/// `yes` where the condition holds, else `no`.
template <class T>
Computation<T> either_by(Formula condition, Computation<T> yes, Computation<T> no) {
    return [condition, yes = std::move(yes), no = std::move(no)](InstructionContext& c) {
        if (condition.is_true()) return yes(c);
        if (condition.is_false()) return no(c);
        Alts<T> result;
        const auto add = [&](Formula guard, const Computation<T>& branch) {
            const PathScope scope(c);
            for (Alt<T>& alt : branch(c)) {
                alt.guard = c.pool().both(guard, alt.guard);
                if (!alt.guard.is_false()) result.push_back(std::move(alt));
            }
        };
        add(condition, yes);
        add(!condition, no);
        return result;
    };
}

/// One or the other, as the execution chooses.
template <class T>
Computation<T> either(const char* what, Computation<T> a, Computation<T> b) {
    return [what, a = std::move(a), b = std::move(b)](InstructionContext& c) {
        return either_by<T>(c.choice(what), a, b)(c);
    };
}

/// `m` with another value.
template <class M, class T>
auto with_value(M m, T value) {
    return [m = std::move(m), value = std::move(value)](InstructionContext& c) {
        Alts<T> result;
        for (auto& alt : m(c))
            result.push_back({value, alt.guard, std::move(alt.facts), std::move(alt.structure)});
        return result;
    };
}

/// No event; the alternative is taken only where `fact` holds.
inline Computation<NoValue> require_fact(Formula fact) {
    return [fact](InstructionContext&) {
        return Alts<NoValue>{Alt<NoValue>{NoValue{}, logic::true_formula, {{fact, nullptr}}, {}}};
    };
}

/// `m`, whose alternatives are taken only where `fact` holds; with a message, it is an error of the test
/// where it does not.
template <class M>
M with_fact(M m, Formula fact, const char* error = nullptr) {
    if (fact.is_true()) return m;
    return [m = std::move(m), fact, error](InstructionContext& c) {
        auto alts = m(c);
        for (auto& alt : alts) alt.facts.push_back({fact, error});
        return alts;
    };
}

/// The event alone; its value is what a read reads.
Computation<Symbolic> event(LocalEvent e);

}  // namespace tlbcheck::model
