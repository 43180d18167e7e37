// SPDX-License-Identifier: Apache-2.0
//
// Locations, values and descriptors.
#include <algorithm>
#include <limits>
#include <set>

#include "litmus/herd/state_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::LitmusDescriptor;
using model::LitmusLocation;
using model::LitmusValue;
using model::ValueKind;

namespace {

bool names_descriptor(const Token& token) {
    return token.kind == TokenKind::name && (token.text == "PTE" || token.text == "TTD");
}

/// A symbol by one name: x, pte_x, phy_x.
LitmusValue symbol_value(const std::string& name) {
    if (name.starts_with("pte_")) return LitmusValue::address(ValueKind::pte, name.substr(4));
    if (name.starts_with("phy_")) return LitmusValue::address(ValueKind::physical, name.substr(4));
    return LitmusValue::address(ValueKind::address, name);
}

/// The rest of TTD(x,S1,LV2) or TTD(x,S1,LV3), from the first comma.
LitmusValue parse_level(TokenReader& in, const std::string& name) {
    if (!in.two_levels) in.fail("descriptors of a level need variant 'mlpt'", "Variant=vmsa,mlpt");
    in.expect(",");
    const Token stage = in.peek();
    if (!in.peek(1).is(")")) {  // TTD(x,LV2) is of stage 1
        if (in.name("a stage") != "S1")
            in.fail_at(stage, "stage '" + printable(stage.text) + "' is not supported", "stages are S1");
        in.expect(",");
    }
    const Token level = in.peek();
    const std::string text = in.name("a level");
    if (text != "LV2" && text != "LV3")
        in.fail_at(level, "level '" + printable(text) + "' is not supported", "levels are LV2, LV3");
    in.expect(")");
    return LitmusValue::address(text == "LV2" ? ValueKind::ttd2 : ValueKind::pte, name);
}

/// PTE(x), PTE(PTE(x)), TTD(x,S1,LV2), PA(x), or a name. The reader stands on a name.
LitmusValue parse_symbol(TokenReader& in) {
    const Token first = in.next();
    if (in.peek().is("(") && (names_descriptor(first) || first.text == "PA")) {
        in.expect("(");
        if (names_descriptor(first) && names_descriptor(in.peek())) {
            in.next();
            in.expect("(");
            const std::string name = in.name("a symbol");
            in.expect(")");
            in.expect(")");
            return LitmusValue::address(ValueKind::pte2, name);
        }
        if (parse_thread_name(in.peek().text)) in.fail("descriptors of code pages are not supported");
        const std::string name = in.name("a symbol");
        if (first.text == "TTD" && in.peek().is(",")) return parse_level(in, name);
        in.expect(")");
        return LitmusValue::address(first.text == "PA" ? ValueKind::physical : ValueKind::pte, name);
    }
    if (in.peek().is("(")) in.fail_at(first, "'" + printable(first.text) + "(...)' is not supported here");
    if (in.peek().is(":")) in.fail_at(first, "tagged addresses are not supported");
    return symbol_value(first.text);
}

LitmusValue parse_label(TokenReader& in, int thread) {
    in.expect(":");
    return LitmusValue::label(thread, in.name("a label"));
}

int parse_bit(TokenReader& in) {
    const Token at = in.peek();
    const std::int64_t n = in.number("a number");
    if (n != 0 && n != 1) in.fail_at(at, "a field of a descriptor is 0 or 1");
    return static_cast<int>(n);
}

void set_field(TokenReader& in, const Token& key, LitmusDescriptor& d) {
    static const std::pair<std::string_view, int LitmusDescriptor::*> fields[] = {
        {"af", &LitmusDescriptor::af},        {"db", &LitmusDescriptor::db},
        {"dbm", &LitmusDescriptor::dbm},      {"el0", &LitmusDescriptor::el0},
        {"valid", &LitmusDescriptor::valid},  {"x", &LitmusDescriptor::x},
        {"contig", &LitmusDescriptor::contig}};
    if (key.text == "contig" && !in.contiguous)
        in.fail_at(key, "field 'contig' needs variant 'contig'", "Variant=vmsa,contig");
    for (const auto& [name, field] : fields) {
        if (key.text == name) {
            d.*field = parse_bit(in);
            return;
        }
    }
    in.fail_at(key, "descriptors have no field '" + printable(key.text) + "'",
               "fields are oa, valid, af, db, dbm, el0, x, attrs");
}

void set_output_address(TokenReader& in, LitmusDescriptor& d) {
    const Token at = in.peek();
    if (at.kind != TokenKind::name) in.fail("expected an output address, as in 'oa:PA(x)'");
    const LitmusValue v = parse_symbol(in);
    if (v.kind != ValueKind::physical && v.kind != ValueKind::pte) {
        in.fail_at(at, "'" + printable(at.text) + "' is no output address",
                   "write PA(" + printable(at.text) + ")");
    }
    d.oa = v.symbol;
    d.oa_is_pte = v.kind == ValueKind::pte;
}

void set_type(TokenReader& in, const Token& key, LitmusDescriptor& d) {
    using Type = model::LitmusDescriptorType;
    if (!in.two_levels) in.fail_at(key, "field 'dt' needs variant 'mlpt'", "Variant=vmsa,mlpt");
    const Token type = in.peek();
    const std::string text = upper(in.name("Block, Table or Page"));
    if (text != "BLOCK" && text != "TABLE" && text != "PAGE")
        in.fail_at(type, "'" + printable(type.text) + "' is no type of a descriptor",
                   "types are Block, Table, Page");
    d.type = text == "BLOCK" ? Type::block : text == "TABLE" ? Type::table : Type::page;
}

/// Whether nothing but validity and address is other than usual. Hierarchical permissions are not modelled.
bool only_leads_on(const LitmusDescriptor& d) {
    LitmusDescriptor usual;
    usual.oa = d.oa;
    usual.oa_is_pte = d.oa_is_pte;
    usual.valid = d.valid;
    usual.type = d.type;
    return d == usual;
}

/// What of a descriptor does not go together, where walks have two levels; `begin` is its parenthesis.
void check_type(const TokenReader& in, const Token& begin, const LitmusLocation& place,
                const LitmusDescriptor& d) {
    using Type = model::LitmusDescriptorType;
    if (d.valid == 0 || !in.two_levels) return;
    if (d.type == Type::table && (!d.oa_is_pte || d.oa.empty()))
        in.fail_at(begin, "a table descriptor leads to a descriptor", "write oa:PTE(x)");
    if (d.contig != 0 &&
        (d.type == Type::block || (!place.is_register && place.address.kind == ValueKind::ttd2)))
        in.fail_at(begin, "the Contiguous hint is supported at level 3 only", "contig is for PTE(x)");
    if (d.type == Type::table && !only_leads_on(d))
        in.fail_at(begin, "a table descriptor has no access flag, permissions or attributes here",
                   "write them at level 3");
    if (d.type == Type::block && (d.oa_is_pte || d.oa.empty()))
        in.fail_at(begin, "a block descriptor leads to memory", "write oa:PA(x)");
    if (place.is_register) return;
    if (place.address.kind == ValueKind::ttd2 && d.type == Type::page)
        in.fail_at(begin, "a level 2 descriptor is a table or a block", "write dt:Table or dt:Block");
    if (place.address.kind == ValueKind::pte && d.type != Type::page)
        in.fail_at(begin, "a level 3 descriptor is a page", "dt is for TTD(x,S1,LV2)");
}

/// Without dt a level 2 descriptor is a table; without oa it leads to the symbol's own descriptor or page.
void complete(const LitmusLocation& place, bool has_oa, LitmusDescriptor& d) {
    using Type = model::LitmusDescriptorType;
    if (place.is_register) return;
    const bool upper = place.address.kind == ValueKind::ttd2;
    if (upper && d.type == Type::page && (!has_oa || d.oa_is_pte)) d.type = Type::table;
    if (has_oa) return;
    d.oa = place.address.symbol;
    d.oa_is_pte = place.address.kind == ValueKind::pte2 || (upper && d.type == Type::table);
}

struct AttributeName {
    std::string_view name, long_name;
    int group;  // 0 shareability, 1 inner, 2 outer
    int value;
};
constexpr AttributeName attribute_names[] = {
    {"NSH", "Non-shareable", 0, 0},       {"ISH", "Inner-shareable", 0, 1},
    {"OSH", "Outer-shareable", 0, 2},     {"iWB", "Inner-write-back", 1, 0},
    {"iWT", "Inner-write-through", 1, 1}, {"iNC", "Inner-non-cacheable", 1, 2},
    {"oWB", "Outer-write-back", 2, 0},    {"oWT", "Outer-write-through", 2, 1},
    {"oNC", "Outer-non-cacheable", 2, 2},
};

/// Attributes seen so far, to refuse two of one group.
struct AttributeReader {
    model::LitmusAttributes value;
    bool seen[3] = {false, false, false};
    int count = 0;

