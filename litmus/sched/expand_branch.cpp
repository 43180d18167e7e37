// SPDX-License-Identifier: Apache-2.0
//
// `if`: by what is known while expanding. One by a value that the thread reads is refused.

#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {
namespace {

bool is_read(const Expression& expression) {
    return expression.kind == ExpressionKind::call && expression.text == "read";
}

/// `read(a) == value` or `read(a) != value`.
bool reads(const Expression& condition) {
    return condition.kind == ExpressionKind::binary && (condition.text == "==" || condition.text == "!=") &&
           is_read(*condition.operands[0]);
}

}  // namespace

void ThreadExpander::branch(const Statement& item) {
    if (is_read(*item.expression) || reads(*item.expression)) {
        error(item.expression->spot, "branches on values read are not supported",
              "write a schedule for each way that the thread may go");
    }
    const bool taken = truth(*item.expression);
    if (!taken && item.body.size() < 2) return;
    frames_.back().scopes.emplace_back();
    statement(*item.body[taken ? 0 : 1]);
    frames_.back().scopes.pop_back();
}

}  // namespace tlbcheck::litmus::sched
