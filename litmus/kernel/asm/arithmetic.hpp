// SPDX-License-Identifier: Apache-2.0
//
// Integer arithmetic of AArch64 on values of 1 to 64 bits, kept zero-extended.
#pragma once

#include <cstdint>

#include "litmus/kernel/asm/micro_op.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// PSTATE.NZCV
struct Flags {
    bool n = false, z = false, c = false, v = false;
    friend bool operator==(const Flags&, const Flags&) = default;
};
/// From the immediate of CCMP: N is bit 3.
Flags flags_of_number(unsigned nzcv);
/// Arm ARM, ConditionHolds.
bool holds(Condition condition, const Flags& flags);

/// The low `bits` bits; all of them from 64 on.
std::uint64_t truncated(std::uint64_t value, unsigned bits);
std::uint64_t sign_extended(std::uint64_t value, unsigned bits);
/// ShiftReg and ExtendReg.
std::uint64_t shifted(std::uint64_t value, Shift shift, unsigned amount, unsigned bits);

struct Operands {
    std::uint64_t n = 0, m = 0, a = 0;
    unsigned amount = 0;  ///< of MOVK
};
/// Result of `bits` bits; sets `flags` when asked to.
std::uint64_t compute(Alu operation, const Operands& in, unsigned bits, bool set_flags, Flags& flags);

std::uint64_t atomic_result(AtomicOperation operation, std::uint64_t old, std::uint64_t s, unsigned bits);

}  // namespace tlbcheck::litmus::kernel::assembly
