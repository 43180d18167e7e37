// SPDX-License-Identifier: Apache-2.0
//
// Names of registers and words; the locations and faults that a condition speaks of.
#include "model/program/litmus_program.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>
#include <tuple>

namespace tlbcheck::model {

namespace {

struct SystemRegister {
    std::string_view name;
    RegisterId id;
};
constexpr std::array<SystemRegister, 11> system_registers{{{"ELR_EL1", elr_el1},
                                                           {"ESR_EL1", esr_el1},
                                                           {"CTR_EL0", 42},
                                                           {"DCIZ_EL0", 43},
                                                           {"MDCCSR_EL0", 44},
                                                           {"DBGDTR_EL0", 45},
                                                           {"DBGDTRRX_EL0", 46},
                                                           {"DBGDTRTX_EL0", 47},
                                                           {"TFSR_ELX", 48},
                                                           {"VNCR_EL2", 49},
                                                           {"PAR_EL1", 50}}};

constexpr std::array<SystemRegister, 12> translation_registers{{{"ELR_EL2", elr_el2},
                                                                {"ESR_EL2", esr_el2},
                                                                {"SPSR_EL1", spsr_el1},
                                                                {"SPSR_EL2", spsr_el2},
                                                                {"FAR_EL1", far_el1},
                                                                {"FAR_EL2", far_el2},
                                                                {"HPFAR_EL2", hpfar_el2},
                                                                {"VBAR_EL1", vbar_el1},
                                                                {"VBAR_EL2", vbar_el2},
                                                                {"TTBR0_EL1", ttbr0_el1},
                                                                {"TTBR0_EL2", ttbr0_el2},
                                                                {"VTTBR_EL2", vttbr_el2}}};

bool same_word(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) {
               return std::toupper(static_cast<unsigned char>(x)) ==
                      std::toupper(static_cast<unsigned char>(y));
           });
}

bool holds(const std::vector<int>& threads, int thread) {
    return std::ranges::find(threads, thread) != threads.end();
}

void collect_locations(const Proposition& p, std::set<LitmusLocation>& into) {
    if (p.kind == Proposition::Kind::value || p.kind == Proposition::Kind::equal) into.insert(p.location);
    if (p.kind == Proposition::Kind::equal) into.insert(p.other);
    for (const Proposition& q : p.operands) collect_locations(q, into);
}

void collect_faults(const Proposition& p, std::set<FaultPattern>& into) {
    if (p.kind == Proposition::Kind::fault) into.insert(p.fault);
    for (const Proposition& q : p.operands) collect_faults(q, into);
}

}  // namespace

std::string register_name(RegisterId reg) {
    if (reg == zero_register) return "XZR";
    if (reg == stack_pointer) return "SP";
    if (reg == pstate_n) return "PSTATE.N";
    if (reg == pstate_z) return "PSTATE.Z";
    if (reg == pstate_c) return "PSTATE.C";
    if (reg == pstate_v) return "PSTATE.V";
    if (reg == exclusive_monitor) return "Res";
    for (const auto& [name, id] : system_registers) {
        if (id == reg) return std::string(name);
    }
    for (const auto& [name, id] : translation_registers) {
        if (id == reg) return std::string(name);
    }
    return "X" + std::to_string(reg);
}

std::optional<RegisterId> parse_system_register(std::string_view name) {
    if (same_word(name, "NZCV")) return pstate_n;
    for (const auto& [known, id] : system_registers) {
        if (same_word(name, known)) return id;
    }
    return std::nullopt;
}

std::optional<RegisterId> parse_translation_register(std::string_view name) {
    for (const auto& [known, id] : translation_registers) {
        if (same_word(name, known)) return id;
    }
    return parse_system_register(name);
}

std::string instruction_text(std::string_view written) {
    std::string text;
    bool operands = false;
    for (const char c : written) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!blank) {
            text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        } else if (!text.empty() && !operands) {
            text += ' ';
            operands = true;
        }
    }
    if (text.ends_with(' ')) text.pop_back();
    return text;
}

