// SPDX-License-Identifier: Apache-2.0
//
// What an assembly template is made into: a list of micro-ops over 31 registers, the zero register and SP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "litmus/kernel/asm/system_registers.hpp"
#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// 0 to 30: X0 to X30.
using Register = std::uint8_t;
inline constexpr Register zero_register = 31;
inline constexpr Register stack_pointer = 32;
inline constexpr std::size_t register_count = 33;

/// Acquire and release as the instruction has them.
struct Ordering {
    bool acquire = false;
    bool release = false;
    friend bool operator==(const Ordering&, const Ordering&) = default;
};

enum class Shift : std::uint8_t { lsl, lsr, asr, ror, uxtb, uxth, uxtw, uxtx, sxtb, sxth, sxtw, sxtx };

/// The last operand of most instructions: a number, or a register shifted or extended.
struct Source {
    std::optional<Register> reg;  ///< none: `value`
    std::uint64_t value = 0;
    Shift shift = Shift::lsl;
    std::uint8_t amount = 0;
};

/// Arm ARM C1.2.4.
enum class Condition : std::uint8_t { eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv };

enum class Alu : std::uint8_t {
    move,
    move_not,
    move_keep,  // move_keep: MOVK, the 16 bits at Source::amount
    add,
    add_carry,
    sub,
    sub_carry,
    and_,
    and_not,
    orr,
    orr_not,
    eor,
    eor_not,
    lsl,
    lsr,
    asr,
    ror,
    multiply_add,
    multiply_sub,
    umulh,
    smulh,
    udiv,
    sdiv,
    clz,
    cls,
    rbit,
    rev,
    rev16,
    rev32,
};

/// d = n OP m (OP a); the flags as ADDS, SUBS and ANDS set them.
struct Compute {
    Alu operation = Alu::move;
    std::uint8_t bits = 64;  ///< 32: the upper half of d becomes zero
    bool set_flags = false;
    Register d = zero_register, n = zero_register, a = zero_register;
    Source m;
};

/// d = n<high:low> placed at bit `position`: UBFX, SBFX, UBFIZ, BFI, BFXIL, SXTW and their kin.
struct BitField {
    std::uint8_t bits = 64;
    Register d = zero_register, n = zero_register;
    std::uint8_t from = 0, width = 64, to = 0;
    bool sign_extend = false;
    bool keep = false;  ///< the other bits of d stay
};

/// d = condition ? n : m, with m then incremented, inverted or negated.
struct Select {
    enum class Else : std::uint8_t { same, increment, invert, negate };
    std::uint8_t bits = 64;
    Register d = zero_register, n = zero_register, m = zero_register;
    Else otherwise = Else::same;
    Condition condition = Condition::al;
};

/// CCMP, CCMN.
struct CompareIf {
    std::uint8_t bits = 64;
    bool negative = false;
    Register n = zero_register;
    Source m;
    std::uint8_t otherwise = 0;  ///< NZCV
    Condition condition = Condition::al;
};

struct Address {
    enum class Update : std::uint8_t { none, before, after };
    Register base = zero_register;
    Source offset;
    Update update = Update::none;
};

/// A load or store of one register, or of two that lie one after the other.
struct Memory {
    bool store = false;
    std::uint8_t bytes = 8;
    std::uint8_t bits = 64;  ///< of the register
    bool sign_extend = false;
    Register t = zero_register;
    std::optional<Register> second;
    std::optional<Register> status;  ///< STXR and STLXR: becomes 0, since nothing comes between
    Address address;
    Ordering ordering;
};

enum class AtomicOperation : std::uint8_t { add, clr, set, eor, smax, smin, umax, umin, swp, cas };

/// LSE: t = memory; memory = memory OP s. CAS: s is compared and gets the old value, t is stored.
struct Atomic {
    AtomicOperation operation = AtomicOperation::add;
    std::uint8_t bytes = 8;
    Register s = zero_register, t = zero_register, base = zero_register;
    Ordering ordering;
};

struct BarrierOp {
    model::Barrier barrier;
};
struct TlbiOperation {
    model::TlbiOp op;
    Register operand = zero_register;
};
struct ReadRegister {
    Register t = zero_register;
    SystemRegister source;
};
struct WriteRegister {
    SystemRegister destination;
    Source value;
};
/// HVC #0: X0 to X7 are the call's arguments, X0 to X3 its results (SMC Calling Convention).
struct Hypercall {};
/// MSR DAIFSet, DAIFClr: bits 3 to 0 are D, A, I, F.
struct ChangeDaif {
    bool set = false;
    std::uint8_t mask = 0;
};

/// Index of a micro-op; the number of micro-ops is the end of the template, from `first_label` on the labels
/// of an `asm goto`.
using Target = std::uint32_t;
inline constexpr Target first_label = 0x80000000U;

struct Branch {
    enum class When : std::uint8_t { always, condition, zero, nonzero, bit_clear, bit_set };
    When when = When::always;
    Condition condition = Condition::al;
    std::uint8_t bits = 64;
    std::uint8_t bit = 0;
    Register t = zero_register;
    Target target = 0;
};

/// Where code may be replaced by capability (the kernel's .altinstructions). The last choice whose capability
/// the machine has is taken, as the kernel patches them in turn; else the code that follows runs.
struct Alternative {
    struct Choice {
        unsigned capability = 0;
        Target target = 0;
        std::string refused;  ///< why this replacement cannot be run; empty: it can
    };
    std::vector<Choice> choices;
};

/// A branch of a static key (the kernel's __jump_table): taken iff the key is enabled XOR the low bit of its
/// entry.
struct StaticKey {
    std::size_t argument = 0;  ///< of the call: address of the key, perhaps plus the branch bit
    std::uint64_t addend = 0;
    Target target = 0;
};

/// A BRK that the kernel's __bug_table lists.
struct Trap {
    bool warning = false;
    std::string file;  ///< may be empty
    unsigned line = 0;
};

/// d = address of a symbol: whole, its 4K page, or its place in the page (ADR, ADRP, :lo12:).
struct SymbolAddress {
    enum class Part : std::uint8_t { whole, page };
    Register d = zero_register;
    Part part = Part::whole;
    std::string symbol;                   ///< empty: `argument`
    std::optional<std::size_t> argument;  ///< of the call
    std::uint64_t addend = 0;
};
/// d = n + the low 12 bits of an address.
struct AddLow12 {
    Register d = zero_register, n = zero_register;
    std::string symbol;
    std::optional<std::size_t> argument;
    std::uint64_t addend = 0;
};

/// Not to be executed: says why when it is.
struct Refused {
    std::string message;
    bool guard = false;  ///< stands behind code that goes on elsewhere, and is met only where that is wrong
};
struct Nothing {};

using MicroOp = std::variant<Nothing, Compute, BitField, Select, CompareIf, Memory, Atomic, BarrierOp,
                             TlbiOperation, ReadRegister, WriteRegister, Hypercall, ChangeDaif, Branch,
                             Alternative, StaticKey, Trap, SymbolAddress, AddLow12, Refused>;

}  // namespace tlbcheck::litmus::kernel::assembly
