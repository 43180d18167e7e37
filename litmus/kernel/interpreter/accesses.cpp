// SPDX-License-Identifier: Apache-2.0
//
// Reads and stores of memory, and what the assembly asks of the machine.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "litmus/kernel/interpreter/execution.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

std::uint64_t Execution::little_endian(const std::uint8_t* from, unsigned bytes) {
    std::uint64_t value = 0;
    if (bytes == 8)
        std::memcpy(&value, from, 8);
    else
        std::memcpy(&value, from, bytes);
    return value;
}

void Execution::note(std::uint64_t pa, unsigned bytes, bool written) {
    // The stack is a thread's own.
    if (!memory_.tracking() || pa - Memory::private_pa < machine_.setup_.layout.stack_bytes) return;
    memory_.touched(pa, bytes, written, [this] { return stack(); });
}

std::uint64_t Execution::read_slowly(std::uint64_t address, unsigned bytes) {
    const std::uint64_t left = page_bytes - address % page_bytes;
    if (bytes > left) {
        const auto first = static_cast<unsigned>(left);
        return read_slowly(address, first) | read_slowly(address + first, bytes - first) << (8 * first);
    }
    const Memory::Found found = memory_.find(address, "a read");
    if (found.page->use == PageUse::extern_) {
        const Symbol* const variable = machine_.variable_at(address);
        const auto index = static_cast<std::size_t>(variable - image_.symbols.data());
        if (!machine_.told_extern_[index]) machine_.sink_.extern_read(variable->name, stack());
        machine_.told_extern_[index] = true;
        memory_.set_use(found.pa, PageUse::plain);  // told once
    }
    if (found.page->unknown && !memory_.is_known(found.pa, bytes))
        throw Refusal(
            fmt::format("{} bytes at {:#x} are read, which nobody has set: memory of the stack or the "
                        "allocator holds nothing until it is written",
                        bytes, address));
    note(found.pa, bytes, false);
    return memory_.read_physical(found.pa, bytes);
}

void Execution::write(std::uint64_t address, std::uint64_t value, unsigned bytes, Flags flags) {
    std::uint8_t* const fast = memory_.fast(address, bytes);
    if (fast == nullptr) return write_slowly(address, value, bytes, flags);
    if (bytes == 8)
        std::memcpy(fast, &value, 8);
    else
        std::memcpy(fast, &value, bytes);
}

void Execution::write_slowly(std::uint64_t address, std::uint64_t value, unsigned bytes, Flags flags) {
    if (bytes < 8) value &= (std::uint64_t{1} << (8 * bytes)) - 1;
    const std::uint64_t left = page_bytes - address % page_bytes;
    if (bytes > left) {
        const auto first = static_cast<unsigned>(left);
        write_slowly(address, value, first, flags);
        return write_slowly(address + first, value >> (8 * first), bytes - first, flags);
    }
    const Memory::Found found = memory_.find(address, "a store");
    note(found.pa, bytes, true);
    if (found.page->use != PageUse::table) return memory_.write_physical(found.pa, value, bytes);
    TableStore store{found.pa, bytes, 0, value, true, flags.atomic, flags.acquire, flags.release};
    store.before_known = memory_.is_known(found.pa, bytes);
    if (store.before_known) store.before = memory_.read_physical(found.pa, bytes);
    memory_.write_physical(found.pa, value, bytes);
    machine_.sink_.table_store(store, stack());
}

