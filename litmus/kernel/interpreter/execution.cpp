// SPDX-License-Identifier: Apache-2.0
//
// One instruction of the compact code after the other.

#include "litmus/kernel/interpreter/execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/interpreter/arithmetic.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

constexpr std::uint64_t steps_between_checks = 1U << 16U;
constexpr std::uint8_t acquires = 2;
constexpr std::uint8_t releases = 4;

unsigned bytes_of(unsigned bits) {
    return (bits + 7) / 8;
}

}  // namespace

Execution::Execution(Machine& machine)
    : machine_(machine),
      memory_(machine.memory_),
      image_(machine.image_),
      prepared_(machine.image_.functions.size()),
      targets_(machine.image_.symbols.size()),
      stack_pointer_(machine.setup_.layout.stack) {}

std::uint64_t Execution::run(const std::string& function, std::span<const std::uint64_t> arguments) {
    const auto symbol = image_.find_symbol(function);
    if (!symbol || !image_.symbols[*symbol].is_function || !image_.symbols[*symbol].defined)
        throw Refusal(fmt::format("there is no function '{}' in the bitcode", function));
    frames_.clear();
    values_.assign(1, 0);
    stack_pointer_ = machine_.setup_.layout.stack;
    enter(*symbol, arguments, nullptr, 0);
    try {
        loop();
    } catch (const Refusal& refusal) {
        if (!refusal.stack().empty()) throw;
        throw Refusal(refusal.what(), machine_.frames(stack()));
    } catch (const LimitReached& limit) {
        if (!limit.stack().empty()) throw;
        throw LimitReached(limit.what(), machine_.frames(stack()));
    } catch (const assembly::AsmError& error) {
        throw Refusal(error.what(), machine_.frames(stack()));
    }
    return values_[0];
}

StackId Execution::caller_stack(std::size_t frame) {
    if (frame == 0) return no_stack;
    // The outer ones first, without recursion: depth is bounded by Limits, but may be large.
    std::size_t known = frame;
    while (known > 0 && !frames_[known].caller_known) --known;
    for (std::size_t i = known == 0 ? 1 : known; i <= frame; ++i) {
        Activation& each = frames_[i];
        if (each.caller_known) continue;
        const Activation& outer = frames_[i - 1];
        each.caller = machine_.stacks_.push(i == 1 ? no_stack : outer.caller,
                                            outer.code->function->code[outer.at - 1].place);
        each.caller_known = true;
    }
    return frames_[frame].caller;
}

StackId Execution::stack() {
    if (frames_.empty()) return no_stack;
    const Activation& innermost = frames_.back();
    const std::uint32_t at = innermost.at == 0 ? 0 : innermost.at - 1;
    return machine_.stacks_.push(caller_stack(frames_.size() - 1), innermost.code->function->code[at].place);
}

void Execution::check_limits() {
    const Limits& limits = machine_.setup_.limits;
    if (machine_.steps_ >= limits.steps)
        throw LimitReached(fmt::format("the function runs for more than {} steps", limits.steps));
    if (limits.poll) limits.poll();
    next_check_ = std::min(machine_.steps_ + steps_between_checks, limits.steps);
}

void Execution::loop() {
    while (!frames_.empty()) {
        Activation& now = frames_.back();
        count_step();
        execute(now.code->function->code[now.at++]);
    }
}

void Execution::take(std::uint32_t edge) {
    Activation& now = frames_.back();
    const Edge& to = now.code->function->edges[edge];
    const std::size_t count = to.moves.size();
    if (count == 1) {
        value(to.moves[0].first) = value(to.moves[0].second);
    } else if (count > 1) {
        // All at once: a move may read what another one sets.
        std::array<std::uint64_t, 16> few;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
        std::vector<std::uint64_t> many(count > few.size() ? count : 0);
        std::uint64_t* const from = many.empty() ? few.data() : many.data();
        for (std::size_t i = 0; i < count; ++i) from[i] = value(to.moves[i].second);
        for (std::size_t i = 0; i < count; ++i) value(to.moves[i].first) = from[i];
    }
    now.at = to.target;
}

