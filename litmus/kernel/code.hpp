// SPDX-License-Identifier: Apache-2.0
//
// Compiled C in a compact form: what the bitcode reader makes and the interpreter runs. Plain data; knows no
// LLVM.
//
// Every function has numbered values: its arguments first, then results, then constants. A struct or array
// that is an SSA value takes one value for each of its scalars.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tlbcheck::litmus::kernel {

using ValueId = std::uint32_t;
inline constexpr std::uint32_t none = ~std::uint32_t{0};

/// A line of the kernel's source, with the places that it is inlined into.
struct CodePlace {
    std::uint32_t file = none;  ///< index in Image::files
    std::uint32_t line = 0;
    std::uint32_t function = none;    ///< index in Image::names: the function whose text this is
    std::uint32_t inlined_at = none;  ///< index in Image::places: where it is called
    friend auto operator<=>(const CodePlace&, const CodePlace&) = default;
};

enum class Op : std::uint8_t {
    add,
    sub,
    mul,
    udiv,
    sdiv,
    urem,
    srem,
    shl,
    lshr,
    ashr,
    and_,
    or_,
    xor_,
    eq,
    ne,
    ult,
    ule,
    ugt,
    uge,
    slt,
    sle,
    sgt,
    sge,
    umin,
    umax,
    smin,
    smax,
    sat_add,
    sat_sub,
    funnel_left,
    funnel_right,
    truncate,     ///< also a copy: result = the low `bits` of a
    sign_extend,  ///< from `extra` bits to `bits`
    select,       ///< a ? b : c
    scaled_add,   ///< a + sign_extend(b, extra bits) * Image number `index`
    count_ones,
    count_leading_zeros,
    count_trailing_zeros,
    swap_bytes,
    reverse_bits,
    absolute,
    add_overflow,
    sub_overflow,
    mul_overflow,  ///< result, result + 1 = overflow; extra = 1: signed
    load,          ///< `bits` / 8 bytes at a; extra: 1 volatile, 2 acquire
    store,         ///< a at b; extra: 1 volatile, 4 release
    allocate,      ///< Image number `index` bytes, times a
    exchange_add,
    exchange_sub,
    exchange_and,
    exchange_nand,
    exchange_or,
    exchange_xor,
    exchange_swap,
    exchange_umax,
    exchange_umin,
    exchange_smax,
    exchange_smin,     ///< result = *a; *a = *a OP b
    compare_exchange,  ///< result = *a, result + 1 = equal; if equal *a = c; b expected
    fence,             ///< extra: C++ order
    copy_bytes,        ///< to a from b, c bytes
    set_bytes,         ///< at a to b, c bytes
    jump,              ///< edge `index`
    branch,            ///< edge b if a, else edge c
    choose,            ///< switch `index` on a
    call,              ///< call `index`
    assembly,          ///< assembly `index`
    give_back,         ///< return call `index`'s arguments
    unreachable,
    refused,  ///< message Image name `index`
    nothing,
};

struct Instruction {
    Op op = Op::nothing;
    std::uint8_t bits = 64;
    std::uint8_t extra = 0;
    ValueId result = none;
    std::uint32_t a = none, b = none, c = none;
    std::uint32_t index = none;
    std::uint32_t place = none;  ///< in Image::places
};

/// A number, or the address of a symbol plus that number.
struct Constant {
    std::uint64_t number = 0;
    std::uint32_t symbol = none;
    friend auto operator<=>(const Constant&, const Constant&) = default;
};

/// Control goes to `target` (an index of code); before, all moves are made at once.
struct Edge {
    std::vector<std::pair<ValueId, ValueId>> moves;  ///< to, from
    std::uint32_t target = 0;
};

struct Switch {
    std::uint32_t otherwise = 0;  ///< edge
    std::map<std::uint64_t, std::uint32_t> cases;
};

struct Call {
    std::uint32_t callee = none;  ///< symbol; none: the address in `target`
    ValueId target = none;
    std::vector<ValueId> arguments;
    std::vector<std::uint8_t> widths;  ///< bits of each result scalar
};

struct AssemblyCall {
    std::string text, constraints;
    std::vector<ValueId> arguments;
    std::vector<std::optional<std::uint64_t>> constants;
    std::vector<std::uint8_t> widths;   ///< bits of each output
    std::uint32_t fallthrough = none;   ///< edge; none: goes on with the next instruction
    std::vector<std::uint32_t> labels;  ///< edges
};

/// A parameter as the C declares it.
struct Parameter {
    std::string name;      ///< empty: not known
    ValueId value = none;  ///< none: the compiler took it out
    std::uint32_t values = 1;
    std::optional<Constant> always;  ///< of one taken out: what all calls give that the compiler saw
};

struct Function {
    std::uint32_t symbol = none;
    std::uint32_t arguments = 0;
    /// What a call from outside gives; fewer or more than `arguments` where the compiler changed them.
    std::vector<Parameter> parameters;
    bool reshaped = false;     ///< the compiler changed them so that it cannot be told which became what
    std::uint32_t values = 0;  ///< without constants, which come behind
    std::vector<Constant> constants;
    std::vector<Instruction> code;
    std::vector<Edge> edges;
    std::vector<Switch> switches;
    std::vector<Call> calls;
    std::vector<AssemblyCall> assembly;
    std::uint32_t place = none;  ///< where it is defined
};

/// `value` less the address of `minus`, at `offset` in `bytes` bytes.
struct Relocation {
    std::uint64_t offset = 0;
    Constant value;
    std::uint32_t minus = none;  ///< symbol; none: nothing is taken off
    std::uint8_t bytes = 8;
};

struct Symbol {
    std::string name;
    bool is_function = false;
    bool defined = false;
    bool weak = false;
    std::uint32_t function = none;  ///< index in Image::functions
    std::uint64_t size = 0;         ///< bytes of a variable
    std::uint64_t alignment = 1;
    std::vector<std::uint8_t> bytes;  ///< initialiser; empty: zero
    std::vector<Relocation> relocations;
    /// Offsets and bytes of what has an initialiser that is not modelled.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> unknown;
    std::uint32_t type = none;  ///< in Image::types
    std::uint32_t place = none;
};

/// From debug information: what fields and objects are named by.
struct Type {
    struct Member {
        std::string name;  ///< empty for an anonymous struct or union
        std::uint64_t bit = 0, bits = 0;
        std::uint32_t type = none;
    };
    std::string name;
    std::uint64_t size = 0;  ///< bytes
    std::vector<Member> members;
    std::uint32_t element = none;                                    ///< of an array or a typedef
    std::vector<std::pair<std::string, std::uint64_t>> enumerators = {};  ///< of an enum
};

struct Image {
    std::vector<std::string> files;  ///< as the compiler names them
    std::vector<std::string> names;
    std::vector<CodePlace> places;
    std::vector<std::uint64_t> numbers;
    std::vector<Symbol> symbols;
    std::vector<Function> functions;
    std::vector<Type> types;
    std::map<std::string, std::uint32_t> type_names;
    std::vector<std::string> producers;  ///< the compilers
    std::vector<std::string> folders;    ///< where they ran
    std::vector<std::string> module_assembly;
    int va_bits = 0;  ///< told by the linear map's base among the constants; 0: not found

    std::optional<std::uint32_t> find_symbol(const std::string& name) const;
};

}  // namespace tlbcheck::litmus::kernel
