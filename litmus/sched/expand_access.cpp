// SPDX-License-Identifier: Apache-2.0
//
// Barriers, and accesses by virtual address or to flags. A name that nothing declares is a flag where it
// stands as the address of an access: untranslated memory, 0 at the start.

#include <fmt/format.h>

#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {

void ThreadExpander::do_barrier(const Expression& item, model::BarrierKind kind) {
    model::Barrier barrier;
    if (!item.arguments.empty()) {  // isb() alone may be without
        const Expression& option = *item.arguments[0].value;
        const std::string name = operation_word(option);
        const auto parsed = model::parse_barrier(kind, name);
        if (!parsed) {
            if (kind == model::BarrierKind::isb) error(option.spot, "the only option of isb is sy");
            error(option.spot, fmt::format("'{}' is no option of {}", printable(name, 40), item.text),
                  did_you_mean(name,
                               {"sy", "st", "ld", "ish", "ishst", "ishld", "nsh", "nshst", "nshld", "osh",
                                "oshst", "oshld"},
                               "such as ish, ishst, nsh, sy"));
        }
        barrier = *parsed;
    }
    barrier.kind = kind;
    emit(barrier, {}, {});
}

std::uint32_t ThreadExpander::flag_index(const std::string& name) {
    auto& flags = expansion_.program.flags;
    for (std::size_t k = 0; k < flags.size(); ++k) {
        if (flags[k] == name) return static_cast<std::uint32_t>(k);
    }
    flags.push_back(name);
    return static_cast<std::uint32_t>(flags.size() - 1);
}

ThreadExpander::AccessTarget ThreadExpander::target(const Expression& expression) {
    if (expression.kind == ExpressionKind::name && find(expression.text) == nullptr)
        return {flag_index(expression.text), {}};
    const Value value = evaluate(expression);
    if (const auto* flag = std::get_if<FlagValue>(&value)) return {flag->index, {}};
    const Affine va = number_of(value, expression.spot);
    for (const Wide at : {va.base, va.at(iterations() - 1)}) {
        address({at}, expression.spot);
        if (state_.region_of(static_cast<std::uint64_t>(at)) == nullptr) {
            error(expression.spot, fmt::format("no region holds the address {}", to_string(at)),
                  "an access is to a region, or to a flag");
        }
    }
    check_space(va, expression.spot);
    return {std::nullopt, va};
}

void ThreadExpander::do_access(const Expression& item, model::AccessKind kind) {
    const AccessTarget to = target(*item.arguments[0].value);
    model::Access access;
    access.kind = kind;
    access.flag = to.flag;
    access.va = static_cast<std::uint64_t>(to.va.base);
    if (item.arguments.size() > 1)
        access.value = constant(*item.arguments[1].value, 0, ~std::uint64_t{0}, "a stored value");
    emit(access, to.va, {});
}

void ThreadExpander::do_await(const Expression& item) {
    const Expression& condition = *item.arguments[0].value;
    const AccessTarget to = target(*condition.operands[0]);
    model::Await await;
    await.flag = to.flag;
    await.va = static_cast<std::uint64_t>(to.va.base);
    await.value = constant(*condition.operands[1], 0, ~std::uint64_t{0}, "an awaited value");
    emit(await, to.va, {});
}

}  // namespace tlbcheck::litmus::sched
