// SPDX-License-Identifier: Apache-2.0
//
// Random schedules in which the order of stores and TLBIs hangs on weak barriers, loads and releases.
#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

using namespace model;

namespace {

/// One region of one or two pages; stores and TLBIs with barriers of every kind between them, and with the
/// loads, store-releases and load-acquires that weaker barriers and other rules go by.
class OrderGenerator : public ScheduleGenerator {
  public:
    explicit OrderGenerator(std::uint64_t seed) : ScheduleGenerator(seed, {true, true, false, true, false}) {}

    ScheduleProgram run() {
        add_region();
        // With ETS2 an access to a page that was not mapped must have read the store that maps it, which the
        // machine does not follow (docs/internals-machine.md, 17).
        program_.regions.front().mapped = true;
        program_.flags = {"f", "g"};
        const bool two = random_.chance(35);
        const bool waits = two && random_.chance(70);
        for (std::uint32_t t = 0; t < (two ? 2U : 1U); ++t) {
            program_.threads.push_back({fmt::format("P{}", t), {Run{}}});
            if (waits && t == 1) add(Await{0, 0, 1});
            const int parts = (two ? 3 : 4) + random_.below(4);
            for (int i = 0; i < parts; ++i) part();
            if (waits && t == 0) add(Access{kind_of_store(), 0, 0, 1});
            if (random_.chance(70)) barrier(BarrierKind::dsb, "ish");
            if (random_.chance(70)) barrier(BarrierKind::isb, "");
            if (random_.chance(15)) free_leaf(region(), 0);
        }
        return std::move(program_);
    }

  private:
    AccessKind kind_of_store() { return random_.chance(50) ? AccessKind::store_release : AccessKind::store; }

    void part() {
        const Region& of = region();
        switch (random_.below(9)) {
            case 0:
                if (random_.chance(70)) return store(of, random_.below(leaves(of)), {});
                if (random_.chance(60)) return change_table(of);
                return store(of, 0, leaf(of, 0));
            case 1:
                return tlbi(random_.pick({"vmalle1is", "vaae1is", "vaale1is", "vmalle1"}), of, 0);
            case 2:
            case 3:
                return barrier(BarrierKind::dmb, random_.pick({"ish", "ish", "ishld", "ishst"}));
            case 4:
            case 5:
                return barrier(BarrierKind::dsb, random_.pick({"ishld", "ishld", "ishst", "ish"}));
            case 6:
                return access(random_.chance(50) ? AccessKind::load_acquire : AccessKind::load);
            case 7:
                return access(kind_of_store());
            default:
                return barrier(BarrierKind::isb, "");
        }
    }

    void access(AccessKind kind) {
        Access access{kind, static_cast<std::uint32_t>(random_.below(2)), 0, is_store(kind) ? 1U : 0U};
        if (random_.chance(30)) {
            access.flag.reset();
            access.va = leaf_va(region(), 0);
        }
        add(access);
    }
};

}  // namespace

ScheduleProgram random_orders(std::uint64_t seed) {
    return OrderGenerator(seed).run();
}

}  // namespace tlbcheck::tests
