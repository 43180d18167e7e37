// SPDX-License-Identifier: Apache-2.0
//
// Executes an assembled template; all that is outside its registers is asked of the Host.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "litmus/kernel/asm/program.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// The machine around the assembly: memory, barriers, system registers. Members may throw; what they throw
/// passes through.
class Host {
  public:
    Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    virtual ~Host() = default;

    /// `bytes` is 1, 2, 4 or 8; the value is zero-extended.
    virtual std::uint64_t load(std::uint64_t address, unsigned bytes, Ordering ordering) = 0;
    virtual void store(std::uint64_t address, std::uint64_t value, unsigned bytes, Ordering ordering) = 0;
    virtual void barrier(const model::Barrier& barrier) = 0;
    virtual void tlbi(const model::TlbiOp& op, std::uint64_t operand) = 0;
    /// True iff the machine has the capability with this number of the kernel's generated header.
    virtual bool capability(unsigned number) = 0;
    /// nullopt: reading it is not modelled, which is refused by name.
    virtual std::optional<std::uint64_t> read_register(SystemRegister reg) = 0;
    /// False: writing it is not modelled.
    virtual bool write_register(SystemRegister reg, std::uint64_t value) = 0;
    /// HVC #0 with X0 to X7 as they are; what X0 to X3 hold afterwards.
    virtual std::array<std::uint64_t, 4> hypercall(std::span<const std::uint64_t, 8> registers) = 0;
    /// True iff the static key at this address is enabled: its first four bytes, a count, are above zero.
    virtual bool static_key_enabled(std::uint64_t key);
    virtual void warn(const std::string& file, unsigned line) = 0;
    /// Must not return normally: BUG stops a kernel.
    virtual void bug(const std::string& file, unsigned line) = 0;
    virtual std::optional<std::uint64_t> symbol(std::string_view name) = 0;
    /// Before each micro-op: where bounds on steps and time are kept.
    virtual void step() = 0;
};

/// Runs from the first micro-op. `arguments` as in the IR call (addresses of memory operands among them),
/// zero-extended; `outputs` gets one value for each direct output, which the caller cuts to its type. Returns
/// the label of an `asm goto` that was taken, nullopt when control fell through the end. Throws AsmError for
/// what is refused only when it is executed.
std::optional<std::size_t> run(const Program& program, std::span<const std::uint64_t> arguments,
                               std::span<std::uint64_t> outputs, Host& host);

}  // namespace tlbcheck::litmus::kernel::assembly
