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
#include "model/arch/hardware_update.hpp"
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
        note_regions();
        collect_stage2_leaves();
        check_places();
        for_each_instruction([&](const model::Instruction& instruction) { check(instruction); });
        check_updates();
    }

  private:
    void for_each_instruction(const std::function<void(const model::Instruction&)>& each) const {
        for (const model::ScheduleThread& thread : program_.threads) {
            for (const model::Run& run : thread.code) {
                for (const model::Instruction& instruction : run.body) {
                    for (std::uint64_t i = 0; i < run.count; ++i) each(model::instantiate(instruction, i));
                }
            }
        }
    }

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

    /// A leaf of stage 2 that the schedule stores, or that a new table holds from the start.
    struct Stage2Leaf {
        std::uint64_t ipa = 0, bytes = 0, pa = 0;
        model::SourcePlace place;
    };

    void collect_stage2_leaves() {
        for_each_instruction([&](const model::Instruction& instruction) {
            const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
            if (store == nullptr || store->value.kind != model::DescriptorKind::leaf ||
                !model::of_stage2(program_, store->slot.va))
                return;
            leaves_.push_back({store->slot.va, geometry_.entry_bytes(store->slot.level), store->value.oa,
                               instruction.place});
        });
        for (const model::NewTable& table : program_.new_tables) {
            for (const model::Region& leaves : table.leaves) {
                if (!model::of_stage2(program_, leaves.va)) continue;
                const model::Region* const of = model::region_of(program_.regions, leaves.va);
                leaves_.push_back({leaves.va, leaves.size, leaves.pa,
                                   of == nullptr ? program_.regions.front().place : of->place});
            }
        }
    }

    /// The leaf puts some of the IPAs elsewhere than the VM's regions do.
    bool moves(const Stage2Leaf& leaf, std::uint64_t ipa, std::uint64_t bytes) const {
        return std::ranges::any_of(program_.regions, [&](const model::Region& region) {
            const std::uint64_t first = std::max({leaf.ipa, ipa, region.va});
            const std::uint64_t last =
                std::min({leaf.ipa + (leaf.bytes - 1), ipa + (bytes - 1), region.va + (region.size - 1)});
            return first <= last && leaf.pa - leaf.ipa != region.pa - region.va;
        });
    }

    /// The contents of an IPA are those of the memory that the VM's regions put there.
    void check_contents(const model::Instruction& instruction, const model::StoreDescriptor& store,
                        SpaceId vm) const {
        if (!store.value.contents) return;
        const std::uint64_t bytes = geometry_.entry_bytes(store.slot.level);
        for (const std::uint64_t plain : {store.value.oa, store.slot.va + *store.value.contents}) {
            const std::uint64_t ipa = model::spaces::within(plain, vm);
            for (const Stage2Leaf& leaf : leaves_) {
                if (!moves(leaf, ipa, bytes)) continue;
                error(instruction.place, "stage 2 moves a page whose contents this compares",
                      "leave out same_contents, or leave the pages where the VM's regions put them");
            }
        }
    }

    void check(const model::Instruction& instruction) {
        if (const auto* free = std::get_if<model::Free>(&instruction.operation);
            free != nullptr && free->by_guest)
            check_freed(instruction, *free);
        const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
        if (store == nullptr || store->value.kind != model::DescriptorKind::leaf) return;
        const std::uint64_t bytes = geometry_.entry_bytes(store->slot.level);
        if (const auto vm = model::guest_of(program_, store->slot.va)) {
            note_update(store->value, instruction.place);
            check_contents(instruction, *store, *vm);
            if (held(program_, model::spaces::within(store->value.oa, *vm), bytes)) return;
            error(instruction.place,
                  fmt::format("no region of VM '{}' holds IPA 0x{:x}", program_.spaces[*vm].name,
                              store->value.oa),
                  "what a guest maps is of a region of its VM, mapped or not");
        }
        const bool tables = std::ranges::any_of(
            tables_.all(), [&](const auto& page) { return page.second - store->slot.va < bytes; });
        if (tables && !store->value.writable() && !read_only_) read_only_ = instruction.place;
    }

    void check_places() const {
        const std::uint64_t granule = model::granule_bytes(geometry_.granule());
        for (const Stage2Leaf& leaf : leaves_) {
            for (const auto& [page, ipa] : tables_.all()) {
                if (!moves(leaf, ipa, granule)) continue;
                error(leaf.place,
                      fmt::format("this moves the page at IPA 0x{:x}, which holds tables of '{}'",
                                  model::spaces::plain(ipa), program_.spaces[page.first].name),
                      "what another page holds there is not known: tables of a guest keep their place");
            }
        }
    }

    /// Hardware writes to tables through stage 2, which has to let it (Arm ARM D8.5): else the walk faults.
    void note_update(const model::Descriptor& leaf, const model::SourcePlace& place) {
        if (model::has_flag_to_set(leaf) && !updated_) updated_ = place;
    }

    void note_regions() {
        const auto note = [&](const model::Region& region, const model::SourcePlace& place) {
            model::Descriptor leaf;
            leaf.kind = model::DescriptorKind::leaf;
            leaf.db = region.writable;
            model::set_flags(leaf, region.accessed, region.dbm,
                             model::managed_flags(program_.hardware, model::of_stage2(program_, region.va)));
            if (model::guest_of(program_, region.va)) note_update(leaf, place);
            const bool tables = std::ranges::any_of(
                tables_.all(), [&](const auto& page) { return model::contains(region, page.second); });
            if (tables && !leaf.writable() && !read_only_) read_only_ = place;
        };
        for (const model::Region& region : program_.regions) note(region, region.place);
        for (const model::NewTable& table : program_.new_tables) {
            const model::Region* const of = model::region_of(program_.regions, table.page.va_base);
            for (const model::Region& leaves : table.leaves)
                note(leaves, of == nullptr ? program_.regions.front().place : of->place);
        }
    }

    void check_updates() const {
        if (!updated_ || !read_only_) return;
        error(*read_only_,
              "this makes tables of a guest read-only, to which hardware writes the flags of their leaves",
              "a walk that hardware cannot update is not judged: leave the tables' page writable, or ask it "
              "with ha = false");
    }

    /// The guest's memory has been where the regions say all along.
    void check_freed(const model::Instruction& instruction, const model::Free& free) const {
        const auto& [pa, bytes] = std::get<std::pair<std::uint64_t, std::uint64_t>>(free.what);
        for (const model::Region& region : program_.regions) {
            if (!model::of_stage2(program_, region.va)) continue;
            const std::uint64_t first = std::max(region.pa, pa);
            const std::uint64_t last = std::min(region.pa + (region.size - 1), pa + (bytes - 1));
            if (first > last) continue;
            for (const Stage2Leaf& leaf : leaves_) {
                if (!moves(leaf, region.va, region.size)) continue;
                error(instruction.place, "the guest gives away memory whose place in PA the schedule changes",
                      "free(memory, pa = ...) of the VM's region says which page is meant");
            }
        }
    }

    const SyntaxTree& tree_;
    const ScheduleProgram& program_;
    model::Geometry geometry_;
    model::GuestTables tables_;
    std::vector<Stage2Leaf> leaves_;
    std::optional<model::SourcePlace> updated_, read_only_;
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
