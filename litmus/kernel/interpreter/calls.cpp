// SPDX-License-Identifier: Apache-2.0
//
// Calls and returns.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "litmus/kernel/interpreter/arithmetic.hpp"
#include "litmus/kernel/interpreter/execution.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

Execution::Prepared& Execution::prepared(std::uint32_t function) {
    std::unique_ptr<Prepared>& entry = prepared_[function];
    if (entry) return *entry;
    entry = std::make_unique<Prepared>();
    entry->function = &image_.functions[function];
    for (const Constant& each : entry->function->constants)
        entry->constants.push_back(each.number +
                                   (each.symbol == none ? 0 : machine_.addresses_[each.symbol]));
    entry->programs.resize(entry->function->assembly.size());
    return *entry;
}

const Execution::Target& Execution::target(std::uint32_t symbol) {
    Target& entry = targets_[symbol];
    if (entry.kind != Target::Kind::unresolved) return entry;
    const Symbol& callee = image_.symbols[symbol];
    const auto& stubs = machine_.setup_.stubs;
    std::optional<Stub> stub;
    if (const auto given = stubs.find(callee.name); given != stubs.end())
        stub = given->second;
    else
        stub = callee.defined ? find_replacing_stub(callee.name) : find_stub(callee.name);
    entry.kind = stub ? Target::Kind::stub : callee.defined ? Target::Kind::function : Target::Kind::missing;
    if (stub) entry.stub = *stub;
    return entry;
}

void Execution::call(const Instruction& in) {
    const Call& call = frames_.back().code->function->calls[in.index];
    std::uint32_t callee = call.callee;
    if (callee == none) {
        const std::uint64_t address = value(call.target);
        const auto found = machine_.functions_.find(address);
        if (found == machine_.functions_.end())
            throw Refusal(fmt::format(
                "a call through a pointer of {:#x}, which is no function of the bitcode: kernel_set and "
                "fields of objects take symbol(name) for one",
                address));
        callee = found->second;
    }
    std::array<std::uint64_t, 16> few{};
    std::vector<std::uint64_t> many(call.arguments.size() > few.size() ? call.arguments.size() : 0);
    const std::span<std::uint64_t> arguments =
        many.empty() ? std::span(few).first(call.arguments.size()) : std::span(many);
    for (std::size_t i = 0; i < arguments.size(); ++i) arguments[i] = value(call.arguments[i]);

    const Target& to = target(callee);
    const Symbol& symbol = image_.symbols[callee];
    if (to.kind == Target::Kind::function) return enter(callee, arguments, &call, in.result);
    if (to.kind == Target::Kind::missing)
        throw Refusal(
            fmt::format("'{0}' is called, which is not in the bitcode: give the file that has it as "
                        "well, or say what it returns with kernel_stub {0} = ...;",
                        symbol.name));
    if (to.stub.kind == Stub::Kind::call_argument) {
        const auto function = machine_.functions_.find(arguments[static_cast<std::size_t>(to.stub.address)]);
        if (function == machine_.functions_.end()) throw Refusal(symbol.name + " is given no function");
        const std::array<std::uint64_t, 1> only{arguments[static_cast<std::size_t>(to.stub.size)]};
        if (told_stubs_.insert(callee).second)
            machine_.sink_.stub_called(symbol.name, "calls its argument", stack());
        return enter(function->second, only, &call, in.result);
    }
    const std::uint64_t result = stub(to.stub, symbol.name, arguments);
    if (told_stubs_.insert(callee).second)
        machine_.sink_.stub_called(symbol.name, describe(to.stub), stack());
    give_results(call, in.result, std::span(&result, 1));
}

void Execution::enter(std::uint32_t symbol, std::span<const std::uint64_t> arguments, const Call* call,
                      ValueId result) {
    if (!image_.symbols[symbol].defined || image_.symbols[symbol].function == none)
        throw Refusal(fmt::format("'{}' is called through a pointer, and is not in the bitcode",
                                  image_.symbols[symbol].name));
    if (frames_.size() >= machine_.setup_.limits.depth)
        throw LimitReached(fmt::format("calls are nested more than {} deep", machine_.setup_.limits.depth));
    Prepared& code = prepared(image_.symbols[symbol].function);
    const Function& function = *code.function;
    std::size_t base = 1;  // value 0 of all is the result of the outermost
    if (!frames_.empty()) {
        const Function& outer = *frames_.back().code->function;
        base = frames_.back().base + outer.values + outer.constants.size();
    }
    const std::size_t needed = base + function.values + function.constants.size();
    if (values_.size() < needed) values_.resize(std::max(needed, values_.size() * 2));
    for (std::size_t i = 0; i < function.arguments; ++i)
        values_[base + i] = i < arguments.size() ? arguments[i] : 0;
    std::copy(code.constants.begin(), code.constants.end(),
              values_.begin() + static_cast<std::ptrdiff_t>(base + function.values));
    frames_.push_back({&code, 0, base, call, result, stack_pointer_});
    base_ = base;
}

void Execution::give_back(const Instruction& in) {
    const Activation done = frames_.back();
    const std::vector<ValueId>& what = done.code->function->calls[in.index].arguments;
    std::array<std::uint64_t, 8> few{};
    std::vector<std::uint64_t> many(what.size() > few.size() ? what.size() : 0);
    const std::span<std::uint64_t> results =
        many.empty() ? std::span(few).first(what.size()) : std::span(many);
    for (std::size_t i = 0; i < results.size(); ++i) results[i] = value(what[i]);
    frames_.pop_back();
    stack_pointer_ = done.stack;
    if (frames_.empty()) {
        values_[0] = results.empty() ? 0 : results[0];
        return;
    }
    base_ = frames_.back().base;
    if (done.call != nullptr) return give_results(*done.call, done.result, results);
    inner_result_ = results.empty() ? 0 : results[0];
}

/// To its end, while the instruction that asked for it is being executed.
std::uint64_t Execution::run_inside(std::uint32_t symbol, std::span<const std::uint64_t> arguments) {
    const std::size_t depth = frames_.size();
    enter(symbol, arguments, nullptr, none);
    while (frames_.size() > depth) {
        Activation& now = frames_.back();
        count_step();
        execute(now.code->function->code[now.at++]);
    }
    return inner_result_;
}

void Execution::give_results(const Call& call, ValueId result, std::span<const std::uint64_t> results) {
    if (result == none) return;
    for (std::size_t i = 0; i < call.widths.size(); ++i)
        value(result + static_cast<ValueId>(i)) =
            i < results.size() ? low_bits(results[i], call.widths[i]) : 0;
}

}  // namespace tlbcheck::litmus::kernel::interpreter
