// SPDX-License-Identifier: Apache-2.0
//
// A litmus program: what a herd7 AArch64 test says, names resolved, before any semantics. Initial state, code
// of each thread with its fault handler, the final condition, and the hardware and tool variants that the
// test asks for.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"
#include "model/program/litmus_layout.hpp"
#include "model/program/litmus_translation.hpp"
#include "model/program/litmus_value.hpp"

namespace tlbcheck::model {

/// A register: general-purpose 0..30, or one of those below. Numbers order registers in final states.
using RegisterId = int;
inline constexpr RegisterId zero_register = -1;  ///< XZR, WZR: reads as 0, writes vanish, no event
inline constexpr RegisterId stack_pointer = 31;
inline constexpr RegisterId pstate_n = 32;
inline constexpr RegisterId pstate_z = 33;
inline constexpr RegisterId pstate_c = 34;
inline constexpr RegisterId pstate_v = 35;
inline constexpr RegisterId exclusive_monitor = 36;  ///< address reserved by the last load-exclusive
inline constexpr RegisterId first_system_register = 40;
inline constexpr RegisterId elr_el1 = 40;
inline constexpr RegisterId esr_el1 = 41;
// Registers of tests whose translation tables are written out; herd7 has none of them.
inline constexpr RegisterId first_translation_register = 60;
inline constexpr RegisterId elr_el2 = 60;
inline constexpr RegisterId esr_el2 = 61;
inline constexpr RegisterId spsr_el1 = 62;
inline constexpr RegisterId spsr_el2 = 63;
inline constexpr RegisterId far_el1 = 64;
inline constexpr RegisterId far_el2 = 65;
inline constexpr RegisterId hpfar_el2 = 66;
inline constexpr RegisterId vbar_el1 = 67;
inline constexpr RegisterId vbar_el2 = 68;
inline constexpr RegisterId ttbr0_el1 = 69;
inline constexpr RegisterId ttbr0_el2 = 70;
inline constexpr RegisterId vttbr_el2 = 71;

/// Name as printed in states ("X3", "ELR_EL1").
std::string register_name(RegisterId reg);
/// Any case; the system registers that herd7 has; nullopt when there is no such register.
std::optional<RegisterId> parse_system_register(std::string_view name);
/// The same with those of tests whose translation tables are written out.
std::optional<RegisterId> parse_translation_register(std::string_view name);

enum class ShiftKind : std::uint8_t {
    none,
    lsl,
    lsr,
    asr,
    ror,
    uxtb,
    uxth,
    uxtw,
    uxtx,
    sxtb,
    sxth,
    sxtw,
    sxtx
};

/// Last operand of an arithmetic instruction, or the offset of an address.
struct LitmusOperand {
    bool is_register = false;
    RegisterId reg = zero_register;
    int width = 64;  ///< of the register: 32 or 64
    std::int64_t immediate = 0;
    ShiftKind shift = ShiftKind::none;
    int amount = 0;
};

enum class AddressMode : std::uint8_t { offset, pre_index, post_index };
struct LitmusAddress {
    RegisterId base = zero_register;
    LitmusOperand offset;
    AddressMode mode = AddressMode::offset;
};

enum class LitmusOpcode : std::uint8_t {
    nop,
    branch,
    branch_condition,
    branch_link,
    branch_register,
    branch_link_register,
    return_,
    compare_branch,
    test_branch,
    exception_return,
    supervisor_call,
    hypervisor_call,
    undefined,
    load,
    store,
    load_pair,
    store_pair,
    load_exclusive_pair,
    store_exclusive_pair,
    store_exclusive,
    swap,
    compare_and_swap,
    compare_and_swap_pair,
    fetch_and_op,
    move_immediate,
    move_register,
    move_wide,
    arithmetic,
    multiply_add,
    bitfield,
    extract,
    reverse,
    bit_reverse,
    absolute,
    sign_extend_word,
    select,
    address_of_label,
    barrier,
    tlbi,
    cache,
    read_system,
    write_system,
};

enum class ArithmeticOp : std::uint8_t { add, sub, and_, bic, orr, orn, eor, eon, lsl, lsr, asr, ror };
enum class FetchOp : std::uint8_t { add, eor, set, clear, smax, smin, umax, umin };
enum class SelectOp : std::uint8_t { copy, increment, invert, negate };
enum class LitmusCondition : std::uint8_t { eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al };

/// Ordering of an access: plain, acquire, acquire-PC, release; `exclusive` besides.
struct AccessOrdering {
    bool acquire = false;
    bool acquire_pc = false;
    bool release = false;
    bool exclusive = false;
    bool non_temporal = false;
    bool ordered_pair = false;  ///< LDIAPP, STILP: the two accesses of the pair are ordered
};

struct CacheOp {
    bool instruction = false;  ///< IC; otherwise DC
    std::string name;          ///< "CVAU", "IVAU", "IALLUIS", ...
    bool by_set_way = false;
    bool all = false;  ///< IC IALLU, IALLUIS
};

/// Where something stands in the test's text: line and column from 1, length in bytes; line 0: nowhere.
struct TextPlace {
    std::uint32_t line = 0, column = 0, length = 0;
};

/// One instruction. Which fields mean something follows from the opcode.
struct LitmusInstruction {
    LitmusOpcode op = LitmusOpcode::nop;
    int width = 64;            ///< register width, 32 or 64
    int size = 64;             ///< access size in bits: 8, 16, 32, 64
    bool sign_extend = false;  ///< load: sign-extend `size` to `width`
    std::array<RegisterId, 4> reg{zero_register, zero_register, zero_register, zero_register};
    RegisterId status = zero_register;  ///< store exclusive: result
    LitmusAddress address;
    LitmusOperand operand;
    AccessOrdering ordering;
    ArithmeticOp arithmetic = ArithmeticOp::add;
    bool set_flags = false;
    bool negative = false;  ///< MSUB, MOVN, CBNZ, TBNZ, SBFM: the other one of two
    bool keep = false;      ///< MOVK
    FetchOp fetch = FetchOp::add;
    SelectOp select = SelectOp::copy;
    LitmusCondition condition = LitmusCondition::al;
    int immediate = 0, immediate2 = 0;  ///< bit number, shift, bit field
    int target = -1;       ///< branch: index of the instruction, within main code or handler code
    std::string label;     ///< branch, ADR: the label
    int label_thread = 0;  ///< ADR: the thread that the label is on
    std::optional<std::int64_t> relative;  ///< branch: the distance in bytes, when there is no label
    std::optional<Barrier> barrier;
    TlbiOp tlbi;
    CacheOp cache;
    RegisterId system = zero_register;  ///< MRS, MSR; nzcv: pstate_n
    std::string text;                   ///< as written, blanks squeezed
    TextPlace place;
};

/// An instruction's text as herd7 prints one: no blanks but one after the mnemonic, names in capitals, labels
/// as they are.
std::string instruction_text(std::string_view written);

struct LitmusThread {
    int number = 0;
    bool user = false;  ///< runs at EL0
    std::vector<LitmusInstruction> code;
    std::optional<std::vector<LitmusInstruction>> handler;
    /// Instruction index of each label; the end of the code is a legal target. Handler labels count from
    /// code.size() + 1.
    std::map<std::string, int> labels;
    std::optional<CodeLayout> layout;  ///< of tests whose translation tables are written out

