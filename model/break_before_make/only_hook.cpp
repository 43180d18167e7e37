// SPDX-License-Identifier: Apache-2.0
//
// Pages are named by generation, and by the slot that leads to them.
#include "model/break_before_make/only_hook.hpp"

namespace tlbcheck::model {

std::optional<Hook> only_hook(const JudgedSchedule& schedule, const Geometry& geometry,
                              const DescriptorSlot& slot) {
    if (slot.generation == 0 || slot.level == geometry.start_level()) return std::nullopt;
    const std::uint64_t from = geometry.entry_base(slot.va, slot.level - 1);
    std::optional<Hook> found;
    for (std::uint32_t t = 0; t < schedule.threads.size(); ++t) {
        const auto& code = schedule.threads[t].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            const auto* const store = std::get_if<StoreDescriptor>(&code[i].operation);
            if (store == nullptr || store->value.kind != DescriptorKind::table ||
                store->slot.level != slot.level - 1 || store->slot.va != from ||
                store->value.oa != slot.generation)
                continue;
            if (found) return std::nullopt;
            found = Hook{t, i};
        }
    }
    return found;
}

}  // namespace tlbcheck::model
