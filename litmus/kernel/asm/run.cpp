// SPDX-License-Identifier: Apache-2.0
//
// The micro-ops one by one, as the Arm ARM's pseudocode of their instructions has them (C6.2). One thread
// alone runs: an exclusive store always succeeds, an atomic is a load and a store.

#include "litmus/kernel/asm/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

#include "litmus/kernel/asm/arithmetic.hpp"
#include "litmus/kernel/asm/error.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

class Runner {
  public:
    Runner(const Program& program, std::span<const std::uint64_t> arguments, Host& host)
        : program_(program), arguments_(arguments), host_(host) {
        for (const Binding& input : program.inputs) registers_.at(input.reg) = arguments_[input.index];
    }

    Target run() {
        const auto end = static_cast<Target>(program_.ops.size());
        while (at_ < end) {
            host_.step();
            const MicroOp& op = program_.ops[at_++];
            std::visit([this](const auto& each) { execute(each); }, op);
        }
        return at_;
    }

    std::uint64_t output(Register reg) const { return registers_.at(reg); }

  private:
    std::uint64_t read(Register reg, unsigned bits = 64) const {
        const std::uint64_t value = reg == zero_register ? 0 : registers_.at(reg);
        return truncated(value, bits);
    }
    void write(Register reg, std::uint64_t value, unsigned bits = 64) {
        if (reg != zero_register) registers_.at(reg) = truncated(value, bits);
    }
    std::uint64_t read(const Source& source, unsigned bits) const {
        if (!source.reg) return truncated(source.value, bits);
        return shifted(read(*source.reg), source.shift, source.amount, bits);
    }

    std::uint64_t address(const std::string& symbol, const std::optional<std::size_t>& argument,
                          std::uint64_t addend) {
        if (argument) return arguments_[*argument] + addend;
        const auto found = host_.symbol(symbol);
        if (!found) throw AsmError(fmt::format("inline assembly: the address of '{}' is not known", symbol));
        return *found + addend;
    }

    void execute(const Nothing& /*op*/) {}
    void execute(const Refused& op) { throw AsmError(op.message); }

    void execute(const Compute& op) {
        const Operands in{op.operation == Alu::move_keep ? read(op.d) : read(op.n, op.bits),
                          read(op.m, op.bits), read(op.a, op.bits), op.m.amount};
        write(op.d, compute(op.operation, in, op.bits, op.set_flags, flags_), op.bits);
    }

    void execute(const BitField& op) {
        const std::uint64_t field = truncated(read(op.n) >> op.from, op.width);
        const std::uint64_t value = op.sign_extend ? sign_extended(field, op.width) : field;
        const std::uint64_t mask = truncated(~std::uint64_t{0}, op.width) << op.to;
        if (op.keep)
            write(op.d, (read(op.d) & ~mask) | (value << op.to & mask), op.bits);
        else
            write(op.d, value << op.to, op.bits);
    }

    void execute(const Select& op) {
        if (holds(op.condition, flags_)) return write(op.d, read(op.n, op.bits), op.bits);
        const std::uint64_t m = read(op.m, op.bits);
        switch (op.otherwise) {
            case Select::Else::same:
                return write(op.d, m, op.bits);
            case Select::Else::increment:
                return write(op.d, m + 1, op.bits);
            case Select::Else::invert:
                return write(op.d, ~m, op.bits);
            case Select::Else::negate:
                return write(op.d, 0 - m, op.bits);
        }
    }

    void execute(const CompareIf& op) {
        if (!holds(op.condition, flags_)) {
            flags_ = flags_of_number(op.otherwise);
            return;
        }
        const Operands in{read(op.n, op.bits), read(op.m, op.bits), 0, 0};
        compute(op.negative ? Alu::add : Alu::sub, in, op.bits, true, flags_);
    }

    // ---- memory
    // -----------------------------------------------------------------------------------------------------

    std::uint64_t effective(const Address& address) {
        const std::uint64_t base = read(address.base);
        const std::uint64_t offset = read(address.offset, 64);
        if (address.update != Address::Update::none) write(address.base, base + offset);
        return address.update == Address::Update::after ? base : base + offset;
    }

