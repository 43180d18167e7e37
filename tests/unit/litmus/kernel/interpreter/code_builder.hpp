// SPDX-License-Identifier: Apache-2.0
//
// Small images of compact code written by hand, and a sink that writes events down as text.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "litmus/kernel/interpreter/machine.hpp"

namespace tlbcheck::tests {

namespace kernel = litmus::kernel;
namespace interpreter = litmus::kernel::interpreter;

/// One function, one instruction after the other.
class FunctionBuilder {
  public:
    FunctionBuilder(kernel::Image& image, const std::string& name, std::uint32_t arguments);

    kernel::ValueId argument(std::uint32_t i) const { return i; }
    kernel::ValueId number(std::uint64_t value);
    kernel::ValueId address(std::uint32_t symbol);
    kernel::ValueId fresh(std::uint32_t count = 1);
    /// result = OP a b c at `line`.
    kernel::ValueId op(kernel::Op op, std::uint32_t a = kernel::none, std::uint32_t b = kernel::none,
                       std::uint32_t c = kernel::none, unsigned bits = 64, unsigned extra = 0);
    void plain(kernel::Op op, std::uint32_t a = kernel::none, std::uint32_t b = kernel::none,
               std::uint32_t c = kernel::none, unsigned bits = 64, unsigned extra = 0);
    kernel::ValueId allocate(std::uint64_t bytes);
    kernel::ValueId call(std::uint32_t symbol, std::vector<kernel::ValueId> arguments);
    kernel::ValueId call_pointer(kernel::ValueId target, std::vector<kernel::ValueId> arguments);
    void assembly(const std::string& text, const std::string& constraints,
                  std::vector<kernel::ValueId> arguments, kernel::ValueId result = kernel::none,
                  std::vector<std::uint8_t> widths = {});
    std::uint32_t edge(std::vector<std::pair<kernel::ValueId, kernel::ValueId>> moves = {});
    void jump(std::uint32_t edge);
    void branch(kernel::ValueId condition, std::uint32_t yes, std::uint32_t no);
    void land(std::uint32_t edge);  ///< the edge leads to the next instruction
    void give_back(std::vector<kernel::ValueId> values = {});
    void line(std::uint32_t line, const std::string& file = "mm/own.c");
    kernel::Instruction& last();

    std::uint32_t symbol() const { return symbol_; }
    /// Puts the function into the image; nothing can be added after it.
    void done();

  private:
    kernel::Image& image_;
    kernel::Function function_;
    std::uint32_t symbol_;
    std::uint32_t name_;
    std::uint32_t place_ = kernel::none;
};

std::uint32_t declare_function(kernel::Image& image, const std::string& name, bool weak = false);
std::uint32_t add_variable(kernel::Image& image, const std::string& name, std::vector<std::uint8_t> bytes);
std::uint32_t declare_variable(kernel::Image& image, const std::string& name, std::uint64_t size);

/// Events and notes, one a line.
class TextSink : public interpreter::Sink {
  public:
    std::string log, told;
    std::vector<interpreter::StackId> stacks;
    std::uint64_t next_page = 0x9000'0000;

    void table_store(const interpreter::TableStore& store, interpreter::StackId stack) override;
    void tlbi(const model::TlbiOp& op, std::uint64_t operand, interpreter::StackId stack) override;
    void barrier(const model::Barrier& barrier, interpreter::StackId stack) override;
    bool register_written(kernel::assembly::SystemRegister reg, std::uint64_t value,
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
    void add(const std::string& line, interpreter::StackId stack);
};

/// An image, its machine and what it told; the machine is made when first asked for.
struct Bench {
    kernel::Image image;
    interpreter::Setup setup = usual_setup();
    TextSink sink;
    std::unique_ptr<interpreter::Machine> made;

    static interpreter::Setup usual_setup();
    interpreter::Machine& machine();
    std::uint64_t run(const std::string& function, std::vector<std::uint64_t> arguments = {});
    /// The message it is refused with; empty: it is not.
    std::string refusal(const std::string& function, std::vector<std::uint64_t> arguments = {});
};

}  // namespace tlbcheck::tests
