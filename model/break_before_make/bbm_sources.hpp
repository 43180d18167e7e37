// SPDX-License-Identifier: Apache-2.0
//
// The values that descriptors can have, and until when walks can read them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/arch/leaf_change.hpp"
#include "model/break_before_make/bbm_order.hpp"
#include "model/break_before_make/only_hook.hpp"

namespace tlbcheck::model {

/// One value of one slot: there at the start, stored, or left by a new owner of the table page (invalid).
struct BbmSource {
    DescriptorSlot slot;
    Descriptor value;
    std::optional<EventIndex> event;      ///< none: there at the start
    std::optional<EventIndex> published;  ///< what orders the store before the rest of its thread
    std::optional<EventIndex> barrier;    ///< the first barrier that orders it
    std::vector<std::size_t> serves;      ///< candidates that an entry from it may translate, ascending
    std::optional<Hook> hook;             ///< of the page that the slot is in
};

class BbmSources {
  public:
    BbmSources(BbmFormulas& formulas, const BbmOrder& order, const JudgedSchedule& schedule);

    const std::vector<BbmSource>& all() const { return sources_; }
    const std::vector<std::size_t>& of_slot(const DescriptorSlot& slot) const { return by_slot_.at(slot); }
    const Geometry& geometry() const { return geometry_; }
    const JudgedSchedule& schedule() const { return *schedule_; }

    /// Candidates that the slot itself maps or covers.
    std::vector<std::size_t> own(const DescriptorSlot& slot) const;
    bool is_set(const BbmSource& source) const;
    /// The value has been stored before the moment, and walks can still read it: no DSB came between the
    /// store that removed it and the moment, nor a barrier between that store and the one hook of the page.
    logic::Formula readable(const BbmSource& source, const Cut& moment);
    /// No store that removed the value has become visible for certain.
    logic::Formula may_be_in_memory(const BbmSource& source, const Cut& moment) const;
    /// What an entry from the leaf makes of the address.
    LeafTranslation translation(const BbmSource& source, std::uint64_t va) const;

  private:
    void add(const DescriptorSlot& slot, const Descriptor& value, std::optional<EventIndex> event);
    void add_initial(const DescriptorSlot& slot);
    void add_initial_values();
    void add_stored();
    logic::Formula later(const BbmSource& source, const BbmSource& other) const;
    bool ordered_before_hook(const BbmSource& source) const;
    bool tells(const BbmSource& source, EventIndex flag_store, EventIndex wait) const;

    BbmFormulas* formulas_;
    const BbmOrder* order_;
    const JudgedSchedule* schedule_;
    Geometry geometry_;
    std::vector<BbmSource> sources_;
    std::map<DescriptorSlot, std::vector<std::size_t>> by_slot_;
};

}  // namespace tlbcheck::model