// NOLINTNEXTLINE(readability-function-size): a case for each, and nothing else
void Execution::execute(const Instruction& in) {
    const auto set = [&](std::uint64_t result) { value(in.result) = low_bits(result, in.bits); };
    const auto a = [&] { return value(in.a); };
    const auto b = [&] { return value(in.b); };
    const auto less = [&] { return as_signed(a(), in.bits) < as_signed(b(), in.bits); };
    const auto greater = [&] { return as_signed(a(), in.bits) > as_signed(b(), in.bits); };
    switch (in.op) {
        case Op::add:
            return set(a() + b());
        case Op::sub:
            return set(a() - b());
        case Op::mul:
            return set(a() * b());
        case Op::and_:
            return set(a() & b());
        case Op::or_:
            return set(a() | b());
        case Op::xor_:
            return set(a() ^ b());
        case Op::shl:
            return set(b() >= in.bits ? 0 : a() << b());
        case Op::lshr:
            return set(b() >= in.bits ? 0 : a() >> b());
        case Op::eq:
            value(in.result) = a() == b() ? 1 : 0;
            return;
        case Op::ne:
            value(in.result) = a() != b() ? 1 : 0;
            return;
        case Op::ult:
            value(in.result) = a() < b() ? 1 : 0;
            return;
        case Op::ule:
            value(in.result) = a() <= b() ? 1 : 0;
            return;
        case Op::ugt:
            value(in.result) = a() > b() ? 1 : 0;
            return;
        case Op::uge:
            value(in.result) = a() >= b() ? 1 : 0;
            return;
        case Op::slt:
            value(in.result) = less() ? 1 : 0;
            return;
        case Op::sge:
            value(in.result) = less() ? 0 : 1;
            return;
        case Op::sgt:
            value(in.result) = greater() ? 1 : 0;
            return;
        case Op::sle:
            value(in.result) = greater() ? 0 : 1;
            return;
        case Op::truncate:
            return set(a());
        case Op::sign_extend:
            return set(static_cast<std::uint64_t>(as_signed(a(), in.extra)));
        case Op::select:
            value(in.result) = (a() & 1) != 0 ? b() : value(in.c);
            return;
        case Op::scaled_add:
            return set(a() + static_cast<std::uint64_t>(as_signed(b(), in.extra)) * image_.numbers[in.index]);
        case Op::load:
            return set(read(a(), bytes_of(in.bits)));
        case Op::store:
            return write(b(), a(), bytes_of(in.bits), {false, false, (in.extra & releases) != 0});
        case Op::jump:
            return take(in.index);
        case Op::branch:
            return take((a() & 1) != 0 ? in.b : in.c);
        case Op::call:
            return call(in);
        case Op::give_back:
            return give_back(in);
        case Op::assembly:
            return assembly(in);
        case Op::nothing:
            return;
        default:
            return execute_rare(in);
    }
}

void Execution::execute_rare(const Instruction& in) {
    switch (in.op) {
        case Op::choose: {
            const Switch& table = frames_.back().code->function->switches[in.index];
            const auto found = table.cases.find(value(in.a));
            return take(found == table.cases.end() ? table.otherwise : found->second);
        }
        case Op::allocate:
            return allocate(in);
        case Op::add_overflow:
        case Op::sub_overflow:
        case Op::mul_overflow: {
            const auto [result, over] =
                compute_overflow(in.op, in.extra == 1, in.bits, value(in.a), value(in.b));
            value(in.result) = result;
            value(in.result + 1) = over ? 1 : 0;
            return;
        }
        case Op::exchange_add:
        case Op::exchange_sub:
        case Op::exchange_and:
        case Op::exchange_nand:
        case Op::exchange_or:
        case Op::exchange_xor:
        case Op::exchange_swap:
        case Op::exchange_umax:
        case Op::exchange_umin:
        case Op::exchange_smax:
        case Op::exchange_smin: {
            const std::uint64_t at = value(in.a);
            const std::uint64_t old = read(at, bytes_of(in.bits));
            const Flags flags{true, (in.extra & acquires) != 0, (in.extra & releases) != 0};
            write(at, exchanged(in.op, in.bits, old, value(in.b)), bytes_of(in.bits), flags);
            if (in.result != none) value(in.result) = old;
            return;
        }
        case Op::compare_exchange:
            return compare_exchange(in);
        case Op::fence: {
            const bool full = (in.extra & releases) != 0;
            if (in.extra != 0)
                barrier({model::BarrierKind::dmb, model::BarrierDomain::ish,
                         full ? model::BarrierAccess::full : model::BarrierAccess::ld, false});
            return;
        }
        case Op::copy_bytes:
            return copy_bytes(value(in.a), value(in.b), value(in.c));
        case Op::set_bytes:
            return set_bytes(value(in.a), static_cast<std::uint8_t>(value(in.b)), value(in.c));
        case Op::unreachable:
            throw Refusal(
                "control reaches a place that the compiler took for unreachable: a call before it "
                "returned that never does in a kernel");
        case Op::refused:
            throw Refusal(image_.names[in.index]);
        default:
            value(in.result) = compute(in.op, in.bits, value(in.a), in.b == none ? 0 : value(in.b),
                                       in.c == none ? 0 : value(in.c));
    }
}

