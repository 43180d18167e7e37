// SPDX-License-Identifier: Apache-2.0
//
// The instructions of one thread that a slice keeps, as they come in program order: TLBIs that others make
// redundant are left out (docs/slicing.md, lemmas 4 to 6), and the barriers between the rest are reduced
// (lemma 2).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/slice/arithmetic/footprint.hpp"
#include "model/slice/units/barrier_word.hpp"

namespace tlbcheck::model {

struct KeptInstruction {
    const Instruction* instruction = nullptr;
    std::uint64_t iteration = 0;
    std::uint64_t index = 0;             ///< in the thread's execution
    std::optional<Footprint> footprint;  ///< of a TLBI
    bool apart = false;                  ///< a barrier that stays where it is
};

class ReducedCode {
  public:
    /// `alone`: lemmas 4 and 5 hold: this thread stores to the unit's descriptors, no other does, and no
    /// other has TLBIs for the unit.
    explicit ReducedCode(bool alone) : alone_(alone) {}

    bool empty() const { return kept_.empty(); }
    /// Before the first store a TLBI adds nothing (lemma 4).
    bool leading() const { return alone_ && !stored_; }
    /// Barriers that come next. Before the first instruction that is kept they order nothing.
    void barriers(const BarrierWord& word);
    /// `store`: it writes descriptors.
    void keep(KeptInstruction instruction, bool store);
    /// An instruction that tells what precedes it from what follows: no TLBI before it stands for one after.
    void keep_apart(KeptInstruction instruction);

    enum class Tlbi : std::uint8_t {
        kept,
        repeated,  ///< lemma 5: until the next store, or another operation, its repetitions are as well
        covered    ///< lemma 6
    };
    /// Not one that is leading.
    Tlbi tlbi(const KeptInstruction& instruction);
    /// The TLBI is executed again after barriers that were passed.
    void repeat(const Footprint& footprint) { come_between(footprint); }
    std::vector<KeptInstruction> finish() const;

  private:
    /// An earlier TLBI since the last store, ordered after that store, does as much, and nothing since undoes
    /// that (lemma 5).
    bool repeats_effective(const Footprint& footprint) const;
    static bool harmless(const Footprint& between, const Footprint& e);
    /// Takes note of a TLBI, kept or left out, that the next ones come after.
    void come_between(const Footprint& footprint);
    /// A TLBI with no barrier and nothing else kept in between does as much.
    bool repeats_adjacent(const Footprint& footprint) const;
    /// Takes back TLBIs that the same DSB completes and that a later one covers.
    void drop_covered(const Footprint& footprint);

    struct Effective {
        Footprint footprint;
        std::uint64_t made = 0;       ///< moments of clock_
        std::uint64_t completed = 0;  ///< by a DSB, on every PE that it reaches; 0: not yet
    };

    const bool alone_;
    std::vector<KeptInstruction> kept_;
    BarrierWord word_;                  ///< since the last kept instruction
    bool stored_ = false;               ///< a store was kept
    bool ordered_ = false;              ///< and a DSB that orders stores came after the last one
    std::size_t adjacent_ = 0;          ///< from here on kept_ holds TLBIs only
    std::vector<std::size_t> open_;     ///< in kept_: TLBIs since the last full DSB
    std::vector<Effective> effective_;  ///< TLBIs since the last store that came after such a DSB, and
                                        ///< that nothing since undoes
    std::vector<Footprint> unordered_;  ///< of all TLBIs that no DSB has completed yet, each once
    std::uint64_t clock_ = 0;           ///< TLBIs that were effective, and DSBs
};

}  // namespace tlbcheck::model
