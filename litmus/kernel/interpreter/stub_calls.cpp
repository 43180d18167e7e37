// SPDX-License-Identifier: Apache-2.0
//
// What stubs do.

#include <fmt/format.h>

#include "litmus/kernel/interpreter/execution.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

constexpr std::uint64_t gfp_zero = 0x100;  // __GFP_ZERO, in all releases from 6.1 on
constexpr std::uint64_t most_order = 18;

}  // namespace

std::uint64_t Execution::physical_of_page(std::uint64_t page) const {
    const AddressLayout& layout = machine_.setup_.layout;
    const std::uint64_t offset = page - layout.vmemmap_page0;
    if (page < layout.vmemmap_first || page > layout.vmemmap_last || offset % layout.struct_page_bytes != 0)
        throw Refusal(
            fmt::format("{:#x} is no struct page of vmemmap ({:#x} to {:#x}); the layout may be "
                        "another one",
                        page, layout.vmemmap_first, layout.vmemmap_last));
    return offset / layout.struct_page_bytes * page_bytes;
}

void Execution::free_pages(const Stub& stub, std::span<const std::uint64_t> arguments) {
    const std::uint64_t what = arguments[static_cast<std::size_t>(stub.address)];
    if (what == 0) return;  // as free_pages(0) does
    std::uint64_t pa = what;
    if (stub.kind == Stub::Kind::free_page) pa = physical_of_page(what);
    if (stub.kind == Stub::Kind::free_address) {
        const auto found = memory_.physical(what);
        if (!found) throw Refusal(fmt::format("{:#x} is freed, which is no address of the linear map", what));
        pa = *found;
    }
    const std::uint64_t number =
        stub.size == Stub::absent ? 0 : arguments[static_cast<std::size_t>(stub.size)];
    std::uint64_t bytes = number;
    if (stub.kind != Stub::Kind::free_physical) {
        if (number > most_order) throw Refusal(fmt::format("a free of order {}", number));
        bytes = page_bytes << number;
    }
    machine_.sink_.free_pages(pa, bytes, stack());
}

/// An array as mmu_gather has it: the two low bits of a pointer are flags, and bit 1 says that the next entry
/// is a number of pages, shifted up by two, and not a pointer.
void Execution::free_page_array(std::uint64_t array, std::uint64_t count) {
    constexpr std::uint64_t flags = 3;
    constexpr std::uint64_t number_follows = 2;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t word = read(array + 8 * i, 8);
        std::uint64_t pages = 1;
        if ((word & number_follows) != 0) {
            if (++i == count) throw Refusal("an array of pages ends where a number of pages should follow");
            pages = read(array + 8 * i, 8) >> 2U;
            if (pages == 0 || pages > std::uint64_t{1} << most_order)
                throw Refusal(fmt::format("a free of {} pages", pages));
        }
        machine_.sink_.free_pages(physical_of_page(word & ~flags), pages * page_bytes, stack());
        count_step();
    }
}

/// What assertions read. Nobody waits for it, so it makes no thread depend on another.
void Execution::set_lock(std::uint64_t lock, bool held) {
    constexpr unsigned bytes = 4;
    if (!memory_.physical(lock) || lock % page_bytes > page_bytes - bytes) return;
    try {
        const Memory::Found found = memory_.find(lock, "a lock");
        if (found.page->use == PageUse::plain) memory_.write_physical(found.pa, held ? 1 : 0, bytes);
    } catch (const Refusal&) {
        // A lock in memory that the scenario did not make: whoever reads it will say so.
    }
}

std::uint64_t Execution::allocate_pages(const Stub& stub, std::span<const std::uint64_t> arguments) {
    const std::uint64_t number =
        stub.size == Stub::absent ? 0 : arguments[static_cast<std::size_t>(stub.size)];
    if (stub.kind != Stub::Kind::allocate_physical && number > most_order)
        throw Refusal(fmt::format("an allocation of order {}", number));
    const std::uint64_t bytes = stub.kind == Stub::Kind::allocate_physical ? number : page_bytes << number;
    if (bytes == 0 || bytes % page_bytes != 0 || bytes > page_bytes << most_order)
        throw Refusal(fmt::format("an allocation of {} bytes", bytes));
    const bool known = stub.flags == Stub::absent
                           ? stub.kind == Stub::Kind::allocate_address
                           : (arguments[static_cast<std::size_t>(stub.flags)] & gfp_zero) != 0;
    const std::uint64_t pa = machine_.sink_.allocate_pages(bytes, known, stack());
    for (std::uint64_t at = 0; at < bytes; at += page_bytes) {
        memory_.make_page(pa + at, known);
        memory_.set_use(pa + at, PageUse::table);
    }
    machine_.set_page_references(pa, 1);
    if (stub.kind == Stub::Kind::allocate_page) return machine_.page_address(pa);
    return stub.kind == Stub::Kind::allocate_physical ? pa : machine_.linear_address(pa);
}

std::uint64_t Execution::stub(const Stub& stub, const std::string& name,
                              std::span<const std::uint64_t> arguments) {
    for (const int each : {stub.address, stub.size, stub.flags})
        if (each != Stub::absent && static_cast<std::size_t>(each) >= arguments.size())
            throw Refusal(
                fmt::format("'{}' is called with {} arguments, fewer than it has", name, arguments.size()));
    const auto argument = [&](int index) { return arguments[static_cast<std::size_t>(index)]; };
    switch (stub.kind) {
        case Stub::Kind::constant:
            return stub.value;
        case Stub::Kind::argument:
            return argument(stub.address);
        case Stub::Kind::free_address:
        case Stub::Kind::free_page:
        case Stub::Kind::free_physical:
            free_pages(stub, arguments);
            return 0;
        case Stub::Kind::free_array:
            free_page_array(argument(stub.address), argument(stub.size) & 0xffffffffU);
            return 0;
        case Stub::Kind::allocate_address:
        case Stub::Kind::allocate_page:
        case Stub::Kind::allocate_physical:
            return allocate_pages(stub, arguments);
        case Stub::Kind::allocate_bytes: {
            const std::uint64_t bytes = stub.size == Stub::absent ? stub.value : argument(stub.size);
            const std::uint64_t at = machine_.make_object(bytes);
            const bool known = stub.flags != Stub::absent && (argument(stub.flags) & gfp_zero) != 0;
            if (!known && bytes > 0) memory_.mark_unknown(at, bytes);
            return at;
        }
        case Stub::Kind::clear_page:
            set_bytes(argument(stub.address), 0, page_bytes);
            return 0;
        case Stub::Kind::set_bytes:
            set_bytes(argument(stub.address), static_cast<std::uint8_t>(argument(1)), argument(stub.size));
            return argument(stub.address);
        case Stub::Kind::copy_bytes:
            copy_bytes(argument(stub.address), argument(1), argument(stub.size));
            return argument(stub.address);
        case Stub::Kind::take_lock:
        case Stub::Kind::release_lock:
            set_lock(argument(stub.address), stub.kind == Stub::Kind::take_lock);
            return stub.value;
        case Stub::Kind::call_argument:
            break;  // done where calls are made
        case Stub::Kind::stop:
            throw Refusal(fmt::format("the kernel stops here: {} is called", name));
    }
    throw Refusal(fmt::format("'{}' cannot be stood in for", name));
}

}  // namespace tlbcheck::litmus::kernel::interpreter
