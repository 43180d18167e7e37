// SPDX-License-Identifier: Apache-2.0
//
// Expands one thread of a schedule into runs of instructions (docs/schedule-language.md). Loops are expanded
// once for all their iterations where every number in their body grows evenly, else iteration by iteration.
//
// The class is spread over expand_*.cpp: names and members, loops, stores to descriptors, new tables, TLBIs,
// accesses.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "litmus/sched/builtins.hpp"
#include "litmus/sched/evaluator.hpp"
#include "litmus/sched/expansion.hpp"
#include "litmus/sched/table_state.hpp"
#include "model/arch/hardware_update.hpp"

namespace tlbcheck::litmus::kernel {
struct Function;
namespace world {
class World;
}
}  // namespace tlbcheck::litmus::kernel

namespace tlbcheck::litmus::sched {

/// Kernel code as one thread runs it (expand_kernel.cpp).
struct KernelThread;

class ThreadExpander : public Evaluator {
  public:
    ThreadExpander(Expansion& expansion, const ThreadItem& thread);

    model::ScheduleThread run();

  private:
    /// The loop that is expanded once for all its iterations: iteration i owns `stride` bytes from first + i
    /// * stride.
    struct Window {
        std::uint64_t first, stride, count;
        std::uint64_t last() const { return first + (stride * count - 1); }
    };
    /// Part of a stretch with one kind of slot and one growing mapping.
    struct Piece {
        Affine va;  ///< of its first slot
        std::uint64_t bytes = 0;
        WalkEnd slot;       ///< walk of `va` in the first iteration
        Affine pa() const;  ///< of va; the leaf must be there
    };
    /// `set`'s named arguments.
    struct Mapping {
        std::optional<Affine> pa;
        std::optional<bool> contiguous, writable, exec, nt, same_contents, accessed, dbm;
        bool atomic = false;
        std::optional<model::Attr> attributes;
        std::optional<int> level;
        bool ipa = false;  ///< pa was written as ipa
        Spot pa_spot, contiguous_spot, level_spot, same_contents_spot;
        /// Fields that go by this alone, whatever was there before.
        FieldSet given() const;
        /// Some property of leaves is given.
        bool any() const { return given() != 0 || writable || accessed || dbm || same_contents; }
    };
    /// Items that a loop visits next: `count` of them, `item` the first, each `stride` above the one before.
    struct Batch {
        Span item;
        std::uint64_t stride = 0;
        std::uint64_t count = 1;
    };
    using Scope = std::vector<std::pair<std::string, Value>>;
    struct Frame {
        std::vector<Scope> scopes;
    };

    // expand_names.cpp
    Value name_value(const Expression& expression) override;
    Value machine_value(const Expression& expression) override;
    Value call_value(const Expression& expression) override;
    Value member_value(const Expression& expression, const Span& span) override;
    Affine plain(const Affine& number) const override;
    std::uint64_t iterations() const override { return window_ ? window_->count : 1; }
    const Value* find(const std::string& name) const;
    Span span(const Expression& expression, const std::string& what);
    Value state_member(const Expression& expression, const Span& span);
    Value range_value(const Expression& expression);
    Value table_value(const Expression& expression);
    std::string operation_word(const Expression& expression);

    // expand_statements.cpp
    void statement(const Statement& item);
    void label(const Statement& item);
    void branch(const Statement& item);
    void call(const Expression& item);
    void builtin(const Expression& item, const BuiltinSpec& spec);
    void step(const Spot& spot);
    void ran_over(const Spot& spot, bool something, const std::string& what);
    void emit(model::Operation operation, const Affine& va, const Affine& pa);
    void emit_run(std::uint64_t count, model::Operation operation, const Affine& va, std::uint64_t va_step,
                  const Affine& pa, std::uint64_t pa_step);
    void count_instructions(std::uint64_t more);
    const Expression* named(const Expression& call, const std::string& name) const;

