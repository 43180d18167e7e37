// SPDX-License-Identifier: Apache-2.0
//
// Runs one thread of a litmus test: instruction instances by program point, loops unrolled, branches, fault
// handlers, second tries of faulting instructions. Paths that meet at a program point share what follows.
#pragma once

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

class LitmusThreadBuilder {
  public:
    LitmusThreadBuilder(LitmusGraphBuilder& round, const LitmusThread& thread)
        : round_(round), thread_(thread) {}

    void run();

  private:
    struct Registers {
        std::map<RegisterId, Symbolic> values;
        Symbolic exclusive_size;
        /// Of registers that walks go by: what writes have replaced, and the instance of the last write.
        std::map<RegisterId, std::vector<InstructionContext::TableBase>> replaced;
        std::map<RegisterId, int> written;
        int entered_el2 =
            1;  ///< instance of the last exception taken to EL2; the first one where there is none
    };
    /// A program point. `address` counts main code, its end, handler code, its end. Order is execution order.
    struct Point {
        int backward_jumps = 0;
        std::map<int, int> seen;  ///< times a target was jumped back to
        bool in_handler = false;
        int address = 0;
        int exception_level = 0;  ///< of tests whose tables are written out
        bool own_stack = false;
        friend auto operator<=>(const Point&, const Point&) = default;
    };
    struct Arrival {
        Formula guard;
        Registers registers;
    };

    const LitmusInstruction* instruction(int address) const;
    bool is_end(int address) const { return instruction(address) == nullptr; }
    std::vector<std::string> labels_at(int address) const;
    Symbolic code_address(int address);
    // events_layout.cpp: of tests whose tables are written out
    std::uint64_t address_in_layout(int address) const;
    std::optional<int> index_in_layout(std::uint64_t address) const;
    void merge_table_bases(const std::vector<Arrival>& arrivals, Arrival& into);
    std::vector<InstructionContext::TableBase> table_bases(RegisterId reg, const Registers& registers);
    void note_context(const InstructionContext& context, const Alt<ControlFlow>& alt, Registers& after) const;
    void raise_by_layout(const Point& point, Formula guard, const Registers& registers, int level);
    void return_by_layout(const Point& point, Formula guard, const Registers& registers,
                          const ControlFlow& flow);
    std::optional<int> address_of(const LitmusValue& value) const;
    Symbolic initial_register(RegisterId reg);
    Arrival merge(const std::vector<Arrival>& arrivals);
    void arrive(const Point& point, Formula guard, const Registers& registers);
    void visit(const Point& point, const Arrival& arrival);
    std::vector<int> occurrence_of(const Point& point) const;
    void require_facts(const Alt<ControlFlow>& alt, Formula taken, const TextPlace& at);
    void place_events(const Point& point, const Arrival& arrival, const InstructionContext& context,
                      const Alts<ControlFlow>& alts);
    Registers after(const Arrival& arrival, const InstructionContext& context,
                    const Alt<ControlFlow>& alt) const;
    // events_control.cpp
    void leave(const Point& point, Formula guard, const Registers& registers, const Alt<ControlFlow>& alt);
    void raise(const Point& point, Formula guard, const Registers& registers, bool call);
    void jump(Point from, Formula guard, const Registers& registers, int target, bool checked);
    void jump_to_value(const Point& point, Formula guard, const Registers& registers, const Symbolic& value);

    LitmusGraphBuilder& round_;
    const LitmusThread& thread_;
    std::map<Point, std::vector<Arrival>> pending_;
    std::optional<Point> current_;
    std::vector<Arrival> ends_;
    int instances_ = 0;
    int visited_ = 0;  ///< instance that is built
};

}  // namespace tlbcheck::model
