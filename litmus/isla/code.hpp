// SPDX-License-Identifier: Apache-2.0
//
// Assembly of .litmus.toml files, one instruction a line; the instructions are those of herd7's tests, read
// by the same reader, and besides HVC and the registers of EL2.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "litmus/isla/lexer.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::isla {

struct CodeText {
    Span span;
    std::uint64_t address = 0;  ///< of a section
};

/// A thread's code, and the sections that handle its exceptions.
struct ThreadCode {
    std::vector<model::LitmusInstruction> main, sections;
    std::map<std::string, int> labels;  ///< of the main code
    model::CodeLayout layout;
};
ThreadCode parse_code(const Source& source, Span main, const std::vector<CodeText>& sections);

}  // namespace tlbcheck::litmus::isla
