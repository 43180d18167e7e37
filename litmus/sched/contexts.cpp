// SPDX-License-Identifier: Apache-2.0
//
// Address spaces: their declaration, the regions in them, and the statements that change a PE's context
// (docs/schedule-language.md, "Address spaces").

#include "litmus/sched/contexts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "litmus/sched/declarations.hpp"
#include "litmus/sched/guests.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/program/pe_contexts.hpp"

namespace tlbcheck::litmus::sched {
namespace {

using model::PeStart;
using model::Region;
using model::SpaceId;

bool overlap(const Region& a, const Region& b) {
    return a.va - b.va < b.size || b.va - a.va < a.size;
}

/// Some two regions share addresses and tell them apart by their ASIDs.
bool share_addresses(const std::vector<Region>& regions) {
    for (const Region& a : regions) {
        for (const Region& b : regions) {
            if (!a.global && !b.global && a.asid != b.asid && overlap(a, b)) return true;
        }
    }
    return false;
}

/// Follows a thread: no arm of a condition on a value read changes the context of its PE, or synchronises a
/// change, so that the contexts do not depend on what was read.
class ArmsOfThread {
  public:
    explicit ArmsOfThread(const SyntaxTree& tree) : tree_(tree) {}

    void pass(const model::Instruction& instruction) {
        const model::Operation& operation = instruction.operation;
        if (std::holds_alternative<model::Branch>(operation)) ++arms_;
        if (std::holds_alternative<model::EndBranch>(operation)) --arms_;
        const auto* const change = std::get_if<model::ContextChange>(&operation);
        if (arms_ > 0 && change != nullptr)
            refuse(instruction,
                   "the context of the PE would depend on what was read: no switch, tge, exception "
                   "or eret in an arm of such a condition");
        const bool synchronizes = model::synchronizes_context(operation);
        if (arms_ > 0 && synchronizes && written_)
            refuse(instruction,
                   "whether the switch before is synchronised would depend on what was read: no isb "
                   "in an arm of such a condition until one outside has followed the switch");
        if (synchronizes) written_ = false;
        if (change != nullptr && !synchronizes) written_ = true;
    }

  private:
    [[noreturn]] void refuse(const model::Instruction& instruction, const char* message) const {
        const model::SourcePlace& at = instruction.place;
        fail(tree_.where({at.file, {at.line, at.column}}), message,
             "ask about each case in a schedule of its own");
    }