    // expand_branch.cpp
    using Arm = std::function<void()>;  ///< empty: there is none
    void branch_on(const Expression& condition, const Arm& taken, const Arm& otherwise);
    void branch_on_read(const Expression& condition, const Arm& taken, const Arm& otherwise);
    model::Branch branch_of(const Expression& condition);
    model::DescriptorSlot descriptor_at(const Value& value, const Spot& spot);

    // expand_loops.cpp
    void loop(const Statement& item);
    SpanList list_of(const Expression& expression);
    Batch next_batch(const SpanList& list, const Affine& at, const Affine& end, const Spot& spot);
    Batch table_batch(const SpanList& list, const Affine& at, const Affine& end, const Spot& spot);
    void run_batch(const Statement& item, const Batch& batch, std::vector<model::Run>& out);
    bool run_once_for_all(const Statement& item, const Batch& batch, std::vector<model::Run>& out,
                          std::uint64_t& split);
    void run_each(const Statement& item, const Batch& batch, std::vector<model::Run>& out);
    void iteration(const Statement& item, const Span& value);

    // expand_state.cpp
    std::uint64_t address(const Affine& value, const Spot& spot) const;
    WalkEnd walk(const Affine& at, const Spot& spot);
    std::optional<WalkEnd> page_at(const Affine& at, int level, const Spot& spot);
    void check_window(const Affine& at) const;
    WalkEnd clip(WalkEnd end, const Affine& at) const;
    void for_pieces(const Span& span, const Spot& spot, const std::function<void(const Piece&)>& each);
    void for_leaf_pieces(const Span& span, const Spot& spot, const std::string& what,
                         const std::function<void(const Piece&)>& each);
    void assign(TableState::Key key, const Affine& va, std::uint64_t bytes, const TableEntry& entry,
                const Affine& pa, const Spot& spot);
    void use(const Affine& va, std::uint64_t bytes, FieldSet reads, FieldSet writes, const Spot& spot);
    bool covers_sets(const Affine& va, std::uint64_t bytes, int level) const;

    // expand_mapping.cpp
    void do_clear(const Expression& item);
    void do_set(const Expression& item);
    void do_free(const Expression& item);
    void free_memory(const Expression& pa_value, Wide bytes);
    Mapping mapping(const Expression& item);
    model::ManagedFlags managed(const Affine& va) const;
    Leaf changed(Leaf leaf, const Mapping& mapping, const Piece& piece, int level, const Spot& spot) const;
    Affine changed_pa(const Span& span, const Mapping& mapping, const Piece& piece,
                      std::uint64_t leaf_bytes) const;
    std::uint64_t contents_of(const Piece& piece) const;
    void no_same_contents(const Mapping& mapping) const;
    void store_leaves(const Span& span, const Mapping& mapping, const Piece& piece, const Spot& spot);
    void split_blocks(const Span& span, const Mapping& mapping, const Piece& piece, const Spot& spot);
    void fold(const Span& span, const Mapping& mapping, int level, const Spot& spot);
    void fold_one_kind(const Span& span, const Mapping& mapping, const Affine& at, std::uint64_t bytes,
                       int level, const Spot& spot);
    void set_table(const Span& span, const Mapping& mapping, const Spot& spot);
    void store_pointer(const Span& table, const model::Descriptor& value, const Spot& spot);

    // expand_new_tables.cpp
    Span table_argument(const Expression& item);
    Value new_table(const Expression& item);
    void prepare_leaves(Span& table, const Span& of, const Mapping& changes, const Spot& spot);
    void do_zero(const Expression& item);
    void do_fill(const Expression& item);
    void do_hook(const Expression& item);
    std::uint32_t add_pages(int level, const Affine& va, std::uint64_t stride, std::uint64_t count,
                            bool garbage, const std::optional<model::Region>& leaves, const Affine& pa,
                            std::uint64_t pa_stride, const Spot& spot);

    void remove_pages(std::size_t keep);

