// SPDX-License-Identifier: Apache-2.0
//
// Fields as in the Arm ARM, D24.2: TTBRn_EL1, VTTBR_EL2 (ASID or VMID in bits 63:48, CnP in bit 0), HCR_EL2.

#include "litmus/kernel/world/pe_registers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::world {

using interpreter::Refusal;
using model::BaseRegister;
using model::ContextChange;
using model::SpaceId;

namespace {

constexpr unsigned identifier_shift = 48;
constexpr std::uint64_t base_mask = ((std::uint64_t{1} << 48U) - 1) & ~std::uint64_t{0xFFF};
constexpr std::uint64_t hcr_tge = std::uint64_t{1} << 27U;
constexpr std::uint64_t hcr_e2h = std::uint64_t{1} << 34U;

constexpr std::uint64_t identifier_of(std::uint64_t value) {
    return value >> identifier_shift;
}
constexpr std::uint64_t with_identifier(std::uint64_t base, std::uint16_t identifier) {
    return base | std::uint64_t{identifier} << identifier_shift;
}

}  // namespace

PeRegisters::PeRegisters(const std::vector<model::AddressSpace>& spaces, std::vector<std::uint64_t> roots,
                         std::uint64_t low_root, std::uint64_t high_root,
                         std::optional<std::uint64_t> reserved_root, Values& values)
    : spaces_(spaces),
      roots_(std::move(roots)),
      low_root_(low_root),
      high_root_(high_root),
      reserved_root_(reserved_root),
      values_(values),
      vhe_(std::ranges::any_of(
          spaces, [](const model::AddressSpace& each) { return each.regime == model::Regime::el20; })) {
    values_[assembly::ttbr0_el1] = low_root_;
    values_[assembly::ttbr1_el1] = high_root_;
}

void PeRegisters::hold(const model::PeStart& now, std::optional<SpaceId> asid_of) {
    // What the code itself wrote stays as it is.
    if (now == now_ && asid_of == asid_of_) return;
    now_ = now;
    asid_of_ = asid_of;
    values_[assembly::ttbr0_el1] = low_root_;
    // With E2H the kernel runs at EL2, and its TTBR0_EL1 is TTBR0_EL2.
    const std::optional<SpaceId> space = vhe_ ? now.el2 : now.space;
    if (space && *space == model::no_space) {
        values_[assembly::ttbr0_el1] = reserved_root_.value_or(low_root_);
    } else if (space) {
        values_[assembly::ttbr0_el1] = roots_[*space];
    }
    values_[assembly::ttbr1_el1] = with_identifier(high_root_, asid_of ? spaces_[*asid_of].asid : 0);
    values_.erase(assembly::vttbr_el2);
    if (now.vm)
        values_[assembly::vttbr_el2] =
            *now.vm == model::no_space ? 0 : with_identifier(roots_[*now.vm], spaces_[*now.vm].vmid);
    values_.erase(assembly::hcr_el2);
    if (now.tge) values_[assembly::hcr_el2] = (vhe_ ? hcr_e2h : 0) | (*now.tge ? hcr_tge : 0);
}

void PeRegisters::follow(const ContextChange& change) {
    using Kind = ContextChange::Kind;
    if (change.kind == Kind::switch_space) now_.space = change.space;
    if (change.kind == Kind::switch_vm) now_.vm = change.space;
    if (change.kind == Kind::switch_el2) now_.el2 = change.space;
    if (change.kind == Kind::set_tge) now_.tge = change.tge;
    const bool process = change.kind == Kind::switch_space || change.kind == Kind::switch_el2;
    if (process && change.space != model::no_space) asid_of_ = change.space;
}

std::uint64_t PeRegisters::held(assembly::SystemRegister reg) const {
    const auto found = values_.find(reg);
    return found == values_.end() ? 0 : found->second;
}

std::optional<SpaceId> PeRegisters::with_root(std::uint64_t base, BaseRegister of) const {
    for (SpaceId space = 0; space < roots_.size(); ++space)
        if (roots_[space] == base && spaces_[space].base() == of) return space;
    return std::nullopt;
}

