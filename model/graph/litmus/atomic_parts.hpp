// SPDX-License-Identifier: Apache-2.0
//
// Atomic instructions are put together from parts that each have one alternative: register reads, a memory
// read, a memory write, register writes. The composition of their structures is the instruction's own.
#pragma once

#include <utility>
#include <vector>

#include "model/graph/litmus/computation.hpp"

namespace tlbcheck::model {

/// Runs the parts of an atomic instruction one after the other, each on a path that has the events of those
/// before.
class AtomicParts {
  public:
    explicit AtomicParts(InstructionContext& c) : c_(c), scope_(c) {}

    /// The one alternative of a part; facts and guards add up.
    template <class M>
    auto run(const M& m) {
        auto alts = m(c_);
        auto alt = std::move(alts.front());
        c_.use(alt.structure.events);
        guard = c_.pool().both(guard, alt.guard);
        facts.insert(facts.end(), alt.facts.begin(), alt.facts.end());
        // Of the values that the part was made from.
        for (const ValueFault& fault : c_.algebra.take_faults()) facts.push_back({!fault.when, fault.what});
        return std::pair(alt.value, std::move(alt.structure));
    }
    void start(const Alt<Symbolic>& address) {
        c_.use(address.structure.events);
        guard = address.guard;
        facts = address.facts;
    }
    Alt<NoValue> finish(EventStructure structure) const {
        return {NoValue{}, guard, facts, std::move(structure)};
    }

    Formula guard;
    std::vector<AltFact> facts;

  private:
    InstructionContext& c_;
    PathScope scope_;
};

}  // namespace tlbcheck::model
