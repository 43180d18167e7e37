// SPDX-License-Identifier: Apache-2.0
//
// Guests' spaces: their declaration, and what stage 2 has to hold for them.
#include "litmus/sched/guests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "litmus/sched/contexts.hpp"
#include "litmus/sched/declarations.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::litmus::sched {

namespace {

using model::ScheduleProgram;
using model::SpaceId;

/// All of the addresses of the VM's are of regions.
bool held(const ScheduleProgram& program, std::uint64_t first, std::uint64_t bytes) {
    for (std::uint64_t at = first; at - first < bytes;) {
        const model::Region* const region = model::region_of(program.regions, at);
        if (region == nullptr) return false;
        at = region->va + region->size;
    }
    return true;
}

class GuestCheck {
  public:
    GuestCheck(const SyntaxTree& tree, const ScheduleProgram& program)
        : tree_(tree), program_(program), geometry_(program.hardware), tables_(program) {}

    void run() {
        if (!model::uses_guests(program_)) return;
        check_vmids();
        check_regions();
        check_tables();
        for (const model::ScheduleThread& thread : program_.threads) {
            for (const model::Run& run : thread.code) {
                for (const model::Instruction& instruction : run.body) {
                    for (std::uint64_t i = 0; i < run.count; ++i) check(model::instantiate(instruction, i));
                }
            }
        }
    }

  private:
    [[noreturn]] void error(const model::SourcePlace& at, std::string message, std::string hint) const {
        fail(tree_.where({at.file, {at.line, at.column}}), std::move(message), std::move(hint));
    }

    /// Stage 1 entries of one VM would be hit in the other.
    void check_vmids() const {
        for (std::size_t k = 0; k < program_.spaces.size(); ++k) {
            for (std::size_t j = 0; j < k; ++j) {
                const model::AddressSpace &a = program_.spaces[j], &b = program_.spaces[k];
                if (a.stage2 && b.stage2 && a.vmid == b.vmid)
                    fail(tree_.where(tree_.spaces[k].spot),
                         fmt::format("VMs '{}' and '{}' have one VMID, and a guest's stage 1 is written",
                                     printable(a.name, 60), printable(b.name, 60)),
                         "one VMID in two VMs is judged without spaces of the guests");
            }
        }
    }

    void check_regions() const {
        for (std::size_t k = 0; k < tree_.regions.size(); ++k) {
            const model::Region& region = program_.regions[k];
            const auto vm = model::guest_of(program_, region.va);
            if (!vm || held(program_, model::spaces::within(region.pa, *vm), region.size)) continue;
            fail(tree_.where(tree_.regions[k].spot),
                 fmt::format("no region of VM '{}' holds all that region '{}' leads to",
                             printable(program_.spaces[*vm].name, 60), printable(region.name, 60)),
                 "region NAME { vm = V; ipa = ...; pa = ...; size = ...; } does");
        }
    }

    void check_tables() const {
        if (tables_.all().size() >= model::most_guest_tables)
            fail(tree_.where(tree_.spaces.front().spot),
                 fmt::format("the guests' spaces have more than {} table pages", model::most_guest_tables));
        const std::uint64_t granule = model::granule_bytes(geometry_.granule());
        for (const auto& [page, ipa] : tables_.all()) {
            if (held(program_, ipa, granule)) continue;
            const SpaceItem& item = tree_.spaces[page.first];
            fail(tree_.where(item.spot),
                 fmt::format("no region of its VM holds the table page of '{}' at IPA 0x{:x}",
                             printable(item.name, 60), model::spaces::plain(ipa)),
                 "its table pages lie one after another from `tables` on, the one of the start level first");
        }
    }

    void check(const model::Instruction& instruction) const {
        if (const auto* free = std::get_if<model::Free>(&instruction.operation);
            free != nullptr && free->by_guest)
            check_freed(instruction, *free);
        const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
        if (store == nullptr || store->value.kind != model::DescriptorKind::leaf) return;
        const std::uint64_t bytes = geometry_.entry_bytes(store->slot.level);
        if (const auto vm = model::guest_of(program_, store->slot.va)) {
            if (held(program_, model::spaces::within(store->value.oa, *vm), bytes)) return;
            error(instruction.place,
                  fmt::format("no region of VM '{}' holds IPA 0x{:x}", program_.spaces[*vm].name,
                              store->value.oa),
                  "what a guest maps is of a region of its VM, mapped or not");
        }
        for (const auto& [page, ipa] : tables_.all()) {
            if (ipa - store->slot.va >= bytes) continue;
            if (store->value.oa + (ipa - store->slot.va) == model::declared_pa(program_, ipa)) continue;
            error(instruction.place,
                  fmt::format("this moves the page at IPA 0x{:x}, which holds tables of '{}'",
                              model::spaces::plain(ipa), program_.spaces[page.first].name),
                  "what another page holds there is not known: tables of a guest keep their place");
        }
    }

