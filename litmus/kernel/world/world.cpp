// SPDX-License-Identifier: Apache-2.0
//
// Addresses are those of arch/arm64/include/asm/memory.h for 4K pages and 48-bit hardware.

#include "litmus/kernel/world/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/descriptors.hpp"
#include "litmus/kernel/world/fields.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::kernel::world {

using interpreter::Refusal;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
constexpr std::uint64_t linear_bytes = std::uint64_t{1} << 47U;
constexpr std::uint64_t linear_base_48 = 0xFFFF'0000'0000'0000;
/// Between 52 and 48 bits of address: how far the linear map's base lies below what 48-bit hardware can map.
constexpr std::uint64_t lpa2_offset = 0x000F'0000'0000'0000;

/// How often a number, or its negative, is among the constants of the code.
unsigned uses(const Image& image, std::uint64_t number) {
    unsigned count = 0;
    for (const Function& function : image.functions)
        for (const Constant& each : function.constants)
            if (each.symbol == none && (each.number == number || each.number == 0 - number)) ++count;
    return count;
}

std::uint64_t size_of(const Image& image, const char* structure, std::uint64_t otherwise) {
    const auto found = image.type_names.find(structure);
    return found == image.type_names.end() || image.types[found->second].size == 0
               ? otherwise
               : image.types[found->second].size;
}

/// Where struct page counts references; nullopt: debug information does not say.
std::optional<std::uint64_t> references_of_page(const Image& image) {
    if (!image.type_names.contains("page")) return std::nullopt;
    try {
        const Field field = find_field(image, "page", "_refcount.counter");
        return field.bytes == 4 ? std::optional(field.offset) : std::nullopt;
    } catch (const Refusal&) {
        return std::nullopt;
    }
}

/// VMEMMAP_START: since 6.9 the area ends 1G below the top, before it began at a power of two.
std::uint64_t vmemmap_start(const Image& image, int va_bits, std::uint64_t page_bytes) {
    const std::uint64_t page_offset = ~std::uint64_t{0} << static_cast<unsigned>(va_bits);
    const std::uint64_t range = (~std::uint64_t{0} << 47U) - page_offset;
    const std::uint64_t size = range / 4096 * page_bytes;
    const std::uint64_t since_6_9 = 0 - gib - size;
    const std::uint64_t before = ~std::uint64_t{0} << static_cast<unsigned>(va_bits - 6);
    return uses(image, before) > uses(image, since_6_9) ? before : since_6_9;
}

/// The linear map is as the regions have it, when one lies there: the PA of its base.
std::uint64_t memstart_of(const std::vector<model::Region>& regions) {
    for (const model::Region& region : regions) {
        const std::uint64_t offset = region.va - linear_base_48;
        if (region.va >= linear_base_48 && offset < linear_bytes && region.pa >= offset &&
            (region.pa - offset) % gib == 0)
            return region.pa - offset;
    }
    return gib;
}

}  // namespace

