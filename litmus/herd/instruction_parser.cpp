// SPDX-License-Identifier: Apache-2.0
//
// AArch64 instructions as herd7 writes them (Arm ARM C6.2). Mnemonics in either case. What is not here is an error
// that names the instruction.
#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "litmus/herd/code_parser.hpp"
#include "litmus/herd/operand_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::ArithmeticOp;
using model::FetchOp;
using model::LitmusCondition;
using model::LitmusInstruction;
using model::LitmusOpcode;
using model::SelectOp;

namespace {

using Reader = void (*)(Operands&, LitmusInstruction&);

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

LitmusCondition inverse(LitmusCondition c) {
    return c == LitmusCondition::al ? c : static_cast<LitmusCondition>(static_cast<unsigned>(c) ^ 1U);
}

void read_nothing(Operands& /*in*/, LitmusInstruction& /*i*/) {}
void read_number(Operands& in, LitmusInstruction& i) { i.immediate = in.small_number(0, 0xffff); }
void read_label(Operands& in, LitmusInstruction& i) { i.label = in.label(); }
void read_x_register(Operands& in, LitmusInstruction& i) { i.reg[0] = in.reg(64); }
void read_return(Operands& in, LitmusInstruction& i) { i.reg[0] = in.more() ? in.reg(64) : 30; }
void read_register_label(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.label = in.label();
}
void read_test_branch(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.immediate = in.small_number(0, i.width - 1);
    in.comma();
    i.label = in.label();
}
void read_adr(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.reg(64);
    in.comma();
    i.label = in.label();
}

/// LDR and STR family: size 0 means "as the register".
void read_load_store(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    if (i.size < 32 && !i.sign_extend && i.width == 64) in.fail("expected a W register");
    in.comma();
    i.address = in.address(true);
}
void read_simple_load_store(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    in.comma();
    i.address = in.base_address();
}
void read_unscaled(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    in.comma();
    i.address = in.address(false);
    if (i.address.mode != model::AddressMode::offset) in.fail("expected no index update");
}
void read_pair(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    in.comma();
    i.reg[1] = in.reg(i.width);
    in.comma();
    i.address = in.address(false);
}
void read_exclusive_pair(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    i.size = i.width;
    in.comma();
    i.reg[1] = in.reg(i.width);
    in.comma();
    i.address = in.base_address();
}
void read_store_exclusive(Operands& in, LitmusInstruction& i) {
    i.status = in.reg(32);
    in.comma();
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    in.comma();
    if (i.op == LitmusOpcode::store_exclusive_pair) {
        i.reg[1] = in.reg(i.width);
        in.comma();
    }
    i.address = in.base_address();
}
/// SWP, CAS, LDADD: two registers and an address.
void read_atomic(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    in.comma();
    i.reg[1] = in.reg(i.width);
    in.comma();
    i.address = in.base_address();
}
void read_atomic_store(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    i.reg[1] = model::zero_register;
    in.comma();
    i.address = in.base_address();
}
void read_compare_pair(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    i.size = i.width;
    for (std::size_t k = 1; k < 4; ++k) {
        in.comma();
        i.reg.at(k) = in.reg(i.width);
    }
    in.comma();
    i.address = in.base_address();
}

void read_move(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    if (in.at_register()) {
        i.op = LitmusOpcode::move_register;
        i.reg[1] = in.reg(i.width);
    } else {
        i.operand.immediate = in.immediate();
    }
}
void read_move_wide(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.operand.immediate = in.small_number(0, 0xffff);
    if (in.accept_comma()) {
        in.keyword("LSL");
        i.immediate = in.small_number(0, 48);
        if (i.immediate % 16 != 0 || i.immediate >= i.width) in.fail("the shift is 0, 16, 32 or 48");
    }
}
void read_arithmetic(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.reg[1] = in.reg(i.width);
    in.comma();
    i.operand = in.operand(i.width);
}
/// CMP, TST: no destination.
void read_compare(Operands& in, LitmusInstruction& i) {
    i.reg[1] = in.any_register(i.width);
    in.comma();
    i.operand = in.operand(i.width);
}
/// NEG, MVN: no first source.
void read_unary(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.operand = in.operand(i.width);
}
void read_two_registers(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.reg[1] = in.reg(i.width);
}
void read_sign_extend_word(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.reg(64);
    in.comma();
    i.reg[1] = in.reg(32);
}
void read_multiply(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    in.comma();
    i.reg[2] = in.reg(i.width);
    if (i.immediate == 1) {
        in.comma();
        i.reg[3] = in.reg(i.width);
    }
}
void read_extract(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    in.comma();
    i.reg[2] = in.reg(i.width);
    in.comma();
    i.immediate = in.small_number(0, i.width - 1);
}
void read_bitfield(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    in.comma();
    i.immediate = in.small_number(0, i.width - 1);
    in.comma();
    i.immediate2 = in.small_number(0, i.width - 1);
}
void read_select(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    in.comma();
    i.reg[2] = in.reg(i.width);
    in.comma();
    i.condition = in.condition();
}
/// CSET, CSETM: the inverse condition selects between zero and one step from zero.
void read_set(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.condition = inverse(in.condition());
}
void read_conditional_increment(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    i.reg[2] = i.reg[1];
    in.comma();
    i.condition = inverse(in.condition());
}
void read_barrier(Operands& in, LitmusInstruction& i) {
    const model::BarrierKind kind = i.barrier->kind;
    if (kind == model::BarrierKind::isb) {
        if (in.more()) in.keyword("SY");
        return;
    }
    const Token at = in.token();
    const auto barrier = model::parse_barrier(kind, in.word());
    if (!barrier || barrier->nxs) in.fail_at(at, "'" + printable(at.text) + "' is no barrier option");
    i.barrier = barrier;
}
void read_tlbi(Operands& in, LitmusInstruction& i) {
    const Token at = in.token();
    const auto op = model::parse_tlbi(in.word());
    if (!op || model::is_range(op->base) || op->domain == model::TlbiDomain::outer) {
        in.fail_at(at, "TLBI operation '" + printable(at.text) + "' is not supported");
    }
    i.tlbi = *op;
    if (in.accept_comma()) i.reg[0] = in.reg(64);
}
void read_cache(Operands& in, LitmusInstruction& i) {
    static constexpr std::array<std::string_view, 11> data{"IVAU", "IVAC", "CVAU", "CVAC", "CIVAU", "CIVAC", "ZVA", "ISW", "CSW", "CISW", "CVAP"};
    const Token at = in.token();
    i.cache.name = upper(in.word());
    if (i.cache.instruction) {
        i.cache.all = i.cache.name == "IALLU" || i.cache.name == "IALLUIS";
        if (!i.cache.all && i.cache.name != "IVAU") in.fail_at(at, "IC operation '" + printable(at.text) + "' is not supported");
    } else if (std::ranges::find(data, i.cache.name) == data.end() || i.cache.name == "ZVA" || i.cache.name == "CVAP") {
        in.fail_at(at, "DC operation '" + printable(at.text) + "' is not supported");
    }
    i.cache.by_set_way = i.cache.name.ends_with("SW");
    if (in.accept_comma()) i.reg[0] = in.reg(64);
    else if (!i.cache.all) in.fail("expected ',' and the address");
}
void read_mrs(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.reg(64);
    in.comma();
    i.system = in.system_register();
}
void read_msr(Operands& in, LitmusInstruction& i) {
    i.system = in.system_register();
    in.comma();
    i.reg[0] = in.reg(64);
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
    const auto add = [&](const std::string& name, Op op, int size, Reader read, const std::function<void(LitmusInstruction&)>& set) {
        LitmusInstruction i = of(op);
        i.size = size;
        if (set) set(i);
        t[name] = {i, read};
    };
    const auto plain = [](LitmusInstruction&) {};
    const auto acquire = [](LitmusInstruction& i) { i.ordering.acquire = true; };
    const auto release = [](LitmusInstruction& i) { i.ordering.release = true; };
    const auto exclusive = [](LitmusInstruction& i) { i.ordering.exclusive = true; };
    const auto acquire_exclusive = [](LitmusInstruction& i) { i.ordering.acquire = i.ordering.exclusive = true; };
    const auto release_exclusive = [](LitmusInstruction& i) { i.ordering.release = i.ordering.exclusive = true; };
    const auto non_temporal = [](LitmusInstruction& i) { i.ordering.non_temporal = true; };
    static constexpr std::array<std::pair<std::string_view, int>, 3> sizes{{{"", 0}, {"B", 8}, {"H", 16}}};
    for (const auto& [suffix, size] : sizes) {
        const std::string s(suffix);
        add("LDR" + s, Op::load, size, read_load_store, plain);
        add("STR" + s, Op::store, size, read_load_store, plain);
        add("LDAR" + s, Op::load, size, read_simple_load_store, acquire);
        add("LDAPR" + s, Op::load, size, read_simple_load_store, [](LitmusInstruction& i) { i.ordering.acquire_pc = true; });
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
    add("LDAP", Op::load_pair, 0, read_pair, acquire);
    add("LDIAPP", Op::load_pair, 0, read_pair, [](LitmusInstruction& i) { i.ordering.acquire_pc = i.ordering.ordered_pair = true; });
    add("LDPSW", Op::load_pair, 32, read_pair, sign);
    add("STP", Op::store_pair, 0, read_pair, plain);
    add("STNP", Op::store_pair, 0, read_pair, non_temporal);
    add("STLP", Op::store_pair, 0, read_pair, release);
    add("STILP", Op::store_pair, 0, read_pair, [](LitmusInstruction& i) { i.ordering.release = i.ordering.ordered_pair = true; });
    add("LDXP", Op::load_exclusive_pair, 0, read_exclusive_pair, exclusive);
    add("LDAXP", Op::load_exclusive_pair, 0, read_exclusive_pair, acquire_exclusive);
    add("STXP", Op::store_exclusive_pair, 0, read_store_exclusive, exclusive);
    add("STLXP", Op::store_exclusive_pair, 0, read_store_exclusive, release_exclusive);
}

void add_atomics(Table& t) {
    static constexpr std::array<std::string_view, 4> orderings{"", "A", "L", "AL"};
    static constexpr std::array<std::pair<std::string_view, int>, 3> sizes{{{"", 0}, {"B", 8}, {"H", 16}}};
    static constexpr std::array<std::pair<std::string_view, FetchOp>, 8> operations{{{"ADD", FetchOp::add},
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
        {{"ADD", ArithmeticOp::add}, {"SUB", ArithmeticOp::sub}, {"AND", ArithmeticOp::and_}, {"BIC", ArithmeticOp::bic},
         {"ORR", ArithmeticOp::orr}, {"ORN", ArithmeticOp::orn}, {"EOR", ArithmeticOp::eor}, {"EON", ArithmeticOp::eon},
         {"LSL", ArithmeticOp::lsl}, {"LSR", ArithmeticOp::lsr}, {"ASR", ArithmeticOp::asr}, {"ROR", ArithmeticOp::ror}}};
    const auto arithmetic = [](ArithmeticOp op, bool flags) {
        LitmusInstruction i = of(Op::arithmetic);
        i.arithmetic = op;
        i.set_flags = flags;
        return i;
    };
    for (const auto& [name, op] : operations) t[std::string(name)] = {arithmetic(op, false), read_arithmetic};
    for (const std::string_view name : {"LSL", "LSR", "ASR", "ROR"}) t[std::string(name) + "V"] = t[std::string(name)];
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
    for (const auto& [name, size] : {std::pair("REV16", 16), std::pair("REV32", 32), std::pair("REV64", 64), std::pair("REV", 0)}) {
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
        {{"DMB", model::BarrierKind::dmb}, {"DSB", model::BarrierKind::dsb}, {"ISB", model::BarrierKind::isb}}};
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
    if (it == table().end()) {
        std::vector<std::string> known;
        for (const auto& [key, value] : table()) known.push_back(key);
        const auto near = nearest(mnemonic, known);
        in.fail_at(name, "instruction '" + printable(name.text) + "' is not supported",
                   near ? "did you mean " + *near + "?" : std::string());
    }
    LitmusInstruction result = it->second.start;
    Operands operands(in);
    it->second.read(operands, result);
    return result;
}

}  // namespace tlbcheck::litmus::herd
