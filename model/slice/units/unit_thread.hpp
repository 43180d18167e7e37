// SPDX-License-Identifier: Apache-2.0
//
// One thread's part of a slice: the stretches of its lines merged in program order.
#pragma once

#include <vector>

#include "model/slice/units/unit_slicer.hpp"

namespace tlbcheck::model {

class UnitSlicer::Thread {
  public:
    /// `alone`: as ReducedCode has it.
    Thread(const SliceContext& context, const BarrierIndex& barriers, const Unit& unit, bool alone)
        : context_(context), barriers_(barriers), unit_(unit), code_(alone) {}

    /// `stretches` in program order of their lines.
    std::vector<KeptInstruction> walk(const Stretches& stretches);

  private:
    struct Next {  ///< the next instruction of a stretch
        CodePlace place;
        std::size_t stretch;
        std::uint64_t number;  ///< of the iteration, or in the list
    };
    /// Takes an instruction of a stretch; returns the number of the first that may matter after it.
    /// `next_store`, `next_other`: places of the next kept store, and of the next instruction of another
    /// stretch.
    std::uint64_t take(const Stretch& stretch, std::uint64_t number, const CodePlace& next_store,
                       const CodePlace& next_other);
    std::uint64_t take_tlbi(const Stretch& stretch, std::uint64_t number, const CodePlace& next_store,
                            const CodePlace& next_other);
    void pass_barriers(const CodePlace& to);
    KeptInstruction at(const Line& line, std::uint64_t iteration) const;

    const SliceContext& context_;
    const BarrierIndex& barriers_;
    const Unit unit_;
    ReducedCode code_;
    CodePlace passed_;  ///< barriers before it are in `code_`
    const Line* last_line_ = nullptr;
    std::uint64_t last_iteration_ = 0;
};

}  // namespace tlbcheck::model
