// SPDX-License-Identifier: Apache-2.0
//
// The order of the threads' instructions as formulas, and moments between them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/break_before_make/bbm_formulas.hpp"

namespace tlbcheck::model {

using EventIndex = std::size_t;  ///< in BbmFormulas::events

/// A moment: which instructions came before it. Whatever precedes one of them does, too.
struct Cut {
    std::vector<logic::Formula> after;  ///< by event: it came before the moment
};

class BbmOrder {
  public:
    /// Fills `events` and requires a total order of them that keeps each thread's own.
    BbmOrder(BbmFormulas& formulas, const JudgedSchedule& schedule);

    /// `a` comes before `b`; false for one and the same.
    logic::Formula before(EventIndex a, EventIndex b) const;
    Cut cut(const std::string& name);
    /// `first` is not later than `second`.
    void in_order(const Cut& first, const Cut& second);
    /// Each wait that came before the moment has read its value.
    void require_waits(const Cut& now);
    /// The waits for flags, and the stores to the flag that each waits for, ascending.
    const std::map<EventIndex, std::vector<EventIndex>>& waits() const { return waits_; }
    /// The wait reads what that store to its flag wrote; false where that is another value.
    logic::Formula reads(EventIndex wait, EventIndex store) const;

    std::size_t size() const { return formulas_->events.size(); }
    const BbmEvent& event(EventIndex e) const { return formulas_->events[e]; }
    /// The first event later in the same thread of which `is` holds.
    template <typename Is>
    std::optional<EventIndex> next(EventIndex e, const Is& is) const {
        for (EventIndex i = e + 1; i < size() && event(i).thread == event(e).thread; ++i)
            if (is(event(i).instruction->operation)) return i;
        return std::nullopt;
    }
    /// The event before it in its thread.
    std::optional<EventIndex> previous(EventIndex e) const {
        if (e == 0 || event(e - 1).thread != event(e).thread) return std::nullopt;
        return e - 1;
    }

  private:
    logic::Formula satisfied(EventIndex wait) const;
    void require_transitive();
    void find_waits();

    BbmFormulas* formulas_;
    std::vector<logic::Formula> before_;  ///< by pair, of events of different threads
    std::map<EventIndex, std::vector<EventIndex>> waits_;
};

}  // namespace tlbcheck::model
