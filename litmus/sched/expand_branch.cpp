// SPDX-License-Identifier: Apache-2.0
//
// `if`: by what is known while expanding, or by a value that the thread reads: `if (read(flag) == 1)`.

#include "litmus/sched/thread_expander.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tlbcheck::litmus::sched {
namespace {

bool is_read(const Expression& expression) {
    return expression.kind == ExpressionKind::call && expression.text == "read";
}

bool is_comparison(const Expression& condition) {
    return condition.kind == ExpressionKind::binary && (condition.text == "==" || condition.text == "!=");
}

bool reads(const Expression& condition) {
    return is_read(condition) || std::ranges::any_of(condition.operands, [](const ExpressionPtr& operand) {
               return reads(*operand);
           });
}

}  // namespace

void ThreadExpander::branch(const Statement& item) {
    const auto arm = [&](std::size_t which) {
        if (which >= item.body.size()) return;
        frames_.back().scopes.emplace_back();
        statement(*item.body[which]);
        frames_.back().scopes.pop_back();
    };
    if (!reads(*item.expression)) return arm(truth(*item.expression) ? 0 : 1);
    if (window_) throw NotUniform{};
    const bool with_else = item.body.size() > 1;
    branch_on(
        *item.expression, [&] { arm(0); }, with_else ? Arm([&] { arm(1); }) : Arm());
}

/// Short-circuits as C does: each read is a load of its own, and what does not matter is not read.
void ThreadExpander::branch_on(const Expression& condition, const Arm& taken, const Arm& otherwise) {
    if (!reads(condition)) {
        const Arm& arm = truth(condition) ? taken : otherwise;
        if (arm) arm();
        return;
    }
    if (condition.kind == ExpressionKind::unary && condition.text == "!" && !is_read(*condition.operands[0]))
        return branch_on(*condition.operands[0], otherwise, taken);
    if (condition.kind == ExpressionKind::binary && (condition.text == "&&" || condition.text == "||")) {
        step(condition.spot);
        const auto second = [&] { branch_on(*condition.operands[1], taken, otherwise); };
        if (condition.text == "&&") return branch_on(*condition.operands[0], second, otherwise);
        return branch_on(*condition.operands[0], taken, second);
    }
    branch_on_read(condition, taken, otherwise);
}

/// `read(a) == value`, the same with `!=` or the other way round; `read(a)` is `read(a) != 0`, `!read(a)` is
/// `read(a) == 0`.
model::Branch ThreadExpander::branch_of(const Expression& condition) {
    const bool negated = condition.kind == ExpressionKind::unary && condition.text == "!";
    const bool compared = is_comparison(condition);
    const Expression* read = &condition;
    const Expression* value = nullptr;
    if (negated) read = condition.operands[0].get();
    if (compared) {
        const bool second = !is_read(*condition.operands[0]);
        read = condition.operands[second ? 1 : 0].get();
        value = condition.operands[second ? 0 : 1].get();
    }
    if (!is_read(*read) || (value != nullptr && reads(*value))) {
        error(condition.spot, "what is read is compared by == or != with a value that is known",
              "write if (read(flag) == 1), with !, && and || as you like");
    }
    const Expression& of = *read->arguments[0].value;
    model::Branch result;
    result.equal = negated || (compared && condition.text == "==");
    if (value != nullptr) result.value = constant(*value, 0, ~std::uint64_t{0}, "the value compared with");
    if (of.kind == ExpressionKind::name && find(of.text) == nullptr) {
        result.flag = flag_index(of.text);
        return result;
    }
    const Value what = evaluate(of);
    if (const auto* flag = std::get_if<FlagValue>(&what)) {
        result.flag = flag->index;
        return result;
    }
    if (result.value != 0) {
        error(condition.spot, "a descriptor is compared with 0 only",
              "read(leaf) == 0 says that it is invalid, read(leaf) != 0 that it is not");
    }
    result.slot = descriptor_at(what, of.spot);
    return result;
}

/// The descriptor of a leaf, of the leaf at an address, or the one that points to a table.
model::DescriptorSlot ThreadExpander::descriptor_at(const Value& value, const Spot& spot) {
    const Span* const read = std::get_if<Span>(&value);
    if (read != nullptr && read->kind == SpanKind::table) {
        const auto parent = page_at(read->inner_start, read->level - 1, spot);
        if (!parent) error(spot, "no table holds the descriptor of this table");
        use(read->start, static_cast<std::uint64_t>(read->size), bit(Field::structure), 0, spot);
        return {address(read->start, spot), read->level - 1, parent->generation};
    }
    const Affine at = number_of(value, spot);
    const std::uint64_t va = address(at, spot);
    if (state_.region_of(va) == nullptr)
        error(spot, fmt::format("no region holds the address {}", to_string(at.base)));
    const WalkEnd end = walk(at, spot);
    const std::uint64_t bytes = geometry_.entry_bytes(end.level);
    if (read != nullptr && read->size > static_cast<Wide>(bytes)) {
        error(spot,
              fmt::format("read() takes one leaf, and this has several of {}",
                          to_string(static_cast<Wide>(bytes))),
              "read(x.start) reads the first");
    }
    use(at, 1, bit(Field::structure), 0, spot);
    return {va - va % bytes, end.level, end.generation};
}

/// Both arms are expanded; what follows must not depend on which of them is executed.
void ThreadExpander::branch_on_read(const Expression& condition, const Arm& taken, const Arm& otherwise) {
    const model::Branch branch = branch_of(condition);
    const Expression* const statement_call = std::exchange(current_, &condition);
    emit(branch, {}, {});
    const TableState before = state_;
    const auto run = [&](const Arm& arm) {
        if (arm) arm();
        current_ = &condition;
    };
    run(taken);
    TableState after = before;
    std::swap(after, state_);
    if (otherwise) {
        emit(model::Otherwise{}, {}, {});
        run(otherwise);
    }
    emit(model::EndBranch{}, {}, {});
    current_ = statement_call;
    if (state_ == after) return;
    error(condition.spot, "what is mapped where would depend on what was read",
          "set, fill and hook the same in both arms, or in none");
}

}  // namespace tlbcheck::litmus::sched
