// SPDX-License-Identifier: Apache-2.0
//
// The operational TLB machine against the axioms on random small schedules with address spaces, reused ASIDs
// and a closed world of PEs (docs/formal-model.md section 9).
#include <fmt/format.h>

#include <random>

#include "tests/cross/random_texts.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

/// What the spaces of a schedule are: of EL1&0; VMs; of EL2; of EL2&0; VMs under a host of EL2&0.
enum class World : std::uint8_t { el1_0, vms, el2, el2_0, vms_of_vhe };

/// A schedule as text: two spaces with the same address in both, of one ASID or of two.
class RandomContexts {
  public:
    RandomContexts(std::uint64_t seed, World world)
        : random_(seed),
          world_(world),
          vms_(world == World::vms || world == World::vms_of_vhe),
          vhe_(world == World::el2_0 || world == World::vms_of_vhe) {}

    std::string text() {
        const std::string asid_of_b = one_of({"5", "5", "6"});
        spaces_ = world_ != World::el1_0 || !chance(5);
        closed_ = chance(spaces_ ? 3 : 1);
        threads_ = chance(2) ? 1 : 2;
        std::string result = fmt::format(
            "machine {{ levels = {}; contiguous_entries = 2; bbm_level = {}; ets = {}; contiguous_fill = {}; "
            "walk_cache = {}; }}\n",
            one_of({"2", "3"}), one_of({"0", "2", "3"}), one_of({"0", "0", "2", "3"}),
            one_of({"any", "none", "coalesced"}), one_of({"per_entry", "per_entry", "per_page"}));
        if (vms_) return result + guests();
        const std::string in_a = spaces_ ? "space = A;" : "asid = 5;";
        if (spaces_) result += spaces(asid_of_b);
        const std::string more = chance(6) ? " global = true;" : "";
        result += fmt::format("region a {{ va = 0x400000; pa = 0x80000000; size = 4K; {}{} }}\n", in_a,
                              spaces_ ? more : "");
        if (spaces_) result += "region b { va = 0x400000; pa = 0x90000000; size = 4K; space = B; }\n";
        if (closed_) result += threads_ == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads_; ++t) result += thread(t);
        return result;
    }

  private:
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[random_() % choices.size()];
    }
    bool chance(unsigned one_in) { return random_() % one_in == 0; }

    std::string spaces(const std::string& asid_of_b) const {
        if (world_ == World::el2) return "space A { regime = el2; }\nspace B { regime = el2; }\n";
        const std::string regime = vhe_ ? " regime = el2_0;" : "";
        return fmt::format("space A {{ asid = 5;{0} }}\nspace B {{ asid = {1};{0} }}\n", regime, asid_of_b);
    }

    /// Two VMs, of one VMID or of two.
    std::string guests() {
        std::string result = fmt::format("vm A {{ vmid = 1; }}\nvm B {{ vmid = {}; }}\n", one_of({"1", "2"}));
        result += "region a { vm = A; ipa = 0x400000; pa = 0x80000000; size = 4K; }\n";
        result += "region b { vm = B; ipa = 0x400000; pa = 0x90000000; size = 4K; }\n";
        if (vhe_) result += "space H { asid = 5; regime = el2_0; }\n";
        spaces_ = true;
        if (closed_) result += threads_ == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads_; ++t) result += thread(t);
        return result;
    }

    std::string thread(int t) {
        const std::string start = vms_                   ? one_of({" in A", " in A", " in B", " in host"})
                                  : vhe_                 ? one_of({" in A", " in A", " in B"})
                                  : world_ == World::el2 ? one_of({"", " in A", " in A", " in B"})
                                  : spaces_              ? one_of({"", " in A", " in A", " in B", " in none"})
                                                         : "";
        std::string result = fmt::format("thread P{}{} {{\n", t, start);
        const auto length = 2 + random_() % (threads_ == 1 ? 8 : 6);
        for (std::uint64_t k = 0; k < length; ++k) result += "    " + statement(t) + "\n";
        if (threads_ == 2 && chance(2)) result += handshake(t);
        return result + "}\n";
    }

    /// Each waits for what the other did before.
    static std::string handshake(int t) {
        return fmt::format("    store(done{0}, 1);\n    await(done{1} == 1);\n", t, 1 - t);
    }

    std::string statement(int t) {
        if (chance(3)) return barrier();
        if (spaces_ && chance(4))
            return fmt::format("switch({});", one_of({"A", "B",
                                                      vms_                     ? "host"
                                                      : world_ == World::el1_0 ? "none"
                                                                               : "A"}));
        if (vhe_ && chance(4)) return one_of({"tge(0);", "tge(1);"});
        if (chance(3)) return flush();
        if (threads_ == 2 && chance(4)) {
            const std::string flag = t == 0 ? "f" : "g";
            const std::string other = t == 0 ? "g" : "f";
            return chance(2) ? fmt::format("store({}, 1);", flag) : fmt::format("await({} == 1);", other);
        }
        return change();
    }

    std::string barrier() {
        return one_of({"dsb(ish);", "dsb(ish);", "dsb(ishst);", "dsb(nsh);", "isb();", "isb();", "eret();",
                       "exception();"});
    }
    std::string flush() {
        const std::string at = spaces_ ? one_of({"a", "b"}) : "a";
        if (vms_) {
            return one_of({fmt::format("tlbi(ipas2e1is, {});", at), fmt::format("tlbi(ipas2e1, {});", at),
                           fmt::format("tlbi(ipas2le1is, {});", at), "tlbi(vmalle1is);", "tlbi(vmalle1is);",
                           "tlbi(vmalle1);", "tlbi(vmalls12e1is);", "tlbi(alle1is);"});
        }
        if (world_ == World::el2) {
            return one_of({fmt::format("tlbi(vae2is, {});", at), fmt::format("tlbi(vae2, {});", at),
                           fmt::format("tlbi(vale2is, {});", at), "tlbi(alle2is);", "tlbi(alle2);",
                           "tlbi(vmalle1is);", fmt::format("tlbi(vaae1is, {});", at)});
        }
        if (vhe_ && chance(3)) {
            return one_of({fmt::format("tlbi(vae2is, {});", at), fmt::format("tlbi(vale2, {});", at),
                           "tlbi(alle2is);", "tlbi(alle1is);"});
        }
        return one_of({"tlbi(aside1is, asid = 5);", "tlbi(aside1, asid = 5);",
                       fmt::format("tlbi(vae1is, {});", at), fmt::format("tlbi(vale1, {});", at),
                       fmt::format("tlbi(vaale1is, {});", at), "tlbi(vmalle1is);", "tlbi(vmalle1);"});
    }
    std::string change() {
        const std::string at = spaces_ ? one_of({"a", "a", "b"}) : "a";
        if (threads_ == 2)
            return one_of({"clear(" + at + ");", "clear(" + at + ");", "clear(table(" + at + ", 3));",
                           "free(" + at + ");", "free(table(" + at + ", 3));"});
        return one_of({"clear(" + at + ");", "clear(" + at + ");", "set(" + at + ", ap = ro);",
                       "set(" + at + ", pa = 0xa0000000);", "clear(table(" + at + ", 3));",
                       "set(table(" + at + ", 3));", "free(" + at + ");", "free(table(" + at + ", 3));"});
    }

    std::mt19937_64 random_;
    World world_;
    bool vms_ = false, vhe_ = false;
    bool spaces_ = true, closed_ = false;
    int threads_ = 1;
};

