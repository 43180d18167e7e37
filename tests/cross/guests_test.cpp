// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine against the axioms on random small schedules of a VM whose guest's stage 1 is
// written (docs/formal-model.md section 14).
#include <fmt/format.h>

#include <random>

#include "tests/cross/random_texts.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

/// A schedule as text: a guest's page, in one space or in two, above a page of the VM; the page of its tables
/// may be one that the schedule changes as well.
class RandomGuest {
  public:
    RandomGuest(std::uint64_t seed, bool contiguous) : random_(seed), contiguous_(contiguous) {}

    std::string text() {
        two_ = !contiguous_ && chance(3);
        tables_ = chance(3);
        closed_ = chance(4);
        threads_ = contiguous_ || chance(2) ? 1 : 2;
        std::string result = fmt::format(
            "machine {{ levels = {}; contiguous_entries = 2; bbm_level = {}; ets = {}; contiguous_fill = {}; "
            "walk_cache = {};{}{} }}\n",
            one_of({"2", "2", "3"}), one_of({"0", "2", "3"}), one_of({"0", "0", "2", "3"}),
            one_of({"any", "none", "coalesced"}), one_of({"per_entry", "per_entry", "per_page"}),
            one_of({"", "", " ha = true;", " ha = true; hd = true;"}),
            one_of({"", "", " vtcr_ha = true;", " vtcr_ha = true; vtcr_hd = true;"}));
        result += fmt::format("vm G {{ vmid = 1; }}\nspace A {{ vm = G; asid = 5;{} }}\n",
                              tables_ ? " tables = 0x800000;" : "");
        if (two_) result += fmt::format("space B {{ vm = G; asid = {}; }}\n", one_of({"5", "5", "6"}));
        const std::string size = contiguous_ ? "8K" : "4K";
        const auto cont = [&] { return contiguous_ && chance(2) ? " contiguous = true;" : ""; };
        result += fmt::format("region m {{ vm = G; ipa = 0x400000; pa = 0x80000000; size = {};{}{} }}\n",
                              size, cont(), flags());
        result += "region n { vm = G; ipa = 0x600000; pa = 0x90000000; size = 8K; }\n";
        if (tables_)
            result += "region t { vm = G; ipa = 0x800000; pa = 0xb0000000; size = 16K;" +
                      one_of({"", "", " af = false;"}) + " }\n";
        result += fmt::format("region a {{ space = A; va = 0x400000; ipa = 0x400000; size = {};{}{}{} }}\n",
                              size, cont(), chance(6) ? " global = true;" : "", flags());
        if (two_) result += "region b { space = B; va = 0x400000; ipa = 0x600000; size = 4K; }\n";
        if (closed_) result += threads_ == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads_; ++t) result += thread(t);
        return result;
    }

  private:
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[random_() % choices.size()];
    }
    bool chance(unsigned one_in) { return random_() % one_in == 0; }
    std::string flags() { return one_of({"", "", "", " af = false;", " ap = ro; dbm = true;"}); }

    std::string thread(int t) {
        in_vm_ = true;
        const std::string start = one_of({"A", "A", two_ ? "B" : "A", "G", "host"});
        in_vm_ = start != "host";
        std::string result = fmt::format("thread P{} in {} {{\n", t, start);
        const auto length = 3 + random_() % (threads_ == 1 ? 8 : 6);
        for (std::uint64_t k = 0; k < length; ++k) result += "    " + statement(t) + "\n";
        if (threads_ == 2 && chance(2))
            result += fmt::format("    store(done{0}, 1);\n    await(done{1} == 1);\n", t, 1 - t);
        return result + "}\n";
    }

    std::string statement(int t) {
        if (chance(3))
            return one_of(
                {"dsb(ish);", "dsb(ish);", "dsb(ishst);", "dsb(nsh);", "isb();", "isb();", "eret();"});
        if (chance(8)) return context();
        if (chance(2)) return flush();
        if (threads_ == 2 && chance(4)) {
            const std::string flag = t == 0 ? "f" : "g";
            const std::string other = t == 0 ? "g" : "f";
            return chance(2) ? fmt::format("store({}, 1);", flag) : fmt::format("await({} == 1);", other);
        }
        return change();
    }

    std::string context() {
        const std::string to = in_vm_ ? one_of({"A", two_ ? "B" : "host", "none", "host"}) : "G";
        if (to == "host") in_vm_ = false;
        if (to == "G") in_vm_ = true;
        return fmt::format("switch({});", to);
    }

    std::string flush() {
        const std::string at = two_ ? one_of({"a", "b"}) : "a";
        const std::string ipa = tables_ ? one_of({"m", "t", "n"}) : one_of({"m", "m", "n"});
        const std::string offset = contiguous_ && chance(2) ? " + 0x1000" : "";
        return one_of({fmt::format("tlbi(ipas2e1is, {}{});", ipa, offset),
                       fmt::format("tlbi(ipas2e1is, {}{});", ipa, offset),
                       fmt::format("tlbi(ipas2le1is, {});", ipa), fmt::format("tlbi(ipas2e1, {});", ipa),
                       fmt::format("tlbi(vae1is, {}{});", at, offset),
                       fmt::format("tlbi(vale1is, {}{});", at, offset), fmt::format("tlbi(vaae1is, {});", at),
                       fmt::format("tlbi(vae1, {});", at), "tlbi(aside1is, A);", "tlbi(vmalle1is);",
                       "tlbi(vmalle1is);", "tlbi(vmalle1);", "tlbi(vmalls12e1is);", "tlbi(alle1is);"});
    }

    std::string change() {
        std::vector<std::string> all{"clear(m);", "clear(m);", "clear(a);",
                                     "clear(a);", "free(m);",  "free(a);"};
        if (two_) all.insert(all.end(), {"clear(b);", "free(b);"});
        if (tables_) all.insert(all.end(), {"clear(t);", "clear(t);", "free(t);", "clear(n);"});
        if (!contiguous_)
            all.insert(all.end(), {"clear(table(a, 3));", "free(table(a, 3));", "clear(table(m, 3));"});
        if (threads_ == 1) {
            all.insert(all.end(),
                       {"set(a, ap = ro);", "set(m, ap = ro);", "set(a, ipa = 0x600000);",
                        "set(m, attr = normal_nc);", "set(a, attr = device);", "set(a, af = false);",
                        "set(m, af = false);", "set(a, ap = ro, ipa = 0x600000, same_contents = true);",
                        "set(m, ap = ro, pa = 0xa0000000, same_contents = true);",
                        "set(a, ap = ro, dbm = true);", "set(m, ap = ro, dbm = true);"});
            if (tables_) all.insert(all.end(), {"set(t, af = false);", "set(t, af = true);"});
            if (contiguous_)
                all.insert(all.end(), {"set(a, contiguous = false);", "set(m, contiguous = false);"});
        }
        return one_of(all);
    }

    std::mt19937_64 random_;
    bool contiguous_ = false, two_ = false, tables_ = false, closed_ = false, in_vm_ = true;
    int threads_ = 1;
};