    /// The guest's memory has been where the regions say all along.
    void check_freed(const model::Instruction& instruction, const model::Free& free) const {
        const auto& memory = std::get<std::pair<std::uint64_t, std::uint64_t>>(free.what);
        const std::uint64_t first = memory.first;
        const std::uint64_t last = first + (memory.second - 1);
        const auto check_store = [&](const model::StoreDescriptor& store) {
            const auto space = model::spaces::of(store.slot.va);
            if (!space || !program_.spaces[*space].stage2) return;
            const std::uint64_t covered = geometry_.entry_bytes(store.slot.level);
            for (const model::Region& region : program_.regions) {
                const bool overlaps = model::spaces::of(region.va) == space &&
                                      region.va <= store.slot.va + (covered - 1) &&
                                      store.slot.va <= region.va + (region.size - 1) &&
                                      first <= region.pa + (region.size - 1) && region.pa <= last;
                if (!overlaps || store.value.kind != model::DescriptorKind::leaf) continue;
                if (store.value.oa - store.slot.va == region.pa - region.va) continue;
                error(instruction.place, "the guest gives away memory whose place in PA the schedule changes",
                      "free(memory, pa = ...) of the VM's region says which page is meant");
            }
        };
        for (const model::ScheduleThread& thread : program_.threads) {
            for (const model::Run& run : thread.code) {
                for (const model::Instruction& other : run.body) {
                    if (!std::holds_alternative<model::StoreDescriptor>(other.operation)) continue;
                    for (std::uint64_t i = 0; i < run.count; ++i)
                        check_store(std::get<model::StoreDescriptor>(model::instantiate(other, i).operation));
                }
            }
        }
    }

    const SyntaxTree& tree_;
    const ScheduleProgram& program_;
    model::Geometry geometry_;
    model::GuestTables tables_;
};

}  // namespace

bool is_guest_region(const SyntaxTree& tree, const RegionItem& item) {
    for (const Setting& setting : item.settings) {
        if (setting.key != "space" || setting.value->kind != ExpressionKind::name) continue;
        const auto space = space_named(tree, setting.value->text);
        if (!space) return false;
        return std::ranges::any_of(tree.spaces[*space].settings,
                                   [](const Setting& one) { return one.key == "vm"; });
    }
    return false;
}

void check_guests(const SyntaxTree& tree, const ScheduleProgram& program) {
    GuestCheck(tree, program).run();
}

SpaceId Declarations::vm_named(const Expression& value) {
    const std::string name = word(value);
    const auto id = space_named(tree(), name);
    if (!id || !tree().spaces[*id].vm)
        error(value.spot, fmt::format("there is no VM '{}'", printable(name, 60)),
              "vm NAME { vmid = n; } declares one");
    return *id;
}

void Declarations::check_guest(const SpaceItem& item, const model::AddressSpace& space) const {
    if (space.vm && space.regime != model::Regime::el10)
        error(item.spot, "a guest's space is of EL1&0", "leave out regime");
    if (!space.tables) return;
    if (!space.vm)
        error(item.spot,
              fmt::format("space '{}' is of no VM, and its tables have no IPA", printable(item.name, 60)),
              "leave out tables, or write vm = NAME");
    if (*space.tables % model::granule_bytes(hardware_->granule) != 0)
        error(item.spot,
              fmt::format("the tables of '{}' are not at a page's start", printable(item.name, 60)));
}

bool ThreadExpander::of_guest(const Affine& va) const {
    return va.base >= 0 &&
           model::guest_of(expansion_.program, static_cast<std::uint64_t>(va.base)).has_value();
}

/// A guest's space is entered, and accessed, where VTTBR leads to its VM.
void ThreadExpander::check_in_vm(SpaceId space, const Spot& spot) const {
    const model::AddressSpace& entered = expansion_.program.spaces[space];
    if (!entered.vm || where_.vm.value_or(*entered.vm) == *entered.vm) return;
    error(spot,
          fmt::format("'{}' is a space of VM {}, where thread {} is not", entered.name,
                      expansion_.program.spaces[*entered.vm].name, thread_.name),
          fmt::format("switch({}) before it writes VTTBR", expansion_.program.spaces[*entered.vm].name));
}

void ThreadExpander::check_output_key(const Mapping& mapping, const Affine& va) const {
    if (!mapping.pa || mapping.ipa == of_guest(va)) return;
    error(mapping.pa_spot,
          mapping.ipa ? "only a guest's stage 1 maps to an IPA" : "a guest's stage 1 maps to an IPA",
          mapping.ipa ? "write pa = ..." : "write ipa = ...");
}

/// The guest gives away what is at an IPA: a page of memory, by what stage 2 declares.
void ThreadExpander::free_of_guest(SpaceId vm, const Affine& ipa, std::uint64_t bytes, const Spot& spot) {
    auto at = static_cast<std::uint64_t>(ipa.base);
    const std::uint64_t end = at + bytes;
    while (at < end) {
        const std::uint64_t tagged = model::spaces::within(at, vm);
        const model::Region* const region = model::region_of(expansion_.program.regions, tagged);
        if (region == nullptr)
            error(spot, fmt::format("no region of the VM holds IPA 0x{:x}", at),
                  "region NAME { vm = V; ... }");
        const std::uint64_t part = std::min(end - at, region->va + region->size - tagged);
        const std::uint64_t last =
            tagged + (part - 1) + static_cast<std::uint64_t>(ipa.step) * (iterations() - 1);
        if (last - region->va >= region->size) throw NotUniform{};
        model::Free free{std::pair{region->pa + (tagged - region->va), part}, true};
        const Affine pa(static_cast<Wide>(region->pa + (tagged - region->va)), ipa.step);
        emit(free, {}, pa);
        at += part;
    }
}

}  // namespace tlbcheck::litmus::sched
