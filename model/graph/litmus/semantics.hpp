// SPDX-License-Identifier: Apache-2.0
//
// AArch64 instructions as computations: which events each makes, what it reads and writes, and how data,
// control and order flow between them inside the instruction (Arm ARM B2.3 and the shared pseudocode; herd7's
// AArch64 semantics is the reference for the edges).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "model/graph/litmus/computation.hpp"
#include "model/graph/translation/read_descriptor.hpp"

namespace tlbcheck::model {

/// What the instruction does to control flow. The value says where, or whether.
struct ControlFlow {
    enum class Kind : std::uint8_t {
        next,
        jump,
        conditional,
        indirect,
        fault,
        supervisor_call,
        exception_return
    };
    Kind kind = Kind::next;
    Symbolic value;  ///< conditional: non-zero to jump; indirect, exception_return: the address
    // Over tables that are written out:
    int exception_level = 1;  ///< fault, call: the level that takes it
    Symbolic state;           ///< exception_return: SPSR
};

/// What an instruction's semantics needs to know besides the registers.
struct InstructionSite {
    int thread = 0;
    bool user = false;        ///< EL0
    bool in_handler = false;  ///< at EL1 in a fault handler, or in the second try of a faulting instruction
    bool hardware_af = false, hardware_dirty = false;
    Symbolic own_address;   ///< what a fault records as return address
    Symbolic next_address;  ///< of the following instruction
    /// Size in bits of the last load-exclusive, 0 for none, under formulas.
    Symbolic exclusive_size;
    const LitmusTranslation* translation = nullptr;  ///< tables that are written out
    bool two_levels = false;                         ///< walks read a level 2 descriptor first
    const LitmusLayout* layout = nullptr;            ///< of the symbols, where a variant asks for one
    int exception_level = 0;                         ///< with them: 0 to 2
    bool own_stack = false;                          ///< PSTATE.SP
};

/// What the event of a combined entry reads: nothing writes it.
LitmusValue combined_entry_place();

class LitmusSemantics {
  public:
    LitmusSemantics(InstructionContext& context, const InstructionSite& site,
                    const LitmusInstruction& instruction)
        : c_(context), a_(context.algebra), site_(site), i_(instruction) {}

    Computation<ControlFlow> build();

  private:
    using Value = Computation<Symbolic>;
    using Effect = Computation<NoValue>;
    using Flow = Computation<ControlFlow>;

    // Registers (semantics_registers.cpp)
    Value read(RegisterId reg, int width = 64, EventPort port = EventPort::none);
    Effect write(RegisterId reg, const Symbolic& value);
    Effect write_flags(const Symbolic& n, const Symbolic& z, const Symbolic& c, const Symbolic& v);
    Value condition(LitmusCondition condition);
    Effect commit(EventRole role);
    Value operand(const LitmusOperand& operand, int width);
    Symbolic shifted(const LitmusOperand& operand, const Symbolic& value, int width);
    Value effective_address(const LitmusAddress& address);
    static Flow next(Effect effect);

    // Arithmetic and control (semantics_compute.cpp)
    Flow arithmetic();
    Flow move_wide();
    Flow multiply_add();
    Flow bitfield();
    Flow extract();
    Flow unary();
    Flow select();
    Flow compare_branch();
    Flow test_branch();
    Flow branch_condition();
    Flow branch_register(bool link);
    Flow exception_return();
    Flow supervisor_call();
    Flow undefined();
    Flow system();
    Flow tlbi();
    Flow cache();

    // Translation (walks.cpp)
    /// What an access does once its address is known; `translated` says that it went through a TTD.
    using MemoryOp = std::function<Effect(bool translated, Value address, Value data)>;
    struct Access {
        bool write = false;
        bool update_dirty = false;  ///< hardware sets the dirty state, not only the access flag
        EventMarks marks;
        Value address;
        Value data;
        MemoryOp op;
    };
    Flow access(Access what);
    struct Ttd {
        Symbolic whole, location;
        /// It is another slot's, read as one of the contiguous set.
        Formula neighbour = logic::false_formula;
    };
    Flow translate(const Access& what, const Symbolic& address, Computation<Symbolic> made);
    Flow translated(const Access& what, const Symbolic& address, const Ttd& ttd,
                    const Computation<Ttd>& made);
    LocalEvent ttd_read(const Symbolic& location) const;
    static std::optional<LitmusValue> output_of_page(const LitmusValue& virtual_address,
                                                     const LitmusValue& ttd);
    // Two levels and contiguous sets (semantics_levels.cpp)
    struct Slot {
        Symbolic location;
        Formula neighbour;
    };
    Slot choose_slot(const Symbolic& own);
    Flow read_leaf(const Access& what, const Symbolic& address, const Symbolic& own, Value made);
    /// Where a walk goes on, and that there is nothing of the test: then somewhere, so that the error shows.
    struct Place {
        Symbolic where;
        Formula missing;
    };
    Place place_of(const Symbolic& address, const Symbolic& ttd, ValueKind kind,
                   const ValueAlgebra::Binary& place);
    Flow go_on_by_layout(const Access& what, const Symbolic& address, const Ttd& ttd,
                         const Computation<Ttd>& checked);
    Place output_by_layout(const Symbolic& address, const Ttd& ttd);
    Flow translate_by_levels(const Access& what, const Symbolic& address, Value made);
    Flow level2_read(const Access& what, const Symbolic& address, const Ttd& upper,
                     const Computation<Ttd>& made);
    Computation<Ttd> read_level(int level, Value made, const Symbolic& address, const Symbolic& location);
    Computation<Ttd> with_hardware_update(const Access& what, const Ttd& ttd, Computation<Ttd> made);
    Flow fault(const Access& what, const Symbolic& address, FaultKind kind, Computation<Ttd> made);
    translation::ReadDescriptor as_read(const LitmusValue& value) const;
    bool serves_whole_set(const LitmusValue& value) const;
    Formula comes_to(translation::Outcome least, const Access& what, const Symbolic& ttd);
    Formula field(const Symbolic& ttd, int LitmusDescriptor::*field);  ///< "the field is not 0"
    static LocalEvent fault_event(const Access& what, Symbolic address, FaultKind kind);
    Effect fault_events(const Access& what, const Symbolic& address, FaultKind kind);

