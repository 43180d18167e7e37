// SPDX-License-Identifier: Apache-2.0
//
// Bytes that may be bitcode: read, and each function that they define run on a small mapping.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "litmus/kernel/bitcode.hpp"
#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/world.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::tests {

struct BitcodeRun {
    std::string error;                                ///< of reading; empty: it was read
    unsigned finished = 0, refused = 0, limited = 0;  ///< functions
};

/// Refusals and limits are answers; whatever else is thrown goes to the caller. `milliseconds` is for each
/// function.
inline BitcodeRun run_bitcode(const std::string& bytes, std::uint64_t milliseconds) {
    namespace kernel = litmus::kernel;
    constexpr unsigned most_functions = 12;
    BitcodeRun result;
    kernel::world::Scenario scenario;
    scenario.image =
        std::make_shared<const kernel::Image>(kernel::load_bitcode({{"mutated.bc", bytes}}, result.error));
    if (!result.error.empty()) return result;
    if (auto header = kernel::world::Capabilities::parse("#define ARM64_HAS_TLB_RANGE 1\n"))
        scenario.capabilities = *header;
    model::Region region;
    region.va = 0xffff'0000'8000'0000;
    region.pa = 0x8000'0000;
    region.size = 0x1'0000;
    for (const kernel::Symbol& symbol : scenario.image->symbols) {
        if (!symbol.is_function || !symbol.defined) continue;
        if (result.finished + result.refused + result.limited == most_functions) break;
        model::Limits limits;
        limits.milliseconds = milliseconds;
        model::Budget budget(limits);
        const model::BudgetScope scope(budget);
        try {
            std::uint32_t generation = 0;
            kernel::world::World world(scenario, {}, {region},
                                       [&](int, std::uint64_t) { return ++generation; });
            world.recorder().most_instructions = 10'000;
            world.call(symbol.name, {region.va, region.va + region.size});
            ++result.finished;
        } catch (const kernel::interpreter::Refusal&) {
            ++result.refused;
        } catch (const kernel::interpreter::LimitReached&) {
            ++result.limited;
        } catch (const model::LimitReached&) {
            ++result.limited;
        }
    }
    return result;
}

}  // namespace tlbcheck::tests
