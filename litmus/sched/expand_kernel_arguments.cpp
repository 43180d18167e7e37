// SPDX-License-Identifier: Apache-2.0
//
// The arguments of a `call`, as the C declares them, put where the compiler has them.

#include <fmt/format.h>

#include <algorithm>

#include "litmus/kernel/world/world.hpp"
#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {

namespace {

constexpr const char* kept_whole =
    "__attribute__((used)) on the function keeps its arguments as they are in the C, as does a call from "
    "another file";

/// "'f' takes 3 argument(s): phys, virt, size".
std::string takes(const std::string& function, const kernel::Function& code) {
    std::string names;
    for (const kernel::Parameter& each : code.parameters)
        if (!each.name.empty()) names += (names.empty() ? ": " : ", ") + each.name;
    std::size_t count = 0;
    for (const kernel::Parameter& each : code.parameters) count += each.values;
    return fmt::format("'{}' takes {} argument(s){}", printable(function, 60), count, printable(names, 300));
}

std::string name_of(const kernel::Parameter& parameter, std::size_t number) {
    return parameter.name.empty() ? fmt::format("argument {}", number)
                                  : fmt::format("argument {} ({})", number, printable(parameter.name, 60));
}

/// The arguments that the call does not give and that the function goes by. What it does not use, and what it
/// is compiled for one value of, may be left out.
std::vector<std::string> missing(const kernel::Function& code, std::size_t given) {
    std::vector<std::string> names;
    std::size_t at = 0;
    for (const kernel::Parameter& each : code.parameters) {
        const std::size_t first = at + 1;
        at += each.values;
        if (at > given && each.value != kernel::none)
            names.push_back(name_of(each, std::max(first, given + 1)));
    }
    return names;
}

}  // namespace

std::vector<std::uint64_t> ThreadExpander::kernel_arguments(const Expression& item,
                                                            const kernel::Function& function,
                                                            kernel::world::World& world) {
    const auto note = [&](std::string what, std::string value) {
        expansion_.program.kernel_notes.push_back(
            {model::KernelNote::Kind::unset_variable, std::move(what), std::move(value),
             model::no_kernel_stack, static_cast<std::uint32_t>(expansion_.program.threads.size())});
    };
    if (function.reshaped)
        error(item.spot,
              takes(item.text, function) +
                  ", and the compiler has changed them so that it cannot be told which became what",
              kept_whole);
    std::vector<std::uint64_t> given;
    for (const Argument& argument : item.arguments) {
        const Affine value = number(*argument.value);
        if (!value.constant()) throw NotUniform{};
        given.push_back(kernel_word(value));
    }
    const std::vector<std::string> left_out = missing(function, given.size());
    if (!left_out.empty() && !item.rest_zero)
        error(item.spot,
              fmt::format("{}; not given: {}", takes(item.text, function), fmt::join(left_out, ", ")),
              "where a release takes more than another: '...' as the last argument gives zero for the rest");
    std::vector<std::uint64_t> result(function.arguments, 0);
    std::size_t at = 0;
    for (const kernel::Parameter& each : function.parameters) {
        for (std::uint32_t k = 0; k < each.values; ++k, ++at) {
            const std::string name = name_of(each, at + 1);
            if (each.value != kernel::none) {
                // "...": another release may take fewer. What is not given is zero, and told as that.
                if (at >= given.size())
                    note(fmt::format("{} of {}", name, printable(item.text, 60)), "0");
                else
                    result[each.value + k] = given[at];
                continue;
            }
            if (!each.always) continue;  // the function does not use it
            const std::uint64_t base =
                each.always->symbol == kernel::none ? 0 : world.address_of(each.always->symbol);
            const std::uint64_t fixed = base + each.always->number;
            if (at < given.size() && given[at] != fixed)
                error(
                    item.arguments[at].value->spot,
                    fmt::format(
                        "'{}' is compiled for {} = 0x{:x} only, as all its callers have it; 0x{:x} is given",
                        printable(item.text, 60), name, fixed, given[at]),
                    kept_whole);
            if (at >= given.size())
                note(fmt::format("{} of {}", name, printable(item.text, 60)), fmt::format("0x{:x}", fixed));
        }
    }
    if (given.size() > at)
        error(item.spot, fmt::format("{}, {} given", takes(item.text, function), given.size()));
    return result;
}

}  // namespace tlbcheck::litmus::sched
