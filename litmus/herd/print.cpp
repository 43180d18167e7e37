// SPDX-License-Identifier: Apache-2.0
//
// Values, states and conditions in herd7's notation.
#include "litmus/herd/print.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::litmus::herd {

using model::FaultPattern;
using model::LitmusDescriptor;
using model::LitmusFault;
using model::LitmusLocation;
using model::LitmusProgram;
using model::LitmusType;
using model::LitmusValue;
using model::Proposition;
using model::Quantifier;
using model::ValueKind;

namespace {

std::string attributes_text(const model::LitmusAttributes& a) {
    using A = model::LitmusAttributes;
    static constexpr const char* devices[] = {"", "Device-GRE", "Device-nGRE", "Device-nGnRE",
                                              "Device-nGnRnE"};
    if (a.device != A::Device::none) return devices[static_cast<int>(a.device)];
    static constexpr const char* shareabilities[] = {"NSH", "ISH", "OSH"};
    static constexpr const char* cacheabilities[] = {"WB", "WT", "NC"};
    return fmt::format("Normal,{},i{},o{}", shareabilities[static_cast<int>(a.shareability)],
                       cacheabilities[static_cast<int>(a.inner)], cacheabilities[static_cast<int>(a.outer)]);
}

std::string descriptor_text(const LitmusDescriptor& d) {
    const LitmusDescriptor usual;
    std::string result = fmt::format("(oa:{}({})", d.oa_is_pte ? "PTE" : "PA", d.oa);
    const auto field = [&](const char* name, int LitmusDescriptor::*which) {
        if (d.*which != usual.*which) result += fmt::format(", {}:{}", name, d.*which);
    };
    field("af", &LitmusDescriptor::af);
    field("db", &LitmusDescriptor::db);
    field("dbm", &LitmusDescriptor::dbm);
    field("valid", &LitmusDescriptor::valid);
    field("el0", &LitmusDescriptor::el0);
    field("x", &LitmusDescriptor::x);
    field("contig", &LitmusDescriptor::contig);
    if (d.type == model::LitmusDescriptorType::table) result += ", dt:Table";
    if (d.type == model::LitmusDescriptorType::block) result += ", dt:Block";
    if (d.attributes != usual.attributes)
        result += fmt::format(", attrs:({})", attributes_text(d.attributes));
    return result + ")";
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string result;
    for (const std::string& p : parts) {
        if (!result.empty()) result += separator;
        result += p;
    }
    return result;
}

std::string thread_and_labels(int thread, const std::vector<std::string>& labels) {
    if (labels.empty()) return fmt::format("P{}", thread);
    if (labels.size() == 1) return fmt::format("P{}:{}", thread, labels.front());
    return fmt::format("P{}:{{{}}}", thread, joined(labels, ","));
}

std::string fault_text(const char* word, int thread, const std::vector<std::string>& labels,
                       const std::optional<LitmusValue>& address, const std::string& type) {
    std::string result = fmt::format("{}({}", word, thread_and_labels(thread, labels));
    if (address) result += "," + print_value(*address);
    if (!type.empty()) result += "," + type;
    return result + ")";
}

std::string pattern_text(const char* word, const FaultPattern& p) {
    std::vector<std::string> labels;
    if (p.label) labels.push_back(*p.label);
    return fault_text(word, p.thread, labels, p.address, p.type);
}

std::string array_text(const std::vector<LitmusValue>& values, const LitmusType& type) {
    std::vector<std::string> parts;
    for (const LitmusValue& v : values) parts.push_back(print_value(v, type));
    return "{" + joined(parts, ",") + "}";
}

/// Binding strength of what stands around a proposition.
enum class Around : std::uint8_t { top, conjunction, disjunction, implication };

bool needs_parentheses(Around around, Around here) {
    if (around == Around::top || around == here) return false;
    return !(around == Around::disjunction && here == Around::conjunction);
}

std::string print_proposition(const Proposition& p, Around around);

std::string chain(const Proposition& p, Around around, Around here, std::string_view separator,
                  const char* empty) {
    if (p.operands.empty()) return empty;
    std::vector<std::string> parts;
    for (const Proposition& q : p.operands) parts.push_back(print_proposition(q, here));
    const std::string result = joined(parts, separator);
    return needs_parentheses(around, here) ? "(" + result + ")" : result;
}

std::string print_proposition(const Proposition& p, Around around) {
    using Kind = Proposition::Kind;
    switch (p.kind) {
        case Kind::value:
            if (p.values.size() == 1) return print_location(p.location) + "=" + print_value(p.values.front());
            return print_location(p.location, false) + "=" +
                   array_text(p.values, LitmusType{"int64_t", false, 0});
        case Kind::equal:
            return print_location(p.location) + "=" + print_location(p.other);
        case Kind::fault:
            return pattern_text("fault", p.fault);
        case Kind::negation:
            return "not (" + print_proposition(p.operands.front(), Around::top) + ")";
        case Kind::conjunction:
            return chain(p, around, Around::conjunction, " /\\ ", "true");
        case Kind::disjunction:
            return chain(p, around, Around::disjunction, " \\/ ", "false");
        case Kind::implication:
            break;
    }
    return chain(p, around, Around::implication, " => ", "true");
}

}  // namespace