    void add(const TokenReader& in, const Token& token) {
        using A = model::LitmusAttributes;
        static constexpr std::pair<std::string_view, A::Device> devices[] = {
            {"Device-GRE", A::Device::gre},
            {"Device-nGRE", A::Device::ngre},
            {"Device-nGnRE", A::Device::ngnre},
            {"Device-nGnRnE", A::Device::ngnrne}};
        if (value.device != A::Device::none) in.fail_at(token, "a device attribute stands alone");
        ++count;
        for (const auto& [name, device] : devices) {
            if (token.text != name) continue;
            if (count > 1) in.fail_at(token, "a device attribute stands alone");
            value.device = device;
            return;
        }
        for (const auto& a : attribute_names) {
            if (token.text != a.name && token.text != a.long_name) continue;
            if (seen[a.group]) in.fail_at(token, "conflicting memory attributes");
            seen[a.group] = true;
            if (a.group == 0) value.shareability = static_cast<A::Shareability>(a.value);
            if (a.group == 1) value.inner = static_cast<A::Cacheability>(a.value);
            if (a.group == 2) value.outer = static_cast<A::Cacheability>(a.value);
            return;
        }
        if (token.text == "Normal") return;
        if (token.text == "TaggedNormal") in.fail_at(token, "tagged memory is not supported");
        in.fail_at(token, "'" + printable(token.text) + "' is no memory attribute");
    }
};

}  // namespace

