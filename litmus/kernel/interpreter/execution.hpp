// SPDX-License-Identifier: Apache-2.0
//
// The inner loop: frames, numbered values in one flat array, and what inline assembly asks of the machine
// around it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "litmus/kernel/asm/program.hpp"
#include "litmus/kernel/asm/run.hpp"
#include "litmus/kernel/interpreter/machine.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

class Execution final : public assembly::Host {
  public:
    explicit Execution(Machine& machine);
    /// The setup's stubs were changed: what calls lead to is worked out anew.
    void forget_targets() { std::fill(targets_.begin(), targets_.end(), Target()); }
    std::uint64_t run(const std::string& function, std::span<const std::uint64_t> arguments);

    // assembly::Host
    std::uint64_t load(std::uint64_t address, unsigned bytes, assembly::Ordering ordering) override;
    void store(std::uint64_t address, std::uint64_t value, unsigned bytes,
               assembly::Ordering ordering) override;
    void barrier(const model::Barrier& barrier) override;
    void tlbi(const model::TlbiOp& op, std::uint64_t operand) override;
    bool capability(unsigned number) override;
    std::optional<std::uint64_t> read_register(assembly::SystemRegister reg) override;
    bool write_register(assembly::SystemRegister reg, std::uint64_t value) override;
    std::array<std::uint64_t, 4> hypercall(std::span<const std::uint64_t, 8> registers) override;
    void warn(const std::string& file, unsigned line) override;
    void bug(const std::string& file, unsigned line) override;
    std::optional<std::uint64_t> symbol(std::string_view name) override;
    void step() override { count_step(); }

  private:
    /// A function with its constants as numbers.
    struct Prepared {
        const Function* function = nullptr;
        std::vector<std::uint64_t> constants;
        std::vector<std::unique_ptr<assembly::Program>> programs;  ///< by assembly call; made when met
        /// Where "i" operands are numbers only while the code runs, as without optimisation: by their values.
        std::map<std::pair<std::uint32_t, std::vector<std::uint64_t>>, std::unique_ptr<assembly::Program>>
            late;
    };
    struct Activation {
        Prepared* code = nullptr;
        std::uint32_t at = 0;        ///< of the next instruction
        std::size_t base = 0;        ///< of its values
        const Call* call = nullptr;  ///< of the caller, that gets the results; none: the outermost
        ValueId result = none;       ///< in the caller
        std::uint64_t stack = 0;     ///< the caller's stack pointer
        StackId caller = no_stack;   ///< made when asked for
        bool caller_known = false;
    };
    struct Flags {
        bool atomic = false, acquire = false, release = false;
    };
    /// What a call of a symbol comes to.
    struct Target {
        enum class Kind : std::uint8_t { unresolved, function, stub, missing } kind = Kind::unresolved;
        Stub stub;
    };

    // execution.cpp
    void loop();
    void execute(const Instruction& in);
    void execute_rare(const Instruction& in);
    void take(std::uint32_t edge);
    void compare_exchange(const Instruction& in);
    void allocate(const Instruction& in);
    void assembly(const Instruction& in);
    const assembly::Program& program(std::uint32_t site, std::span<const std::uint64_t> arguments);
    void count_step() {
        if (++machine_.steps_ >= next_check_) check_limits();
    }
    void check_limits();
    std::uint64_t& value(ValueId id) { return values_[base_ + id]; }
    StackId caller_stack(std::size_t frame);
    StackId stack();

    // calls.cpp
    void call(const Instruction& in);
    void enter(std::uint32_t symbol, std::span<const std::uint64_t> arguments, const Call* call,
               ValueId result);
    void give_back(const Instruction& in);
    std::uint64_t run_inside(std::uint32_t symbol, std::span<const std::uint64_t> arguments);
    void give_results(const Call& call, ValueId result, std::span<const std::uint64_t> results);
    const Target& target(std::uint32_t symbol);
    Prepared& prepared(std::uint32_t function);

    // stub_calls.cpp
    std::uint64_t stub(const Stub& stub, const std::string& name, std::span<const std::uint64_t> arguments);
    void set_lock(std::uint64_t lock, bool held);
    std::uint64_t allocate_pages(const Stub& stub, std::span<const std::uint64_t> arguments);
    void free_pages(const Stub& stub, std::span<const std::uint64_t> arguments);
    void free_page_array(std::uint64_t array, std::uint64_t count);
    std::uint64_t physical_of_page(std::uint64_t page) const;

    // accesses.cpp
    std::uint64_t read(std::uint64_t address, unsigned bytes) {
        const std::uint8_t* const fast = memory_.fast_read(address, bytes);
        return fast != nullptr ? little_endian(fast, bytes) : read_slowly(address, bytes);
    }
    void write(std::uint64_t address, std::uint64_t value, unsigned bytes, Flags flags);
    static std::uint64_t little_endian(const std::uint8_t* from, unsigned bytes);
    std::uint64_t read_slowly(std::uint64_t address, unsigned bytes);
    void write_slowly(std::uint64_t address, std::uint64_t value, unsigned bytes, Flags flags);
    void set_bytes(std::uint64_t to, std::uint8_t value, std::uint64_t bytes);
    void copy_bytes(std::uint64_t to, std::uint64_t from, std::uint64_t bytes);
    void note(std::uint64_t pa, unsigned bytes, bool written);

    Machine& machine_;
    Memory& memory_;
    const Image& image_;
    std::vector<std::uint64_t> values_;
    std::size_t base_ = 0;  ///< of the innermost activation
    std::vector<Activation> frames_;
    std::vector<std::unique_ptr<Prepared>> prepared_;  ///< by function
    std::vector<Target> targets_;                      ///< by symbol
    std::uint64_t stack_pointer_ = 0;
    std::uint64_t next_check_ = 0;
    std::uint64_t daif_ = 0;
    std::uint64_t inner_result_ = 0;  ///< of the function that run_inside() ran last
    std::set<std::uint32_t> told_stubs_;
    std::set<unsigned> told_capabilities_;
    std::set<std::uint16_t> told_registers_;
};

}  // namespace tlbcheck::litmus::kernel::interpreter