    const SyntaxTree& tree_;
    int arms_ = 0;
    bool written_ = false;  ///< a register, which no event has synchronised yet
};

}  // namespace

void check_arms(const SyntaxTree& tree, const model::ScheduleProgram& program) {
    for (const model::ScheduleThread& thread : program.threads) {
        ArmsOfThread arms(tree);
        for (const model::Run& run : thread.code) {
            for (const model::Instruction& instruction : run.body) arms.pass(instruction);
        }
    }
}

std::optional<SpaceId> space_named(const SyntaxTree& tree, const std::string& name) {
    for (std::size_t k = 0; k < tree.spaces.size(); ++k) {
        if (tree.spaces[k].name == name) return static_cast<SpaceId>(k);
    }
    return std::nullopt;
}

namespace {

PeStart start_in(const SyntaxTree& tree, const model::ScheduleProgram& program, const std::string& name) {
    PeStart start;
    if (name == "none") start.space = model::no_space;
    if (name == "host") {
        start.vm = model::no_space;
        start.tge = true;
    }
    const auto space = space_named(tree, name);
    if (!space) return start;
    const model::BaseRegister base = program.spaces[*space].base();
    start.of(base) = space;
    if (program.spaces[*space].vm) start.vm = program.spaces[*space].vm;
    start.tge = model::lower_of(base) == model::BaseRegister::of_el2;  // else it runs at EL1
    return start;
}

/// False where both say something of one register.
bool add_start(PeStart& start, const PeStart& more) {
    for (const auto base :
         {model::BaseRegister::of_el1, model::BaseRegister::of_el1_upper, model::BaseRegister::of_stage2,
          model::BaseRegister::of_el2, model::BaseRegister::of_el2_upper}) {
        if (!more.of(base)) continue;
        if (start.of(base)) return false;
        start.of(base) = more.of(base);
    }
    if (more.tge && start.tge && more.tge != start.tge) return false;
    if (more.tge) start.tge = more.tge;
    return true;
}

}  // namespace

PeStart starting_space(const SyntaxTree& tree, const model::ScheduleProgram& program,
                       const ThreadItem& thread) {
    PeStart start;
    for (const SpaceName& in : thread.in) {
        if (add_start(start, start_in(tree, program, in.name))) continue;
        fail(tree.where(in.spot),
             fmt::format("thread {} starts in '{}' and in '{}'", thread.name,
                         printable(thread.in.front().name, 60), printable(in.name, 60)),
             "a thread starts in one space of each half: ttbr = 1 is for the upper half");
    }
    return start;
}

model::Regime Declarations::regime(const Expression& value) {
    const std::string name = word(value);
    if (name == "el1_0") return model::Regime::el10;
    if (name == "el2") return model::Regime::el2;
    if (name == "el2_0") return model::Regime::el20;
    error(value.spot, fmt::format("'{}' is no regime", printable(name, 40)),
          "regime is el1_0, el2, or el2_0 where HCR_EL2.E2H is 1");
}

model::AddressSpace Declarations::space(const SpaceItem& item) {
    model::AddressSpace space;
    space.name = item.name;
    space.stage2 = item.vm;
    const std::string key = item.vm ? "vmid" : "asid";
    const std::string kind = item.vm ? "vm" : "space";
    bool given = false;
    for (const Setting& setting : item.settings) {
        if (!item.vm && setting.key == "regime") {
            space.regime = regime(*setting.value);
            continue;
        }
        if (!item.vm && setting.key == "vm") {
            space.vm = vm_named(*setting.value);
            continue;
        }
        if (!item.vm && setting.key == "tables") {
            space.tables = constant(*setting.value, 0, most_ipa, "an IPA");
            continue;
        }
        if (!item.vm && setting.key == "ttbr") {
            space.upper = constant(*setting.value, 0, 1, "the number of a TTBR") == 1;
            continue;
        }
        if (setting.key != key)
            error(setting.spot, fmt::format("a {} has no '{}'", kind, printable(setting.key, 40)),
                  item.vm ? "it has vmid" : "it has asid, ttbr, regime, vm and tables");
        const auto value =
            static_cast<std::uint16_t>(constant(*setting.value, 0, 0xFFFF, item.vm ? "a VMID" : "an ASID"));
        (item.vm ? space.vmid : space.asid) = value;
        given = true;
    }
    check_guest(item, space);
    if (space.upper) {
        check_upper(item, space, given);
        return space;
    }
    if (space.regime == model::Regime::el2) {
        if (given) error(item.spot, "a space of EL2 has no ASID", "leave out asid, or write regime = el2_0");
        return space;
    }
    if (!given) error(item.spot, fmt::format("{} '{}' has no {}", kind, printable(item.name, 60), key));
    return space;
}

void Declarations::check_upper(const SpaceItem& item, const model::AddressSpace& space, bool has_asid) const {
    if (space.vm) error(item.spot, "the upper half of a guest's VA is not modelled", "leave out ttbr, or vm");
    if (space.regime == model::Regime::el2)
        error(item.spot, "EL2 has no TTBR1", "leave out ttbr, or write regime = el2_0");
    if (has_asid)
        error(item.spot, "a space of the upper half has no ASID of its own",
              "leave out asid: entries carry that of the space TTBR0 leads to");
}

namespace {

/// A region without a space is mapped in every one of EL1&0, so that none has another mapping there.
void check_shared(const SyntaxTree& tree, const model::ScheduleProgram& program,
                  const std::vector<Region>& regions) {
    for (const Region& shared : regions) {
        if (model::spaces::of(shared.va)) continue;
        for (std::size_t k = 0; k < regions.size(); ++k) {
            const auto space = model::spaces::of(regions[k].va);
            if (!space || model::lower_of(program.spaces[*space].base()) != model::BaseRegister::of_el1)
                continue;
            Region own = regions[k];
            own.va = model::spaces::plain(own.va);
            if (!overlap(shared, own)) continue;
            fail(tree.where(tree.regions[k].spot),
                 fmt::format("regions '{}' and '{}' overlap from VA 0x{:x}", printable(shared.name, 60),
                             printable(own.name, 60), std::max(shared.va, own.va)),
                 "a region without space is mapped in every space");
        }
    }
}

}  // namespace

void place_in_spaces(const SyntaxTree& tree, model::ScheduleProgram& program, std::vector<Region>& regions) {
    if (tree.spaces.size() > model::most_spaces)
        fail(tree.where(tree.spaces[model::most_spaces].spot),
             fmt::format("there are more than {} spaces", model::most_spaces));
    const auto of_regime = [&](model::Regime regime) {
        return std::ranges::find(program.spaces, regime, &model::AddressSpace::regime);
    };
    if (const auto el2 = of_regime(model::Regime::el2), el20 = of_regime(model::Regime::el20);
        el2 != program.spaces.end() && el20 != program.spaces.end()) {
        const auto later = static_cast<std::size_t>(std::max(el2, el20) - program.spaces.begin());
        fail(tree.where(tree.spaces[later].spot), "one space is of EL2, another of EL2&0",
             "HCR_EL2.E2H is 0 or 1 for all of a schedule");
    }
    const bool vms = model::uses_vms(program);
    for (std::size_t k = 0; k < regions.size(); ++k) {
        Region& region = regions[k];
        const auto space = model::spaces::of(region.va);
        if (space) region.asid = program.spaces[*space].asid;
        // An entry of the host's own EL1&0 regime would carry a VMID as well, which nothing here says.
        const bool el10 = !space || program.spaces[*space].regime == model::Regime::el10;
        const bool of_vm = space && (program.spaces[*space].stage2 || program.spaces[*space].vm);
        if (vms && el10 && !of_vm)
            fail(tree.where(tree.regions[k].spot),
                 fmt::format("region '{}' is of no VM", printable(region.name, 60)),
                 "in a schedule with VMs every region is of one (vm = NAME), of a space of one, or of a "
                 "space of EL2");
    }
    check_shared(tree, program, regions);
    if (!tree.spaces.empty() || !share_addresses(regions)) return;
    std::map<std::uint16_t, SpaceId> of_asid;
    for (Region& region : regions) {
        if (region.global || region.va >> 47U != 0) continue;
        const auto [at, fresh] = of_asid.emplace(region.asid, static_cast<SpaceId>(program.spaces.size()));
        if (fresh) program.spaces.push_back({fmt::format("ASID {}", region.asid), region.asid});
        region.va = model::spaces::within(region.va, at->second);
    }
}

void ThreadExpander::do_switch(const Expression& item) {
    const std::string name = word(*item.arguments[0].value);
    using Kind = model::ContextChange::Kind;
    model::ContextChange change;
    if (name == "host") change.kind = Kind::switch_vm;
    if (name != "none" && name != "host") {
        const auto space = space_named(tree(), name);
        if (!space) {
            std::vector<std::string> names;
            for (const SpaceItem& one : tree().spaces) names.push_back(one.name);
            error(item.arguments[0].spot, fmt::format("there is no space '{}'", printable(name, 60)),
                  did_you_mean(name, names, "space NAME { asid = n; } declares one"));
        }
        change.space = *space;
        change.kind = model::write_of(expansion_.program.spaces[*space].base());
        check_in_vm(*space, item.arguments[0].spot);
    }
    if (window_) throw NotUniform{};
    follow_switch(change);
    emit(change, {}, {});
}

/// Where the PE is then, and whose ASID stays.
void ThreadExpander::follow_switch(const model::ContextChange& change) {
    using model::BaseRegister;
    for (const auto base : {BaseRegister::of_el1, BaseRegister::of_el1_upper, BaseRegister::of_stage2,
                            BaseRegister::of_el2, BaseRegister::of_el2_upper}) {
        if (model::write_of(base) != change.kind) continue;
        where_.of(base) = change.space;
        const bool process = base == BaseRegister::of_el1 || base == BaseRegister::of_el2;
        if (process && change.space != model::no_space) asid_of_ = change.space;
    }
}

bool ThreadExpander::vhe() const {
    return model::uses_vhe(expansion_.program);
}

void ThreadExpander::do_tge(const Expression& item) {
    model::ContextChange change{model::ContextChange::Kind::set_tge, model::no_space};
    change.tge = constant(*item.arguments[0].value, 0, 1, "HCR_EL2.TGE") == 1;
    if (!vhe())
        error(item.spot, "HCR_EL2.TGE makes no difference here",
              "it counts where HCR_EL2.E2H is 1: some space has regime = el2_0");
    if (window_) throw NotUniform{};
    where_.tge = change.tge;
    emit(change, {}, {});
}

void ThreadExpander::do_exception(model::ContextChange::Kind kind) {
    emit(model::ContextChange{kind, model::no_space}, {}, {});
}

/// An access by virtual address is made in the space that the PE is in.
void ThreadExpander::check_space(const Affine& va, const Spot& spot) const {
    if (va.base < 0) return;
    const auto space = model::spaces::of(static_cast<std::uint64_t>(va.base));
    if (!space) return;
    check_in_vm(*space, spot);
    const auto now = where_.of(expansion_.program.spaces[*space]);
    if (!now || *now == *space) return;
    error(spot,
          fmt::format("thread {} is not in space '{}' here", thread_.name,
                      expansion_.program.spaces[*space].name),
          "switch(space) puts its PE there");
}

/// Which VM's entries an operation of EL1&0 removes is what VTTBR says.
void ThreadExpander::check_vmid(const model::TlbiOp& op, const Spot& spot) const {
    const bool vms = model::uses_vms(expansion_.program);
    if (vhe() && model::depends_on_tge(op.base)) {
        if (!where_.tge)
            error(spot,
                  fmt::format("{} is for EL1&0 or EL2&0 by HCR_EL2.TGE, which nothing says of thread {}",
                              to_string(op), thread_.name),
                  fmt::format("write thread {} in host, or in a VM or a space of EL2&0, or tge(0) before it",
                              thread_.name));
        if (*where_.tge) return;
    }
    const bool takes_vmid = op.base != model::TlbiBase::alle1 &&
                            model::decode_tlbi(op, 0, geometry_).regime == model::Regime::el10;
    if (!vms || !takes_vmid || where_.vm) return;
    error(spot,
          fmt::format("{} removes entries of one VMID, and nothing says which VM thread {} is in",
                      to_string(op), thread_.name),
          fmt::format("write thread {} in V, or in host, or switch(V) before it", thread_.name));
}

std::optional<std::uint16_t> ThreadExpander::asid_of_space(const Expression& expression) const {
    if (expression.kind != ExpressionKind::name || find(expression.text) != nullptr) return std::nullopt;
    const auto space = space_named(tree(), expression.text);
    if (!space) return std::nullopt;
    if (expansion_.program.spaces[*space].upper)
        error(expression.spot,
              fmt::format("space '{}' is of the upper half and has no ASID of its own", expression.text),
              "write asid = n, or the name of a space of the lower half");
    return expansion_.program.spaces[*space].asid;
}

}  // namespace tlbcheck::litmus::sched
