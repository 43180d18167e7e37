// SPDX-License-Identifier: Apache-2.0
//
// Syntax tree of a cat file: expressions, and the instructions that bind names and state checks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "litmus/cat/token.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::litmus::cat {

struct Expression;
using ExpressionPointer = std::unique_ptr<Expression>;

/// `x`, `_` or `(x, y)`. A tuple of one is the name itself, as in cat.
struct Pattern {
    Span span;
    bool tuple = false;
    std::vector<std::string> names;  ///< "" stands for `_`
};

struct Binding {
    Span span;
    Pattern pattern;
    ExpressionPointer value;
};

/// Condition on the variants that are on: "vmsa" && not "DIC".
struct VariantCondition {
    enum class Kind : std::uint8_t { variant, negation, conjunction, disjunction };
    Kind kind = Kind::variant;
    std::string name;
    std::vector<VariantCondition> operands;
};

enum class ExpressionKind : std::uint8_t {
    name,
    empty_relation,
    universe,
    explicit_set,
    tag,
    tuple,
    unite,
    add,
    sequence,
    difference,
    intersect,
    product,  // n-ary where cat chains them
    plus,
    star,
    optional,
    inverse,
    complement,
    identity,
    apply,
    function,
    let,
    let_rec,
    attempt,
    conditional,
    match,
};

struct Expression {
    ExpressionKind kind = ExpressionKind::empty_relation;
    Span span;
    std::string name;  ///< name, tag
    std::vector<ExpressionPointer>
        operands;                   ///< apply: the function, then its arguments; conditional: then, else
    std::vector<Binding> bindings;  ///< let, let_rec; the body is operands[0]
    Pattern parameter;              ///< function; the body is operands[0]
    std::optional<VariantCondition> condition;  ///< conditional; none for a comparison of values
};

struct Test {
    enum class Role : std::uint8_t { check, flag, assertion, undefined_unless };
    Role role = Role::check;
    model::CheckKind kind = model::CheckKind::irreflexive;
    bool negated = false;
    ExpressionPointer expression;
    std::string name;  ///< "" when it has none
};

enum class InstructionKind : std::uint8_t {
    let,
    let_rec,
    test,
    show,
    include,
    procedure,
    call,
    with_from,
    conditional,
    unsupported,
};

struct Instruction {
    InstructionKind kind = InstructionKind::unsupported;
    Span span;
    std::string name;  ///< include, procedure, call, with_from; what an unsupported one is called
    std::vector<Binding> bindings;         ///< let, let_rec
    bool recursive = false;                ///< procedure
    Test test;                             ///< test
    ExpressionPointer expression;          ///< call (the argument), with_from
    Pattern parameter;                     ///< procedure
    VariantCondition condition;            ///< conditional
    std::vector<Instruction> body, other;  ///< procedure; conditional: then, else
};

struct File {
    std::string title;
    std::vector<Instruction> instructions;
};

}  // namespace tlbcheck::litmus::cat
