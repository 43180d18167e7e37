// SPDX-License-Identifier: Apache-2.0
//
// Canonical form of a slice: what it says up to a renaming of virtual and physical addresses and of table
// pages (docs/formal-model.md section 8; docs/slicing.md, lemma 7). Equal forms are equal slices; forms may
// differ needlessly.
#include "model/slice/units/frames.hpp"
#include "model/slice/units/unit_slicer.hpp"

namespace tlbcheck::model {

namespace {

enum Token : std::uint64_t {
    thread_start = 1,
    store,
    tlbi,
    barrier,
    flag_access,
    access,
    await_flag,
    await_va,
    free_pages,
    free_table,
    initial,
    same_contents
};

class Writer {
  public:
    Writer(const UnitSlicer& slicer, const SliceContext& context, const UnitSlice& slice)
        : slicer_(slicer), context_(context), slice_(slice), frames_(slice.unit.cell->unit_bytes) {}

    std::vector<std::uint64_t> write() {
        write_unit();
        name_stored_memory();
        for (const std::vector<KeptInstruction>& thread : slice_.threads) {
            add(thread_start, thread.size());
            for (const KeptInstruction& kept : thread) write_kept(kept);
        }
        return std::move(tokens_);
    }

  private:
    template <class... Numbers>
    void add(Numbers... numbers) {
        (tokens_.push_back(static_cast<std::uint64_t>(numbers)), ...);
    }

    void write_unit() {
        const Unit& unit = slice_.unit;
        const Region& region = context_.program.regions[unit.cell->region];
        add(unit.cell->finest, unit.cell->unit_bytes, unit.judged.first - unit.base,
            unit.judged.last - unit.base, region.global);
        slicer_.initial_values(unit, [&](const DescriptorSlot& slot, const Descriptor& value, bool garbage) {
            add(initial, garbage && unknown_at_start(context_.program, slot));
            write_slot(slot);
            write_value(slot, value);
        });
    }

    void name_stored_memory() {
        for (const std::vector<KeptInstruction>& thread : slice_.threads) {
            for (const KeptInstruction& kept : thread) {
                if (!std::holds_alternative<StoreDescriptor>(kept.instruction->operation)) continue;
                const Instruction instruction = instantiate(*kept.instruction, kept.iteration);
                const auto& operation = std::get<StoreDescriptor>(instruction.operation);
                if (operation.value.kind != DescriptorKind::leaf) continue;
                const auto memory =
                    UnitSlicer::mapped(operation.value, operation.slot, slice_.unit, context_);
                if (memory) frames_.name(*memory);
            }
        }
    }

    void write_slot(const DescriptorSlot& slot) {
        const AddressRange descriptors = context_.descriptors(slice_.unit, slot.level);
        const AddressRange own = context_.entry(slice_.unit, slot.level);
        add(slot.level, slicer_.generation_rank(slice_.unit, slot.level, slot.generation),
            slot.va - descriptors.first);
        if (slot.level < slice_.unit.cell->finest) add(own.first - descriptors.first);
    }

    void write_value(const DescriptorSlot& slot, const Descriptor& value) {
        add(static_cast<std::uint64_t>(value.kind) | (value.af ? 4U : 0U) | (value.db ? 8U : 0U) |
                (value.dbm ? 16U : 0U) | (value.el0 ? 32U : 0U) | (value.contiguous ? 64U : 0U) |
                (value.not_global ? 128U : 0U) | (value.nt ? 256U : 0U) | (value.unaccessed ? 512U : 0U),
            value.attributes);
        if (value.kind == DescriptorKind::table) {
            add(slicer_.generation_rank(slice_.unit, slot.level + 1, value.oa));
        } else if (value.kind == DescriptorKind::leaf) {
            const auto memory = UnitSlicer::mapped(value, slot, slice_.unit, context_);
            if (!memory) return;
            frames_.name(*memory);
            add(frames_.name(memory->first), frames_.offset(memory->first), memory->last - memory->first);
            if (value.contents) {
                const std::uint64_t address = slot.va + *value.contents;
                add(same_contents, frames_.name(address), frames_.offset(address));
            }
            // Where a contiguous value does not fit its slot, its own address matters too.
            if (value.contiguous && context_.geometry.contiguous_slots(slot.level)) {
                const std::uint64_t bytes = context_.geometry.contiguous_bytes(slot.level);
                add(value.oa % bytes - slot.va % bytes);
            }
        }
    }

    void write_kept(const KeptInstruction& kept) {
        const Instruction instruction = instantiate(*kept.instruction, kept.iteration);
        const Operation& operation = instruction.operation;
        const std::uint64_t base = slice_.unit.base;
        if (const auto* s = std::get_if<StoreDescriptor>(&operation)) {
            add(store, s->atomic ? 1U : 0U);
            write_slot(s->slot);
            write_value(s->slot, s->value);
        } else if (std::holds_alternative<TlbiInstruction>(operation)) {
            add(tlbi);
            kept.footprint->write(tokens_);
        } else if (const auto* b = std::get_if<Barrier>(&operation)) {
            add(barrier, b->kind, b->domain, b->access, b->nxs);
        } else if (const auto* a = std::get_if<Access>(&operation)) {
            add(a->flag ? flag_access : access, a->kind, a->flag ? *a->flag : a->va - base, a->value);
        } else if (const auto* w = std::get_if<Await>(&operation)) {
            add(w->flag ? await_flag : await_va, w->flag ? *w->flag : w->va - base, w->value);
        } else if (const auto* f = std::get_if<Free>(&operation)) {
            write_free(*f);
        }
    }

    void write_free(const Free& free) {
        if (const auto* pages = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
            add(free_pages);
            frames_.write_parts({pages->first, pages->first + (pages->second - 1)}, tokens_);
        } else {
            const TablePage& page = std::get<TablePage>(free.what);
            add(free_table, page.level, slicer_.generation_rank(slice_.unit, page.level, page.generation));
        }
    }

    const UnitSlicer& slicer_;
    const SliceContext& context_;
    const UnitSlice& slice_;
    Frames frames_;
    std::vector<std::uint64_t> tokens_;
};

}  // namespace

std::uint64_t UnitSlicer::generation_rank(const Unit& unit, int level, std::uint64_t generation) const {
    constexpr std::uint64_t unknown = 1U
                                      << 20;  // a table page that holds nothing at the start and has no entry
    if (generation == 0) return 0;
    const std::vector<NewTable>& tables = context_.program.new_tables;
    const std::uint64_t base = context_.geometry.table_base(unit.base, level);
    const auto before = [](const NewTable& t, const TablePage& page) { return t.page < page; };
    const auto first = std::lower_bound(tables.begin(), tables.end(), TablePage{level, base, 0}, before);
    const auto found = std::lower_bound(
        first, tables.end(), TablePage{level, base, static_cast<std::uint32_t>(generation)}, before);
    if (found == tables.end() ||
        found->page != TablePage{level, base, static_cast<std::uint32_t>(generation)}) {
        return unknown + generation;
    }
    return static_cast<std::uint64_t>(found - first) + 1;
}

std::vector<std::uint64_t> UnitSlicer::canonical(const UnitSlice& slice) const {
    return Writer(*this, context_, slice).write();
}

}  // namespace tlbcheck::model
