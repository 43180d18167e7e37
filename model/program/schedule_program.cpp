// SPDX-License-Identifier: Apache-2.0
//
// What a compact schedule denotes: instructions of an iteration, and the initial translation tables.

#include "model/program/schedule_program.hpp"

#include <algorithm>

#include "model/arch/hardware_update.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::model {
namespace {

/// Where the leaves of a page with unknown contents point: far from what a schedule maps, aligned for every
/// block size.
constexpr std::uint64_t garbage_base = 0x0000'DE00'0000'0000;

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

Descriptor leaf_of(const Region& region, std::uint64_t va, const ScheduleProgram& program) {
    Descriptor descriptor;
    descriptor.kind = DescriptorKind::leaf;
    descriptor.oa = region.pa + (va - region.va);
    descriptor.db = region.writable;
    descriptor.contiguous = region.contiguous;
    descriptor.not_global = !region.global;
    descriptor.attributes = region.attributes;
    set_flags(descriptor, region.accessed, region.dbm,
              managed_flags(program.hardware, of_stage2(program, va)));
    return descriptor;
}

Descriptor initial_of_region_tables(const ScheduleProgram& program, const DescriptorSlot& slot,
                                    const Geometry& geometry) {
    const std::uint64_t last = slot.va + (geometry.entry_bytes(slot.level) - 1);
    Descriptor table;
    table.kind = DescriptorKind::table;
    for (const Region& region : program.regions) {
        if (region.level == slot.level) {
            if (contains(region, slot.va))
                return region.mapped ? leaf_of(region, slot.va, program) : Descriptor{};
        } else if (region.level > slot.level && slot.level < region.only_root.value_or(4) &&
                   region.va <= last && slot.va <= region.va + (region.size - 1)) {
            return table;
        }
    }
    return {};
}

Descriptor initial_of_new_table(const NewTable& table, const DescriptorSlot& slot,
                                const ScheduleProgram& program) {
    for (const Region& piece : table.leaves) {
        if (contains(piece, slot.va)) return leaf_of(piece, slot.va, program);
    }
    Descriptor descriptor;
    if (table.garbage) {
        descriptor.kind = DescriptorKind::leaf;
        descriptor.oa = garbage_base + (slot.va - table.page.va_base);
    }
    return descriptor;
}

}  // namespace

const Region* region_of(std::span<const Region> regions, std::uint64_t va) {
    for (const Region& region : regions) {
        if (contains(region, va)) return &region;
    }
    return nullptr;
}

std::string to_string(PropertyKind kind) {
    switch (kind) {
        case PropertyKind::no_stale_entry:
            return "no_stale_entry";
        case PropertyKind::no_use_after_free:
            return "no_use_after_free";
        case PropertyKind::no_bbm_violation:
            return "no_bbm_violation";
        case PropertyKind::no_tlb_conflict:
            return "no_tlb_conflict";
        case PropertyKind::never_invalid:
            return "never_invalid";
        case PropertyKind::no_lost_update:
            return "no_lost_update";
    }
    return "?";
}

Instruction instantiate(const Instruction& instruction, std::uint64_t i) {
    Instruction result = instruction;
    const std::uint64_t va = instruction.va_step * i;
    const std::uint64_t pa = instruction.pa_step * i;
    result.va_step = 0;
    result.pa_step = 0;
    std::visit(Overloaded{
                   [&](StoreDescriptor& store) {
                       store.slot.va += va;
                       if (store.value.kind == DescriptorKind::leaf) store.value.oa += pa;
                   },
                   [&](TlbiInstruction& tlbi) { tlbi.operand += va; },
                   [&](Barrier& /*barrier*/) {},
                   [&](Access& access) { access.va += va; },
                   [&](Await& await) { await.va += va; },
                   [&](Branch& branch) { branch.slot.va += va; },
                   [&](Otherwise& /*otherwise*/) {},
                   [&](EndBranch& /*end*/) {},
                   [&](ContextChange& /*change*/) {},
                   [&](Free& free) {
                       if (auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
                           range->first += pa;
                       } else {
                           std::get<TablePage>(free.what).va_base += va;
                       }
                   },
               },
               result.operation);
    return result;
}

bool maintains(const Operation& operation) {
    return std::holds_alternative<StoreDescriptor>(operation) ||
           std::holds_alternative<TlbiInstruction>(operation) || std::holds_alternative<Free>(operation);
}

bool synchronizes_context(const Operation& operation) {
    if (const auto* barrier = std::get_if<Barrier>(&operation)) return barrier->kind == BarrierKind::isb;
    const auto* change = std::get_if<ContextChange>(&operation);
    return change != nullptr && (change->kind == ContextChange::Kind::exception_entry ||
                                 change->kind == ContextChange::Kind::exception_return);
}

bool maintains(const ScheduleThread& thread) {
    return std::ranges::any_of(thread.code, [](const Run& run) {
        return std::ranges::any_of(run.body, [](const Instruction& i) { return maintains(i.operation); });
    });
}

const Instruction* first_branch(const ScheduleProgram& program) {
    for (const ScheduleThread& thread : program.threads) {
        for (const Run& run : thread.code) {
            for (const Instruction& instruction : run.body) {
                if (std::holds_alternative<Branch>(instruction.operation)) return &instruction;
            }
        }
    }
    return nullptr;
}

std::uint64_t instruction_count(const ScheduleThread& thread) {
    std::uint64_t count = 0;
    for (const Run& run : thread.code) count += run.count * run.body.size();
    return count;
}

TablePage table_of(const DescriptorSlot& slot, const Geometry& geometry) {
    return {slot.level, geometry.table_base(slot.va, slot.level), slot.generation};
}

namespace {

/// The page that holds the slot, if it is one of generation 1 or later; nullptr where there is none.
const NewTable* new_table_of(const ScheduleProgram& program, const DescriptorSlot& slot) {
    const TablePage page = table_of(slot, Geometry(program.hardware));
    const auto found =
        std::lower_bound(program.new_tables.begin(), program.new_tables.end(), page,
                         [](const NewTable& table, const TablePage& wanted) { return table.page < wanted; });
    return found == program.new_tables.end() || found->page != page ? nullptr : &*found;
}

}  // namespace

Descriptor initial_descriptor(const ScheduleProgram& program, const DescriptorSlot& slot) {
    if (slot.generation == 0) return initial_of_region_tables(program, slot, Geometry(program.hardware));
    const NewTable* table = new_table_of(program, slot);
    return table == nullptr ? Descriptor{} : initial_of_new_table(*table, slot, program);
}

bool unknown_at_start(const ScheduleProgram& program, const DescriptorSlot& slot) {
    if (slot.generation == 0) return false;
    const NewTable* table = new_table_of(program, slot);
    return table != nullptr && table->garbage &&
           std::ranges::none_of(table->leaves, [&](const Region& piece) { return contains(piece, slot.va); });
}

}  // namespace tlbcheck::model
