// SPDX-License-Identifier: Apache-2.0
//
// The values of litmus programs: 64-bit integers, symbolic addresses, translation table descriptors and code
// labels, with the operations that instructions apply to them. Values are compared by identity of what they
// denote: an address never equals an integer. All arithmetic on them is done here, before any solving.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace tlbcheck::model {

/// What a value denotes. The order is the one in which final states are listed.
enum class ValueKind : std::uint8_t {
    integer,   ///< 64 bits, two's complement
    label,     ///< address of an instruction: thread and label
    address,   ///< virtual address: symbol + offset in bytes
    physical,  ///< physical address: symbol + offset
    pte,       ///< address of the descriptor that maps the symbol's page
    pte2,      ///< address of the descriptor that maps that descriptor
    ttd2,      ///< address of the level 2 descriptor of the symbol's block (two levels)
    tlb,       ///< TLBI operand for the symbol's page (address >> 12)
    descriptor,
    instruction,  ///< the word of an instruction, by its text; read from code, never computed with
};

/// Memory attributes of a descriptor, as herd7 has them.
struct LitmusAttributes {
    enum class Device : std::uint8_t { none, gre, ngre, ngnre, ngnrne };
    enum class Shareability : std::uint8_t { nsh, ish, osh };
    enum class Cacheability : std::uint8_t { wb, wt, nc };
    Device device = Device::none;  ///< the fields below mean something only for `none`
    Shareability shareability = Shareability::ish;
    Cacheability inner = Cacheability::wb;
    Cacheability outer = Cacheability::wb;
    friend auto operator<=>(const LitmusAttributes&, const LitmusAttributes&) = default;
};

/// What a descriptor is where walks have two levels: of level 3 a page, of level 2 a table or a block.
enum class LitmusDescriptorType : std::uint8_t { page, table, block };

/// A descriptor of the page of one symbol. Field order is herd7's order of comparison.
struct LitmusDescriptor {
    int x = 1;  ///< execution permitted
    LitmusAttributes attributes;
    bool oa_is_pte = false;  ///< `oa` names a descriptor's page (oa:PTE(x))
    std::string oa;          ///< symbol whose physical page it points to
    int af = 1;
    int db = 1;
    int dbm = 0;
    int valid = 1;
    int el0 = 1;
    LitmusDescriptorType type = LitmusDescriptorType::page;  ///< of an invalid one it has no meaning
    int contig = 0;                                          ///< the Contiguous hint
    friend auto operator<=>(const LitmusDescriptor&, const LitmusDescriptor&) = default;
};

struct LitmusValue {
    ValueKind kind = ValueKind::integer;
    std::uint64_t number = 0;
    int thread = 0;      ///< label
    std::string symbol;  ///< addresses: the symbol; label: its name; instruction: its text
    std::int64_t offset = 0;
    LitmusDescriptor descriptor;

    static LitmusValue of(std::uint64_t number);
    static LitmusValue address(ValueKind kind, std::string symbol, std::int64_t offset = 0);
    static LitmusValue label(int thread, std::string name);
    static LitmusValue of(LitmusDescriptor descriptor);
    /// `text` as herd7 prints it: "NOP", "ADD W0,W0,#1", "B .+4".
    static LitmusValue instruction(std::string text);

    bool is_integer(std::uint64_t n) const { return kind == ValueKind::integer && number == n; }
    bool is_zero() const { return is_integer(0); }
    bool is_address() const {
        return kind != ValueKind::integer && kind != ValueKind::descriptor && kind != ValueKind::instruction;
    }
    /// Integers compare as signed numbers.
    friend std::strong_ordering operator<=>(const LitmusValue& a, const LitmusValue& b);
    friend bool operator==(const LitmusValue& a, const LitmusValue& b) = default;
};

enum class ValueOp : std::uint8_t {
    add,
    sub,
    land,
    lor,
    lxor,
    andnot,
    lsl,
    lsr,
    asr,
    eq,
    ne,
    mul,
    min,
    max,
    umin,
    umax,
};

/// The result, or nullopt where the operation has no meaning (an address times three).
std::optional<LitmusValue> apply(ValueOp op, const LitmusValue& a, const LitmusValue& b);
/// Low `bits` bits, zero-extended; symbolic values are 64 bits wide, instructions 32, and pass only whole.
std::optional<LitmusValue> zero_extend(const LitmusValue& v, int bits);
std::optional<LitmusValue> sign_extend(const LitmusValue& v, int bits);

/// True when a write through the descriptor is permitted under these hardware settings (cat
/// at-least-one-writable).
bool writable(const LitmusDescriptor& d, bool ha, bool hd);

}  // namespace tlbcheck::model
