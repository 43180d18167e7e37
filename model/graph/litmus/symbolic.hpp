// SPDX-License-Identifier: Apache-2.0
//
// Values as a builder of event graphs sees them: finitely many constants, each under a formula over the
// choices of an execution. All arithmetic is done on the constants.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/event_graph.hpp"
#include "model/program/litmus_value.hpp"

namespace tlbcheck::model {

/// Interned litmus values; ids are given in order of first use.
class ValueTable {
  public:
    ValueId id(const LitmusValue& value);
    const LitmusValue& value(ValueId id) const { return values_[id]; }
    std::size_t size() const { return values_.size(); }

  private:
    std::vector<LitmusValue> values_;
    std::map<LitmusValue, ValueId> ids_;
};

/// Alternatives exclude each other, and one holds wherever the events that gave rise to the value execute.
struct Symbolic {
    std::vector<Alternative<ValueId>> alternatives;
    /// Follows from the code alone, whatever memory holds (loops on such values are not cut off).
    bool determined = true;

    const ValueId* constant() const {
        return alternatives.size() == 1 && alternatives[0].when.is_true() ? &alternatives[0].what : nullptr;
    }
    friend bool operator==(const Symbolic& a, const Symbolic& b);
};

/// An operation without meaning on some constants: `when` they meet. Those alternatives are gone from the
/// result.
struct ValueFault {
    Formula when;
    const char* what = "";
};

class ValueAlgebra {
  public:
    ValueAlgebra(FormulaPool& pool, ValueTable& values) : pool_(pool), values_(values) {}

    Symbolic constant(const LitmusValue& value);
    Symbolic number(std::uint64_t n) { return constant(LitmusValue::of(n)); }

    using Unary = std::function<std::optional<LitmusValue>(const LitmusValue&)>;
    using Binary = std::function<std::optional<LitmusValue>(const LitmusValue&, const LitmusValue&)>;
    Symbolic map(const Symbolic& a, const Unary& f, const char* what);
    Symbolic map(const Symbolic& a, const Symbolic& b, const Binary& f, const char* what);
    Symbolic apply(ValueOp op, const Symbolic& a, const Symbolic& b);
    Symbolic zero_extend(const Symbolic& a, int bits);
    Symbolic sign_extend(const Symbolic& a, int bits);

    /// "The value satisfies the test".
    Formula where(const Symbolic& a, const std::function<bool(const LitmusValue&)>& test);
    Formula equal(const Symbolic& a, const Symbolic& b);
    /// Non-zero.
    Formula truth(const Symbolic& a);
    /// `a` where `guard` holds, else `b`.
    Symbolic choose(Formula guard, const Symbolic& a, const Symbolic& b);
    /// Each value under its guard; the guards exclude each other.
    Symbolic merge(const std::vector<std::pair<Formula, Symbolic>>& parts);

    /// Faults since the last call.
    std::vector<ValueFault> take_faults();
    FormulaPool& pool() { return pool_; }
    ValueTable& values() { return values_; }

  private:
    Symbolic normal(const std::map<ValueId, std::vector<Formula>>& terms, bool determined);

    FormulaPool& pool_;
    ValueTable& values_;
    std::vector<ValueFault> faults_;
};

}  // namespace tlbcheck::model