model::Property property_of(const model::ScheduleProgram& program, std::uint64_t seed) {
    using model::PropertyKind;
    std::mt19937_64 random(seed * 7 + 1);
    model::Property property;
    constexpr std::array kinds{PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                               PropertyKind::no_use_after_free, PropertyKind::no_tlb_conflict};
    property.kind = kinds[random() % kinds.size()];
    if (property.kind == PropertyKind::no_stale_entry)
        property.region = static_cast<std::uint32_t>(random() % program.regions.size());
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

/// A page that is never unmapped, in the eyes of whoever may access it.
model::Property never_invalid(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = property_of(program, seed);
    property.kind = model::PropertyKind::never_invalid;
    property.region = static_cast<std::uint32_t>(seed % program.regions.size());
    property.text = to_string(property.kind);
    return property;
}

/// Half of them count a table in place of another one.
model::Property break_before_make(const model::ScheduleProgram& program, std::uint64_t seed) {
    model::Property property = property_of(program, seed);
    property.kind = model::PropertyKind::no_bbm_violation;
    property.region.reset();
    property.judging.replaced_tables = seed % 2 == 0;
    property.text = to_string(property.kind);
    return property;
}

using PropertyOf = model::Property (*)(const model::ScheduleProgram&, std::uint64_t);

void compare(const char* variable, World world, PropertyOf ask = property_of) {
    tests::compare_opinions(
        tests::Seeds(variable, 700, 10000),
        [world](std::uint64_t seed) { return RandomContexts(seed, world).text(); }, ask);
}

}  // namespace

TEST_CASE("machine and axioms agree on random schedules with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el1_0);
}

TEST_CASE("machine and axioms agree on random schedules with VMs", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::vms);
}

TEST_CASE("machine and axioms agree on random schedules of EL2", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el2);
}

TEST_CASE("machine and axioms agree on random schedules of a host with FEAT_VHE", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::el2_0);
}

TEST_CASE("machine and axioms agree on random schedules of VMs under such a host", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS", World::vms_of_vhe);
}

TEST_CASE("machine and axioms agree on never_invalid with address spaces", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::el1_0, never_invalid);
}

TEST_CASE("machine and axioms agree on never_invalid with VMs", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_INVALID", World::vms, never_invalid);
}

TEST_CASE("machine and timeline agree on break-before-make of stage 2", "[long]") {
    compare("TLBCHECK_CROSS_CONTEXTS_BBM", World::vms, break_before_make);
}
