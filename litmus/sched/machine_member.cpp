// SPDX-License-Identifier: Apache-2.0
//
// machine.KEY: numbers where the parameter is one, words otherwise.

#include "litmus/sched/machine_member.hpp"

#include "model/arch/granule.hpp"
#include "model/arch/hardware_table.hpp"

namespace tlbcheck::litmus::sched {

Value machine_member(const model::HardwareParameters& hardware, const std::string& key) {
    for (const model::HardwareParameter& parameter : model::hardware_table()) {
        const auto value = parameter.key == key ? parameter.get(hardware) : std::nullopt;
        if (!value) continue;
        const model::HardwareValue& chosen = parameter.values[*value];
        if (chosen.number) return Affine(static_cast<Wide>(*chosen.number));
        return Word{std::string(chosen.word)};
    }
    // contiguous_entries, unless set: slots of a set of pages
    return Affine(model::Geometry(hardware).contiguous_slots(3).value_or(1));
}

}  // namespace tlbcheck::litmus::sched
