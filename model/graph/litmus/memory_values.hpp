// SPDX-License-Identifier: Apache-2.0
//
// The values that memory may hold in an allowed execution, and the writes that each comes from. Data, address
// and control dependencies to a write are in ob, and so is reads-from: no value of a write depends on that
// same write, and no read takes from another thread what comes from a later write of its own thread to the
// same place (that write is after the one that is read in coherence order, and so in ob). In one execution a
// write writes one value and a read reads one. Derivations that break this are left out, which ends the
// rounds of values that feed back.
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

/// A write or read of a thread at one place, the same one in every round; numbered from 0.
using WriteKey = std::uint32_t;

/// A write or a read that a value comes from, directly or by other values.
struct Origin {
    WriteKey write = 0;  ///< or a read: keys are given to both
    ValueId value = 0;   ///< what it writes or reads
    /// Each read on the way was one of another thread: forwarding to the same thread is not in ob.
    bool observed = true;
};

/// How a value comes about.
struct Support {
    std::vector<Origin> origins;     ///< each write once, sorted by it
    std::optional<WriteKey> writer;  ///< the write itself, where all of this is about one
};

/// Supports none of which asks for all that another does.
using Supports = std::vector<Support>;

class MemoryValues {
  public:
    /// A variable that says which value an explicit read reads.
    struct ReadValue {
        std::vector<LitmusValue> places;
        LitmusValue value;
        int thread = 0, instruction = 0;
        std::optional<WriteKey> key;  ///< of the read; with one place only
    };
    /// One value of a write at one place.
    struct Written {
        LitmusValue place, value;
        Formula when;                 ///< as the write executes: this place, this value
        std::optional<WriteKey> key;  ///< none: nothing is known to depend on the write
        bool inherits = true;         ///< the dependencies that `when` stands for are in ob
        bool ordered = true;          ///< and what only a comparison ties to the write is as well
        int thread = 0, instruction = 0;
    };

    MemoryValues() = default;
    /// `any_origin`: leaves no derivation out, for comparison; rounds then end by their number only.
    explicit MemoryValues(bool any_origin) : any_origin_(any_origin) {}

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
    struct Writer {
        int thread = 0, instruction = 0;  ///< in the present round
        LitmusValue place;
    };

    friend class SupportFinder;

    std::map<LitmusValue, ByValue> places_;
    std::map<std::pair<std::vector<int>, LitmusValue>, WriteKey> keys_;
    std::map<WriteKey, Writer> writers_;
    ValueTable values_;
    bool any_origin_ = false;
};

}  // namespace tlbcheck::model
