// SPDX-License-Identifier: Apache-2.0
//
// The code of a litmus test: a table of columns, one for each thread or fault handler; cells hold labels and
// one instruction.
#pragma once

#include "litmus/herd/lexer.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

/// Reads the whole table. Branch targets are resolved.
std::vector<model::LitmusThread> parse_code(TokenReader& in);

/// Reads one instruction, up to '|', ';' or the end.
model::LitmusInstruction parse_instruction(TokenReader& in);

}  // namespace tlbcheck::litmus::herd
