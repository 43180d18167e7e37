// SPDX-License-Identifier: Apache-2.0
//
// Stores to a page that the allocator gave are recorded before anyone knows whether, and of what, it becomes
// a table: such an instruction has the page's placeholder for its generation, the slot's number for its
// address, the raw word for its value. When the runs are taken these are settled, or dropped.

#include "litmus/kernel/world/recorder.hpp"

#include <fmt/format.h>

#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/descriptors.hpp"

namespace tlbcheck::litmus::kernel::world {

using interpreter::Refusal;
using interpreter::StackId;
using model::DescriptorKind;
using model::KernelNote;

namespace {

constexpr std::uint32_t placeholder_bit = 0x80000000U;

bool is_placeholder(std::uint32_t generation) {
    return (generation & placeholder_bit) != 0;
}

}  // namespace

Recorder::Recorder(const std::vector<model::Region>& regions, const model::Geometry& geometry,
                   Generation generation)
    : regions_(regions), geometry_(geometry), generation_(std::move(generation)) {}

void Recorder::start(Tables& tables, interpreter::Memory& memory, std::uint64_t& next_pa) {
    tables_ = &tables;
    memory_ = &memory;
    next_pa_ = &next_pa;
}

model::Instruction Recorder::instruction(model::Operation operation, StackId stack) const {
    model::Instruction result;
    result.operation = std::move(operation);
    result.place = place;
    result.helper_place = place;
    result.kernel = stack;
    return result;
}

void Recorder::add(model::Operation operation, StackId stack) {
    if (!recording) return;
    fold_.add(instruction(std::move(operation), stack));
    if (fold_.held() > most_instructions)
        throw interpreter::LimitReached(
            fmt::format("more than {} instructions that do not repeat", most_instructions));
}

void Recorder::tlbi(const model::TlbiOp& op, std::uint64_t operand, StackId stack) {
    add(model::TlbiInstruction{op, operand}, stack);
}

void Recorder::barrier(const model::Barrier& barrier, StackId stack) {
    add(barrier, stack);
}

bool Recorder::register_written(assembly::SystemRegister reg, std::uint64_t value, StackId stack) {
    const std::optional<RegisterWrite> write = write_register(reg, value);
    if (!write) return false;
    if (write->change) add(*write->change, stack);
    return true;
}

void Recorder::hypercall(bool entry, StackId stack) {
    using Kind = model::ContextChange::Kind;
    add(model::ContextChange{entry ? Kind::exception_entry : Kind::exception_return}, stack);
}

// ---- tables
// -----------------------------------------------------------------------------------------------------------

void Recorder::table_store(const interpreter::TableStore& store, StackId stack) {
    const KnownPage* const known = tables_->find(store.pa);
    if (known == nullptr || !recording) return;
    if (store.bytes != 8 || store.pa % 8 != 0) {
        if (!known->table) return;  // refused if it becomes one: its slot is then unknown
        throw Refusal(fmt::format(
            "a store of {} bytes to a translation table; descriptors are written 8 bytes at a time",
            store.bytes));
    }
    if (known->table)
        store_to_table(store, *known->table, stack);
    else
        store_to_allocated(store, *known, stack);
}

/// A leaf that takes the place of another, at whatever level, must not differ in what the model has no word
/// for.
void Recorder::check_change(std::uint64_t before, std::uint64_t after,
                            const model::DescriptorSlot& slot) const {
    const DescriptorFormat format = tables_->format_of(slot.va);
    std::uint64_t reference = before;
    if (kind_of(before, slot.level) != DescriptorKind::leaf) {
        const model::Region* const region = model::region_of(regions_, slot.va);
        if (region == nullptr || !region->mapped) return;
        reference = leaf_word(*region, slot.va, format);
    }
    const std::string differs = unmodelled_difference(reference, after, format);
    if (differs.empty()) return;
    throw Refusal(fmt::format(
        "the descriptor for {} 0x{:x} changes {}, which the model has no word for (0x{:x} becomes 0x{:x}): "
        "descriptor(region) has the bits that are there",
        format.kind == DescriptorFormat::Kind::stage2 ? "IPA" : "VA", model::spaces::plain(slot.va), differs,
        reference, after));
}

void Recorder::store_to_table(const interpreter::TableStore& store, const model::TablePage& page,
                              StackId stack) {
    model::StoreDescriptor out;
    out.slot = tables_->slot(store.pa, page);
    switch (kind_of(store.after, page.level)) {
        case DescriptorKind::invalid:
            break;
        case DescriptorKind::leaf:
            out.value = leaf_of(store.after, page.level, geometry_, tables_->format_of(out.slot.va));
            check_change(store.before_known ? store.before : 0, store.after, out.slot);
            break;
        case DescriptorKind::table: {
            const std::uint64_t next = address_of(store.after, page.level, geometry_);
            const std::uint64_t va_base = out.slot.va;
            tables_->hook(next, page.level + 1, va_base,
                          [this](std::uint64_t pa, KnownPage& known, int level, std::uint64_t va) {
                              return became_table(pa, known, level, va);
                          });
            out.value.kind = DescriptorKind::table;
            out.value.oa = tables_->find(next)->table->generation;
            break;
        }
    }
    add(out, stack);
}

void Recorder::store_to_allocated(const interpreter::TableStore& store, const KnownPage& page,
                                  StackId stack) {
    model::StoreDescriptor out;
    out.slot = {(store.pa - tables_->page_of(store.pa)) / 8, 0, placeholder_bit | page.placeholder};
    out.value.kind = DescriptorKind::leaf;
    out.value.oa = store.after;
    add(out, stack);
}

std::uint32_t Recorder::became_table(std::uint64_t pa, KnownPage& known, int level, std::uint64_t va_base) {
    model::NewTable table;
    table.page = {level, va_base, generation_(level, va_base)};
    if (known.placeholder != 0) {
        // What it holds was stored by recorded instructions, the allocator's zeros among them.
        table.garbage = true;
        placeholders_[known.placeholder] = table.page;
    } else {
        const std::uint64_t bytes = model::granule_bytes(geometry_.granule());
        for (std::uint64_t at = 0; at < bytes; at += 8) {
            const std::uint64_t word = memory_->read_physical(pa + at, 8);
            if (kind_of(word, level) != DescriptorKind::invalid)
                throw Refusal(fmt::format(
                    "the page at PA 0x{:x} becomes a table with contents that were not stored by this code",
                    pa));
        }
    }
    new_tables_.push_back(std::move(table));
    return new_tables_.back().page.generation;
}

bool Recorder::settle(model::Instruction& in, std::uint64_t count) const {
    auto* const store = std::get_if<model::StoreDescriptor>(&in.operation);
    if (store == nullptr || !is_placeholder(store->slot.generation)) return true;
    const auto found = placeholders_.find(store->slot.generation & ~placeholder_bit);
    if (found == placeholders_.end()) return false;
    const model::TablePage& page = found->second;
    const std::uint64_t unit = geometry_.entry_bytes(page.level);
    store->slot = {page.va_base + store->slot.va * unit, page.level, page.generation};
    in.va_step *= unit;
    const std::uint64_t word = store->value.oa;
    store->value = {};
    switch (kind_of(word, page.level)) {
        case DescriptorKind::invalid:
            if (count > 1 && in.pa_step != 0)
                throw Refusal("stores of growing words that are no descriptors, to a new table");
            break;
        case DescriptorKind::leaf: {
            const DescriptorFormat format = tables_->format_of(page.va_base);
            store->value = leaf_of(word, page.level, geometry_, format);
            check_change(0, word, store->slot);
            // Words that grow evenly are leaves that grow evenly as long as only their addresses do.
            model::Descriptor last = leaf_of(word + in.pa_step * (count - 1), page.level, geometry_, format);
            last.oa -= in.pa_step * (count - 1);
            if (last != store->value)
                throw Refusal("stores of words to a new table that grow in more than their addresses");
            break;
        }
        case DescriptorKind::table: {
            if (count > 1) throw Refusal("a run of table descriptors in a table that is not yet hooked");
            const KnownPage* const next = tables_->find(address_of(word, page.level, geometry_));
            store->value.kind = DescriptorKind::table;
            store->value.oa = next != nullptr && next->table ? next->table->generation : 0;
            break;
        }
    }
    if (store->value.kind != DescriptorKind::leaf) in.pa_step = 0;
    return true;
}

std::vector<model::Run> Recorder::take() {
    std::vector<model::Run> result;
    for (model::Run& run : fold_.take()) {
        model::Run kept;
        kept.count = run.count;
        for (model::Instruction& in : run.body)
            if (settle(in, run.count)) kept.body.push_back(std::move(in));
        if (!kept.body.empty()) result.push_back(std::move(kept));
    }
    return result;
}

// ---- pages
// ------------------------------------------------------------------------------------------------------------

void Recorder::free_pages(std::uint64_t pa, std::uint64_t bytes, StackId stack) {
    const std::uint64_t granule = model::granule_bytes(geometry_.granule());
    for (std::uint64_t at = pa; at < pa + bytes; at += granule) {
        const KnownPage* const known = tables_->find(at);
        if (known == nullptr || !known->table) continue;
        if (bytes > granule) throw Refusal("pages freed together of which one is a translation table");
        return add(model::Free{*known->table}, stack);
    }
    add(model::Free{std::pair(pa, bytes)}, stack);
}

std::uint64_t Recorder::allocate_pages(std::uint64_t bytes, bool zeroed, StackId stack) {
    const std::uint64_t granule = model::granule_bytes(geometry_.granule());
    const std::uint64_t size = (bytes + granule - 1) / granule * granule;
    // Aligned as the kernel's buddy allocator aligns.
    const std::uint64_t pa = (*next_pa_ + size - 1) / size * size;
    *next_pa_ = pa + size;
    for (std::uint64_t at = pa; at < pa + size; at += granule) {
        const KnownPage& page = tables_->add_allocated(at, zeroed);
        if (!zeroed || !recording) continue;
        model::StoreDescriptor zero;
        zero.slot = {0, 0, placeholder_bit | page.placeholder};
        zero.value.kind = DescriptorKind::leaf;  // a raw word, zero
        fold_.add_run(granule / 8, instruction(zero, stack), 1);
    }
    return pa;
}

// ---- notes
// ------------------------------------------------------------------------------------------------------------

void Recorder::stub_called(const std::string& function, const std::string& what, StackId stack) {
    notes.push_back({{KernelNote::Kind::stub, function, what, model::no_kernel_stack, 0}, stack});
}
void Recorder::extern_read(const std::string& variable, StackId stack) {
    notes.push_back({{KernelNote::Kind::unset_variable, variable, "0", model::no_kernel_stack, 0}, stack});
}
void Recorder::capability_asked(unsigned number, bool present, StackId stack) {
    const std::string name = capability_name ? capability_name(number) : fmt::format("capability {}", number);
    notes.push_back(
        {{KernelNote::Kind::capability, name, present ? "present" : "absent", model::no_kernel_stack, 0},
         stack});
}
void Recorder::register_read(const std::string& name, std::uint64_t value, StackId stack) {
    notes.push_back(
        {{KernelNote::Kind::system_register, name, fmt::format("0x{:x}", value), model::no_kernel_stack, 0},
         stack});
}
void Recorder::warned(const std::string& text, StackId stack) {
    notes.push_back({{KernelNote::Kind::warning, text, "", model::no_kernel_stack, 0}, stack});
}

}  // namespace tlbcheck::litmus::kernel::world
