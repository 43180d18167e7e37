// SPDX-License-Identifier: Apache-2.0
//
// Declarations and statements, chosen so that a good part of the schedules is safe.
#include "tests/cross/random_worlds.hpp"

#include <fmt/format.h>

namespace tlbcheck::tests {

RandomWorld::RandomWorld(std::uint64_t seed, World world) : random_(seed), world_(world) {}

std::string RandomWorld::one_of(const std::vector<std::string>& choices) {
    return choices[random_() % choices.size()];
}

std::string RandomWorld::machine() {
    const std::string levels = one_of({"2", "3"}), bbm_level = one_of({"0", "2", "3"});
    const std::string ets = one_of({"0", "0", "2", "3"}), fill = one_of({"any", "none", "coalesced"});
    return fmt::format(
        "machine {{ levels = {}; contiguous_entries = 2; bbm_level = {}; ets = {}; contiguous_fill = {}; "
        "walk_cache = {};{} }}\n",
        levels, bbm_level, ets, fill, one_of({"per_entry", "per_entry", "per_page"}), managed());
}

std::string RandomWorld::managed() {
    const std::string stage1 = one_of({"", "", " ha = true;", " ha = true; hd = true;"});
    return stage1 + one_of({"", "", " vtcr_ha = true;", " vtcr_ha = true; vtcr_hd = true;"});
}

std::string RandomWorld::flags() {
    return one_of({"", "", "", " af = false;", " ap = ro; dbm = true;"});
}

std::string RandomWorld::spaces() {
    const std::string asid = one_of({"5", "5", "6"});
    switch (world_) {
        case World::el1_0:
            return fmt::format("space A {{ asid = 5; }}\nspace B {{ asid = {}; }}\n", asid);
        case World::el2:
            return "space A { regime = el2; }\nspace B { regime = el2; }\n";
        case World::el2_0:
            return fmt::format(
                "space A {{ asid = 5; regime = el2_0; }}\nspace B {{ asid = {}; regime = el2_0; }}\n", asid);
        case World::vms:
        case World::vms_of_vhe:
            return fmt::format("vm A {{ vmid = 1; }}\nvm B {{ vmid = {}; }}\n{}", asid == "5" ? "1" : "2",
                               vhe() ? "space H { asid = 5; regime = el2_0; }\n" : "");
        case World::guests:
        case World::upper:
        case World::upper_el2_0:
            break;
    }
    return fmt::format(
        "vm G {{ vmid = 1; }}\nspace A {{ vm = G; asid = 5; }}\nspace B {{ vm = G; asid = {}; }}\n", asid);
}

std::string RandomWorld::declarations(bool b_later) {
    const std::string later = b_later ? " mapped = false;" : "";
    if (upper()) return upper_declarations(later);
    std::string result = spaces();
    if (vms()) {
        result += "region a { vm = A; ipa = 0x400000; pa = 0x80000000; size = 4K;" + flags() + " }\n";
        return result + "region b { vm = B; ipa = 0x400000; pa = 0x90000000; size = 4K;" + flags() + later +
               " }\n";
    }
    const bool guest = world_ == World::guests;
    if (guest) {
        result += "region m { vm = G; ipa = 0x400000; pa = 0x80000000; size = 4K;" + flags() + " }\n";
        result += "region n { vm = G; ipa = 0x600000; pa = 0x90000000; size = 4K; }\n";
    }
    result += fmt::format("region a {{ va = 0x400000; {}; size = 4K; space = A;{}{} }}\n",
                          guest ? "ipa = 0x400000" : "pa = 0x80000000", chance(6) ? " global = true;" : "",
                          flags());
    return result + fmt::format("region b {{ va = 0x400000; {}; size = 4K; space = B;{}{} }}\n",
                                guest ? "ipa = 0x600000" : "pa = 0x90000000", flags(), later);
}

std::string RandomWorld::start() {
    switch (world_) {
        case World::vms:
        case World::vms_of_vhe:
            return one_of({" in A", " in A", " in B", " in host"});
        case World::el2_0:
            return one_of({" in A", " in A", " in B"});
        case World::el2:
            return one_of({"", " in A", " in A", " in B"});
        case World::guests:
            return one_of({" in A", " in A", " in B", " in G"});
        case World::upper:
        case World::upper_el2_0:
            return upper_start();
        case World::el1_0:
            break;
    }
    return one_of({"", " in A", " in A", " in B", " in none"});
}

std::string RandomWorld::switch_statement() {
    if (vhe() && chance(4)) return one_of({"tge(0);", "tge(1);"});
    if (upper()) return upper_switch();
    const bool leaves = world_ == World::el1_0 || world_ == World::guests;
    return fmt::format("switch({});", one_of({"A", "B", vms() ? "host" : leaves ? "none" : "A"}));
}

std::string RandomWorld::guest_flush(const std::string& suffix) {
    const std::string at = one_of({"a", "b"}), ipa = one_of({"m", "m", "n"});
    return one_of(
        {fmt::format("tlbi(ipas2e1{}, {});", suffix, ipa), fmt::format("tlbi(ipas2e1{}, {});", suffix, ipa),
         fmt::format("tlbi(vae1{}, {});", suffix, at), fmt::format("tlbi(vale1{}, {});", suffix, at),
         fmt::format("tlbi(vaae1{}, {});", suffix, at), fmt::format("tlbi(aside1{}, A);", suffix),
         fmt::format("tlbi(vmalle1{});", suffix), fmt::format("tlbi(vmalle1{});", suffix),
         fmt::format("tlbi(vmalls12e1{});", suffix), fmt::format("tlbi(alle1{});", suffix)});
}

std::string RandomWorld::flush() {
    const std::string at = one_of({"a", "b"});
    if (world_ == World::guests) return guest_flush(chance(4) ? "" : "is");
    if (upper()) return upper_flush(chance(4) ? "" : "is");
    if (vms()) {
        return one_of({fmt::format("tlbi(ipas2e1is, {});", at), fmt::format("tlbi(ipas2e1, {});", at),
                       fmt::format("tlbi(ipas2le1is, {});", at), "tlbi(vmalle1is);", "tlbi(vmalle1is);",
                       "tlbi(vmalle1);", "tlbi(vmalls12e1is);", "tlbi(alle1is);"});
    }
    if (world_ == World::el2) {
        return one_of({fmt::format("tlbi(vae2is, {});", at), fmt::format("tlbi(vae2, {});", at),
                       fmt::format("tlbi(vale2is, {});", at), "tlbi(alle2is);", "tlbi(alle2);",
                       "tlbi(vmalle1is);", fmt::format("tlbi(vaae1is, {});", at)});
    }
    if (vhe() && chance(3)) {
        return one_of({fmt::format("tlbi(vae2is, {});", at), fmt::format("tlbi(vale2, {});", at),
                       "tlbi(alle2is);", "tlbi(alle1is);"});
    }
    return one_of({"tlbi(aside1is, asid = 5);", "tlbi(aside1, asid = 5);",
                   fmt::format("tlbi(vae1is, {});", at), fmt::format("tlbi(vale1, {});", at),
                   fmt::format("tlbi(vaale1is, {});", at), "tlbi(vmalle1is);", "tlbi(vmalle1);"});
}

std::string RandomWorld::local_flush() {
    const std::string at = one_of({"a", "b"});
    if (world_ == World::guests) return guest_flush("");
    if (upper()) return upper_flush("");
    if (vms()) {
        return one_of({fmt::format("tlbi(ipas2e1, {});", at), "tlbi(vmalle1);", "tlbi(vmalle1);",
                       "tlbi(vmalls12e1);", "tlbi(alle1);"});
    }
    if (world_ == World::el2 || (vhe() && chance(3)))
        return one_of({fmt::format("tlbi(vae2, {});", at), fmt::format("tlbi(vale2, {});", at),
                       "tlbi(alle2);", "tlbi(alle2);"});
    return one_of({"tlbi(aside1, asid = 5);", fmt::format("tlbi(vae1, {});", at),
                   fmt::format("tlbi(vale1, {});", at), fmt::format("tlbi(vaae1, {});", at),
                   "tlbi(vmalle1);"});
}

std::string RandomWorld::change(bool alone) {
    const std::string at = one_of({"a", "a", "b"});
    std::vector<std::string> all{"clear(" + at + ");", "clear(" + at + ");", "clear(table(" + at + ", 3));",
                                 "free(" + at + ");", "free(table(" + at + ", 3));"};
    if (alone)
        all.insert(all.end(), {"set(" + at + ", ap = ro);", "set(table(" + at + ", 3));",
                               "set(" + at + ", af = false);", "set(" + at + ", ap = ro, dbm = true);"});
    if (alone && world_ != World::guests) all.push_back("set(" + at + ", pa = 0xa0000000);");
    if (world_ == World::guests) all.insert(all.end(), {"clear(m);", "clear(m);", "free(m);"});
    return one_of(all);
}

}  // namespace tlbcheck::tests