    // expand_tlbi.cpp
    struct TlbiArguments {
        std::optional<std::uint64_t> ttl, asid, scale, num;
    };
    void do_tlbi(const Expression& item);
    void do_tlbi_pages(const Expression& item);
    void do_tlbi_range(const Expression& item);
    model::TlbiOp tlbi_op(const Expression& expression);
    TlbiArguments tlbi_arguments(const Expression& item);
    void check_range_machine(const model::TlbiOp& op, const Spot& spot) const;
    std::uint16_t asid_for(const model::TlbiOp& op, const TlbiArguments& arguments, const Affine& at,
                           const Spot& spot);
    Affine field(const Affine& va, int shift, int bits) const;
    void emit_va_tlbi(const model::TlbiOp& op, const Affine& va, std::uint64_t count, std::uint64_t stride,
                      const TlbiArguments& arguments, const Spot& spot);
    void emit_range_tlbi(const model::TlbiOp& op, const Affine& va, int scale, int num,
                         const TlbiArguments& arguments, const Spot& spot);

    // expand_access.cpp
    void do_barrier(const Expression& item, model::BarrierKind kind);
    void do_access(const Expression& item, model::AccessKind kind);
    void do_await(const Expression& item);
    struct AccessTarget {
        std::optional<std::uint32_t> flag;
        Affine va;
    };
    AccessTarget target(const Expression& expression);
    std::uint32_t flag_index(const std::string& name);

    // contexts.cpp
    void do_switch(const Expression& item);
    void do_tge(const Expression& item);
    bool vhe() const;
    void do_exception(model::ContextChange::Kind kind);
    void check_space(const Affine& va, const Spot& spot) const;
    // guests.cpp
    void check_in_vm(model::SpaceId space, const Spot& spot) const;
    void check_output_key(const Mapping& mapping, const Affine& va) const;
    bool of_guest(const Affine& va) const;
    void free_of_guest(model::SpaceId vm, const Affine& ipa, std::uint64_t bytes, const Spot& spot);
    void check_vmid(const model::TlbiOp& op, const Spot& spot) const;
    void follow_switch(const model::ContextChange& change);
    std::optional<std::uint16_t> asid_of_space(const Expression& expression) const;

    // expand_kernel.cpp
    KernelThread& kernel(const Spot& spot);
    std::vector<std::uint64_t> kernel_arguments(const Expression& item, const kernel::Function& function,
                                                kernel::world::World& world);
    void kernel_call(const Expression& item);
    Value kernel_value(const Expression& expression, Builtin builtin);
    Value field_of_object(const KernelThread& thread, const Expression& expression);
    std::optional<Value> kernel_object(const std::string& name, const Spot& spot);
    void start_kernel(KernelThread& thread);
    void set_kernel_state(KernelThread& thread);
    std::uint64_t kernel_word(const Affine& value) const;
    void follow_kernel_context(const model::Run& run, const Spot& spot);
    void take_kernel_code(KernelThread& thread, std::vector<model::Run> runs);
    void note_kernel_stores(const model::Run& run, const Spot& spot);
    void replay_statements(KernelThread& thread);
    void note_replayed(KernelThread& thread) const;
    void finish_kernel();

    Expansion& expansion_;
    const model::Geometry& geometry_;
    const ThreadItem& thread_;
    TableState state_;
    ThreadUses uses_;
    std::vector<Frame> frames_;
    std::vector<const Expression*> calls_;  ///< calls of defs that are being expanded, outermost first
    const Expression* current_ = nullptr;   ///< the built-in statement being expanded
    const Statement* loop_ = nullptr;       ///< the innermost loop that is expanded iteration by iteration

    std::shared_ptr<KernelThread> kernel_;   ///< from the first call of kernel code on
    model::PeStart where_;                   ///< the PE is now
    std::optional<model::SpaceId> asid_of_;  ///< the last space that TTBR0 led to: its ASID stays
    std::optional<Window> window_;
    std::vector<model::Run> runs_;                 ///< outside a window
    std::vector<model::Instruction> window_body_;  ///< within one
    struct PendingUse {
        std::uint64_t first = 0, last = 0;
        FieldSet reads = 0, writes = 0;
        Spot spot;
    };
    std::vector<PendingUse> window_uses_;
    void commit_use(const PendingUse& pending);
};

}  // namespace tlbcheck::litmus::sched
