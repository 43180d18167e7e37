// SPDX-License-Identifier: Apache-2.0
//
// The machine for templates under test.

#include "tests/unit/litmus/kernel/asm/test_host.hpp"

#include <fmt/format.h>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/program.hpp"

namespace tlbcheck::tests {

using litmus::kernel::assembly::AsmError;
using litmus::kernel::assembly::Ordering;
using litmus::kernel::assembly::Program;
using litmus::kernel::assembly::Site;
using litmus::kernel::assembly::SystemRegister;

std::uint64_t TestHost::load(std::uint64_t address, unsigned bytes, Ordering ordering) {
    log.push_back(fmt::format("load{} {}", ordering.acquire ? ".a" : "", bytes));
    return get(address, bytes);
}

void TestHost::store(std::uint64_t address, std::uint64_t value, unsigned bytes, Ordering ordering) {
    log.push_back(fmt::format("store{} {}", ordering.release ? ".l" : "", bytes));
    set(address, value, bytes);
}

void TestHost::barrier(const model::Barrier& barrier) {
    log.push_back(model::to_string(barrier));
}

void TestHost::tlbi(const model::TlbiOp& op, std::uint64_t operand) {
    log.push_back(fmt::format("TLBI {} {:#x}", model::to_string(op), operand));
}

bool TestHost::capability(unsigned number) {
    asked.push_back(number);
    return capabilities.contains(number);
}

std::optional<std::uint64_t> TestHost::read_register(SystemRegister reg) {
    const auto found = registers.find(litmus::kernel::assembly::to_string(reg));
    return found == registers.end() ? std::nullopt : std::optional(found->second);
}

bool TestHost::write_register(SystemRegister reg, std::uint64_t value) {
    const auto found = registers.find(litmus::kernel::assembly::to_string(reg));
    if (found == registers.end()) return false;
    found->second = value;
    return true;
}

std::array<std::uint64_t, 4> TestHost::hypercall(std::span<const std::uint64_t, 8> given) {
    log.push_back("HVC " + std::to_string(given[0]) + " " + std::to_string(given[1]));
    return {0, given[7], 3, 4};
}

void TestHost::warn(const std::string& file, unsigned line) {
    log.push_back(fmt::format("warn {}:{}", file, line));
}

void TestHost::bug(const std::string& file, unsigned line) {
    throw TestBug(fmt::format("bug {}:{}", file, line));
}

std::optional<std::uint64_t> TestHost::symbol(std::string_view name) {
    const auto found = symbols.find(std::string(name));
    return found == symbols.end() ? std::nullopt : std::optional(found->second);
}

void TestHost::step() {
    constexpr std::uint64_t most_steps = 10'000;
    if (++steps > most_steps) throw std::runtime_error("out of steps");
}

void TestHost::set(std::uint64_t address, std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) memory[address + i] = static_cast<std::uint8_t>(value >> (8U * i));
}

std::uint64_t TestHost::get(std::uint64_t address, unsigned bytes) const {
    std::uint64_t result = 0;
    for (unsigned i = 0; i < bytes; ++i) {
        const auto found = memory.find(address + i);
        if (found != memory.end()) result |= std::uint64_t{found->second} << (8U * i);
    }
    return result;
}

std::string TestHost::logged() const {
    return fmt::format("{}", fmt::join(log, "; "));
}

Outcome run_template(TestHost& host, std::string_view text, std::string_view constraints,
                     const std::vector<std::uint64_t>& arguments,
                     std::vector<std::optional<std::uint64_t>> constants) {
    constants.resize(arguments.size());
    Outcome outcome;
    try {
        const Program program = litmus::kernel::assembly::assemble({text, constraints, std::move(constants)});
        outcome.outputs.resize(program.outputs.size());
        outcome.label = litmus::kernel::assembly::run(program, arguments, outcome.outputs, host);
    } catch (const AsmError& error) {
        outcome.error = error.what();
    }
    return outcome;
}

std::string refusal(std::string_view text, std::string_view constraints, std::size_t arguments) {
    try {
        const Program program = litmus::kernel::assembly::assemble(
            {text, constraints, std::vector<std::optional<std::uint64_t>>(arguments)});
        for (const auto& op : program.ops) {
            const auto* const refused = std::get_if<litmus::kernel::assembly::Refused>(&op);
            if (refused != nullptr && refused->message.find("past the end") == std::string::npos)
                return refused->message;
        }
    } catch (const AsmError& error) {
        return error.what();
    }
    return "";
}

}  // namespace tlbcheck::tests
