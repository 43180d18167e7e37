// SPDX-License-Identifier: Apache-2.0
//
// The values that memory may hold in an allowed execution, and the writes that each comes from. Data, address
// and control dependencies to a write are in ob, and so is reads-from: no value of a write depends on that
// same write. Derivations that would are left out, which ends the rounds of values that feed back.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "model/graph/litmus/symbolic.hpp"

namespace tlbcheck::model {

/// A write of a thread at one place, the same one in every round; numbered from 0.
using WriteKey = std::uint32_t;

/// The writes that a value comes from, directly or by other values, each with what it writes; sorted.
using Support = std::vector<std::pair<WriteKey, ValueId>>;

/// Supports none of which is part of another.
using Supports = std::vector<Support>;

class MemoryValues {
  public:
    /// A variable that says which value an explicit read reads.
    struct ReadValue {
        std::vector<LitmusValue> places;
        LitmusValue value;
    };
    /// One value of a write at one place.
    struct Written {
        LitmusValue place, value;
        Formula when;                 ///< as the write executes: this place, this value
        std::optional<WriteKey> key;  ///< none: nothing is known to depend on the write
        bool inherits = true;         ///< the dependencies that `when` stands for are in ob
    };

    /// Values at the place; sorted.
    std::vector<LitmusValue> at(const LitmusValue& place) const;
    std::size_t most_at_one_place() const;
    /// The key of what `name` and `place` identify in every round.
    WriteKey key(const std::vector<int>& name, const LitmusValue& place);

    /// Takes over what a round writes. `reads`: by code of the formula, in formulas of `pool`. True if a
    /// place has a value that it had not.
    bool add(const FormulaPool& pool, const std::map<std::uint32_t, ReadValue>& reads,
             std::span<const Written> written);

  private:
    using ByValue = std::map<LitmusValue, Supports>;

    friend class SupportFinder;

    std::map<LitmusValue, ByValue> places_;
    std::map<std::pair<std::vector<int>, LitmusValue>, WriteKey> keys_;
    ValueTable values_;
};

}  // namespace tlbcheck::model