    /// The instruction at an index as `labels` count them; nullptr where the code or the handler ends.
    const LitmusInstruction* instruction_at(int index) const;
    /// The word that a load from the label reads, the target of a branch as a distance; nullopt where there
    /// is none.
    std::optional<LitmusValue> word_at(const std::string& label) const;
};

/// Type of a location or register: "int", "uint64_t", "pteval_t"; empty: not given.
struct LitmusType {
    std::string base;
    bool pointer = false;
    int elements = 0;  ///< array size; 0: no array
    friend bool operator==(const LitmusType&, const LitmusType&) = default;
};
/// Size in bits of an access to something of this type; 0 for an unknown type name.
int size_in_bits(const LitmusType& type);
bool is_signed(const LitmusType& type);

/// A register of a thread or a place in memory, as initial states and conditions name them.
struct LitmusLocation {
    bool is_register = false;
    int thread = 0;
    RegisterId reg = zero_register;
    LitmusValue address;         ///< memory: address, pte or pte2
    std::optional<int> element;  ///< array element, x[2]
    friend std::strong_ordering operator<=>(const LitmusLocation& a, const LitmusLocation& b);
    friend bool operator==(const LitmusLocation& a, const LitmusLocation& b) = default;
};

struct LitmusInitial {
    LitmusLocation location;
    LitmusType type;
    std::vector<LitmusValue> values;  ///< one, or one for each array element
};

/// fault(P1:L0,x,MMU:Translation): any part may be absent.
struct FaultPattern {
    int thread = 0;
    std::optional<std::string> label;
    std::optional<LitmusValue> address;  ///< address or pte
    std::string type;                    ///< as written, "" when absent
    friend auto operator<=>(const FaultPattern&, const FaultPattern&) = default;
};

struct Proposition {
    enum class Kind : std::uint8_t { value, equal, fault, negation, conjunction, disjunction, implication };
    Kind kind = Kind::conjunction;
    LitmusLocation location, other;   ///< value: location = constant; equal: location = other
    std::vector<LitmusValue> values;  ///< one, or an array's
    FaultPattern fault;
    std::vector<Proposition> operands;
};

enum class Quantifier : std::uint8_t { exists, not_exists, forall };

enum class FaultHandling : std::uint8_t { fatal, handled, skip };

struct LitmusVariants {
    bool vmsa = true;
    bool ets2 = false, ets3 = false;
    bool exs = false, eis = false, eos = false;
    bool cos_opt = false;
    bool mlpt = false;    ///< walks read a level 2 descriptor first
    bool contig = false;  ///< descriptors have the Contiguous hint
    FaultHandling faults = FaultHandling::fatal;
};

/// TTHM: which threads manage the access flag (HA) and dirty state (HD) in hardware. HD implies HA.
struct HardwareUpdates {
    bool all_ha = false, all_hd = false;
    std::vector<int> ha, hd, software;
    bool given = false;
    bool ha_on(int thread) const;
    bool hd_on(int thread) const;
    bool software_on(int thread) const;
    bool any() const { return all_ha || all_hd || !ha.empty() || !hd.empty(); }
    bool any_hd() const { return all_hd || !hd.empty(); }
};

struct LitmusProgram {
    std::string name;
    std::string doc;
    std::vector<std::pair<std::string, std::string>> info;  ///< header fields as written
    std::vector<LitmusInitial> initial;
    std::vector<LitmusThread> threads;
    std::vector<LitmusLocation> locations;  ///< `locations [...]`, registers and memory
    std::vector<FaultPattern> fault_locations;
    std::optional<Proposition> filter;
    Quantifier quantifier = Quantifier::forall;
    Proposition condition;
    LitmusVariants variants;
    HardwareUpdates hardware;
    LitmusLayout layout;  ///< of all symbols where a variant asks for it; else empty
    /// Tables written out word by word: every value is then an integer, every access a walk over them.
    std::optional<LitmusTranslation> translation;
    int unroll = 2;

    /// The header field `key`, any case; "" when there is none.
    std::string field(std::string_view key) const;
    LitmusType type_of(const LitmusLocation& location) const;
    /// Locations that a final state shows, in herd7's order: those of the condition and of `locations`.
    std::vector<LitmusLocation> displayed() const;
    /// Fault patterns of the condition and of `locations`, sorted, without duplicates.
    std::vector<FaultPattern> fault_patterns() const;
};

}  // namespace tlbcheck::model
