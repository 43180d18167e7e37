// SPDX-License-Identifier: Apache-2.0
//
// The kernel's address space: variables and functions of the image, linear map, vmemmap, stack, objects.

#include "litmus/kernel/interpreter/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "litmus/kernel/interpreter/execution.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

// Physical memory of no RAM.
constexpr std::uint64_t stack_pa = Memory::private_pa;
constexpr std::uint64_t objects_pa = Memory::private_pa + (std::uint64_t{1} << 40U);
constexpr std::uint64_t vmemmap_pa = Memory::private_pa + (std::uint64_t{1} << 52U);
constexpr std::uint64_t objects_bytes = std::uint64_t{1} << 29U;
constexpr std::uint64_t image_bytes = std::uint64_t{1} << 30U;

constexpr std::uint64_t up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) / alignment * alignment;
}

}  // namespace

Machine::Machine(const Image& image, const Setup& setup, Sink& sink)
    : image_(image), setup_(setup), sink_(sink), told_extern_(image.symbols.size(), false) {
    const AddressLayout& at = setup.layout;
    memory_.most_pages = setup.limits.pages;
    memory_.add_area({"the linear map", at.page_offset, at.page_offset + (at.linear_bytes - 1), at.memstart});
    place_symbols();
    memory_.add_area({"the stack", at.stack, at.stack + (at.stack_bytes - 1), stack_pa, true});
    memory_.add_area({"objects", at.objects, at.objects + (objects_bytes - 1), objects_pa, true});
    if (at.vmemmap_last > at.vmemmap_first)
        memory_.add_area({"vmemmap", at.vmemmap_first, at.vmemmap_last, vmemmap_pa, true});
    next_object_ = at.objects;
    task_ = make_object(at.task_bytes);
    execution_ = std::make_unique<Execution>(*this);
}

Machine::~Machine() = default;

void Machine::place_symbols() {
    // What the image has, then what it only declares (each with pages of its own), then functions, which
    // have addresses but no memory.
    addresses_.resize(image_.symbols.size());
    std::uint64_t next = setup_.layout.image + page_bytes;
    const std::uint64_t start = setup_.layout.image;
    const auto check = [&] {
        if (next - start > image_bytes)
            throw Refusal(fmt::format(
                "the variables of the bitcode take more than the {} bytes of a kernel image", image_bytes));
    };
    const auto place = [&](bool defined) {
        for (std::uint32_t i = 0; i < image_.symbols.size(); ++i) {
            const Symbol& symbol = image_.symbols[i];
            if (symbol.is_function || symbol.defined != defined) continue;
            next = up(next, std::max<std::uint64_t>(defined ? symbol.alignment : page_bytes, 8));
            addresses_[i] = next;
            variables_.emplace(next, i);
            next += std::clamp<std::uint64_t>(symbol.size, 8, image_bytes + 1);
            check();
        }
        next = up(next, page_bytes);
    };
    place(true);
    const std::uint64_t declared = next;
    place(false);
    const std::uint64_t code = next;
    for (std::uint32_t i = 0; i < image_.symbols.size(); ++i) {
        if (!image_.symbols[i].is_function) continue;
        // A weak function that nobody has is at address 0, as a linker puts it.
        if (!image_.symbols[i].defined && image_.symbols[i].weak && !find_stub(image_.symbols[i].name))
            continue;
        addresses_[i] = next;
        functions_.emplace(next, i);
        next += 16;
    }
    check();
    const std::uint64_t pa = setup_.layout.image_pa;
    memory_.add_area({"the kernel image", start, declared - 1, pa, true});
    if (code > declared)
        memory_.add_area({"variables that the bitcode only declares", declared, code - 1,
                          pa + (declared - start), true, PageUse::extern_});
    memory_.add_area({"the kernel's code", code, up(next + 1, page_bytes) - 1, pa + (code - start)});
    for (std::uint32_t i = 0; i < image_.symbols.size(); ++i) fill(i);
}

void Machine::fill(std::uint32_t symbol) {
    const Symbol& from = image_.symbols[symbol];
    if (from.is_function || !from.defined) return;
    const std::uint64_t at = addresses_[symbol];
    for (std::uint64_t i = 0; i < from.bytes.size();) {
        // Page by page; what is zero stays unmade.
        const std::uint64_t count =
            std::min<std::uint64_t>(from.bytes.size() - i, page_bytes - (at + i) % page_bytes);
        const auto first = from.bytes.begin() + static_cast<std::ptrdiff_t>(i);
        const auto last = first + static_cast<std::ptrdiff_t>(count);
        if (std::any_of(first, last, [](std::uint8_t byte) { return byte != 0; })) {
            const Memory::Found found = memory_.find(at + i, "initialising");
            std::copy(first, last,
                      found.page->bytes.begin() + static_cast<std::ptrdiff_t>(found.pa % page_bytes));
        }
        i += count;
    }
    for (const Relocation& each : from.relocations) {
        const std::uint64_t value = addresses_[each.value.symbol] + each.value.number -
                                    (each.minus == none ? 0 : addresses_[each.minus]);
        for (unsigned i = 0; i < each.bytes; ++i)
            memory_.write_physical(memory_.find(at + each.offset + i, "initialising").pa,
                                   value >> (8 * i) & 0xff, 1);
    }
    for (const auto& [offset, bytes] : from.unknown) memory_.mark_unknown(at + offset, bytes);
}

const Symbol* Machine::variable_at(std::uint64_t va) const {
    auto next = variables_.upper_bound(va);
    if (next == variables_.begin()) return nullptr;
    --next;
    return &image_.symbols[next->second];
}

std::optional<std::uint64_t> Machine::address_of(const std::string& symbol) const {
    const auto found = image_.find_symbol(symbol);
    if (!found) return std::nullopt;
    return addresses_[*found];
}

void Machine::set(std::uint64_t address, std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) {
        const Memory::Found found = memory_.find(address + i, "kernel_set writes");
        memory_.write_physical(found.pa, value >> (8 * i) & 0xff, 1);
        if (found.page->use == PageUse::extern_) memory_.set_use(found.pa, PageUse::plain);
    }
}

std::uint64_t Machine::make_object(std::uint64_t bytes) {
    const std::uint64_t at = next_object_;
    if (bytes > objects_bytes - (at - setup_.layout.objects))
        throw LimitReached("the run needs more memory for objects than there is");
    next_object_ = up(at + std::max<std::uint64_t>(bytes, 1), 64);
    return at;
}

std::uint64_t Machine::linear_address(std::uint64_t pa) const {
    return setup_.layout.page_offset + (pa - setup_.layout.memstart);
}

std::uint64_t Machine::page_address(std::uint64_t pa) const {
    return setup_.layout.vmemmap_page0 + pa / page_bytes * setup_.layout.struct_page_bytes;
}

void Machine::set_page_references(std::uint64_t pa, std::uint64_t count) {
    const std::uint64_t page = page_address(pa);
    const AddressLayout& layout = setup_.layout;
    if (!layout.page_references || page < layout.vmemmap_first || page > layout.vmemmap_last) return;
    set(page + *layout.page_references, count, 4);
}

void Machine::stubs_changed() {
    execution_->forget_targets();
}

std::uint64_t Machine::run(const std::string& function, std::span<const std::uint64_t> arguments) {
    return execution_->run(function, arguments);
}

}  // namespace tlbcheck::litmus::kernel::interpreter
