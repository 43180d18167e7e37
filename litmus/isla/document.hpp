// SPDX-License-Identifier: Apache-2.0
//
// A .litmus.toml file by its parts, each with its place in the text; every key is known or an error.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "litmus/isla/code.hpp"

namespace tlbcheck::litmus::isla {

struct RegisterText {
    std::string name;
    Place name_place;
    Span value;
};
struct ThreadText {
    int number = 0;
    Span code;
    std::vector<RegisterText> registers;
};
struct Document {
    std::string name;
    std::vector<std::string> symbolic;
    Span setup;
    std::vector<ThreadText> threads;
    std::vector<CodeText> sections;
    Span assertion;
    std::vector<std::pair<std::string, Span>> types;  ///< of names: "uint64_t"
};

/// Throws InputError.
Document read_document(const Source& source);

}  // namespace tlbcheck::litmus::isla
