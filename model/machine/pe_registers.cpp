// SPDX-License-Identifier: Apache-2.0
//
// Each register has the value last synchronised and those written since.
#include "model/machine/pe_registers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/program/pe_contexts.hpp"

namespace tlbcheck::model {

PeRegisters::PeRegisters(const Scenario& scenario, std::size_t pe) : scenario_(&scenario) {
    const PeStart starts_in = start_of(pe);
    for (std::size_t base = 0; base < tge; ++base)
        held_[base] = {starts_in.of(static_cast<BaseRegister>(base))};
    held_[tge] = {starts_in.tge ? std::optional<std::uint32_t>(*starts_in.tge ? 1 : 0) : std::nullopt};
}

/// What a thread does not say is as the question has it.
PeStart PeRegisters::start_of(std::size_t pe) const {
    const auto& threads = scenario_->schedule().threads;
    const Observer& observer = scenario_->question().observer;
    PeStart start;
    std::optional<SpaceId> in = spaces::of(scenario_->va());
    if (pe < threads.size()) {
        start = threads[pe].starts_in;
        in = observer.thread == pe ? observer.starts_in : std::nullopt;
    }
    if (!in || *in == no_space) return start;
    const AddressSpace& space = program().spaces[*in];
    std::optional<SpaceId>& base = start.of(space.base());
    if (!base) base = *in;
    if (space.vm && !start.vm) start.vm = space.vm;
    return start;
}

void PeRegisters::execute(const MachineEvent& event) {
    const std::vector<PlainInstruction>& code = scenario_->schedule().threads[event.thread].code;
    if (event.position < code.size()) {
        const Operation& operation = code[event.position].operation;
        if (const auto* change = std::get_if<ContextChange>(&operation)) write(*change);
        if (synchronizes_context(operation)) synchronize();
    } else if (event.kind == StepKind::barrier) {
        synchronize();
    } else if (const std::optional<SpaceId> judged = spaces::of(scenario_->va())) {
        enter(*judged);
    }
}

void PeRegisters::enter(SpaceId judged) {
    const AddressSpace& space = program().spaces[judged];
    write({write_of(space.base()), judged, false});
    if (space.vm) write({ContextChange::Kind::switch_vm, *space.vm, false});
}

void PeRegisters::write(const ContextChange& change) {
    switch (change.kind) {
        case ContextChange::Kind::switch_space:
        case ContextChange::Kind::switch_upper:
        case ContextChange::Kind::switch_vm:
        case ContextChange::Kind::switch_el2:
        case ContextChange::Kind::switch_el2_upper:
            for (std::size_t base = 0; base < tge; ++base) {
                if (write_of(static_cast<BaseRegister>(base)) == change.kind)
                    held_[base].emplace_back(change.space);
            }
            break;
        case ContextChange::Kind::set_tge:
            held_[tge].emplace_back(change.tge ? 1 : 0);
            break;
        case ContextChange::Kind::exception_entry:
        case ContextChange::Kind::exception_return:
            break;
    }
}

void PeRegisters::synchronize() {
    for (Values& values : held_) values = {values.back()};
}

bool PeRegisters::used(std::size_t which) const {
    if (which == tge) return uses_vhe(program());
    return std::ranges::any_of(program().spaces, [&](const AddressSpace& space) {
        return which == static_cast<std::size_t>(space.base());
    });
}

std::string PeRegisters::name(std::size_t which, const std::optional<std::uint32_t>& value) const {
    if (!value) return "not said";
    if (which == tge) return fmt::format("{}", *value);
    if (*value == no_space)
        return which == static_cast<std::size_t>(BaseRegister::of_stage2) ? "host" : "no space";
    const AddressSpace& space = program().spaces[*value];
    if (space.stage2) return fmt::format("VM {}, VMID {}", space.name, space.vmid);
    if (space.regime == Regime::el2 || space.upper) return fmt::format("space {}", space.name);
    return fmt::format("space {}, ASID {}", space.name, space.asid);
}

std::vector<std::string> PeRegisters::text() const {
    constexpr std::array<const char*, register_count> names{"TTBR0_EL1", "TTBR1_EL1", "VTTBR_EL2",
                                                            "TTBR0_EL2", "TTBR1_EL2", "HCR_EL2.TGE"};
    std::vector<std::string> result;
    for (std::size_t which = 0; which < register_count; ++which) {
        if (!used(which)) continue;
        std::string line = names[which];
        for (std::size_t k = 0; k < held_[which].size(); ++k)
            line += (k == 0 ? ": " : " or ") + name(which, held_[which][k]);
        if (held_[which].size() > 1) line += " until an ISB";
        result.push_back(line);
    }
    return result;
}

}  // namespace tlbcheck::model
