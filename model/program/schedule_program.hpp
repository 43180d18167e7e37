// SPDX-License-Identifier: Apache-2.0
//
// A flush schedule as a program: the initial translation tables, one straight instruction list per thread in
// a compact form (runs of equal iterations are not unrolled), and the questions asked of it
// (docs/formal-model.md section 6).
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/arch/barrier.hpp"
#include "model/arch/descriptor.hpp"
#include "model/arch/granule.hpp"
#include "model/arch/params.hpp"
#include "model/arch/tlbi.hpp"
#include "model/program/contexts.hpp"

namespace tlbcheck::model {

/// Where in the input something was written; file indexes ScheduleProgram::files. line and column count
/// from 1.
struct SourcePlace {
    std::uint32_t file = 0, line = 0, column = 0;
    friend auto operator<=>(const SourcePlace&, const SourcePlace&) = default;
};

/// A range mapped at the start. Addresses and sizes in bytes.
struct Region {
    std::string name;
    std::uint64_t va = 0, pa = 0, size = 0;
    int level = 3;  ///< lookup level of the leaves
    bool contiguous = false;
    bool writable = true;          ///< ap = rw
    Attr attributes = Attr::none;  ///< none: normal; else onc|inc for normal_nc, device_ngnre for device
    bool global = true;
    std::uint16_t asid = 0;  ///< meaningful unless global
    SourcePlace place;
    bool mapped = true;    ///< false: the tables exist at the start, their leaf descriptors are invalid
    bool accessed = true;  ///< AF
    bool dbm = false;      ///< DBM, with which hardware may make a read-only leaf writable-dirty
    /// Where not mapped: the level of the root table, below which no table exists at the start.
    std::optional<int> only_root = std::nullopt;
};

constexpr bool contains(const Region& region, std::uint64_t va) {
    return va - region.va < region.size;
}
/// The one of them that holds `va`; nullptr where none does.
const Region* region_of(std::span<const Region> regions, std::uint64_t va);

/// A translation table page: `level` is the level of the descriptors it holds, `va_base` the start of what it
/// covers. Generation 0 are the tables that map the regions at the start; `set(x, level = ...)` makes further
/// ones.
struct TablePage {
    int level = 3;
    std::uint64_t va_base = 0;
    std::uint32_t generation = 0;
    friend auto operator<=>(const TablePage&, const TablePage&) = default;
};

/// One descriptor's place: the slot for `va` (aligned to the level's entry size) in the table page of that
/// level with the given generation. A Descriptor of kind `table` names its next-level page by generation:
/// `oa` = generation.
struct DescriptorSlot {
    std::uint64_t va = 0;
    int level = 3;
    std::uint32_t generation = 0;
    friend auto operator<=>(const DescriptorSlot&, const DescriptorSlot&) = default;
};

/// A table page of generation >= 1. Its slots start as the leaves given (prepared before the schedule
/// starts), or, for a page with `garbage`, as arbitrary valid leaves left by an earlier use.
struct NewTable {
    TablePage page;
    bool garbage = false;
    std::vector<Region>
        leaves;  ///< pieces (level == page.level) that its slots map at the start; the rest is invalid
};

struct StoreDescriptor {  ///< through an alias whose translation always works
    DescriptorSlot slot;
    Descriptor value;
    /// One read-modify-write: no update of hardware's comes between what it reads and what it writes.
    bool atomic = false;
};
struct TlbiInstruction {
    TlbiOp op;
    std::uint64_t operand = 0;  ///< register value
};
enum class AccessKind : std::uint8_t { load, store, load_acquire, store_release };
constexpr bool is_store(AccessKind kind) {
    return kind == AccessKind::store || kind == AccessKind::store_release;
}
struct Access {
    AccessKind kind = AccessKind::load;
    std::optional<std::uint32_t> flag;  ///< index in ScheduleProgram::flags (untranslated), else `va` is used
    std::uint64_t va = 0;
    std::uint64_t value = 0;  ///< stored value
};
struct Await {  ///< a load that goes on once it read `value`
    std::optional<std::uint32_t> flag;
    std::uint64_t va = 0;
    std::uint64_t value = 0;
};
struct Free {  ///< hands memory to a new owner, who writes it: a page range, or a table page
    std::variant<std::pair<std::uint64_t, std::uint64_t>, TablePage>
        what;  ///< {first PA, bytes} or the table page
    /// Of a page range: a guest gives it away, which its stage 1 led to; stage 2 may go on mapping it.
    bool by_guest = false;
};

/// `if (read(a) == value)`: a load of a flag, or of a descriptor. What follows, up to the Otherwise or
/// EndBranch that belongs to it, is executed where the condition holds, what stands between these two where
/// it does not. They nest. A thread that ends at a label may leave some open.
struct Branch {
    std::optional<std::uint32_t> flag;
    DescriptorSlot slot;      ///< read where there is no flag; an invalid descriptor counts as 0
    std::uint64_t value = 0;  ///< that it is compared with; of a descriptor 0
    bool equal = true;        ///< the condition holds where it is that value; else where it is not
};
struct Otherwise {};
struct EndBranch {};

using Operation = std::variant<StoreDescriptor, TlbiInstruction, Barrier, Access, Await, Free, Branch,
                               Otherwise, EndBranch, ContextChange>;

/// The first instruction by which a thread goes on by what it reads; nullptr where there is none.
const struct Instruction* first_branch(const struct ScheduleProgram& program);

/// Stores a descriptor, invalidates or frees: what makes a PE a scheduling PE (docs/formal-model.md section
/// 6, observers).
bool maintains(const Operation& operation);
/// ISB, exception entry or return: from here on no walk begins with what system registers held before.
bool synchronizes_context(const Operation& operation);

/// One frame of a call stack in compiled kernel code; functions that the compiler inlined have frames too.
struct KernelFrame {
    std::string function;
    std::string file;        ///< as the kernel's tree has it, "arch/arm64/mm/mmu.c"; empty: not known
    std::uint32_t line = 0;  ///< counts from 1; 0: not known
    friend bool operator==(const KernelFrame&, const KernelFrame&) = default;
};
/// Index in ScheduleProgram::kernel_stacks.
inline constexpr std::uint32_t no_kernel_stack = ~std::uint32_t{0};

/// Something that shaped how kernel code ran, told once for each name.
struct KernelNote {
    enum class Kind : std::uint8_t {
        stub,             ///< a function that was not run; value: what was done instead
        unset_variable,   ///< one that the bitcode only declares and nobody set: read as zero
        capability,       ///< of the CPU; value: "present" or "absent"
        system_register,  ///< value: what was read
        warning,          ///< a WARN was executed; name: the kernel's "file:line", may be empty
    };
    Kind kind = Kind::stub;
    std::string name, value;
    std::uint32_t stack = no_kernel_stack;
    std::uint32_t thread = 0;  ///< index in ScheduleProgram::threads
};

/// One instruction and how its numbers grow from one iteration of its run to the next.
struct Instruction {
    Operation operation;
    std::uint64_t va_step = 0;  ///< added to slot.va, va, TablePage::va_base; for a TLBI to `operand`
    std::uint64_t pa_step = 0;  ///< added to a leaf value's oa, and to a freed PA
    SourcePlace place;          ///< the statement in the user's file
    SourcePlace helper_place;   ///< the innermost statement, when it came out of a def; else equal to place
    std::uint32_t kernel = no_kernel_stack;  ///< where in kernel code, when it came out of a `call`
};

/// `body` executed `count` times; instruction k of iteration i has its numbers advanced by i steps (modulo
/// 2^64).
struct Run {
    std::uint64_t count = 1;
    std::vector<Instruction> body;
};

struct ScheduleThread {
    std::string name;
    std::vector<Run> code;
    PeStart starts_in = {};  ///< what is not said is as is worst
};

/// True iff some instruction of the thread maintains the tables.
bool maintains(const ScheduleThread& thread);

enum class PropertyKind : std::uint8_t {
    no_stale_entry,
    no_use_after_free,
    no_bbm_violation,
    no_tlb_conflict,
    never_invalid,
    no_lost_update
};
/// The name used in the language, e.g. "no_stale_entry".
std::string to_string(PropertyKind kind);
/// True for what is asked of one region, not of the whole schedule.
constexpr bool about_region(PropertyKind kind) {
    return kind == PropertyKind::no_stale_entry || kind == PropertyKind::never_invalid ||
           kind == PropertyKind::no_lost_update;
}

/// When and on which PEs an access is judged, and what is let pass (docs/formal-model.md section 6). By
/// default after the schedule, on every PE, nothing.
struct Judging {
    /// The moment judged is the end of this thread's code, wherever the others are then.
    std::optional<std::uint32_t> moment;
    bool only_named = false;             ///< only the PEs that follow
    std::vector<std::uint32_t> threads;  ///< PEs of threads
    bool other_pe = false;               ///< a PE that runs no thread
    bool restrictive = false;            ///< a translation that allows less than the tables is let pass
    /// no_bbm_violation: a table descriptor in place of another one counts, whatever both tables hold.
    bool replaced_tables = false;

