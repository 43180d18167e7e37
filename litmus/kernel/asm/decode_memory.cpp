// SPDX-License-Identifier: Apache-2.0
//
// Loads, stores and atomics (Arm ARM C3.2, C3.3 and C3.2.12): plain, acquire, release, exclusive, LSE in all
// ordering forms. What takes two registers as one value, or a user's permissions, is refused.

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "litmus/kernel/asm/instruction.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

/// The last letters of a mnemonic say how much is moved: b, h, sb, sh, sw; else the whole register.
struct Amount {
    std::uint8_t bytes = 0;
    bool sign_extend = false;
};

std::optional<Amount> parse_amount(std::string_view suffix, unsigned register_bits) {
    if (suffix.empty()) return Amount{static_cast<std::uint8_t>(register_bits / 8), false};
    if (suffix == "b") return Amount{1, false};
    if (suffix == "h") return Amount{2, false};
    if (suffix == "sb") return Amount{1, true};
    if (suffix == "sh") return Amount{2, true};
    if (suffix == "sw") return Amount{4, true};
    return std::nullopt;
}

struct Family {
    std::string_view prefix;
    bool store;
    bool exclusive;
    Ordering ordering;
};

/// Longer names before those they begin with.
constexpr std::array families{
    Family{"ldaxr", false, true, {true, false}},
    Family{"ldapur", false, false, {true, false}},
    Family{"ldapr", false, false, {true, false}},
    Family{"ldlar", false, false, {true, false}},
    Family{"ldar", false, false, {true, false}},
    Family{"ldxr", false, true, {}},
    Family{"ldur", false, false, {}},
    Family{"ldr", false, false, {}},
    Family{"stlxr", true, true, {false, true}},
    Family{"stlur", true, false, {false, true}},
    Family{"stllr", true, false, {false, true}},
    Family{"stlr", true, false, {false, true}},
    Family{"stxr", true, true, {}},
    Family{"stur", true, false, {}},
    Family{"str", true, false, {}},
};

std::optional<MicroOp> decode_single(const InstructionReader& in) {
    const std::string_view name = in.mnemonic();
    for (const Family& family : families) {
        if (!name.starts_with(family.prefix)) continue;
        const std::size_t t = family.store && family.exclusive ? 1 : 0;
        if (!in.is_register(t)) in.refuse_operand(t, "not a general-purpose register");
        const auto amount = parse_amount(name.substr(family.prefix.size()), in.width(t));
        if (!amount) continue;
        in.expect(t + 2, t + 3);
        Memory op;
        op.store = family.store;
        op.bytes = amount->bytes;
        op.sign_extend = amount->sign_extend;
        op.bits = static_cast<std::uint8_t>(in.width(t));
        op.t = in.reg(t).reg;
        if (t == 1) op.status = in.reg(0).reg;
        op.address = in.address(t + 1);
        op.ordering = family.ordering;
        return op;
    }
    return std::nullopt;
}

/// ldp, stp, ldnp, stnp and ldpsw.
std::optional<MicroOp> decode_pair(const InstructionReader& in) {
    const std::string& name = in.mnemonic();
    const bool load = name == "ldp" || name == "ldnp" || name == "ldpsw";
    if (!load && name != "stp" && name != "stnp") return std::nullopt;
    in.expect(3, 4);
    Memory op;
    op.store = !load;
    op.sign_extend = name == "ldpsw";
    op.bits = static_cast<std::uint8_t>(in.width(0));
    op.bytes = static_cast<std::uint8_t>(op.sign_extend ? 4 : op.bits / 8);
    op.t = in.reg(0).reg;
    op.second = in.reg(1).reg;
    op.address = in.address(2);
    return op;
}

/// What follows the operation's name: nothing, a, l or al, then b or h.
bool parse_atomic_suffix(std::string_view suffix, Atomic& op, unsigned bits) {
    op.ordering = {};
    if (suffix.starts_with('a')) {
        op.ordering.acquire = true;
        suffix.remove_prefix(1);
    }
    if (suffix.starts_with('l')) {
        op.ordering.release = true;
        suffix.remove_prefix(1);
    }
    op.bytes = static_cast<std::uint8_t>(bits / 8);
    if (suffix == "b")
        op.bytes = 1;
    else if (suffix == "h")
        op.bytes = 2;
    else
        return suffix.empty();
    return true;
}

/// The base of an atomic's address, which has no offset.
Register plain_base(const InstructionReader& in, std::size_t i) {
    const Address address = in.address(i);
    if (address.offset.reg || address.offset.value != 0 || address.update != Address::Update::none)
        in.refuse_operand(i, "an atomic's address has no offset");
    return address.base;
}

std::optional<MicroOp> decode_atomic(const InstructionReader& in) {
    static const std::array<std::pair<std::string_view, AtomicOperation>, 10> operations{{
        {"add", AtomicOperation::add},
        {"clr", AtomicOperation::clr},
        {"set", AtomicOperation::set},
        {"eor", AtomicOperation::eor},
        {"smax", AtomicOperation::smax},
        {"smin", AtomicOperation::smin},
        {"umax", AtomicOperation::umax},
        {"umin", AtomicOperation::umin},
        {"swp", AtomicOperation::swp},
        {"cas", AtomicOperation::cas},
    }};
    std::string_view name = in.mnemonic();
    const bool stores_only = name.starts_with("st");
    const bool prefixed = stores_only || name.starts_with("ld");
    if (prefixed) name.remove_prefix(2);
    for (const auto& [word, operation] : operations) {
        const bool has_prefix = operation != AtomicOperation::swp && operation != AtomicOperation::cas;
        if (prefixed != has_prefix || !name.starts_with(word) || !in.is_register(0)) continue;
        Atomic op;
        op.operation = operation;
        if (!parse_atomic_suffix(name.substr(word.size()), op, in.width(0))) continue;
        const std::size_t last = stores_only ? 1 : 2;
        in.expect(last + 1, last + 1);
        op.s = in.reg(0).reg;
        if (!stores_only) op.t = in.reg(1).reg;
        op.base = plain_base(in, last);
        // Arm ARM C6.2, LDADD: with the zero register as target the load has no acquire semantics.
        if (op.t == zero_register && operation != AtomicOperation::cas) op.ordering.acquire = false;
        return op;
    }
    return std::nullopt;
}

std::string_view why_no_access(std::string_view name) {
    static const std::map<std::string_view, std::string_view> reasons{
        {"ldxp", "two registers as one value are not modelled"},
        {"ldaxp", "two registers as one value are not modelled"},
        {"stxp", "two registers as one value are not modelled"},
        {"stlxp", "two registers as one value are not modelled"},
        {"casp", "two registers as one value are not modelled"},
        {"caspa", "two registers as one value are not modelled"},
        {"caspl", "two registers as one value are not modelled"},
        {"caspal", "two registers as one value are not modelled"},
    };
    if (const auto found = reasons.find(name); found != reasons.end()) return found->second;
    if (name.starts_with("ldtr") || name.starts_with("sttr"))
        return "an access to user memory is not modelled";
    return {};
}

}  // namespace

std::optional<MicroOp> decode_memory(const InstructionReader& in) {
    if (const std::string_view why = why_no_access(in.mnemonic()); !why.empty()) in.refuse(why);
    if (auto op = decode_atomic(in)) return op;
    if (auto op = decode_pair(in)) return op;
    return decode_single(in);
}

}  // namespace tlbcheck::litmus::kernel::assembly
