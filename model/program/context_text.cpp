// SPDX-License-Identifier: Apache-2.0
//
// One phrase for each kind of change.
#include "model/program/context_text.hpp"

#include <fmt/format.h>

namespace tlbcheck::model {

std::string context_text(const ScheduleProgram& program, const ContextChange& change) {
    switch (change.kind) {
        case ContextChange::Kind::exception_entry:
            return "exception entry";
        case ContextChange::Kind::exception_return:
            return "ERET";
        case ContextChange::Kind::switch_vm:
            if (change.space == no_space) return "MSR VTTBR_EL2: the host";
            return fmt::format("MSR VTTBR_EL2: VM {}, VMID {}", program.spaces[change.space].name,
                               program.spaces[change.space].vmid);
        case ContextChange::Kind::switch_el2: {
            const AddressSpace& space = program.spaces[change.space];
            if (space.regime == Regime::el2) return fmt::format("MSR TTBR0_EL2: space {}", space.name);
            return fmt::format("MSR TTBR0_EL2: space {}, ASID {}", space.name, space.asid);
        }
        case ContextChange::Kind::switch_upper:
            return fmt::format("MSR TTBR1_EL1: space {}", program.spaces[change.space].name);
        case ContextChange::Kind::switch_el2_upper:
            return fmt::format("MSR TTBR1_EL2: space {}", program.spaces[change.space].name);
        case ContextChange::Kind::set_tge:
            return fmt::format("MSR HCR_EL2: TGE = {}", change.tge ? 1 : 0);
        case ContextChange::Kind::switch_space:
            break;
    }
    if (change.space == no_space) return "MSR TTBR0_EL1: no space";
    const AddressSpace& space = program.spaces[change.space];
    return fmt::format("MSR TTBR0_EL1: space {}, ASID {}", space.name, space.asid);
}

}  // namespace tlbcheck::model