    bool on_thread(std::uint32_t thread) const {
        return !only_named || std::ranges::find(threads, thread) != threads.end();
    }
    bool on_other() const { return !only_named || other_pe; }
    friend bool operator==(const Judging&, const Judging&) = default;
};

/// A labelled statement of a thread.
struct Label {
    std::string name;
    std::uint32_t thread = 0;
    std::uint64_t before = 0;  ///< instructions of the thread before it, runs unrolled
};

struct Property {
    PropertyKind kind = PropertyKind::no_stale_entry;
    std::optional<std::uint32_t> region;  ///< index in regions, where about_region(kind)
    bool expect_violation = false;        ///< `witness` rather than `assert`
    Judging judging;                      ///< for no_stale_entry
    std::optional<std::string> label;     ///< `at LABEL`: the program ends its thread there
    HardwareParameters hardware;          ///< machine block, `with { }` and command line applied
    std::vector<std::string>
        differs;       ///< "bbm_level = 2", ...: what differs from the default hardware, in a fixed order
    std::string text;  ///< as printed: "no_stale_entry(linear)"
    SourcePlace place;
};

struct ScheduleProgram {
    std::string title;
    std::vector<std::string> files;
    HardwareParameters hardware;  ///< of the machine block; the program is expanded for it
    std::vector<Region> regions;
    std::vector<NewTable> new_tables;  ///< ascending by page
    std::vector<std::string> flags;
    std::vector<ScheduleThread> threads;
    std::vector<Property> properties;
    std::vector<Label> labels;
    std::vector<std::vector<KernelFrame>> kernel_stacks;  ///< innermost frame first
    std::vector<KernelNote> kernel_notes;
    std::vector<AddressSpace> spaces;
    /// No PE but those of the threads exists: what they do not do, nobody does.
    bool closed = false;
};

/// The instruction as executed in iteration `i` (numbers advanced); its steps are 0.
Instruction instantiate(const Instruction& instruction, std::uint64_t i);
/// Number of instructions executed by a thread.
std::uint64_t instruction_count(const ScheduleThread& thread);
/// What `slot` holds before the schedule starts.
Descriptor initial_descriptor(const ScheduleProgram& program, const DescriptorSlot& slot);
/// True iff that is arbitrary: a slot of a page that an earlier use left as it was.
bool unknown_at_start(const ScheduleProgram& program, const DescriptorSlot& slot);
/// The table page that holds `slot`.
TablePage table_of(const DescriptorSlot& slot, const Geometry& geometry);

}  // namespace tlbcheck::model
