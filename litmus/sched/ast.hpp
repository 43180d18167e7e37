// SPDX-License-Identifier: Apache-2.0
//
// The syntax tree of a schedule file. Nothing is evaluated here: what a statement emits may depend on the
// hardware.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "litmus/sched/token.hpp"

namespace tlbcheck::litmus::sched {

/// Index of a text in ScheduleFile::sources, with a place in it.
struct Spot {
    std::uint32_t file = 0;
    Place place;
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// One argument of a call: `value`, or `name = value`.
struct Argument {
    std::string name;  ///< empty: positional
    ExpressionPtr value;
    Spot spot;
};

enum class ExpressionKind : std::uint8_t { number, name, member, unary, binary, conditional, call };

/// `text` is the name, the member's name, the operator or the callee; operands are in source order.
struct Expression {
    ExpressionKind kind = ExpressionKind::number;
    Spot spot;
    std::string text;
    std::uint64_t number = 0;
    std::vector<ExpressionPtr> operands;
    std::vector<Argument> arguments;  ///< of a call
    bool rest_zero = false;           ///< of a call of the kernel's: "..." after the arguments
    int height = 1;                   ///< of the tree below, bounded by the parser
};

struct Statement;
using StatementPtr = std::unique_ptr<Statement>;

enum class StatementKind : std::uint8_t { block, call, let, loop, branch, kernel_call, label };

/// block: body. call: expression (kind call). kernel_call: the same, of a function of the kernel's. let: name
/// = expression. loop: for (name : expression) body[0]. branch: if (expression) body[0] else body[1]. label:
/// name: body[0].
struct Statement {
    StatementKind kind = StatementKind::block;
    Spot spot;
    std::string name;
    ExpressionPtr expression;
    std::vector<StatementPtr> body;
};

/// `key = value;` of a machine, region or with block.
struct Setting {
    std::string key;
    ExpressionPtr value;
    Spot spot;
};

struct ParamItem {
    std::string name;
    ExpressionPtr value;
    Spot spot;
};
struct RegionItem {
    std::string name;
    std::vector<Setting> settings;
    Spot spot;
};
struct DefItem {
    std::string name;
    std::vector<std::string> parameters;
    StatementPtr body;
    Spot spot;
};
struct SpaceName {
    std::string name;
    Spot spot;
};
struct ThreadItem {
    std::string name;
    StatementPtr body;
    Spot spot;
    std::vector<SpaceName> in;  ///< `thread P0 in A, temp`
};
/// `space A { asid = 5; }`: tables of their own.
struct SpaceItem {
    std::string name;
    std::vector<Setting> settings;
    Spot spot;
    bool vm = false;  ///< `vm V { vmid = 1; }`: stage 2 tables
};
/// One PE of `cpus P0, P1;`.
struct CpuItem {
    std::string name;
    Spot spot;
};
struct FlagItem {
    std::string name;
    Spot spot;
};
/// `kernel "a.bc", "b.bc";` and `capabilities "header";`: a file, relative to the one that names it.
struct KernelFileItem {
    std::string path;
    Spot spot;
};
/// `kernel_set init_mm.context.id = 5;`, and a field of an object.
struct KernelSetItem {
    std::string path;
    ExpressionPtr value;
    Spot spot;
};
/// `kernel_stub find_vm_area = 0;` or `= ignore`.
struct KernelStubItem {
    std::string name;
    ExpressionPtr value;  ///< nullptr: ignore
    Spot spot;
};
/// `object mm = mm_struct { pgd = ...; }`
struct KernelObjectItem {
    std::string name, structure;
    ExpressionPtr at;  ///< nullptr: memory of its own
    std::vector<KernelSetItem> fields;
    Spot spot;
};

struct PropertyItem {
    bool expect_violation = false;
    std::string name;
    std::optional<std::string> region;
    Spot region_spot;
    std::optional<std::string> label;  ///< `at LABEL`
    Spot label_spot;
    std::vector<std::pair<std::string, Spot>> by;  ///< `by P0, P1`
    std::optional<std::string> tolerate;           ///< `tolerate = restrictive`
    Spot tolerate_spot;
    std::vector<Setting> with;
    Spot spot;       ///< of `assert` or `witness`
    Spot name_spot;  ///< of the property's name
};

}  // namespace tlbcheck::litmus::sched
