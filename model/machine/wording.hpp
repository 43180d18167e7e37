// SPDX-License-Identifier: Apache-2.0
//
// The words of a timeline: what instructions, fills, removals and the judged access are called, and why they
// may happen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/machine/machine.hpp"
#include "model/machine/timeline.hpp"

namespace tlbcheck::model {

class Wording {
  public:
    explicit Wording(const Scenario& scenario) : scenario_(scenario) {}

    /// The instruction of a thread that the event is about.
    std::string instruction(const MachineEvent& event) const;
    bool is_free(const MachineEvent& event) const;
    bool changes_context(const MachineEvent& event) const;
    /// A descriptor and what it holds, `reused` where the new owner of its table page wrote it.
    MemoryDescriptor descriptor(const DescriptorSlot& slot, const Descriptor& value, bool reused) const;
    /// The descriptor a store changes, with its new value; none for flags and pages.
    std::optional<MemoryDescriptor> written(std::uint32_t id) const;
    /// True iff the TLBI may remove an entry of the judged address or of its contiguous set.
    bool concerns_judged(const MachineTlbi& tlbi) const;
    std::string tlbi_detail(const MachineTlbi& tlbi) const;
    std::string removal_detail(const MachineTlbi& tlbi, std::size_t removed, const PeState& left) const;

    /// The entry that a fill of walk `w` leaves; its id is 0.
    CachedEntry entry(std::size_t w, int level, int location, StoredId id, EntrySpan span) const;
    std::string fill(const CachedEntry& entry) const;
    std::string fill_detail(const CachedEntry& entry) const;
    /// Read from the address's own slot, in whatever space.
    bool own_slot(const CachedEntry& entry) const;
    std::vector<axioms::RuleName> fill_rules(const CachedEntry& entry) const;

    std::string latch(const MachineEvent& event) const;
    std::string latch_detail() const;
    /// The leaf that hardware updates, as it leaves it; nullopt where it is not known what it says.
    std::optional<MemoryDescriptor> updated(const WalkState& walk) const;
    std::string judged_access() const;
    std::string outcome(const MachineEvent& hit, const std::vector<CachedEntry>& tlb) const;
    /// What should have happened; `memory` as it is at the judged access.
    std::string expected(const MachineEvent& hit, const std::vector<StoredId>& memory) const;
    std::vector<axioms::RuleName> hit_rules() const;

  private:
    std::string slot(const DescriptorSlot& slot) const;
    std::string translation(const Translation& translation) const;
    std::string operation(const Operation& operation) const;
    std::optional<EntryTags> tags(const CachedEntry& entry, const CachedTranslation& cached) const;
    Translation seen(const WalkState& walk) const;
    Translation seen(const MachineEvent& event) const;

    const Scenario& scenario_;
};

}  // namespace tlbcheck::model
