// SPDX-License-Identifier: Apache-2.0
//
// A reader for each family of instructions.
#include "litmus/herd/instruction_readers.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::litmus::herd {

using model::LitmusCondition;
using model::LitmusInstruction;
using model::LitmusOpcode;

namespace {

LitmusCondition inverse(LitmusCondition c) {
    return c == LitmusCondition::al ? c : static_cast<LitmusCondition>(static_cast<unsigned>(c) ^ 1U);
}

}  // namespace

void read_nothing(Operands& /*in*/, LitmusInstruction& /*i*/) {}
void read_number(Operands& in, LitmusInstruction& i) {
    i.immediate = in.small_number(0, 0xffff);
}
void read_label(Operands& in, LitmusInstruction& i) {
    i.relative = in.relative();
    if (!i.relative) i.label = in.label();
}
void read_x_register(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.reg(64);
}
void read_return(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.more() ? in.reg(64) : 30;
}
void read_register_label(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    read_label(in, i);
}
void read_test_branch(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.any_register(i.width);
    in.comma();
    i.immediate = in.small_number(0, i.width - 1);
    in.comma();
    read_label(in, i);
}
void read_adr(Operands& in, LitmusInstruction& i) {
    i.reg[0] = in.reg(64);
    in.comma();
    i.label = in.label();
}

/// LDR and STR family: size 0 means "as the register".
void read_load_store(Operands& in, LitmusInstruction& i) {
    const Token data = in.token();
    i.reg[0] = in.any_register(i.width);
    if (i.size == 0) i.size = i.width;
    if (i.size < 32 && !i.sign_extend && i.width == 64) in.fail_at(data, "expected a W register");
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
/// LDAP, STLP: 64-bit registers only (FEAT_LSCP).
void read_ordered_pair(Operands& in, LitmusInstruction& i) {
    i.width = 64;
    i.reg[0] = in.reg(64);
    i.size = 64;
    in.comma();
    i.reg[1] = in.reg(64);
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
/// UBFX X1,X2,#lsb,#width is UBFM X1,X2,#lsb,#(lsb + width - 1).
void read_bitfield_extract(Operands& in, LitmusInstruction& i) {
    read_two_registers(in, i);
    in.comma();
    i.immediate = in.small_number(0, i.width - 1);
    in.comma();
    i.immediate2 = i.immediate + in.small_number(1, i.width - i.immediate) - 1;
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
    static constexpr std::array<std::string_view, 11> data{"IVAU", "IVAC", "CVAU", "CVAC", "CIVAU", "CIVAC",
                                                           "ZVA",  "ISW",  "CSW",  "CISW", "CVAP"};
    const Token at = in.token();
    i.cache.name = upper(in.word());
    if (i.cache.instruction) {
        i.cache.all = i.cache.name == "IALLU" || i.cache.name == "IALLUIS";
        if (!i.cache.all && i.cache.name != "IVAU")
            in.fail_at(at, "IC operation '" + printable(at.text) + "' is not supported");
    } else if (std::ranges::find(data, i.cache.name) == data.end() || i.cache.name == "ZVA" ||
               i.cache.name == "CVAP") {
        in.fail_at(at, "DC operation '" + printable(at.text) + "' is not supported");
    }
    i.cache.by_set_way = i.cache.name.ends_with("SW");
    if (in.accept_comma())
        i.reg[0] = in.reg(64);
    else if (!i.cache.all)
        in.fail("expected ',' and the address");
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

}  // namespace tlbcheck::litmus::herd