void Execution::compare_exchange(const Instruction& in) {
    const std::uint64_t at = value(in.a);
    const std::uint64_t old = read(at, bytes_of(in.bits));
    const bool equal = old == value(in.b);
    const Flags flags{true, (in.extra & acquires) != 0, (in.extra & releases) != 0};
    if (equal) write(at, value(in.c), bytes_of(in.bits), flags);
    value(in.result) = old;
    value(in.result + 1) = equal ? 1 : 0;
}

void Execution::allocate(const Instruction& in) {
    const AddressLayout& layout = machine_.setup_.layout;
    const std::uint64_t count = in.a == none ? 1 : value(in.a);
    const std::uint64_t size = image_.numbers[in.index];
    const std::uint64_t left = layout.stack + layout.stack_bytes - stack_pointer_;
    constexpr std::uint64_t alignment = 16;
    if (size != 0 && count > (left - std::min(left, alignment)) / size)
        throw LimitReached(fmt::format("the function needs more than {} bytes of stack", layout.stack_bytes));
    const std::uint64_t bytes = size * count;
    value(in.result) = stack_pointer_;
    memory_.mark_unknown(stack_pointer_, bytes);
    stack_pointer_ += (bytes + alignment - 1) / alignment * alignment;
}

const assembly::Program& Execution::program(std::uint32_t index, std::span<const std::uint64_t> arguments) {
    Prepared& code = *frames_.back().code;
    std::unique_ptr<assembly::Program>& known = code.programs[index];
    if (known) return *known;
    const AssemblyCall& site = code.function->assembly[index];
    std::vector<std::uint64_t> values(arguments.begin(), arguments.end());
    const bool all_known = std::ranges::none_of(site.constants, [](const auto& each) { return !each; });
    if (const auto late = code.late.find({index, values}); late != code.late.end()) return *late->second;
    try {
        known = std::make_unique<assembly::Program>(
            assembly::assemble({site.text, site.constraints, site.constants}));
        return *known;
    } catch (const assembly::AsmError&) {
        if (all_known) throw;
    }
    constexpr std::size_t most = 256;
    if (code.late.size() >= most) throw Refusal("inline assembly whose operands are no constants");
    const std::vector<std::optional<std::uint64_t>> constants(values.begin(), values.end());
    auto made =
        std::make_unique<assembly::Program>(assembly::assemble({site.text, site.constraints, constants}));
    return *code.late.emplace(std::pair(index, std::move(values)), std::move(made)).first->second;
}

void Execution::assembly(const Instruction& in) {
    const AssemblyCall& site = frames_.back().code->function->assembly[in.index];
    std::array<std::uint64_t, 32> all{};
    std::array<std::uint64_t, 32> results{};
    if (site.arguments.size() > all.size()) throw Refusal("inline assembly with more than 32 operands");
    const auto arguments = std::span(all).first(site.arguments.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) arguments[i] = value(site.arguments[i]);
    const assembly::Program& code = program(in.index, arguments);
    if (code.outputs.size() > results.size()) throw Refusal("inline assembly with more than 32 results");
    const auto outputs = std::span(results).first(code.outputs.size());
    const auto label = assembly::run(code, arguments, outputs, *this);
    for (std::size_t i = 0; i < site.widths.size() && i < outputs.size(); ++i)
        value(in.result + static_cast<ValueId>(i)) = low_bits(outputs[i], site.widths[i]);
    if (label) return take(site.labels.at(*label));
    if (site.fallthrough != none) take(site.fallthrough);
}

}  // namespace tlbcheck::litmus::kernel::interpreter
