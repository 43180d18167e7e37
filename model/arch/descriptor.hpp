// SPDX-License-Identifier: Apache-2.0
//
// The value of a translation table descriptor, decoded (Arm ARM D8.3). Schedules and litmus tests share the
// type: for schedules `oa` is a physical address in bytes, for litmus tests the index of a physical location.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlbcheck::model {

enum class DescriptorKind : std::uint8_t { invalid, leaf, table };

/// Memory attributes as bits, named as herd7 names them; a value of 0 is Normal, inner- and outer-shareable
/// write-back.
enum class Attr : std::uint32_t {
    none = 0,
    normal = 1U << 0,
    tagged_normal = 1U << 1,
    nsh = 1U << 2,
    ish = 1U << 3,
    osh = 1U << 4,
    iwb = 1U << 5,
    iwt = 1U << 6,
    inc = 1U << 7,
    owb = 1U << 8,
    owt = 1U << 9,
    onc = 1U << 10,
    device_gre = 1U << 11,
    device_ngre = 1U << 12,
    device_ngnre = 1U << 13,
    device_ngnrne = 1U << 14,
    xs = 1U << 15,
    px = 1U << 16,  ///< execution at EL1 permitted (PXN = 0); schedules only
    ux = 1U << 17,  ///< execution at EL0 permitted (UXN = 0); schedules only
};
constexpr Attr operator|(Attr a, Attr b) {
    return static_cast<Attr>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr Attr operator&(Attr a, Attr b) {
    return static_cast<Attr>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
constexpr Attr operator~(Attr a) {
    return static_cast<Attr>(~static_cast<std::uint32_t>(a));
}
/// Those that are permissions, which may be changed in place.
constexpr Attr execute_rights = Attr::px | Attr::ux;
constexpr Attr memory_type(Attr attributes) {
    return attributes & ~execute_rights;
}
/// Of a kernel's page (global), or a user's.
constexpr Attr execute_right(bool global) {
    return global ? Attr::px : Attr::ux;
}
/// The same memory type, and no right to execute that `b` does not give.
constexpr bool executes_less(Attr a, Attr b) {
    return memory_type(a) == memory_type(b) && (a & execute_rights & ~b) == Attr::none;
}
constexpr bool has(Attr set, Attr bit) {
    return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(bit)) != 0;
}

/// A descriptor. For `table`, `oa` is the address of the next-level table page and the permission fields are
/// unused.
struct Descriptor {
    DescriptorKind kind = DescriptorKind::invalid;
    std::uint64_t oa = 0;  ///< output address in bytes (schedules), or a physical location's index (litmus).
    bool af = true;        ///< Access flag; AF = 0 is not TLB-cacheable.
    bool db = true;        ///< dirty state: writes permitted (litmus; in schedules: AP[2] = 0, writable).
    bool dbm = false;      ///< DBM: hardware may set `db`.
    /// AF = 0 where hardware sets it (schedules; hardware_update.hpp): `af` is true, for no access faults.
    bool unaccessed = false;
    bool el0 = true;       ///< AP[1]: accessible from EL0.
    bool contiguous = false;
    bool not_global = false;  ///< nG
    bool nt = false;          ///< nT, FEAT_BBM level 1
    Attr attributes = Attr::none;
    /// The page holds what another one does: that one's address, less the virtual address translated. Of the
    /// page's own contents none.
    std::optional<std::uint64_t> contents;

    bool valid() const { return kind != DescriptorKind::invalid; }
    /// A TLB may hold an entry of it. A walk to a leaf without the access flag faults, and nothing of it is
    /// kept (Arm ARM D8.16).
    bool cacheable() const { return valid() && (kind == DescriptorKind::table || af); }
    /// In schedules: a store does not fault. Hardware sets the dirty state where DBM says so.
    bool writable() const { return db || dbm; }
    friend auto operator<=>(const Descriptor&, const Descriptor&) = default;
};

/// The physical address whose contents an access to `va` meets, where the descriptor translates it to
/// `output`.
constexpr std::uint64_t contents_at(const Descriptor& descriptor, std::uint64_t va, std::uint64_t output) {
    return descriptor.contents ? va + *descriptor.contents : output;
}

/// herd7's names, separated by spaces, in a fixed order; empty for Attr::none.
std::string to_string(Attr attributes);
/// "invalid", "leaf", "table".
std::string_view to_string(DescriptorKind kind);
/// In words: "invalid", "table", "new table 2" (a table page that a schedule made), "0x80000000 rw cont".
std::string to_string(const Descriptor& descriptor);
/// What a write left: the same, or "what the new owner wrote" into a freed table page, which may be anything.
std::string written_text(const Descriptor& descriptor, bool by_new_owner);
/// "rw", "ro, Device-nGnRE", ...: what a leaf permits and its memory type; empty for other descriptors.
std::string attribute_text(const Descriptor& descriptor);

}  // namespace tlbcheck::model
