// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the assembler of templates: any constraints (the first line) and any text give a program
// that runs within its bound, or an error with a message, never a crash.
#include <cstddef>
#include <cstdint>
#include <array>
#include <cstdlib>
#include <string>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/run.hpp"

namespace {

namespace assembly = tlbcheck::litmus::kernel::assembly;

struct OutOfSteps {};

class AnyHost : public assembly::Host {
  public:
    std::uint64_t load(std::uint64_t address, unsigned bytes, assembly::Ordering /*ordering*/) override {
        return address * 7 + bytes;
    }
    void store(std::uint64_t /*address*/, std::uint64_t /*value*/, unsigned bytes,
               assembly::Ordering /*o*/) override {
        if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) std::abort();
    }
    void barrier(const tlbcheck::model::Barrier& barrier) override { to_string(barrier); }
    void tlbi(const tlbcheck::model::TlbiOp& op, std::uint64_t /*operand*/) override { to_string(op); }
    bool capability(unsigned number) override { return number % 2 == 1; }
    std::optional<std::uint64_t> read_register(assembly::SystemRegister reg) override { return reg.encoding; }
    bool write_register(assembly::SystemRegister reg, std::uint64_t /*value*/) override {
        return !to_string(reg).empty();
    }
    std::array<std::uint64_t, 4> hypercall(std::span<const std::uint64_t, 8> registers) override {
        return {registers[0], registers[1], registers[2], registers[3]};
    }
    void warn(const std::string& /*file*/, unsigned /*line*/) override {}
    void bug(const std::string& /*file*/, unsigned /*line*/) override { throw OutOfSteps{}; }
    std::optional<std::uint64_t> symbol(std::string_view name) override { return name.size(); }
    void step() override {
        constexpr int most = 10'000;
        if (++steps_ > most) throw OutOfSteps{};
    }

  private:
    int steps_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string all(data, data + size);
    const std::size_t line = all.find('\n');
    const std::string constraints = all.substr(0, line);
    const std::string text = line == std::string::npos ? "" : all.substr(line + 1);
    constexpr std::size_t arguments = 16;
    const std::vector<std::uint64_t> values(arguments, 0x1000);
    std::vector<std::optional<std::uint64_t>> constants(arguments);
    for (std::size_t i = 0; i < arguments; i += 2) constants[i] = i;
    try {
        const assembly::Program program = assembly::assemble({text, constraints, constants});
        std::vector<std::uint64_t> outputs(program.outputs.size());
        AnyHost host;
        const auto label = assembly::run(program, values, outputs, host);
        if (label && *label >= program.labels) std::abort();
    } catch (const assembly::AsmError& error) {
        if (std::string(error.what()).empty()) std::abort();
    } catch (const OutOfSteps&) {
        return 0;
    }
    try {
        assembly::defined_functions(text);
    } catch (const assembly::AsmError& error) {
        if (std::string(error.what()).empty()) std::abort();
    }
    return 0;
}