std::optional<model::RegisterId> parse_register(std::string_view name, int* width) {
    const std::string u = upper(name);
    if (width != nullptr) *width = u.starts_with("W") ? 32 : 64;
    if (u == "XZR" || u == "WZR") return model::zero_register;
    if (u == "SP") return model::stack_pointer;
    if (u == "LR") return 30;
    if (u.size() >= 2 && u.size() <= 3 && (u[0] == 'X' || u[0] == 'W') &&
        u.find_first_not_of("0123456789", 1) == std::string::npos && (u.size() == 2 || u[1] != '0')) {
        const int n = std::stoi(u.substr(1));
        if (n <= 30) return n;
    }
    return std::nullopt;
}

std::optional<int> parse_thread_name(std::string_view text) {
    if (text.size() < 2 || text.size() > 4 || text[0] != 'P' ||
        text.find_first_not_of("0123456789", 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return std::stoi(std::string(text.substr(1)));
}

LitmusLocation parse_location(TokenReader& in) {
    LitmusLocation result;
    const Token first = in.peek();
    std::optional<int> thread;
    if (first.kind == TokenKind::number && in.peek(1).is(":")) {
        if (first.number > 999) in.fail("there is no such thread");
        thread = static_cast<int>(first.number);
    } else if (first.kind == TokenKind::name && in.peek(1).is(":")) {
        thread = parse_thread_name(first.text);
    }
    if (thread) {
        in.next();
        in.expect(":");
        const Token name = in.peek();
        auto reg = parse_register(in.name("a register"));
        if (!reg) reg = model::parse_system_register(name.text);
        if (!reg) in.fail_at(name, "'" + printable(name.text) + "' is no register");
        result.is_register = true;
        result.thread = *thread;
        result.reg = *reg;
        return result;
    }
    const bool brackets = in.accept("[");
    if (in.peek().kind != TokenKind::name) in.fail("expected a location");
    result.address = parse_symbol(in);
    if (result.address.kind == ValueKind::physical)
        in.fail_at(first, "a physical address cannot be observed or initialised", "name the symbol itself");
    if (brackets) in.expect("]");
    return result;
}

LitmusValue parse_value(TokenReader& in) {
    const Token first = in.peek();
    if (first.kind == TokenKind::number) {
        in.next();
        if (in.peek().is(":")) {
            if (first.number > 999) in.fail_at(first, "there is no such thread");
            return parse_label(in, static_cast<int>(first.number));
        }
        return LitmusValue::of(first.number);
    }
    if (in.accept("&")) {
        if (in.peek().kind != TokenKind::name) in.fail("expected a symbol");
    } else if (first.kind == TokenKind::name && in.peek(1).is(":")) {
        if (first.text == "label" && in.peek(2).kind == TokenKind::string) {
            in.next();
            in.next();
            const Token text = in.next();
            const std::size_t colon = text.text.find(':');
            std::string thread = colon == std::string::npos ? std::string() : text.text.substr(0, colon);
            if (!thread.empty() && thread[0] != 'P') thread.insert(0, "P");
            const auto number = parse_thread_name(thread);
            if (!number || colon + 1 >= text.text.size())
                in.fail_at(text, "expected a label, as in label:\"P0:L0\"");
            return LitmusValue::label(*number, text.text.substr(colon + 1));
        }
        if (first.text == "instr" && in.peek(2).kind == TokenKind::string) {
            in.next();
            in.next();
            return LitmusValue::instruction(model::instruction_text(in.next().text));
        }
        if (const auto thread = parse_thread_name(first.text)) {
            in.next();
            return parse_label(in, *thread);
        }
    }
    if (in.peek().kind != TokenKind::name) in.fail("expected a value");
    if (in.peek().kind == TokenKind::name && in.peek().text == "NOP") {
        in.next();
        return LitmusValue::instruction("NOP");
    }
    LitmusValue value = parse_symbol(in);
    if (value.kind == ValueKind::address && in.peek().is("[") && in.peek(1).kind == TokenKind::number &&
        in.peek(2).is("]")) {
        in.next();
        value.offset = static_cast<std::int64_t>(in.next().number);
        in.next();
    }
    return value;
}

LitmusValue parse_descriptor(TokenReader& in, const LitmusLocation& for_location) {
    LitmusDescriptor d;
    AttributeReader attributes;
    bool has_oa = false;
    std::set<std::string> given;
    const Token begin = in.peek();
    in.expect("(");
    do {
        const Token key = in.peek();
        if (key.kind != TokenKind::name) in.fail("expected a field of a descriptor");
        if (in.peek(1).is(":") && key.text != "attrs" && key.text != "Attrs" &&
            !given.insert(key.text).second)
            in.fail_at(key, "'" + printable(key.text) + "' is given twice");
        in.next();
        if (!in.accept(":")) {
            attributes.add(in, key);
        } else if (key.text == "oa") {
            set_output_address(in, d);
            has_oa = true;
        } else if (key.text == "attrs" || key.text == "Attrs") {
            in.expect("(");
            do {
                const Token attribute = in.peek();
                in.name("a memory attribute");
                attributes.add(in, attribute);
            } while (in.accept(","));
            in.expect(")");
        } else if (key.text == "dt") {
            set_type(in, key, d);
        } else {
            set_field(in, key, d);
        }
    } while (in.accept(","));
    in.expect(")");
    d.attributes = attributes.value;
    complete(for_location, has_oa, d);
    check_type(in, begin, for_location, d);
    if (given.contains("contig"))
        in.contiguous_symbols.push_back(for_location.is_register ? d.oa : for_location.address.symbol);
    return LitmusValue::of(d);
}

}  // namespace tlbcheck::litmus::herd
