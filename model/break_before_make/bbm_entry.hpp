// SPDX-License-Identifier: Apache-2.0
//
// One entry of a TLB or walk cache that is held at a moment, as formulas: when it and the entries on the way
// to it were filled, and that every TLBI left it there. Of a VM it may be what a guest's access made of a
// leaf of stage 2 and its own stage 1.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/break_before_make/bbm_sources.hpp"
#include "model/program/contexts.hpp"
#include "model/program/observed_pe.hpp"

namespace tlbcheck::model {

/// The PE whose entries are held: exactly one of those asked about.
class ChosenPe {
  public:
    ChosenPe(BbmFormulas& formulas, const JudgedSchedule& schedule);
    /// The PEs asked about; `is`, parallel to them: it is the one chosen.
    const std::vector<ObservedPe>& pes() const { return pes_; }
    const std::vector<logic::Formula>& is() const { return is_; }

  private:
    std::vector<ObservedPe> pes_;
    std::vector<logic::Formula> is_;
};

class BbmEntry {
  public:
    /// Requires that whatever is chosen as held can be held at `now` by the PE. `tables_only`: the entry is a
    /// walk cache's.
    BbmEntry(BbmFormulas& formulas, BbmOrder& order, BbmSources& sources, const ChosenPe& pe, const Cut& now,
             const std::string& name, bool tables_only);

    /// An entry from that source is held that translates the candidate's address.
    logic::Formula held(std::size_t source, std::size_t candidate) const;
    /// The same, whatever the address.
    logic::Formula held(std::size_t source) const;

    /// The walk that filled it went through that table descriptor.
    logic::Formula through(std::size_t source) const;

  private:
    struct Level {
        Cut filled;
        std::vector<std::pair<std::size_t, logic::Formula>> path;  ///< table descriptors gone through
        std::vector<std::size_t> ends;                             ///< sources of the entry held
        logic::Formula on_path, at_end;
    };

    void choose(const std::string& name, bool tables_only);
    void require_order(const Cut& now);
    void require_filled(const BbmSource& source, logic::Formula chosen);
    void require_walked();
    void require_survives(EventIndex tlbi, const ChosenPe& pe, const Cut& now);
    logic::Formula survives(EventIndex tlbi, EventIndex complete, const Cut& now);
    void choose_combined(const std::string& name, const Cut& now);
    bool of_vm(const BbmSource& source) const;
    /// A TLBI of the schedule: what it is for, and the VMs that it may name.
    struct Removal {
        TlbiOp op;
        TlbiScope scope;
        std::vector<SpaceId> vms;
    };
    bool removes(const Removal& tlbi, const BbmSource& source, std::size_t candidate) const;
    bool removes_combined(const Removal& tlbi, const BbmSource& source, std::size_t candidate) const;
    logic::Formula combined_removed(const Removal& tlbi) const;
    std::size_t walked_for(const BbmSource& source, std::size_t candidate) const;
    logic::Formula leads_to(int level, std::uint32_t generation) const;
    Level& at(int level) { return levels_[static_cast<std::size_t>(level - first_)]; }
    const Level& at(int level) const { return levels_[static_cast<std::size_t>(level - first_)]; }

    BbmFormulas* formulas_;
    BbmOrder* order_;
    BbmSources* sources_;
    int first_;
    std::vector<Level> levels_;            ///< from the first level of a walk on
    logic::Formula combined_;              ///< what is held combines the leaf of stage 2 with stage 1
    Cut made_;                             ///< when it was made of that leaf's entry, where it does
    std::vector<logic::Formula> address_;  ///< by candidate: the walk was for it
    std::vector<std::vector<logic::Formula>> entries_;  ///< by source, parallel to its `serves`
};

}  // namespace tlbcheck::model