std::optional<RegisterWrite> PeRegisters::write(assembly::SystemRegister reg, std::uint64_t value) {
    if (spaces_.empty()) return std::nullopt;
    RegisterWrite result;
    if (reg == assembly::ttbr0_el1)
        result = write_ttbr0(value);
    else if (reg == assembly::ttbr1_el1)
        result = write_ttbr1(value);
    else if (reg == assembly::vttbr_el2)
        result = write_vttbr(value);
    else if (reg == assembly::hcr_el2)
        result = write_hcr(value);
    else if (reg != assembly::vtcr_el2)  // its fields are those of the machine, for every VM
        return std::nullopt;
    values_[reg] = value;
    if (result.change) follow(*result.change);
    return result;
}

RegisterWrite PeRegisters::write_ttbr0(std::uint64_t value) {
    const std::uint64_t base = value & base_mask;
    const BaseRegister of = vhe_ ? BaseRegister::of_el2 : BaseRegister::of_el1;
    ContextChange change;
    change.kind = vhe_ ? ContextChange::Kind::switch_el2 : ContextChange::Kind::switch_space;
    if (base == low_root_ || (reserved_root_ && base == *reserved_root_)) return {change};
    const auto space = with_root(base, of);
    if (!space)
        throw Refusal(fmt::format(
            "TTBR0_EL1 is written with PA 0x{:x}, which is the root of no space of the schedule", base));
    // TCR_EL1.A1 = 1: Linux has the ASID in TTBR1.
    const std::uint64_t asid = identifier_of(held(assembly::ttbr1_el1));
    if (asid != spaces_[*space].asid)
        throw Refusal(fmt::format(
            "the PE switches to space '{}' with ASID {} in TTBR1_EL1; the schedule gives that space ASID {}",
            spaces_[*space].name, asid, spaces_[*space].asid));
    change.space = *space;
    return {change};
}

/// Between two writes of TTBR0: Linux makes it lead to no tables while the ASID changes.
RegisterWrite PeRegisters::write_ttbr1(std::uint64_t value) {
    if ((value & base_mask) != high_root_)
        throw Refusal("TTBR1_EL1 is written with another root: the kernel's half is one set of tables here");
    const std::uint64_t base = held(assembly::ttbr0_el1) & base_mask;
    const bool none = base == low_root_ || (reserved_root_ && base == *reserved_root_);
    if (!none && identifier_of(value) != identifier_of(held(assembly::ttbr1_el1)))
        throw Refusal("the ASID in TTBR1_EL1 changes while TTBR0_EL1 leads to tables, which is not modelled");
    return {};
}

RegisterWrite PeRegisters::write_vttbr(std::uint64_t value) {
    const std::uint64_t base = value & base_mask;
    ContextChange change;
    change.kind = ContextChange::Kind::switch_vm;
    if (base == 0) return {change};  // the host has no stage 2
    const auto vm = with_root(base, BaseRegister::of_stage2);
    if (!vm)
        throw Refusal(fmt::format(
            "VTTBR_EL2 is written with PA 0x{:x}, which is the root of no VM of the schedule", base));
    if (identifier_of(value) != spaces_[*vm].vmid)
        throw Refusal(
            fmt::format("VTTBR_EL2 is written with the tables of VM '{}' and VMID {}; the schedule gives it "
                        "VMID {}",
                        spaces_[*vm].name, identifier_of(value), spaces_[*vm].vmid));
    change.space = *vm;
    return {change};
}

RegisterWrite PeRegisters::write_hcr(std::uint64_t value) {
    if (((value & hcr_e2h) != 0) != vhe_)
        throw Refusal(vhe_ ? "HCR_EL2 is written with E2H = 0, and a space of the schedule is of EL2&0"
                           : "HCR_EL2 is written with E2H = 1: declare a space with regime = el2_0");
    if (!vhe_) return {};  // TGE makes no difference to what TLBIs are for
    ContextChange change;
    change.kind = ContextChange::Kind::set_tge;
    change.tge = (value & hcr_tge) != 0;
    return {change};
}

}  // namespace tlbcheck::litmus::kernel::world