const LitmusInstruction* LitmusThread::instruction_at(int index) const {
    const auto main = static_cast<int>(code.size());
    if (index >= 0 && index < main) return &code[static_cast<std::size_t>(index)];
    const int in_handler = index - main - 1;
    if (!handler || in_handler < 0 || in_handler >= static_cast<int>(handler->size())) return nullptr;
    return &(*handler)[static_cast<std::size_t>(in_handler)];
}

std::optional<LitmusValue> LitmusThread::word_at(const std::string& label) const {
    const auto at = labels.find(label);
    const LitmusInstruction* instruction = at == labels.end() ? nullptr : instruction_at(at->second);
    if (instruction == nullptr) return std::nullopt;
    if (instruction->label.empty()) return LitmusValue::instruction(instruction_text(instruction->text));
    // A word does not hold a name: the target as a distance.
    const auto target = labels.find(instruction->label);
    if (target == labels.end()) return std::nullopt;
    std::string_view written = instruction->text;
    written.remove_suffix(instruction->label.size());
    std::string text = instruction_text(written);
    if (text.find(' ') == std::string::npos) text += ' ';
    const int distance = 4 * (target->second - at->second);
    return LitmusValue::instruction(text + "." + (distance < 0 ? "-" : "+") +
                                    std::to_string(std::abs(distance)));
}

int size_in_bits(const LitmusType& type) {
    static constexpr std::array<std::pair<std::string_view, int>, 20> sizes{
        {{"", 32},          {"int", 32},      {"long", 32},     {"atomic_t", 32}, {"int32_t", 32},
         {"uint32_t", 32},  {"char", 8},      {"int8_t", 8},    {"uint8_t", 8},   {"short", 16},
         {"int16_t", 16},   {"uint16_t", 16}, {"int64_t", 64},  {"uint64_t", 64}, {"intptr_t", 64},
         {"uintptr_t", 64}, {"pteval_t", 64}, {"pmdval_t", 64}, {"ins_t", 32},    {"parel1_t", 64}}};
    if (type.pointer) return 64;
    for (const auto& [name, bits] : sizes) {
        if (type.base == name) return bits;
    }
    return 0;
}

bool is_signed(const LitmusType& type) {
    if (type.pointer) return false;
    static const std::set<std::string, std::less<>> names{
        "", "int", "long", "int32_t", "char", "int8_t", "short", "int16_t", "int64_t", "intptr_t"};
    return names.contains(type.base);
}

std::strong_ordering operator<=>(const LitmusLocation& a, const LitmusLocation& b) {
    // Plain locations before array elements, registers before memory.
    if (const auto c = a.element.has_value() <=> b.element.has_value(); c != 0) return c;
    if (const auto c = b.is_register <=> a.is_register; c != 0) return c;
    return std::tie(a.thread, a.reg, a.address, a.element) <=>
           std::tie(b.thread, b.reg, b.address, b.element);
}

bool HardwareUpdates::hd_on(int thread) const {
    return all_hd || holds(hd, thread);
}
bool HardwareUpdates::ha_on(int thread) const {
    return all_ha || holds(ha, thread) || hd_on(thread);
}
bool HardwareUpdates::software_on(int thread) const {
    return holds(software, thread);
}

std::string LitmusProgram::field(std::string_view key) const {
    for (const auto& [field_name, value] : info) {
        if (same_word(field_name, key)) return value;
    }
    return {};
}

LitmusType LitmusProgram::type_of(const LitmusLocation& location) const {
    LitmusLocation whole = location;
    whole.element.reset();
    for (const LitmusInitial& i : initial) {
        if (i.location != whole) continue;
        LitmusType type = i.type;
        if (location.element) type.elements = 0;
        return type;
    }
    return {};
}

std::vector<LitmusLocation> LitmusProgram::displayed() const {
    std::set<LitmusLocation> result(locations.begin(), locations.end());
    collect_locations(condition, result);
    return {result.begin(), result.end()};
}

std::vector<FaultPattern> LitmusProgram::fault_patterns() const {
    std::set<FaultPattern> result(fault_locations.begin(), fault_locations.end());
    collect_faults(condition, result);
    return {result.begin(), result.end()};
}

}  // namespace tlbcheck::model