model::Property guest_property(const model::ScheduleProgram& program, std::uint64_t seed) {
    using model::PropertyKind;
    std::mt19937_64 random(seed * 7 + 1);
    model::Property property;
    constexpr std::array kinds{PropertyKind::no_stale_entry,    PropertyKind::no_stale_entry,
                               PropertyKind::no_use_after_free, PropertyKind::no_use_after_free,
                               PropertyKind::no_tlb_conflict,   PropertyKind::never_invalid,
                               PropertyKind::no_bbm_violation};
    property.kind = kinds[random() % kinds.size()];
    if (about_region(property.kind)) {
        // Mostly of the guest.
        const auto last = static_cast<std::uint32_t>(program.regions.size() - 1);
        property.region = random() % 8 == 0 ? 0 : last;
    }
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

void compare_guests(const char* variable, bool contiguous) {
    tests::compare_opinions(
        tests::Seeds(variable, 400, 10000),
        [contiguous](std::uint64_t seed) { return RandomGuest(seed, contiguous).text(); }, guest_property);
}

}  // namespace

TEST_CASE("machine and axioms agree on random schedules of a guest", "[long]") {
    compare_guests("TLBCHECK_CROSS_GUESTS", false);
}

TEST_CASE("machine and axioms agree on contiguous sets at either stage", "[long]") {
    compare_guests("TLBCHECK_CROSS_GUESTS", true);
}
