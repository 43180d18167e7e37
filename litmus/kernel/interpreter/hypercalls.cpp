// SPDX-License-Identifier: Apache-2.0
//
// KVM's own hypercalls from EL1 to the part of it that runs at EL2: the number is an enumerator of the
// kernel's, which names the function. What lies between the two, vectors and the handler that takes the
// arguments out of saved registers, is not run: exception entry and return stand for it.

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "litmus/kernel/interpreter/execution.hpp"

namespace tlbcheck::litmus::kernel::interpreter {
namespace {

constexpr const char* numbers_of_functions = "__kvm_host_smccc_func";
constexpr std::string_view name_prefix = "__KVM_HOST_SMCCC_FUNC_";
/// A fast call of 64 bits, of the hypervisor's vendor (SMC Calling Convention, section 2.5); the function's
/// number in the low 16 bits.
constexpr std::uint64_t vendor_hypercall = 0xC600'0000;
constexpr std::uint64_t number_bits = 0xFFFF;

/// The function with that number; empty: the kernel's list has none.
std::string function_of(const Image& image, std::uint64_t number) {
    const auto list = image.type_names.find(numbers_of_functions);
    if (list == image.type_names.end()) return {};
    const auto& all = image.types[list->second].enumerators;
    const auto found = std::ranges::find_if(all, [&](const auto& each) {
        return each.second == number && std::string_view(each.first).starts_with(name_prefix);
    });
    return found == all.end() ? std::string() : found->first.substr(name_prefix.size());
}

}  // namespace

std::array<std::uint64_t, 4> Execution::hypercall(std::span<const std::uint64_t, 8> registers) {
    const std::uint64_t which = registers[0] & 0xFFFF'FFFF;
    const std::string name =
        (which & ~number_bits) == vendor_hypercall ? function_of(image_, which & number_bits) : std::string();
    if (name.empty())
        throw Refusal(
            fmt::format("instruction 'hvc #0': a call to other software is not modelled: {:#x} in X0 is no "
                        "hypercall of KVM's own that the bitcode lists",
                        which));
    const auto symbol = image_.find_symbol(name);
    if (!symbol || target(*symbol).kind == Target::Kind::missing)
        throw Refusal(
            fmt::format("a hypercall to '{}', which is not in the bitcode: give the file of "
                        "arch/arm64/kvm/hyp/nvhe that has it as well",
                        name));
    machine_.sink_.hypercall(true, stack());
    const Target& to = target(*symbol);
    const std::uint64_t result = to.kind == Target::Kind::stub ? stub(to.stub, name, registers.subspan(1))
                                                               : run_inside(*symbol, registers.subspan(1));
    machine_.sink_.hypercall(false, stack());
    return {0, result, 0, 0};  // SMCCC_RET_SUCCESS
}

}  // namespace tlbcheck::litmus::kernel::interpreter
