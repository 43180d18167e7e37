// SPDX-License-Identifier: Apache-2.0
//
// A machine for templates under test: bytes of memory, a log of what was done, capabilities and registers as
// a test sets them.
#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "litmus/kernel/asm/run.hpp"

namespace tlbcheck::tests {

/// What bug() throws.
class TestBug : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class TestHost : public litmus::kernel::assembly::Host {
  public:
    std::map<std::uint64_t, std::uint8_t> memory;
    std::vector<std::string>
        log;  ///< "DSB ISHST", "TLBI VAE1IS 5", "load.a 4", "store.l 8", "warn FILE:LINE"
    std::set<unsigned> capabilities;
    std::vector<unsigned> asked;
    std::map<std::string, std::uint64_t> registers;
    std::map<std::string, std::uint64_t> symbols;
    std::uint64_t steps = 0;

    std::uint64_t load(std::uint64_t address, unsigned bytes,
                       litmus::kernel::assembly::Ordering ordering) override;
    void store(std::uint64_t address, std::uint64_t value, unsigned bytes,
               litmus::kernel::assembly::Ordering ordering) override;
    void barrier(const model::Barrier& barrier) override;
    void tlbi(const model::TlbiOp& op, std::uint64_t operand) override;
    bool capability(unsigned number) override;
    std::optional<std::uint64_t> read_register(litmus::kernel::assembly::SystemRegister reg) override;
    bool write_register(litmus::kernel::assembly::SystemRegister reg, std::uint64_t value) override;
    std::array<std::uint64_t, 4> hypercall(std::span<const std::uint64_t, 8> given) override;
    void warn(const std::string& file, unsigned line) override;
    void bug(const std::string& file, unsigned line) override;
    std::optional<std::uint64_t> symbol(std::string_view name) override;
    void step() override;

    void set(std::uint64_t address, std::uint64_t value, unsigned bytes);
    std::uint64_t get(std::uint64_t address, unsigned bytes) const;
    std::string logged() const;  ///< joined by "; "
};

/// One call of a template: what it did, what came out.
struct Outcome {
    std::vector<std::uint64_t> outputs;
    std::optional<std::size_t> label;
    std::string error;  ///< of assembling or running; empty: none
};

/// Arguments are told to the assembler as constants where `constants` says so, in the same order.
Outcome run_template(TestHost& host, std::string_view text, std::string_view constraints,
                     const std::vector<std::uint64_t>& arguments,
                     std::vector<std::optional<std::uint64_t>> constants = {});

/// Message of the refusal when a template is assembled; "" when it is not refused.
std::string refusal(std::string_view text, std::string_view constraints = "", std::size_t arguments = 0);

}  // namespace tlbcheck::tests
