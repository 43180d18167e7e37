// SPDX-License-Identifier: Apache-2.0
//
// Spaces A and B of the upper half, P and Q of the lower half, whose ASIDs the entries of A and B carry.
#include <fmt/format.h>

#include "tests/cross/random_worlds.hpp"

namespace tlbcheck::tests {

std::string RandomWorld::upper_declarations(const std::string& later) {
    const std::string regime = world_ == World::upper_el2_0 ? " regime = el2_0;" : "";
    std::string result = fmt::format(
        "space A {{ ttbr = 1;{0} }}\nspace B {{ ttbr = 1;{0} }}\n"
        "space P {{ asid = 5;{0} }}\nspace Q {{ asid = {1};{0} }}\n",
        regime, one_of({"5", "6", "6"}));
    const std::string rest = "size = 4K; space = ";
    if (chance(4))
        result +=
            fmt::format("region c {{ va = 0x400000; pa = 0xb0000000; {}{}; }}\n", rest, one_of({"P", "Q"}));
    result += fmt::format("region a {{ va = 0xffffffffc0400000; pa = 0x80000000; {}A;{} }}\n", rest,
                          chance(3) ? " global = true;" : "");
    result += fmt::format("region b {{ va = 0xffffffffc0400000; pa = 0x90000000; {}B;{}{} }}\n", rest,
                          chance(3) ? " global = true;" : "", later);
    return result;
}

std::string RandomWorld::upper_start() {
    if (world_ == World::upper_el2_0) return one_of({" in A, P", " in A, P", " in P", " in B, Q", " in A"});
    return one_of({"", " in A", " in A, P", " in A, P", " in Q, A", " in B, P", " in A, none", " in P"});
}

std::string RandomWorld::upper_switch() {
    if (chance(3)) return fmt::format("switch({});", one_of({"P", "Q", vhe() ? "P" : "none"}));
    return fmt::format("switch({});", one_of({"A", "B"}));
}

std::string RandomWorld::upper_flush(const std::string& suffix) {
    const std::string at = one_of({"a", "b"});
    if (vhe() && chance(4))
        return one_of(
            {fmt::format("tlbi(vae2{}, {}, asid = 5);", suffix, at), fmt::format("tlbi(alle2{});", suffix)});
    return one_of(
        {fmt::format("tlbi(aside1{}, asid = 5);", suffix), fmt::format("tlbi(aside1{}, Q);", suffix),
         fmt::format("tlbi(vae1{}, {}, asid = 5);", suffix, at),
         fmt::format("tlbi(vale1{}, {}, asid = 6);", suffix, at),
         fmt::format("tlbi(vaae1{}, {});", suffix, at), fmt::format("tlbi(vaale1{}, {});", suffix, at),
         fmt::format("tlbi(vmalle1{});", suffix), fmt::format("tlbi(vmalle1{});", suffix)});
}

}  // namespace tlbcheck::tests
