// SPDX-License-Identifier: Apache-2.0
//
// Readers of the operands of AArch64 instructions, one for each shape. They fill in the fields that the
// mnemonic does not settle; a `size` of 0 becomes the width of the register.
#pragma once

#include "litmus/herd/operand_parser.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

using Reader = void (*)(Operands&, model::LitmusInstruction&);

void read_nothing(Operands& in, model::LitmusInstruction& i);
void read_number(Operands& in, model::LitmusInstruction& i);
void read_label(Operands& in, model::LitmusInstruction& i);
void read_x_register(Operands& in, model::LitmusInstruction& i);
void read_return(Operands& in, model::LitmusInstruction& i);
void read_register_label(Operands& in, model::LitmusInstruction& i);
void read_test_branch(Operands& in, model::LitmusInstruction& i);
void read_adr(Operands& in, model::LitmusInstruction& i);
void read_load_store(Operands& in, model::LitmusInstruction& i);
void read_simple_load_store(Operands& in, model::LitmusInstruction& i);
void read_unscaled(Operands& in, model::LitmusInstruction& i);
void read_ordered_pair(Operands& in, model::LitmusInstruction& i);
void read_pair(Operands& in, model::LitmusInstruction& i);
void read_exclusive_pair(Operands& in, model::LitmusInstruction& i);
void read_store_exclusive(Operands& in, model::LitmusInstruction& i);
void read_atomic(Operands& in, model::LitmusInstruction& i);
void read_atomic_store(Operands& in, model::LitmusInstruction& i);
void read_compare_pair(Operands& in, model::LitmusInstruction& i);
void read_move(Operands& in, model::LitmusInstruction& i);
void read_move_wide(Operands& in, model::LitmusInstruction& i);
void read_arithmetic(Operands& in, model::LitmusInstruction& i);
void read_compare(Operands& in, model::LitmusInstruction& i);
void read_unary(Operands& in, model::LitmusInstruction& i);
void read_two_registers(Operands& in, model::LitmusInstruction& i);
void read_sign_extend_word(Operands& in, model::LitmusInstruction& i);
void read_multiply(Operands& in, model::LitmusInstruction& i);
void read_extract(Operands& in, model::LitmusInstruction& i);
void read_bitfield(Operands& in, model::LitmusInstruction& i);
void read_bitfield_extract(Operands& in, model::LitmusInstruction& i);
void read_select(Operands& in, model::LitmusInstruction& i);
void read_set(Operands& in, model::LitmusInstruction& i);
void read_conditional_increment(Operands& in, model::LitmusInstruction& i);
void read_barrier(Operands& in, model::LitmusInstruction& i);
void read_tlbi(Operands& in, model::LitmusInstruction& i);
void read_cache(Operands& in, model::LitmusInstruction& i);
void read_mrs(Operands& in, model::LitmusInstruction& i);
void read_msr(Operands& in, model::LitmusInstruction& i);

}  // namespace tlbcheck::litmus::herd
