// SPDX-License-Identifier: Apache-2.0
//
// What running kernel code gives: events in program order, and everything that shaped the run.
#pragma once

#include <cstdint>
#include <string>

#include "litmus/kernel/asm/system_registers.hpp"
#include "litmus/kernel/interpreter/stacks.hpp"
#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

/// A store to a page of a table, or to one that the allocator gave, which may become one.
struct TableStore {
    std::uint64_t pa = 0;
    unsigned bytes = 8;  ///< a descriptor is 8 bytes, aligned
    std::uint64_t before = 0, after = 0;
    bool before_known = true;  ///< false: nobody had set all of these bytes
    bool atomic = false;       ///< part of a read-modify-write
    bool acquire = false, release = false;
};

/// Gets the events while they happen. Members may throw Refusal or LimitReached; the machine adds the stack
/// to one that has none.
class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    /// Memory holds the new value already.
    virtual void table_store(const TableStore& store, StackId stack) = 0;
    virtual void tlbi(const model::TlbiOp& op, std::uint64_t operand, StackId stack) = 0;
    virtual void barrier(const model::Barrier& barrier, StackId stack) = 0;
    /// False: writing that register is not modelled. What is written is read from Setup::registers.
    virtual bool register_written(assembly::SystemRegister reg, std::uint64_t value, StackId stack) = 0;
    /// A hypercall enters EL2, or returns from there.
    virtual void hypercall(bool entry, StackId stack) = 0;
    /// Pages are handed back to the allocator: `bytes` is a multiple of 4096.
    virtual void free_pages(std::uint64_t pa, std::uint64_t bytes, StackId stack) = 0;
    /// Says which physical pages the allocator gives; the machine makes them, zero or unknown. Stores to them
    /// are events, as they may become tables later.
    virtual std::uint64_t allocate_pages(std::uint64_t bytes, bool zeroed, StackId stack) = 0;

    // What shaped the run; the first four are told once for each name or number.
    virtual void stub_called(const std::string& function, const std::string& what, StackId stack) = 0;
    virtual void extern_read(const std::string& variable, StackId stack) = 0;
    virtual void capability_asked(unsigned number, bool present, StackId stack) = 0;
    virtual void register_read(const std::string& name, std::uint64_t value, StackId stack) = 0;
    /// `text` from the kernel's own table, "file:line"; may be empty.
    virtual void warned(const std::string& text, StackId stack) = 0;
};

}  // namespace tlbcheck::litmus::kernel::interpreter