std::string print_value(const LitmusValue& v) {
    const std::string place = v.offset == 0 ? v.symbol : fmt::format("{}+{}", v.symbol, v.offset);
    switch (v.kind) {
        case ValueKind::integer:
            return fmt::format("{}", static_cast<std::int64_t>(v.number));
        case ValueKind::label:
            return fmt::format("label:\"P{}:{}\"", v.thread, v.symbol);
        case ValueKind::address:
            return place;
        case ValueKind::physical:
            return v.offset == 0 ? fmt::format("PA({})", v.symbol)
                                 : fmt::format("PA({})+{}", v.symbol, v.offset);
        case ValueKind::pte:
            return fmt::format("PTE({})", v.symbol);
        case ValueKind::pte2:
            return fmt::format("PTE(PTE({}))", v.symbol);
        case ValueKind::ttd2:
            return fmt::format("TTD({},S1,LV2)", v.symbol);
        case ValueKind::tlb:
            return fmt::format("TLB({})", v.symbol);
        case ValueKind::instruction:
            return v.symbol == "NOP" ? v.symbol : fmt::format("instr:\"{}\"", v.symbol);
        case ValueKind::descriptor:
            break;
    }
    return descriptor_text(v.descriptor);
}

std::string print_value(const LitmusValue& v, const LitmusType& type) {
    if (v.kind != ValueKind::integer) return print_value(v);
    const int bits = size_in_bits(type);
    if (bits == 64 || bits == 0) {
        return model::is_signed(type) || bits == 0 ? print_value(v) : fmt::format("{}", v.number);
    }
    if (model::is_signed(type)) return print_value(*model::sign_extend(v, bits));
    return print_value(*model::zero_extend(v, bits));
}

std::string print_location(const LitmusLocation& l, bool brackets) {
    if (l.is_register) return fmt::format("{}:{}", l.thread, model::register_name(l.reg));
    const std::string name = print_value(l.address);
    if (l.element) return fmt::format("{}[{}]", name, *l.element);
    return brackets ? "[" + name + "]" : name;
}

std::string print_condition(const LitmusProgram& program) {
    const char* word = program.quantifier == Quantifier::forall   ? "forall"
                       : program.quantifier == Quantifier::exists ? "exists"
                                                                  : "~exists";
    return fmt::format("{} ({})", word, print_proposition(program.condition, Around::top));
}

std::string print_state(const LitmusProgram& program, const FinalState& state) {
    std::vector<std::string> parts;
    const std::vector<LitmusLocation> locations = program.displayed();
    for (std::size_t k = 0; k < locations.size() && k < state.values.size(); ++k) {
        const LitmusType type = program.type_of(locations[k]);
        const bool array = type.elements > 0;
        const std::string value =
            array ? array_text(state.values[k], type) : print_value(state.values[k].front(), type);
        parts.push_back(print_location(locations[k], !array) + "=" + value + ";");
    }
    std::string result = joined(parts, " ");
    const std::vector<FaultPattern> patterns = program.fault_patterns();
    if (patterns.empty()) return result;
    std::vector<std::string> faults;
    for (const LitmusFault& f : state.faults) {
        // Where the test names the type of fault, it is shown as the test spells it.
        std::string type = f.type;
        for (const FaultPattern& p : patterns) {
            if (!p.type.empty() && matches(f, p)) {
                type = p.type;
                break;
            }
        }
        if (!f.detail.empty()) type += "," + f.detail;
        faults.push_back(fault_text("Fault", f.thread, f.labels, f.address, type) + ";");
    }
    result += " " + joined(faults, " ");
    for (auto p = patterns.rbegin(); p != patterns.rend(); ++p) {
        const bool happened =
            std::ranges::any_of(state.faults, [&](const LitmusFault& f) { return matches(f, *p); });
        if (!happened) result += " " + pattern_text("~Fault", *p) + ";";
    }
    return result;
}

bool condition_holds(const LitmusProgram& program, const ResultSummary& summary) {
    if (program.quantifier == Quantifier::exists) return summary.some_satisfies;
    if (program.quantifier == Quantifier::not_exists) return !summary.some_satisfies;
    return !summary.some_violates;
}

std::string observation(const ResultSummary& summary) {
    if (!summary.some_satisfies) return "Never";
    return summary.some_violates ? "Sometimes" : "Always";
}

std::string print_result(const LitmusProgram& program, const std::set<FinalState>& states,
                         const ResultSummary& summary) {
    const bool negated = program.quantifier == Quantifier::not_exists;
    const char* kind = program.quantifier == Quantifier::forall ? "Required"
                       : negated                                ? "Forbidden"
                                                                : "Allowed";
    std::string out = fmt::format("Test {} {}\nStates {}\n", program.name, kind, states.size());
    for (const FinalState& s : states) out += print_state(program, s) + "\n";
    out += fmt::format("{}{}\nWitnesses\n", summary.loop ? "Loop " : "",
                       condition_holds(program, summary) ? "Ok" : "No");
    out += fmt::format("Positive: {} Negative: {}\n", negated ? summary.negative : summary.positive,
                       negated ? summary.positive : summary.negative);
    for (const std::string& flag : summary.flags) out += "Flag " + flag + "\n";
    out += fmt::format("Condition {}\nObservation {} {} {} {}\n", print_condition(program), program.name,
                       observation(summary), summary.positive, summary.negative);
    const std::string hash = program.field("Hash");
    if (!hash.empty()) out += "Hash=" + hash + "\n";
    return out + "\n";
}

}  // namespace tlbcheck::litmus::herd
