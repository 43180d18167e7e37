// SPDX-License-Identifier: Apache-2.0
//
// What one needs to know of bitcode before writing a scenario for it: what a function reaches, what is not
// there, what is asked about the CPU, what cannot be run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel::info {

/// A place in the kernel's source; line 0: not known.
struct Location {
    std::string function, file;
    std::uint32_t line = 0;
    friend auto operator<=>(const Location&, const Location&) = default;
};

struct FunctionInfo {
    std::string name;
    Location location;
    std::string stub;  ///< what is done instead of running it; empty: it is run
};
/// One that the bitcode only declares.
struct ExternFunction {
    std::string name;
    std::string stub;   ///< empty: a call of it is refused, unless the scenario has a kernel_stub
    bool weak = false;  ///< its address is 0 where there is none
};
struct Variable {
    std::string name;
    std::uint64_t bytes = 0;
    bool defined = false;  ///< false: zero unless a kernel_set sets it
};
/// Something that is refused when it is met.
struct Refused {
    Location location;
    std::string why;
};

struct KernelInfo {
    std::vector<std::string> producers;
    int va_bits = 0;  ///< 0: not found in the code
    std::vector<FunctionInfo> functions;
    std::vector<ExternFunction> externs;
    std::vector<Variable> variables;
    std::map<unsigned, Location> capabilities;  ///< asked by an alternative, with one place each
    std::vector<Refused> refused;
};

/// Of what `entry` can reach by calls and by addresses that its code or variables hold; nullopt for `entry`:
/// of all functions. nullopt when the bitcode does not define `entry`.
std::optional<KernelInfo> kernel_info(const Image& image, const std::optional<std::string>& entry);
/// The functions that the bitcode defines.
std::vector<std::string> defined_functions(const Image& image);

}  // namespace tlbcheck::litmus::kernel::info
