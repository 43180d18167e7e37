// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/random_contexts.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

namespace tlbcheck::tests {

namespace {

class RandomContexts {
  public:
    RandomContexts(std::uint64_t seed, World world, bool conditions)
        : world_(seed, world), conditions_(conditions) {}

    std::string text() {
        const bool spaces = world_.world() != World::el1_0 || !world_.chance(5);
        const bool closed = world_.chance(spaces ? 3 : 1);
        threads_ = world_.chance(2) ? 1 : 2;
        std::string result = world_.machine();
        result += spaces ? world_.declarations() : no_spaces;
        if (closed) result += threads_ == 1 ? "cpus P0;\n" : "cpus P0, P1;\n";
        for (int t = 0; t < threads_; ++t) result += thread(t, spaces);
        return result;
    }

  private:
    /// Names that the statements go by, all of one space.
    static constexpr const char* no_spaces =
        "region a { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
        "region b { va = 0x401000; pa = 0x90000000; size = 4K; asid = 5; }\n";

    std::string thread(int t, bool spaces) {
        std::string result = fmt::format("thread P{}{} {{\n", t, spaces ? world_.start() : "");
        const auto length = 2 + world_.below(threads_ == 1 ? 8 : 6);
        if (conditions_ && threads_ == 2) result += fmt::format("    store({}, 1);\n", t == 0 ? "f" : "g");
        for (std::uint64_t k = 0; k < length; ++k) {
            if (conditions_ && world_.chance(6)) result += "    load(" + world_.one_of({"a", "b"}) + ");\n";
            const bool decides = conditions_ && world_.chance(4);
            result += "    " + (decides ? condition(t) : statement(t, spaces)) + "\n";
        }
        // Each waits for what the other did before.
        if (threads_ == 2 && world_.chance(2))
            result += fmt::format("    store(done{0}, 1);\n    await(done{1} == 1);\n", t, 1 - t);
        return result + "}\n";
    }

    /// What it decides changes no context.
    std::string condition(int t) {
        std::string result = world_.one_of({"read(a) == 0", "read(b) != 0"});
        if (threads_ == 2 && !world_.chance(4)) result = t == 0 ? "read(g) == 1" : "read(f) == 0";
        result = "if (" + result + ") {" + arm() + " }";
        return world_.chance(2) ? result : result + " else {" + arm() + " }";
    }

    std::string arm() {
        std::string result;
        const std::uint64_t length = world_.below(4);
        for (std::uint64_t k = 0; k < length; ++k) {
            const std::string barrier = world_.one_of({"dsb(ish);", "dsb(nsh);", "dsb(ishst);", "isb();"});
            result += " " + (world_.chance(3)   ? barrier
                             : world_.chance(2) ? world_.flush()
                                                : world_.change(false));
        }
        return result;
    }

    std::string statement(int t, bool spaces) {
        if (world_.chance(3))
            return world_.one_of({"dsb(ish);", "dsb(ish);", "dsb(ishst);", "dsb(nsh);", "isb();", "isb();",
                                  "eret();", "exception();"});
        if (spaces && world_.chance(world_.vhe() ? 3 : 4)) return world_.switch_statement();
        if (world_.chance(3)) return world_.flush();
        if (threads_ == 2 && world_.chance(4)) {
            const std::string flag = t == 0 ? "f" : "g";
            const std::string other = t == 0 ? "g" : "f";
            return world_.chance(2) ? fmt::format("store({}, 1);", flag)
                                    : fmt::format("await({} == 1);", other);
        }
        return world_.change(threads_ == 1);
    }

    RandomWorld world_;
    bool conditions_;
    int threads_ = 1;
};

}  // namespace

std::string random_contexts(std::uint64_t seed, World world) {
    return RandomContexts(seed, world, false).text();
}

std::string random_conditions(std::uint64_t seed, World world) {
    return RandomContexts(seed, world, true).text();
}

model::Property random_context_property(const model::ScheduleProgram& program, std::uint64_t seed) {
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

}  // namespace tlbcheck::tests
