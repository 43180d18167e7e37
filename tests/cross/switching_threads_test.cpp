// SPDX-License-Identifier: Apache-2.0
//
// Random small schedules in which one thread maintains the tables and others only switch between spaces or
// VMs, flush their own PE alone, or read: the machine against the axioms, and the open world against the
// closed one (docs/formal-model.md section 9).
#include <fmt/format.h>

#include <random>

#include "litmus/sched/schedule.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/cross/random_worlds.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

using tests::World;

/// P0 works through a recipe, right but for a step left out here and there; the others do what one kind of
/// thread does, told by P0's flag or not.
class RandomRoles {
  public:
    RandomRoles(std::uint64_t seed, World world, std::optional<bool> closed = std::nullopt)
        : world_(seed, world) {
        const bool drawn = world_.chance(3);
        closed_ = closed.value_or(drawn);
    }

    std::string text() {
        const int others = world_.chance(4) ? 2 : 1;
        const bool later = world_.chance(3);
        std::string result = world_.machine() + world_.declarations(later);
        if (closed_) result += others == 1 ? "cpus P0, P1;\n" : "cpus P0, P1, P2;\n";
        result += maintainer(later, others);
        for (int t = 1; t <= others; ++t) result += other(t, others == 1 ? 6 : 3);
        return result;
    }

  private:
    std::string step(const std::string& text) { return world_.chance(7) ? "" : "    " + text + "\n"; }

    std::string flush() { return world_.chance(5) ? world_.local_flush() : world_.flush(); }

    std::string maintainer(bool later, int others) {
        std::string result = fmt::format("thread P0{} {{\n", world_.start());
        // What is flushed before the others go on, and what is changed before or after that.
        if (world_.chance(2)) result += step(world_.change(false));
        result += step("dsb(ish);") + step(flush());
        if (world_.chance(3)) result += step("dsb(ish);") + step(flush());
        result += step("dsb(ish);");
        if (world_.chance(3)) result += step("isb();");
        result += "    store(told, 1);\n";
        if (world_.chance(2)) {
            for (int t = 1; t <= others; ++t) result += step(fmt::format("await(back{} == 1);", t));
        }
        if (later) result += step(world_.one_of({"set(b);", "set(b);", "set(b, ap = ro);"}));
        if (world_.chance(2)) result += step(world_.change(false));
        if (world_.chance(3)) result += step("dsb(ish);") + step(flush()) + step("dsb(ish);");
        if (world_.chance(3)) result += step(world_.one_of({"free(a);", "free(table(a, 3));"}));
        return result + "}\n";
    }

    std::string other(int t, std::uint64_t most) {
        const std::uint64_t role = world_.below(4);
        std::string result = fmt::format("thread P{}{} {{\n", t, world_.start());
        if (!world_.chance(3)) result += "    await(told == 1);\n";
        const std::uint64_t length = 1 + world_.below(most);
        for (std::uint64_t k = 0; k < length; ++k) result += "    " + statement(role) + "\n";
        if (world_.chance(2)) result += step("dsb(ish);");
        return result + fmt::format("    store(back{}, 1);\n}}\n", t);
    }

    /// Roles: it only switches; it flushes its own PE; both; it reads.
    std::string statement(std::uint64_t role) {
        if (role == 3)
            return world_.one_of({"isb();", "dsb(ish);", "dsb(ishld);", "await(told == 1);",
                                  "load_acquire(told);", "eret();", "exception();", "dmb(ish);"});
        const bool barrier = world_.chance(2);
        if (barrier && role != 1)
            return world_.one_of({"isb();", "isb();", "eret();", "exception();", "dsb(ish);"});
        if (barrier) return world_.one_of({"dsb(nsh);", "dsb(ish);", "isb();", "exception();", "eret();"});
        if (role == 0 || (role == 2 && world_.chance(2))) return world_.switch_statement();
        return world_.local_flush();
    }

    tests::RandomWorld world_;
    bool closed_ = false;
};

model::Property roles_property(const model::ScheduleProgram& program, std::uint64_t seed) {
    using model::PropertyKind;
    std::mt19937_64 random(seed * 7 + 3);
    model::Property property;
    constexpr std::array kinds{PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                               PropertyKind::no_use_after_free, PropertyKind::no_tlb_conflict,
                               PropertyKind::never_invalid};
    property.kind = kinds[random() % kinds.size()];
    if (about_region(property.kind))
        property.region = static_cast<std::uint32_t>(program.regions.size() - 1 - random() % 2);
    property.hardware = program.hardware;
    property.text = to_string(property.kind);
    return property;
}

void compare_roles(World world) {
    tests::compare_opinions(
        tests::Seeds("TLBCHECK_CROSS_ROLES", 250, 4000),
        [world](std::uint64_t seed) { return RandomRoles(seed, world).text(); }, roles_property);
}

/// What happens at any time on the PEs of the threads happens where there are more PEs, too.
void compare_worlds(World world) {
    using tests::Opinion;
    tests::Seeds seeds("TLBCHECK_CROSS_OPENED", 150, 3000);
    int unsafe = 0, safe = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = RandomRoles(*seed, world, true).text();
        const auto closed = tests::program_of_text(text);
        const auto open = tests::program_of_text(RandomRoles(*seed, world, false).text());
        if (!closed || !open) continue;
        model::Property property = roles_property(*closed, *seed);
        if (property.kind == model::PropertyKind::no_stale_entry) {
            property.kind = model::PropertyKind::no_tlb_conflict;
            property.region.reset();
        }
        if (property.region && !closed->regions[*property.region].mapped) continue;
        if (tests::by_axioms(*closed, property) != Opinion::unsafe) {
            ++safe;
            continue;
        }
        ++unsafe;
        INFO("seed " << *seed << "\n" << text);
        CHECK(tests::by_axioms(*open, property) == Opinion::unsafe);
    }
    CHECK(unsafe > 0);
    CHECK(safe > 0);
}

}  // namespace

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: spaces", "[long]") {
    compare_roles(World::el1_0);
}

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: VMs", "[long]") {
    compare_roles(World::vms);
}

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: EL2", "[long]") {
    compare_roles(World::el2);
    compare_roles(World::el2_0);
}

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: a VHE host's VMs",
          "[long]") {
    compare_roles(World::vms_of_vhe);
}

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: a guest", "[long]") {
    compare_roles(World::guests);
}

TEST_CASE("machine and axioms agree where a thread only switches or flushes its own PE: the upper half",
          "[long]") {
    compare_roles(World::upper);
}

TEST_CASE("what a closed world breaks at any time, an open one does", "[long]") {
    compare_worlds(GENERATE(World::el1_0, World::vms, World::el2, World::el2_0, World::guests, World::upper));
}
