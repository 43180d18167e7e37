// SPDX-License-Identifier: Apache-2.0
//
// Stores to slots and pages that no walk asked about comes to: they carry order, and nothing else.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/graph/schedule/events.hpp"

namespace tlbcheck::model {

bool ScheduleEvents::goes_by_reads() const {
    return std::ranges::any_of(knowing_reads_,
                               [&](const KnowingRead& read) { return read.thread == at.thread; });
}

bool ScheduleEvents::dsb_st_follows() const {
    const auto& code = schedule_.threads[static_cast<std::size_t>(at.thread)].code;
    return std::any_of(code.begin() + static_cast<std::ptrdiff_t>(number_), code.end(), [](const auto& i) {
        const auto* barrier = std::get_if<Barrier>(&i.operation);
        return barrier != nullptr && barrier->kind == BarrierKind::dsb &&
               barrier->access == BarrierAccess::st;
    });
}

/// A store to what nothing reads here. All it does is to carry the order from a read that its thread goes by
/// over a DSB ST (ctrl, then DSB-ob); one of a row of them does that.
void ScheduleEvents::add_unreached_store() {
    const bool carried = unreached_store_ && *unreached_store_ + 1 == graph_.size() &&
                         graph_.event(*unreached_store_).exec == at.guard;
    if (carried || !goes_by_reads() || !dsb_st_follows()) return;
    const auto found = unreached_locations_.find(at.thread);
    if (found == unreached_locations_.end()) {
        const auto id = static_cast<std::uint32_t>(graph_.location_count());
        const std::string name = fmt::format("what else thread {} stores to", at.thread);
        unreached_locations_[at.thread] = graph_.add_location({name, true, id + 1});
        const Position here = std::exchange(at, Position{});
        add_write(add("initial", {"W", "Exp", "IW"}), unreached_locations_[here.thread], value_of_number(0));
        at = here;
    }
    unreached_store_ = add("W", {"W", "Exp"});
    add_write(*unreached_store_, unreached_locations_[at.thread], value_of_number(1));
}

}  // namespace tlbcheck::model