World::World(const Scenario& scenario, const model::HardwareParameters& hardware,
             const std::vector<model::Region>& regions, Recorder::Generation generation, std::uint64_t thread,
             std::vector<model::AddressSpace> spaces)
    : scenario_(scenario),
      hardware_(hardware),
      geometry_(hardware),
      regions_(regions),
      spaces_(std::move(spaces)),
      recorder_(regions_, geometry_, std::move(generation)) {
    if (hardware.granule != model::Granule::k4)
        throw Refusal("kernel code is run with 4K pages only (machine.granule)");
    check_regions();
    lay_out(scenario, hardware);
    recorder_.recording = false;
    recorder_.capability_name = [this](unsigned number) { return scenario_.capabilities.name(number); };
    machine_ = std::make_unique<interpreter::Machine>(*scenario.image, setup_, recorder_);
    interpreter::Memory& memory = machine_->memory();
    const auto present = [&](const char* capability) {
        const auto number = scenario.capabilities.number(capability);
        return number && scenario.capabilities.present(*number, hardware);
    };
    tables_ = std::make_unique<Tables>(memory, geometry_, spaces_, present("ARM64_HAS_STAGE2_FWB"));
    recorder_.start(*tables_, memory, next_pa_);
    const auto root = machine_->address_of("swapper_pg_dir");
    std::uint64_t high_root = 0;
    if (root) high_root = memory.find(*root, "the root table").pa;
    const auto make_root = [&] {
        const std::uint64_t pa = next_pa_;
        next_pa_ += interpreter::page_bytes;
        memory.make_page(pa, true);
        return pa;
    };
    if (!root) high_root = make_root();
    const std::uint64_t low_root = make_root();
    tables_->build(regions_, low_root, high_root, next_pa_);
    std::optional<std::uint64_t> reserved;
    if (const auto page = machine_->address_of("reserved_pg_dir")) reserved = physical_address(*page);
    pe_ = std::make_unique<PeRegisters>(spaces_, tables_->space_roots(), low_root, high_root, reserved,
                                        setup_.registers);
    recorder_.write_register = [this](assembly::SystemRegister reg, std::uint64_t value) {
        return pe_->write(reg, value);
    };
    constexpr std::uint64_t el2 = 2U << 2U;
    if (present("ARM64_HAS_VIRT_HOST_EXTN")) setup_.registers[assembly::current_el] = el2;
    count_table_references();
    // The tables of the start lie at the same place in all threads; what each allocates is its own.
    constexpr unsigned share_of_a_thread = 40;
    next_pa_ += thread << share_of_a_thread;
    memory.translate = [this](std::uint64_t va) { return tables_->translate(va); };
    set_kernel_variables();
    set_up_fixmap();
    recorder_.notes.clear();
    recorder_.recording = true;
}

void World::check_regions() const {
    const bool spaces_of_el1 = std::ranges::any_of(
        spaces_, [](const model::AddressSpace& each) { return each.base() == model::BaseRegister::of_el1; });
    for (const model::Region& region : regions_) {
        const auto space = model::spaces::of(region.va);
        if (!space && spaces_of_el1 && region.va >> 63U == 0)
            throw Refusal(
                fmt::format("region '{}' of the lower half is in every space, and kernel code is run on the "
                            "tables of each: write space = NAME",
                            region.name));
        if (space && spaces_[*space].regime == model::Regime::el2 && region.global)
            throw Refusal(fmt::format("region '{}' of EL2 is global, where no ASIDs are", region.name));
    }
}

/// KVM's page-table code counts in a table page's own struct page what it holds, beside the one reference of
/// the page itself.
void World::count_table_references() {
    interpreter::Memory& memory = machine_->memory();
    for (model::SpaceId space = 0; space < spaces_.size(); ++space) {
        if (spaces_[space].base() == model::BaseRegister::of_el1) continue;
        for (const std::uint64_t pa : tables_->pages_of(space)) {
            std::uint64_t count = 1;
            for (std::uint64_t at = 0; at < interpreter::page_bytes; at += 8)
                if (memory.read_physical(pa + at, 8) != 0) ++count;
            machine_->set_page_references(pa, count);
        }
    }
}

std::uint64_t World::physical_address(std::uint64_t address) const {
    const auto pa = machine_->memory().physical(address);
    if (!pa) throw Refusal(fmt::format("0x{:x} is no address of memory", address));
    return *pa;
}