    void execute(const Memory& op) {
        // The value stored is the one from before the base is updated.
        const std::array<std::uint64_t, 2> values{read(op.t), op.second ? read(*op.second) : 0};
        const std::uint64_t at = effective(op.address);
        const std::size_t count = op.second ? 2 : 1;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t place = at + i * op.bytes;
            if (op.store) {
                host_.store(place, truncated(values.at(i), op.bytes * 8U), op.bytes, op.ordering);
                continue;
            }
            const std::uint64_t value = host_.load(place, op.bytes, op.ordering);
            write(i == 0 ? op.t : *op.second, op.sign_extend ? sign_extended(value, op.bytes * 8U) : value,
                  op.bits);
        }
        if (op.status) write(*op.status, 0);
    }

    void execute(const Atomic& op) {
        const unsigned bits = op.bytes * 8U;
        const std::uint64_t at = read(op.base);
        const std::uint64_t s = truncated(read(op.s), bits);
        const std::uint64_t t = truncated(read(op.t), bits);
        const std::uint64_t old = truncated(host_.load(at, op.bytes, {op.ordering.acquire, false}), bits);
        const Ordering release{false, op.ordering.release};
        if (op.operation == AtomicOperation::cas) {
            if (old == s) host_.store(at, t, op.bytes, release);
            write(op.s, old);
            return;
        }
        host_.store(at, atomic_result(op.operation, old, s, bits), op.bytes, release);
        write(op.t, old);
    }

    // ---- the system
    // ---------------------------------------------------------------------------------------------------

    void execute(const BarrierOp& op) { host_.barrier(op.barrier); }
    void execute(const TlbiOperation& op) {
        host_.tlbi(op.op, model::takes_operand(op.op.base) ? read(op.operand) : 0);
    }

    void execute(const ReadRegister& op) {
        const auto value = host_.read_register(op.source);
        if (!value)
            throw AsmError(
                fmt::format("instruction 'mrs': reading {} is not modelled", to_string(op.source)));
        write(op.t, *value);
    }

    void execute(const WriteRegister& op) {
        if (!host_.write_register(op.destination, read(op.value, 64)))
            throw AsmError(
                fmt::format("instruction 'msr': writing {} is not modelled", to_string(op.destination)));
    }

    void execute(const Hypercall& /*op*/) {
        const auto results = host_.hypercall(std::span(registers_).first<8>());
        std::ranges::copy(results, registers_.begin());
    }

    void execute(const ChangeDaif& op) {
        const auto now = host_.read_register(daif);
        const std::uint64_t mask = std::uint64_t{op.mask} << 6U;
        const std::uint64_t value = op.set ? now.value_or(0) | mask : now.value_or(0) & ~mask;
        if (!now || !host_.write_register(daif, value))
            throw AsmError("instruction 'msr': writing daif is not modelled");
    }

    void execute(const Trap& op) {
        if (op.warning) return host_.warn(op.file, op.line);
        host_.bug(op.file, op.line);
        throw AsmError("inline assembly: it went on after a BUG");
    }

    void execute(const SymbolAddress& op) {
        const std::uint64_t value = address(op.symbol, op.argument, op.addend);
        write(op.d, op.part == SymbolAddress::Part::page ? value & ~std::uint64_t{0xFFF} : value);
    }
    void execute(const AddLow12& op) {
        write(op.d, read(op.n) + (address(op.symbol, op.argument, op.addend) & 0xFFFU));
    }

    // ---- control
    // ------------------------------------------------------------------------------------------------------

    bool taken(const Branch& op) const {
        switch (op.when) {
            case Branch::When::always:
                return true;
            case Branch::When::condition:
                return holds(op.condition, flags_);
            case Branch::When::zero:
                return read(op.t, op.bits) == 0;
            case Branch::When::nonzero:
                return read(op.t, op.bits) != 0;
            case Branch::When::bit_clear:
                return (read(op.t) >> op.bit & 1U) == 0;
            case Branch::When::bit_set:
                return (read(op.t) >> op.bit & 1U) != 0;
        }
        return false;
    }
    void execute(const Branch& op) {
        if (taken(op)) at_ = op.target;
    }

    void execute(const Alternative& op) {
        const Alternative::Choice* last = nullptr;
        for (const Alternative::Choice& each : op.choices)
            if (host_.capability(each.capability)) last = &each;
        if (last == nullptr) return;
        if (!last->refused.empty()) throw AsmError(last->refused);
        at_ = last->target;
    }

    void execute(const StaticKey& op) {
        // The key is aligned: its entry's low bits are flags, bit 0 the branch that the code was written
        // with.
        constexpr std::uint64_t flag_bits = 3;
        const std::uint64_t entry = arguments_[op.argument] + op.addend;
        const bool branch = (entry & 1U) != 0;
        if (host_.static_key_enabled(entry & ~flag_bits) != branch) at_ = op.target;
    }

    const Program& program_;
    std::span<const std::uint64_t> arguments_;
    Host& host_;
    std::array<std::uint64_t, register_count> registers_{};
    Flags flags_;
    Target at_ = 0;
};

}  // namespace

bool Host::static_key_enabled(std::uint64_t key) {
    constexpr std::uint64_t sign = 0x80000000U;
    const std::uint64_t count = load(key, 4, {});
    return count != 0 && count < sign;
}

std::optional<std::size_t> run(const Program& program, std::span<const std::uint64_t> arguments,
                               std::span<std::uint64_t> outputs, Host& host) {
    for (const Binding& input : program.inputs)
        if (input.index >= arguments.size())
            throw AsmError("inline assembly: an argument of the call is missing");
    Runner runner(program, arguments, host);
    const Target end = runner.run();
    for (const Binding& output : program.outputs)
        if (output.index < outputs.size()) outputs[output.index] = runner.output(output.reg);
    if (end >= first_label) return end - first_label;
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::kernel::assembly
