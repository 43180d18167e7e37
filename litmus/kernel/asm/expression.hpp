// SPDX-License-Identifier: Apache-2.0
//
// Expressions of the assembler: numbers, symbols, local labels (1b, 1f), '.', and the operators of GNU as.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tlbcheck::litmus::kernel::assembly {

/// A place in what was assembled: a section (a subsection counts as one) and a byte offset in it.
struct Location {
    std::size_t section = 0;
    std::uint64_t offset = 0;
    friend auto operator<=>(const Location&, const Location&) = default;
};

/// number + place - minus_place + symbol. A difference of places in one section is a number already.
struct Value {
    std::int64_t number = 0;
    std::optional<Location> place;
    std::optional<Location> minus_place;
    std::string symbol;  ///< one that nothing here defines; empty: none

    bool is_number() const { return !place && !minus_place && symbol.empty(); }
};

/// What a name stands for; '.' is asked for as ".". Unknown names are for the resolver to judge.
using Resolver = std::function<Value(std::string_view name)>;

/// A parsed expression. Local labels are names of the form that `rename` gave.
class Expression {
  public:
    struct Node;
    Expression();
    explicit Expression(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

    /// Throws AsmError, e.g. for a product of places.
    Value evaluate(const Resolver& resolver) const;

  private:
    std::shared_ptr<const Node> node_;
};

/// Local labels become this name: (label number, direction 'b' or 'f').
using LocalLabel = std::function<std::string(std::string_view number, char direction)>;

/// Throws AsmError, which shows `text`, when it is no expression.
Expression parse_expression(std::string_view text, const LocalLabel& local_label);

/// An expression that must be a number at once, without symbols but those that `resolver` knows.
std::int64_t evaluate_number(std::string_view text, const Resolver& resolver);

}  // namespace tlbcheck::litmus::kernel::assembly
