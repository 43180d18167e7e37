// SPDX-License-Identifier: Apache-2.0
//
// The purpose of each builtin, and of what is made of them.
#include "checker/advice/source/purpose.hpp"

#include "litmus/sched/builtins.hpp"

namespace tlbcheck::checker {

using litmus::sched::Builtin;
using litmus::sched::DefItem;
using litmus::sched::Statement;
using litmus::sched::StatementKind;
using litmus::sched::SyntaxTree;

namespace {

Purpose of_builtin(Builtin builtin) {
    Purpose purpose;
    switch (builtin) {
        case Builtin::clear:
        case Builtin::set:
        case Builtin::fetch_and_clear:
        case Builtin::cmpxchg:
        case Builtin::zero:
        case Builtin::fill:
        case Builtin::hook:
            purpose.store = true;
            break;
        case Builtin::dsb:
        case Builtin::dmb:
        case Builtin::isb:
            purpose.barrier = true;
            break;
        case Builtin::tlbi:
        case Builtin::tlbi_pages:
        case Builtin::tlbi_range:
            purpose.tlbi = true;
            break;
        case Builtin::free:
            purpose.free = true;
            break;
        case Builtin::store:
        case Builtin::store_release:
            purpose.signal = true;
            break;
        default:
            purpose.wait = true;
            break;
    }
    return purpose;
}

void add(Purpose& all, const Purpose& part) {
    all.store = all.store || part.store;
    all.tlbi = all.tlbi || part.tlbi;
    all.barrier = all.barrier || part.barrier;
    all.free = all.free || part.free;
    all.signal = all.signal || part.signal;
    all.wait = all.wait || part.wait;
    all.kernel = all.kernel || part.kernel;
}

}  // namespace

Purpose purpose_of(const Statement& statement, const SyntaxTree& tree) {
    Purpose purpose;
    for (const auto& part : statement.body) add(purpose, purpose_of(*part, tree));
    if (statement.kind == StatementKind::kernel_call) purpose.kernel = true;
    if (statement.kind != StatementKind::call) return purpose;
    if (const auto* spec = litmus::sched::find_builtin(statement.expression->text))
        return of_builtin(spec->builtin);
    const DefItem* def = tree.find_def(statement.expression->text, statement.expression->arguments.size());
    return def == nullptr ? purpose : purpose_of(*def->body, tree);
}

}  // namespace tlbcheck::checker