void World::lay_out(const Scenario& scenario, const model::HardwareParameters& hardware) {
    const Image& image = *scenario.image;
    const int va_bits = scenario.va_bits.value_or(image.va_bits != 0 ? image.va_bits : 48);
    if (va_bits != 48 && va_bits != 52)
        throw Refusal(fmt::format("kernel code of {} bits of virtual address is not modelled", va_bits));
    interpreter::AddressLayout& at = setup_.layout;
    at.page_offset = scenario.page_offset.value_or(linear_base_48);
    at.linear_bytes = linear_bytes;
    at.memstart = scenario.memstart.value_or(memstart_of(regions_));
    memstart_variable_ = at.memstart - (va_bits == 52 ? lpa2_offset : 0);
    at.struct_page_bytes = size_of(image, "page", 64);
    at.task_bytes = size_of(image, "task_struct", 16384);
    at.page_references = references_of_page(image);
    const std::uint64_t first =
        scenario.vmemmap.value_or(vmemmap_start(image, va_bits, at.struct_page_bytes));
    const auto frames = static_cast<std::uint64_t>(static_cast<std::int64_t>(memstart_variable_) >> 12);
    at.vmemmap_page0 = first - frames * at.struct_page_bytes;
    at.vmemmap_first = first;
    at.vmemmap_last = 0 - gib - 1 > first ? 0 - gib - 1 : ~std::uint64_t{0} - 0xFFFF;
    std::uint64_t end = at.memstart;
    for (const model::Region& region : regions_) end = std::max(end, region.pa + region.size);
    next_pa_ = (end + gib) / gib * gib;
    at.image_pa = next_pa_;
    next_pa_ += 2 * gib;
    setup_.capability = [this, hardware](unsigned number) {
        if (scenario_.capabilities.numbers().empty())
            throw Refusal(
                fmt::format("it asks for CPU capability {}, and no header says which one that is: "
                            "capabilities \"cpucap-defs.h\";",
                            number));
        return scenario_.capabilities.present(number, hardware);
    };
    constexpr std::uint64_t t0sz = 16;
    constexpr std::uint64_t t1sz = 16U << 16U;
    constexpr std::uint64_t el1 = 1U << 2U;
    setup_.registers = {{assembly::tcr_el1, t0sz | t1sz},
                        {assembly::daif, 0},
                        {assembly::current_el, el1},
                        {assembly::tpidr_el1, 0},
                        {assembly::tpidr_el2, 0}};
    setup_.limits.poll = [] { model::poll_now(); };
}

/// What boot code leaves in variables.
void World::set_kernel_variables() {
    const auto put = [&](const char* name, std::uint64_t value) {
        if (const auto at = machine_->address_of(name)) machine_->set(*at, value, 8);
    };
    put("memstart_addr", memstart_variable_);
    put("vabits_actual", 48);
    // Every page frame has a struct page.
    put("highest_memmap_pfn", ~std::uint64_t{0} >> 1U);
    put("kimage_voffset", setup_.layout.image - setup_.layout.image_pa);
    const auto root = machine_->address_of("swapper_pg_dir");
    if (root && machine_->address_of("init_mm")) set("init_mm.pgd", *root);
    // The bitmaps of capabilities, for code that asks them rather than an alternative.
    for (const char* bitmap : {"system_cpucaps", "boot_cpucaps", "cpu_hwcaps", "boot_capabilities"}) {
        const auto at = machine_->address_of(bitmap);
        if (!at) continue;
        std::map<std::uint64_t, std::uint64_t> words;
        for (const auto& [name, number] : scenario_.capabilities.numbers()) {
            std::uint64_t& word = words[number / 64];
            if (setup_.capability(number)) word |= std::uint64_t{1} << number % 64;
        }
        for (const auto& [index, word] : words) machine_->set(*at + index * 8, word, 8);
    }
}

/// The kernel's own code hooks the fixmap's tables into the root, where it is part of the bitcode.
void World::set_up_fixmap() {
    const auto function = scenario_.image->find_symbol("early_fixmap_init");
    if (!function || !scenario_.image->symbols[*function].defined) return;
    const auto root = machine_->address_of("swapper_pg_dir");
    if (!root || !machine_->address_of("init_mm")) return;
    // While a kernel boots init_mm has another root than swapper_pg_dir, which is written through the fixmap
    // alone.
    interpreter::Memory& memory = machine_->memory();
    const std::uint64_t boot_root = next_pa_;
    next_pa_ += interpreter::page_bytes;
    memory.make_page(boot_root, true);
    const std::uint64_t final_root = tables_->root_of(~std::uint64_t{0});
    const auto copy_root = [&](std::uint64_t to, std::uint64_t from) {
        for (std::uint64_t at = 0; at < interpreter::page_bytes; at += 8)
            memory.write_physical(to + at, memory.read_physical(from + at, 8), 8);
    };
    copy_root(boot_root, final_root);
    set("init_mm.pgd", machine_->linear_address(boot_root));
    try {
        machine_->run("early_fixmap_init", {});
        copy_root(final_root, boot_root);
    } catch (const Refusal&) {
        // Code that uses the fixmap will say what is missing.
    }
    set("init_mm.pgd", *root);
    tables_->adopt();
}

