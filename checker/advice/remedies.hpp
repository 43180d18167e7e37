// SPDX-License-Identifier: Apache-2.0
//
// The changes that could take a violation away, as sets to be tried in order: the likelier and smaller first.
// Each set is meant to be tried as a whole and then cut down to what is needed.
#pragma once

#include <vector>

#include "checker/advice/change.hpp"
#include "checker/advice/sites.hpp"

namespace tlbcheck::checker {

/// TLBIs of an address each that one change puts in.
inline constexpr std::size_t most_addresses = 16;

inline constexpr model::Barrier dsb_ish{model::BarrierKind::dsb, model::BarrierDomain::ish,
                                        model::BarrierAccess::full, false};
inline constexpr model::Barrier dsb_ishst{model::BarrierKind::dsb, model::BarrierDomain::ish,
                                          model::BarrierAccess::st, false};
/// The operation for the Inner Shareable domain.
inline model::Operation broadcast(model::TlbiBase base, std::uint64_t operand = 0) {
    return model::TlbiInstruction{{base, model::TlbiDomain::inner, false}, operand};
}

/// Makes the candidate changes for one violated slice.
class Remedies {
  public:
    Remedies(const model::ScheduleProgram& program, const model::JudgedSchedule& slice,
             const Misread& misread);

    /// Stores of the slice come after some TLBI of it: leaf by leaf rather than a flush at the end.
    bool interleaved() const;
    /// Walk-cache entries are each for a page.
    bool by_page() const { return slice_.hardware.walk_cache == model::WalkCache::per_page; }

    /// Barriers that are missing or too weak around the TLBIs, stores and signals of the slice.
    std::vector<Change> barriers() const;
    /// Every existing TLBI made to remove more.
    std::vector<Change> wider_tlbis() const;
    /// Existing flushes name the unit's addresses as well.
    std::vector<Change> further_addresses() const;
    /// TLBIs issued before the last store of their thread go behind it.
    std::vector<Change> later_tlbis() const;
    /// A flush of the unit behind the last store of each thread.
    std::vector<Change> flushes() const;
    /// A flush of everything behind each store, free and signal.
    std::vector<Change> flushes_everywhere() const;
    /// The question is asked at a label.
    bool at_label() const { return slice_.judging.moment.has_value(); }
    /// A flush of the unit right before the label that is asked about, and before each free.
    std::vector<Change> flushes_in_place() const;
    /// Frees and signals that a flush follows go to the end of their thread.
    std::vector<Change> later_frees() const;
    /// Break-before-make before the first new value.
    std::vector<Change> clears() const;
    /// What is freed is taken out of the tables before each free.
    std::vector<Change> unmapping() const;
    /// The contiguous set rewritten without Contiguous first.
    std::vector<Change> unfolding() const;
    /// Frees wait for what another thread has flushed.
    std::vector<Change> waits_for_flush() const;
    /// TLBIs that go by VTTBR's VMID are issued while it holds the VM that is asked about.
    std::vector<Change> tlbis_in_vm() const;
    /// Of a VM: the other half of a flush that has one of the two.
    std::vector<Change> other_stage() const;
    /// The space or VM that is asked about is tagged otherwise than the one whose entry is hit.
    std::vector<Change> own_tags() const;
    /// Entries of another space or VM than the one that is asked about play a part.
    bool between_spaces() const { return other_space(misread_).has_value(); }
    /// A flush of what another space has left, before the space that is asked about is entered.
    std::vector<Change> flushes_before_switches() const;

  private:
    Change change(ChangeKind kind, const Spot& at) const;
    void before_tlbi(const Spot& tlbi, std::vector<Change>& changes) const;
    void after_tlbi(const Spot& tlbi, std::vector<Change>& changes) const;
    void after_store(std::uint32_t thread, std::vector<Change>& changes) const;
    void around_signals(std::vector<Change>& changes) const;
    void after_switches(std::vector<Change>& changes) const;
    void between_stages(std::vector<Change>& changes) const;
    std::optional<model::SpaceId> judged_vm() const;
    std::vector<model::SpaceId> vms_held(const Spot& at) const;
    bool names_vm_at(const Spot& at) const;
    model::Operation ipas2(std::uint64_t ipa) const;
    Change tlbis_in_vm(std::uint32_t thread, const std::vector<Spot>& tlbis) const;
    void isb(std::uint32_t thread, std::vector<Change>& changes) const;
    void widen(const Spot& tlbi, std::vector<Change>& changes) const;
    std::vector<Spot> nearest_tlbis() const;
    std::optional<Spot> last_store(std::uint32_t thread) const;
    std::vector<model::Instruction> flush(const Spot& at, bool everything) const;
    std::vector<model::DescriptorSlot> stored_from(const Spot& first) const;
    InsertStep insert(const Gap& gap, std::vector<model::Operation> code, const Spot& at) const;
    void name_unit(Change& change) const;

    const model::ScheduleProgram& program_;
    const model::JudgedSchedule& slice_;
    const Misread& misread_;
    model::Geometry geometry_;
    SiteText text_;
    std::vector<Spot> stores_, tlbis_, frees_, signals_, waits_;
};

}  // namespace tlbcheck::checker
