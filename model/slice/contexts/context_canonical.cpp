// SPDX-License-Identifier: Apache-2.0
//
// Canonical form of a slice with contexts (docs/slicing.md, lemma 7): spaces keep their names, addresses are
// told relative to the unit in each of them.
#include <algorithm>

#include "model/slice/contexts/context_slicer.hpp"
#include "model/slice/units/frames.hpp"

namespace tlbcheck::model {

namespace {

/// One number for each kind of operation and of descriptor.
enum ContextToken : std::uint64_t { of_thread = 1, of_initial, of_region, with_contents, of_memory };

class ContextWriter {
  public:
    ContextWriter(const ContextSlicer& slicer, const SliceContext& context, const UnitSlice& slice)
        : slicer_(slicer), context_(context), unit_(slice.unit), frames_(unit_.cell->unit_bytes) {
        write_unit();
        name_stored_memory(slice);
        for (const std::vector<KeptInstruction>& thread : slice.threads) {
            add(of_thread, thread.size());
            for (const KeptInstruction& kept : thread) write_kept(kept);
        }
    }
    std::vector<std::uint64_t> take() { return std::move(tokens_); }

  private:
    template <class... Numbers>
    void add(Numbers... numbers) {
        (tokens_.push_back(static_cast<std::uint64_t>(numbers)), ...);
    }
    std::uint64_t space_of(std::uint64_t address) const {
        const auto space = spaces::of(address);
        return space ? *space + 1 : 0;
    }
    std::uint64_t from_unit(std::uint64_t address) const {
        return spaces::plain(address) - spaces::plain(unit_.base);
    }

    void write_unit() {
        add(space_of(unit_.base), unit_.cell->finest, unit_.cell->unit_bytes, unit_.judged.first - unit_.base,
            unit_.judged.last - unit_.base);
        slicer_.for_each_slot(unit_, [&](const DescriptorSlot& slot) {
            const Descriptor value = initial_descriptor(context_.program, slot);
            const Region* region = region_of(context_.program.regions, slot.va);
            add(of_initial, unknown_at_start(context_.program, slot));
            if (region != nullptr) add(of_region, region->global, region->asid);
            write_slot(slot);
            write_value(slot, value);
        });
    }

    void name_stored_memory(const UnitSlice& slice) {
        for (const std::vector<KeptInstruction>& thread : slice.threads) {
            for (const KeptInstruction& kept : thread) {
                if (!std::holds_alternative<StoreDescriptor>(kept.instruction->operation)) continue;
                const Instruction at = instantiate(*kept.instruction, kept.iteration);
                const auto& store = std::get<StoreDescriptor>(at.operation);
                for (const AddressRange& memory : slicer_.mapped(store.value, store.slot, unit_))
                    frames_.name(memory);
            }
        }
    }

    /// Table pages of one level, table and space by rank; 0 is the one at the start.
    std::uint64_t rank(std::uint64_t va, int level, std::uint64_t generation) const {
        std::uint64_t result = generation == 0 ? 0 : 1;
        const std::uint64_t base = context_.geometry.table_base(va, level);
        for (const NewTable& table : context_.program.new_tables) {
            const TablePage& page = table.page;
            if (page.level == level && page.va_base == base && page.generation < generation) ++result;
        }
        return result;
    }

    void write_slot(const DescriptorSlot& slot) {
        const AddressRange range = slicer_.slots(unit_, slot.level);
        add(space_of(slot.va), slot.level, rank(slot.va, slot.level, slot.generation),
            spaces::plain(slot.va) - range.first,
            context_.geometry.entry_base(spaces::plain(unit_.base), slot.level) - range.first);
    }

    void write_value(const DescriptorSlot& slot, const Descriptor& value) {
        add(value.kind, value.af, value.db, value.dbm, value.el0, value.contiguous, value.not_global,
            value.nt, value.unaccessed, value.attributes);
        if (value.kind == DescriptorKind::table) add(rank(slot.va, slot.level + 1, value.oa));
        if (value.kind != DescriptorKind::leaf) return;
        for (const AddressRange& memory : slicer_.mapped(value, slot, unit_))
            add(of_memory, frames_.name(memory.first), frames_.offset(memory.first),
                memory.last - memory.first);
        if (value.contents) {
            const std::uint64_t address = spaces::plain(slot.va) + *value.contents;
            add(with_contents, frames_.name(address), frames_.offset(address));
        }
        // Where a contiguous value does not fit its slot, its own address matters too.
        if (value.contiguous && context_.geometry.contiguous_slots(slot.level)) {
            const std::uint64_t bytes = context_.geometry.contiguous_bytes(slot.level);
            add(value.oa % bytes - spaces::plain(slot.va) % bytes);
        }
    }

    void write_kept(const KeptInstruction& kept) {
        const Operation operation = instantiate(*kept.instruction, kept.iteration).operation;
        add(operation.index());
        if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
            add(store->atomic);
            write_slot(store->slot);
            write_value(store->slot, store->value);
        } else if (std::holds_alternative<TlbiInstruction>(operation)) {
            kept.footprint->write(tokens_);
        } else if (const auto* barrier = std::get_if<Barrier>(&operation)) {
            add(barrier->kind, barrier->domain, barrier->access, barrier->nxs);
        } else if (const auto* access = std::get_if<Access>(&operation)) {
            add(access->kind, access->flag.has_value(), access->flag ? *access->flag : from_unit(access->va),
                space_of(access->va), access->value);
        } else if (const auto* await = std::get_if<Await>(&operation)) {
            add(await->flag.has_value(), await->flag ? *await->flag : from_unit(await->va),
                space_of(await->va), await->value);
        } else if (const auto* free = std::get_if<Free>(&operation)) {
            write_free(*free);
        } else if (const auto* change = std::get_if<ContextChange>(&operation)) {
            add(change->kind, change->space, change->tge);
        }
    }

    void write_free(const Free& free) {
        add(free.by_guest);
        if (const auto* memory = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
            frames_.write_parts({memory->first, memory->first + (memory->second - 1)}, tokens_);
        } else {
            const auto& page = std::get<TablePage>(free.what);
            add(space_of(page.va_base), page.level, rank(page.va_base, page.level, page.generation));
        }
    }

    const ContextSlicer& slicer_;
    const SliceContext& context_;
    const Unit& unit_;
    Frames frames_;
    std::vector<std::uint64_t> tokens_;
};

}  // namespace

std::vector<std::uint64_t> ContextSlicer::canonical(const UnitSlice& slice) const {
    return ContextWriter(*this, context_, slice).take();
}

}  // namespace tlbcheck::model
