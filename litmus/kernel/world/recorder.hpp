// SPDX-License-Identifier: Apache-2.0
//
// The events of a run made into instructions of a schedule's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "litmus/kernel/interpreter/sink.hpp"
#include "litmus/kernel/world/fold.hpp"
#include "litmus/kernel/world/pe_registers.hpp"
#include "litmus/kernel/world/tables.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::kernel::world {

class Recorder : public interpreter::Sink {
  public:
    /// A free generation for a new table page.
    using Generation = std::function<std::uint32_t(int level, std::uint64_t va_base)>;

    Recorder(const std::vector<model::Region>& regions, const model::Geometry& geometry,
             Generation generation);

    /// Must be called before anything runs.
    void start(Tables& tables, interpreter::Memory& memory, std::uint64_t& next_pa);
    /// While false nothing is recorded: code that sets the stage runs.
    bool recording = true;
    model::SourcePlace place;                     ///< of the `call`
    std::uint64_t most_instructions = 1'000'000;  ///< held; more throw LimitReached

    /// What was recorded since the last time, with the stacks' numbers in Instruction::kernel.
    std::vector<model::Run> take();
    /// Pages that became tables since the last time.
    std::vector<model::NewTable> take_new_tables() { return std::exchange(new_tables_, {}); }
    struct Note {
        model::KernelNote note;
        interpreter::StackId stack = interpreter::no_stack;
    };
    std::vector<Note> notes;
    std::function<std::string(unsigned)> capability_name;
    /// What the write of a register changes; nullopt: it is not modelled. Set before anything runs.
    std::function<std::optional<RegisterWrite>(assembly::SystemRegister, std::uint64_t)> write_register;

    void table_store(const interpreter::TableStore& store, interpreter::StackId stack) override;
    void tlbi(const model::TlbiOp& op, std::uint64_t operand, interpreter::StackId stack) override;
    void barrier(const model::Barrier& barrier, interpreter::StackId stack) override;
    bool register_written(assembly::SystemRegister reg, std::uint64_t value,
                          interpreter::StackId stack) override;
    void hypercall(bool entry, interpreter::StackId stack) override;
    void free_pages(std::uint64_t pa, std::uint64_t bytes, interpreter::StackId stack) override;
    std::uint64_t allocate_pages(std::uint64_t bytes, bool zeroed, interpreter::StackId stack) override;
    void stub_called(const std::string& function, const std::string& what,
                     interpreter::StackId stack) override;
    void extern_read(const std::string& variable, interpreter::StackId stack) override;
    void capability_asked(unsigned number, bool present, interpreter::StackId stack) override;
    void register_read(const std::string& name, std::uint64_t value, interpreter::StackId stack) override;
    void warned(const std::string& text, interpreter::StackId stack) override;

  private:
    model::Instruction instruction(model::Operation operation, interpreter::StackId stack) const;
    void add(model::Operation operation, interpreter::StackId stack);
    void store_to_table(const interpreter::TableStore& store, const model::TablePage& page,
                        interpreter::StackId stack);
    void store_to_allocated(const interpreter::TableStore& store, const KnownPage& page,
                            interpreter::StackId stack);
    std::uint32_t became_table(std::uint64_t pa, KnownPage& known, int level, std::uint64_t va_base);
    void check_change(std::uint64_t before, std::uint64_t after, const model::DescriptorSlot& slot) const;
    /// False: the instruction is of a page that never became a table.
    bool settle(model::Instruction& in, std::uint64_t count) const;

    const std::vector<model::Region>& regions_;
    const model::Geometry& geometry_;
    Generation generation_;
    Tables* tables_ = nullptr;
    interpreter::Memory* memory_ = nullptr;
    std::uint64_t* next_pa_ = nullptr;
    Fold fold_;
    std::vector<model::NewTable> new_tables_;
    std::map<std::uint32_t, model::TablePage> placeholders_;  ///< pages that became tables
};

}  // namespace tlbcheck::litmus::kernel::world