void World::set(const std::string& path, std::uint64_t value) {
    const Field field = find_variable(*scenario_.image, path);
    const auto base = machine_->address_of(field.symbol);
    if (!base) throw Refusal(fmt::format("the bitcode has no variable '{}'", field.symbol));
    machine_->set(*base + field.offset, value, field.bytes);
}

void World::set_field(const std::string& structure, std::uint64_t address, const std::string& path,
                      std::uint64_t value) {
    const Field field = find_field(*scenario_.image, structure, path);
    machine_->set(address + field.offset, value, field.bytes);
}

std::uint64_t World::field_address(const std::string& structure, std::uint64_t address,
                                   const std::string& path) const {
    return address + offset_of_field(*scenario_.image, structure, path);
}

std::uint64_t World::object(const std::string& structure) {
    return machine_->make_object(size_of_structure(*scenario_.image, structure));
}

std::uint64_t World::allocated_page() {
    const std::uint64_t pa = recorder_.allocate_pages(interpreter::page_bytes, true, interpreter::no_stack);
    machine_->memory().make_page(pa, true);
    machine_->memory().set_use(pa, interpreter::PageUse::table);
    return pa;
}

std::uint64_t World::table_slot(std::uint64_t va, int level) {
    const auto pa = tables_->descriptor_pa(va, level);
    if (!pa)
        throw Refusal(
            fmt::format("the walk for 0x{:x} ends above level {}", model::spaces::plain(va), level));
    const auto root = machine_->address_of("swapper_pg_dir");
    if (root && tables_->page_of(*pa) == tables_->root_of(~std::uint64_t{0}))
        return *root + *pa % interpreter::page_bytes;
    return machine_->linear_address(*pa);
}

std::uint64_t World::descriptor(std::uint64_t va, int level) {
    const auto pa = tables_->descriptor_pa(va, level);
    if (!pa)
        throw Refusal(
            fmt::format("the walk for 0x{:x} ends above level {}", model::spaces::plain(va), level));
    return machine_->memory().read_physical(*pa, 8);
}

std::uint64_t World::address_of(const std::string& symbol) {
    const auto found = machine_->address_of(symbol);
    if (!found) throw Refusal(fmt::format("the bitcode has nothing named '{}'", symbol));
    return *found;
}

std::uint64_t World::raw_word(const model::StoreDescriptor& store) const {
    if (store.value.kind == model::DescriptorKind::invalid) return 0;
    if (store.value.kind == model::DescriptorKind::table)
        throw Refusal("a statement before the call hooks a table; let the kernel's code do it");
    model::Region leaf;
    leaf.va = store.slot.va;
    leaf.pa = store.value.oa;
    leaf.level = store.slot.level;
    leaf.contiguous = store.value.contiguous;
    leaf.writable = store.value.db;
    leaf.attributes = store.value.attributes;
    leaf.global = !store.value.not_global;
    return leaf_word(leaf, leaf.va, tables_->format_of(leaf.va));
}

void World::replay(const std::vector<model::Run>& runs) {
    for (const model::Run& run : runs) {
        for (const model::Instruction& in : run.body) {
            if (!std::holds_alternative<model::StoreDescriptor>(in.operation) ||
                in.kernel != model::no_kernel_stack)
                continue;
            for (std::uint64_t i = 0; i < run.count; ++i) {
                const model::Instruction each = model::instantiate(in, i);
                const auto& store = std::get<model::StoreDescriptor>(each.operation);
                const auto pa = tables_->descriptor_pa(store.slot.va, store.slot.level);
                if (!pa)
                    throw Refusal(fmt::format(
                        "a statement before the call stores to a table for 0x{:x} that is not hooked",
                        store.slot.va));
                machine_->memory().write_physical(*pa, raw_word(store), 8);
            }
        }
    }
}

std::vector<model::Run> World::call(const std::string& function,
                                    const std::vector<std::uint64_t>& arguments) {
    machine_->run(function, arguments);
    return recorder_.take();
}

}  // namespace tlbcheck::litmus::kernel::world
