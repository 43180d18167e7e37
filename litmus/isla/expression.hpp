// SPDX-License-Identifier: Apache-2.0
//
// Values in .litmus.toml files: numbers with a width, names of addresses and tables, the functions that are
// applied to them ("extz(page(x), 64)", "mkdesc3(oa=pa1, AP=0b11)").
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "litmus/isla/lexer.hpp"
#include "litmus/isla/tables.hpp"

namespace tlbcheck::litmus::isla {

/// `width` bits; 0: a number without a width.
struct Bits {
    std::uint64_t value = 0;
    int width = 0;
    friend bool operator==(const Bits& a, const Bits& b) { return a.value == b.value; }
};

enum class AddressKind : std::uint8_t { virtual_, intermediate, physical, table };
struct NamedAddress {
    AddressKind kind = AddressKind::virtual_;
    std::uint64_t value = 0;
};

/// What expressions speak of.
struct Names {
    std::map<std::string, NamedAddress> addresses;
    /// The trees by root address; the functions that walk tables make the tables that are missing.
    std::map<std::uint64_t, TableTree> trees;
    const model::LitmusTranslation* memory = nullptr;
    std::function<const std::uint64_t*(const std::string& label)> label;  ///< address of "L0:"; may be empty
};

/// Reads an expression and evaluates it; errors have the place of the part.
Bits evaluate(TokenReader& in, Names& names);

}  // namespace tlbcheck::litmus::isla
