// SPDX-License-Identifier: Apache-2.0
//
// One thread's part of a slice: the stretches of its lines merged in program order, redundant TLBIs left out
// (docs/slicing.md, lemmas 4 to 6) and barriers between the rest reduced.
#pragma once

#include <vector>

#include "model/slice/units/unit_slicer.hpp"

namespace tlbcheck::model {

class UnitSlicer::Thread {
  public:
    /// `alone`: this thread stores to the unit's descriptors, no other does, and no other has TLBIs for the
    /// unit.
    Thread(const SliceContext& context, const BarrierIndex& barriers, const Unit& unit, bool alone)
        : context_(context), barriers_(barriers), unit_(unit), alone_(alone) {}

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
    void keep(const Line& line, std::uint64_t iteration, std::optional<Footprint> footprint);
    void keep_tlbi(const Line& line, std::uint64_t iteration, const Footprint& footprint);
    void pass_barriers(const CodePlace& to);
    /// An earlier TLBI since the last store, ordered after that store, does as much, and nothing since undoes
    /// that (docs/slicing.md, lemma 5).
    bool repeats_effective(const Footprint& footprint) const;
    static bool harmless(const Footprint& between, const Footprint& e);
    /// Takes note of a TLBI, kept or left out, that the next ones come after.
    void come_between(const Footprint& footprint);
    /// A TLBI with no barrier and nothing else kept in between does as much.
    bool repeats_adjacent(const Footprint& footprint) const;
    /// Takes back TLBIs that the same DSB completes and that a later one covers.
    void drop_covered(const Footprint& footprint);
    std::vector<KeptInstruction> finish();

    const SliceContext& context_;
    const BarrierIndex& barriers_;
    const Unit unit_;
    const bool alone_;
    std::vector<KeptInstruction> kept_;
    BarrierWord word_;                  ///< since the last kept instruction
    CodePlace passed_;                  ///< barriers before it are in `word_` or kept
    bool stored_ = false;               ///< a store was kept
    bool ordered_ = false;              ///< and a DSB that orders stores came after the last one
    std::size_t adjacent_ = 0;          ///< from here on kept_ holds TLBIs only
    std::vector<std::size_t> open_;     ///< in kept_: TLBIs since the last full DSB
    std::vector<Footprint> effective_;  ///< of TLBIs since the last store that came after such a DSB, and
                                        ///< that nothing since undoes
    std::vector<Footprint> unordered_;  ///< of all TLBIs that no DSB has completed yet, each once
    const Line* last_line_ = nullptr;
    std::uint64_t last_iteration_ = 0;
};

}  // namespace tlbcheck::model
