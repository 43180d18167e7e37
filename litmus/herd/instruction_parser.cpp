// SPDX-License-Identifier: Apache-2.0
//
// AArch64 instructions as herd7 writes them (Arm ARM C6.2). Mnemonics in either case. What is not here is an
// error that names the instruction.
#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "litmus/herd/code_parser.hpp"
#include "litmus/herd/instruction_readers.hpp"
#include "litmus/herd/operand_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::ArithmeticOp;
using model::FetchOp;
using model::LitmusCondition;
using model::LitmusInstruction;
using model::LitmusOpcode;
using model::SelectOp;

namespace {

/// What a mnemonic means: fields known from it alone, and the reader of its operands.
struct Mnemonic {
    LitmusInstruction start;
    Reader read = nullptr;
};
using Table = std::map<std::string, Mnemonic, std::less<>>;

LitmusInstruction of(LitmusOpcode op) {
    LitmusInstruction i;
    i.op = op;
    return i;
}

void add_branches(Table& t) {
    using Op = LitmusOpcode;
    t["NOP"] = {of(Op::nop), read_nothing};
    t["HINT"] = {of(Op::nop), read_number};
    t["HLT"] = {of(Op::nop), read_number};
    t["B"] = {of(Op::branch), read_label};
    t["BL"] = {of(Op::branch_link), read_label};
    t["BR"] = {of(Op::branch_register), read_x_register};
    t["BLR"] = {of(Op::branch_link_register), read_x_register};
    t["RET"] = {of(Op::return_), read_return};
    t["ERET"] = {of(Op::exception_return), read_nothing};
    t["SVC"] = {of(Op::supervisor_call), read_number};
    t["HVC"] = {of(Op::hypervisor_call), read_number};
    t["UDF"] = {of(Op::undefined), read_number};
    for (const bool negative : {false, true}) {
        LitmusInstruction i = of(Op::compare_branch);
        i.negative = negative;
        t[negative ? "CBNZ" : "CBZ"] = {i, read_register_label};
        i.op = Op::test_branch;
        t[negative ? "TBNZ" : "TBZ"] = {i, read_test_branch};
    }
    for (const auto& [name, condition] : condition_names()) {
        LitmusInstruction i = of(Op::branch_condition);
        i.condition = condition;
        t["B." + std::string(name)] = {i, read_label};
    }
    t["ADR"] = {of(Op::address_of_label), read_adr};
}

void add_loads_and_stores(Table& t) {
    using Op = LitmusOpcode;
    const auto add = [&](const std::string& name, Op op, int size, Reader read,
                         const std::function<void(LitmusInstruction&)>& set) {
        LitmusInstruction i = of(op);
        i.size = size;
        if (set) set(i);
        t[name] = {i, read};
    };
    const auto plain = [](LitmusInstruction&) {};
    const auto acquire = [](LitmusInstruction& i) { i.ordering.acquire = true; };
    const auto release = [](LitmusInstruction& i) { i.ordering.release = true; };
    const auto exclusive = [](LitmusInstruction& i) { i.ordering.exclusive = true; };
    const auto acquire_exclusive = [](LitmusInstruction& i) {
        i.ordering.acquire = i.ordering.exclusive = true;
    };
    const auto release_exclusive = [](LitmusInstruction& i) {
        i.ordering.release = i.ordering.exclusive = true;
    };
    const auto non_temporal = [](LitmusInstruction& i) { i.ordering.non_temporal = true; };
    static constexpr std::array<std::pair<std::string_view, int>, 3> sizes{{{"", 0}, {"B", 8}, {"H", 16}}};
    for (const auto& [suffix, size] : sizes) {
        const std::string s(suffix);
        add("LDR" + s, Op::load, size, read_load_store, plain);
        add("STR" + s, Op::store, size, read_load_store, plain);
        add("LDAR" + s, Op::load, size, read_simple_load_store, acquire);
        add("LDAPR" + s, Op::load, size, read_simple_load_store,
            [](LitmusInstruction& i) { i.ordering.acquire_pc = true; });
        add("LDXR" + s, Op::load, size, read_simple_load_store, exclusive);
        add("LDAXR" + s, Op::load, size, read_simple_load_store, acquire_exclusive);
        add("STLR" + s, Op::store, size, read_simple_load_store, release);
        add("STXR" + s, Op::store_exclusive, size, read_store_exclusive, exclusive);
        add("STLXR" + s, Op::store_exclusive, size, read_store_exclusive, release_exclusive);
    }
    const auto sign = [](LitmusInstruction& i) { i.sign_extend = true; };
    add("LDRSB", Op::load, 8, read_load_store, sign);
    add("LDRSH", Op::load, 16, read_load_store, sign);
    add("LDRSW", Op::load, 32, read_load_store, sign);
    add("LDUR", Op::load, 0, read_unscaled, plain);
    add("LDP", Op::load_pair, 0, read_pair, plain);
    add("LDNP", Op::load_pair, 0, read_pair, non_temporal);
    add("LDAP", Op::load_pair, 0, read_ordered_pair, acquire);
    add("LDIAPP", Op::load_pair, 0, read_pair,
        [](LitmusInstruction& i) { i.ordering.acquire_pc = i.ordering.ordered_pair = true; });
    add("LDPSW", Op::load_pair, 32, read_pair, sign);
    add("STP", Op::store_pair, 0, read_pair, plain);
    add("STNP", Op::store_pair, 0, read_pair, non_temporal);
    add("STLP", Op::store_pair, 0, read_ordered_pair, release);
    add("STILP", Op::store_pair, 0, read_pair,
        [](LitmusInstruction& i) { i.ordering.release = i.ordering.ordered_pair = true; });
    add("LDXP", Op::load_exclusive_pair, 0, read_exclusive_pair, exclusive);
    add("LDAXP", Op::load_exclusive_pair, 0, read_exclusive_pair, acquire_exclusive);
    add("STXP", Op::store_exclusive_pair, 0, read_store_exclusive, exclusive);
    add("STLXP", Op::store_exclusive_pair, 0, read_store_exclusive, release_exclusive);
}

void add_atomics(Table& t) {
    static constexpr std::array<std::string_view, 4> orderings{"", "A", "L", "AL"};
    static constexpr std::array<std::pair<std::string_view, int>, 3> sizes{{{"", 0}, {"B", 8}, {"H", 16}}};
    static constexpr std::array<std::pair<std::string_view, FetchOp>, 8> operations{
        {{"ADD", FetchOp::add},
         {"EOR", FetchOp::eor},
         {"SET", FetchOp::set},
         {"CLR", FetchOp::clear},
         {"SMAX", FetchOp::smax},
         {"SMIN", FetchOp::smin},
         {"UMAX", FetchOp::umax},
         {"UMIN", FetchOp::umin}}};
    for (const std::string_view ordering : orderings) {
        for (const auto& [suffix, size] : sizes) {
            LitmusInstruction i = of(LitmusOpcode::swap);
            i.size = size;
            i.ordering.acquire = ordering.starts_with("A");
            i.ordering.release = ordering.ends_with("L");
            const std::string tail = std::string(ordering) + std::string(suffix);
            t["SWP" + tail] = {i, read_atomic};
            i.op = LitmusOpcode::compare_and_swap;
            t["CAS" + tail] = {i, read_atomic};
            i.op = LitmusOpcode::fetch_and_op;
            for (const auto& [name, fetch] : operations) {
                i.fetch = fetch;
                t["LD" + std::string(name) + tail] = {i, read_atomic};
                if (!i.ordering.acquire) t["ST" + std::string(name) + tail] = {i, read_atomic_store};
            }
            i.op = LitmusOpcode::compare_and_swap_pair;
            if (size == 0) t["CASP" + tail] = {i, read_compare_pair};
        }
    }
}

void add_arithmetic(Table& t) {
    using Op = LitmusOpcode;
    static constexpr std::array<std::pair<std::string_view, ArithmeticOp>, 12> operations{
        {{"ADD", ArithmeticOp::add},
         {"SUB", ArithmeticOp::sub},
         {"AND", ArithmeticOp::and_},
         {"BIC", ArithmeticOp::bic},
         {"ORR", ArithmeticOp::orr},
         {"ORN", ArithmeticOp::orn},
         {"EOR", ArithmeticOp::eor},
         {"EON", ArithmeticOp::eon},
         {"LSL", ArithmeticOp::lsl},
         {"LSR", ArithmeticOp::lsr},
         {"ASR", ArithmeticOp::asr},
         {"ROR", ArithmeticOp::ror}}};
    const auto arithmetic = [](ArithmeticOp op, bool flags) {
        LitmusInstruction i = of(Op::arithmetic);
        i.arithmetic = op;
        i.set_flags = flags;
        return i;
    };
    for (const auto& [name, op] : operations) t[std::string(name)] = {arithmetic(op, false), read_arithmetic};
    for (const std::string_view name : {"LSL", "LSR", "ASR", "ROR"})
        t[std::string(name) + "V"] = t[std::string(name)];
    t["ADDS"] = {arithmetic(ArithmeticOp::add, true), read_arithmetic};
    t["SUBS"] = {arithmetic(ArithmeticOp::sub, true), read_arithmetic};
    t["ANDS"] = {arithmetic(ArithmeticOp::and_, true), read_arithmetic};
    t["BICS"] = {arithmetic(ArithmeticOp::bic, true), read_arithmetic};
    t["CMP"] = {arithmetic(ArithmeticOp::sub, true), read_compare};
    t["TST"] = {arithmetic(ArithmeticOp::and_, true), read_compare};
    t["NEG"] = {arithmetic(ArithmeticOp::sub, false), read_unary};
    t["NEGS"] = {arithmetic(ArithmeticOp::sub, true), read_unary};
    t["MVN"] = {arithmetic(ArithmeticOp::orn, false), read_unary};
    for (const bool negative : {false, true}) {
        LitmusInstruction i = of(Op::multiply_add);
        i.negative = negative;
        i.immediate = 1;
        t[negative ? "MSUB" : "MADD"] = {i, read_multiply};
        i.immediate = 0;
        t[negative ? "MNEG" : "MUL"] = {i, read_multiply};
        i.op = Op::bitfield;
        t[negative ? "SBFM" : "UBFM"] = {i, read_bitfield};
        t[negative ? "SBFX" : "UBFX"] = {i, read_bitfield_extract};
        i.op = Op::move_wide;
        t[negative ? "MOVN" : "MOVZ"] = {i, read_move_wide};
    }
    LitmusInstruction keep = of(Op::move_wide);
    keep.keep = true;
    t["MOVK"] = {keep, read_move_wide};
    t["MOV"] = {of(Op::move_immediate), read_move};
    t["SXTW"] = {of(Op::sign_extend_word), read_sign_extend_word};
    t["EXTR"] = {of(Op::extract), read_extract};
    t["RBIT"] = {of(Op::bit_reverse), read_two_registers};
    t["ABS"] = {of(Op::absolute), read_two_registers};
    for (const auto& [name, size] :
         {std::pair("REV16", 16), std::pair("REV32", 32), std::pair("REV64", 64), std::pair("REV", 0)}) {
        LitmusInstruction i = of(Op::reverse);
        i.size = size;
        t[name] = {i, read_two_registers};
    }
}

void add_selects(Table& t) {
    const auto select = [](SelectOp op) {
        LitmusInstruction i = of(LitmusOpcode::select);
        i.select = op;
        return i;
    };
    t["CSEL"] = {select(SelectOp::copy), read_select};
    t["CSINC"] = {select(SelectOp::increment), read_select};
    t["CSINV"] = {select(SelectOp::invert), read_select};
    t["CSNEG"] = {select(SelectOp::negate), read_select};
    t["CSET"] = {select(SelectOp::increment), read_set};
    t["CSETM"] = {select(SelectOp::invert), read_set};
    t["CINC"] = {select(SelectOp::increment), read_conditional_increment};
}

void add_system(Table& t) {
    using Op = LitmusOpcode;
    static constexpr std::array<std::pair<std::string_view, model::BarrierKind>, 3> barriers{
        {{"DMB", model::BarrierKind::dmb},
         {"DSB", model::BarrierKind::dsb},
         {"ISB", model::BarrierKind::isb}}};
    for (const auto& [name, kind] : barriers) {
        LitmusInstruction i = of(Op::barrier);
        i.barrier = model::Barrier{};
        i.barrier->kind = kind;
        t[std::string(name)] = {i, read_barrier};
    }
    t["TLBI"] = {of(Op::tlbi), read_tlbi};
    LitmusInstruction cache = of(Op::cache);
    t["DC"] = {cache, read_cache};
    cache.cache.instruction = true;
    t["IC"] = {cache, read_cache};
    t["MRS"] = {of(Op::read_system), read_mrs};
    t["MSR"] = {of(Op::write_system), read_msr};
}

const Table& table() {
    static const Table result = [] {
        Table t;
        add_branches(t);
        add_loads_and_stores(t);
        add_atomics(t);
        add_arithmetic(t);
        add_selects(t);
        add_system(t);
        return t;
    }();
    return result;
}

}  // namespace

LitmusInstruction parse_instruction(TokenReader& in) {
    const Token name = in.next();
    const std::string mnemonic = upper(name.text);
    const auto it = table().find(mnemonic);
    const auto is_here = [&in](const auto& entry) {
        return in.instruction_set() == InstructionSet::translation ||
               entry.second.start.op != LitmusOpcode::hypervisor_call;
    };
    if (it == table().end() || !is_here(*it)) {
        std::vector<std::string> known;
        for (const auto& entry : table()) {
            if (is_here(entry)) known.push_back(entry.first);
        }
        in.fail_at(name, "instruction '" + printable(name.text) + "' is not supported",
                   did_you_mean(mnemonic, known));
    }
    LitmusInstruction result = it->second.start;
    Operands operands(in);
    it->second.read(operands, result);
    return result;
}

}  // namespace tlbcheck::litmus::herd