void Execution::set_bytes(std::uint64_t to, std::uint8_t value, std::uint64_t bytes) {
    while (bytes > 0) {
        const Memory::Found found = memory_.find(to, "a fill");
        const std::uint64_t offset = found.pa % page_bytes;
        std::uint64_t count = std::min(bytes, page_bytes - offset);
        if (found.page->use == PageUse::table) {
            // Descriptor by descriptor, as a loop of stores does it.
            count = std::min<std::uint64_t>(count, 8 - to % 8);
            write_slowly(to, value * 0x0101'0101'0101'0101U, static_cast<unsigned>(count), {});
        } else {
            std::memset(found.page->bytes.data() + offset, value, count);
            if (found.page->unknown) {
                for (std::uint64_t i = 0; i < count; ++i) found.page->unknown->reset(offset + i);
                if (found.page->unknown->none()) found.page->unknown.reset();
            }
            note(found.pa, static_cast<unsigned>(count), true);
        }
        to += count;
        bytes -= count;
        machine_.steps_ += count / 8;
        count_step();
    }
}

void Execution::copy_bytes(std::uint64_t to, std::uint64_t from, std::uint64_t bytes) {
    constexpr std::uint64_t most = 1U << 24U;
    if (bytes > most) throw LimitReached(fmt::format("a copy of {} bytes", bytes));
    bool tables = false;
    for (std::uint64_t i = 0; i < bytes; i += 8) {
        const Memory::Found target = memory_.find(to + i, "a copy writes");
        tables = tables || target.page->use == PageUse::table;
        if (memory_.tracking()) {
            note(target.pa, 1, true);
            note(memory_.find(from + i, "a copy reads").pa, 1, false);
        }
        count_step();
    }
    if (!tables) return memory_.copy(to, from, bytes);
    if (to > from && to - from < bytes)
        throw Refusal(fmt::format("memmove to {:#x} within a translation table", to));
    for (std::uint64_t i = 0; i < bytes;) {
        const auto count = static_cast<unsigned>(std::min<std::uint64_t>(bytes - i, 8 - (to + i) % 8));
        write(to + i, read(from + i, count), count, {});
        i += count;
    }
}

// ---- assembly ------------------------------------------------------------------------------------------

std::uint64_t Execution::load(std::uint64_t address, unsigned bytes, assembly::Ordering /*ordering*/) {
    return read(address, bytes);
}

void Execution::store(std::uint64_t address, std::uint64_t value, unsigned bytes,
                      assembly::Ordering ordering) {
    write(address, value, bytes, {false, ordering.acquire, ordering.release});
}

void Execution::barrier(const model::Barrier& barrier) {
    machine_.sink_.barrier(barrier, stack());
}

void Execution::tlbi(const model::TlbiOp& op, std::uint64_t operand) {
    machine_.sink_.tlbi(op, operand, stack());
}

bool Execution::capability(unsigned number) {
    const bool present = machine_.setup_.capability && machine_.setup_.capability(number);
    if (told_capabilities_.insert(number).second) machine_.sink_.capability_asked(number, present, stack());
    return present;
}

std::optional<std::uint64_t> Execution::read_register(assembly::SystemRegister reg) {
    std::optional<std::uint64_t> value;
    if (const auto set = machine_.setup_.registers.find(reg); set != machine_.setup_.registers.end())
        value = set->second;
    else if (reg == assembly::sp_el0)
        value = machine_.task_;
    else if (reg == assembly::daif)
        value = daif_;
    else if (reg == assembly::current_el)
        value = std::uint64_t{1} << 2U;
    else if (reg == assembly::tpidr_el1 || reg == assembly::tpidr_el2)
        value = 0;  // offset of per-CPU variables
    if (value && told_registers_.insert(reg.encoding).second)
        machine_.sink_.register_read(assembly::to_string(reg), *value, stack());
    return value;
}

bool Execution::write_register(assembly::SystemRegister reg, std::uint64_t value) {
    if (reg != assembly::daif) return machine_.sink_.register_written(reg, value, stack());
    daif_ = value;
    return true;
}

void Execution::warn(const std::string& file, unsigned line) {
    machine_.sink_.warned(file.empty() ? "" : fmt::format("{}:{}", file, line), stack());
}

void Execution::bug(const std::string& file, unsigned line) {
    throw Refusal(fmt::format("the kernel stops with BUG{}: the scenario is not one that it meets",
                              file.empty() ? "" : fmt::format(" at {}:{}", file, line)));
}

std::optional<std::uint64_t> Execution::symbol(std::string_view name) {
    return machine_.address_of(std::string(name));
}

}  // namespace tlbcheck::litmus::kernel::interpreter