    // Walks over tables that are written out, and exceptions (semantics_tables.cpp, semantics_exceptions.cpp)
    struct TableWalk;
    /// What a walk has read so far that is no constant.
    struct Walked {
        bool any = false, stage2 = false;
    };
    using SharedWalk = std::shared_ptr<const TableWalk>;
    using AfterWord = std::function<Flow(std::uint64_t word, Value made, Walked walked)>;
    using AfterAddress = std::function<Flow(std::uint64_t address, Value made, Walked walked)>;
    Flow access_by_tables(Access what);
    Flow with_context(const Access& what, std::uint64_t va, const Value& made);
    Flow read_word(std::uint64_t place, const translation::WalkStep& step,
                   const InstructionContext::TableBase& base, Value made, Walked walked,
                   const AfterWord& next);
    Flow stage1(const SharedWalk& walk, int level, std::uint64_t table, Value made, Walked walked);
    Flow stage1_descriptor(const SharedWalk& walk, int level, std::uint64_t word, Value made, Walked walked);
    Flow to_physical(const SharedWalk& walk, std::uint64_t ipa, int for_level, Value made, Walked walked,
                     AfterAddress next);
    Flow stage2(const SharedWalk& walk, int level, std::uint64_t table, std::uint64_t ipa, int for_level,
                Value made, Walked walked, AfterAddress next);
    Flow arrived(const TableWalk& walk, const translation::WalkStep& combined, std::uint64_t physical,
                 const Value& made, Walked walked);
    Flow refused_hint(const TableWalk& walk, const translation::WalkStep& step, Value made);
    Flow faulting(const TableWalk& walk, FaultKind kind, const translation::WalkStep& step, Value made);
    Flow table_fault(const Access& what, FaultKind kind, const translation::WalkStep& step, Value made);
    Flow by_number(const Symbolic& value, const std::function<Flow(std::uint64_t)>& next);
    Symbolic context_register(RegisterId reg);
    std::vector<std::pair<Formula, InstructionContext::TableBase>> choose_base(RegisterId reg);
    /// SPSR, ELR and ESR of the level that takes the exception.
    Effect exception_state(int level, const Symbolic& return_address, std::uint64_t syndrome);
    Flow call_by_tables(int level, FaultKind kind, std::uint64_t exception_class);
    Flow return_by_tables();

    // Memory accesses (semantics_memory.cpp)
    Value read_memory(const Symbolic& location, int size, EventMarks marks);
    Effect write_memory(const Symbolic& location, const Symbolic& value, int size, EventMarks marks,
                        bool writes_back = false);
    Effect load_to_register(const Symbolic& location, RegisterId reg, int size, EventMarks marks);
    Flow load();
    Flow store();
    Flow load_pair();
    Flow store_pair();
    Flow load_exclusive_pair();
    Flow store_exclusive();
    Flow swap();
    Flow fetch_and_op();
    Flow compare_and_swap();
    enum class CompareOutcome : std::uint8_t;
    Alts<NoValue> compare_and_swap_alternatives(InstructionContext& c, bool by_ttd, const Value& place,
                                                CompareOutcome outcome);
    Alt<NoValue> compare_and_swap_at(InstructionContext& c, const Alt<Symbolic>& address, bool by_ttd,
                                     CompareOutcome outcome);
    Effect pair_of_loads(const Symbolic& location, EventMarks marks);
    Effect pair_of_stores(const Symbolic& location, EventMarks marks);
    EventMarks access_marks() const;
    EventMarks atomic_read_marks(bool no_return) const;
    EventMarks atomic_write_marks() const;
    Flow load_with(Value address, EventMarks marks, std::function<Effect(const Symbolic&)> op);
    Flow store_with(Value address, Value data, EventMarks marks,
                    std::function<Effect(const Symbolic&, const Symbolic&)> op);
    Symbolic add(const Symbolic& a, std::int64_t k);

    InstructionContext& c_;
    ValueAlgebra& a_;
    const InstructionSite& site_;
    const LitmusInstruction& i_;
};

}  // namespace tlbcheck::model
