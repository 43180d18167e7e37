// SPDX-License-Identifier: Apache-2.0
//
// Runs compact code. One Machine is one thread's view: memory, variables and stack of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/interpreter/memory.hpp"
#include "litmus/kernel/interpreter/setup.hpp"
#include "litmus/kernel/interpreter/sink.hpp"
#include "litmus/kernel/interpreter/stacks.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

class Execution;

class Machine {
  public:
    /// Lays out the image's variables and makes their memory, the linear map's area, vmemmap, the task. The
    /// image, the setup and the sink must outlive it.
    Machine(const Image& image, const Setup& setup, Sink& sink);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    Memory& memory() { return memory_; }
    const Stacks& stacks() const { return stacks_; }
    std::vector<Frame> frames(StackId stack) const { return stacks_.frames(stack, image_); }

    /// Virtual address of a variable or function of the image; nullopt: it has none of that name.
    std::optional<std::uint64_t> address_of(const std::string& symbol) const;
    std::uint64_t address_of(std::uint32_t symbol) const { return addresses_[symbol]; }
    /// Sets a variable or a part of it, 1 to 8 bytes; one that the bitcode only declares then counts as set.
    void set(std::uint64_t address, std::uint64_t value, unsigned bytes);
    /// A zeroed object of that many bytes; its address.
    std::uint64_t make_object(std::uint64_t bytes);
    std::uint64_t task() const { return task_; }
    std::uint64_t linear_address(std::uint64_t pa) const;
    std::uint64_t page_address(std::uint64_t pa) const;  ///< of its struct page
    /// Sets its struct page's count of references, where debug information knows the field.
    void set_page_references(std::uint64_t pa, std::uint64_t count);

    /// Runs a function to its end. Throws Refusal and LimitReached with the stack where it stopped.
    std::uint64_t run(const std::string& function, std::span<const std::uint64_t> arguments);
    std::uint64_t steps() const { return steps_; }
    /// To be called when the setup's stubs have changed after something ran.
    void stubs_changed();

  private:
    friend class Execution;
    void place_symbols();
    void fill(std::uint32_t symbol);
    /// The variable that lies at an address; nullptr: none.
    const Symbol* variable_at(std::uint64_t va) const;

    const Image& image_;
    const Setup& setup_;
    Sink& sink_;
    Memory memory_;
    Stacks stacks_;
    std::vector<std::uint64_t> addresses_;                        ///< by symbol
    std::map<std::uint64_t, std::uint32_t> variables_;            ///< by address
    std::unordered_map<std::uint64_t, std::uint32_t> functions_;  ///< by address
    std::vector<bool> told_extern_;                               ///< by symbol: reported, or set
    std::uint64_t next_object_ = 0;
    std::uint64_t task_ = 0;
    std::uint64_t steps_ = 0;
    std::unique_ptr<Execution> execution_;
};

}  // namespace tlbcheck::litmus::kernel::interpreter
