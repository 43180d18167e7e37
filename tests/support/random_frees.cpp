// SPDX-License-Identifier: Apache-2.0
//
// Random schedules in which memory is freed more than once: by one PE or by two, with and without a flush,
// and mapped again in between.
#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

namespace {

using namespace model;

class FreeGenerator : public ScheduleGenerator {
  public:
    explicit FreeGenerator(std::uint64_t seed) : ScheduleGenerator(seed, {.other_granules = false}) {
        program_.title = fmt::format("random frees {}", seed);
    }

    ScheduleProgram run() {
        add_region();
        const bool two = random_.chance(85);
        thread(0);
        if (two && random_.chance(60)) hand_over();
        if (two) thread(1);
        std::sort(program_.new_tables.begin(), program_.new_tables.end(),
                  [](const NewTable& a, const NewTable& b) { return a.page < b.page; });
        return std::move(program_);
    }

  private:
    void thread(int index) {
        add_thread(0);
        if (index == 1 && random_.chance(30)) free_again();
        for (int parts = 1 + random_.below(2); parts > 0; --parts) {
            change_something();
            if (random_.chance(70)) flush(region(), 0, random_.below(leaves(region())));
            if (random_.chance(70)) free_again();
        }
    }

    void change_something() {
        const Region& target = region();
        const int at = random_.below(leaves(target));
        switch (random_.below(6)) {
            case 0:
            case 1:
            case 2:
                store(target, at, {});
                break;
            case 3:
                store(target, at, leaf(target, at));
                break;
            case 4: {
                Descriptor value = leaf(target, at);
                value.oa += 0x40'0000'0000;
                store(target, at, value);
                break;
            }
            default:
                if (target.level > geometry_.start_level())
                    add(StoreDescriptor{
                        {geometry_.entry_base(target.va, target.level - 1), target.level - 1, 0}, {}});
                break;
        }
    }

    /// Mostly the same leaf, so that its memory has several owners.
    void free_again() {
        const Region& target = region();
        if (target.level > geometry_.start_level() && random_.chance(20)) {
            add(Free{TablePage{target.level, geometry_.table_base(target.va, target.level), 0}});
            return;
        }
        free_leaf(target, random_.chance(80) ? 0 : random_.below(leaves(target)));
    }
};

}  // namespace

model::ScheduleProgram random_frees(std::uint64_t seed) {
    return FreeGenerator(seed).run();
}

}  // namespace tlbcheck::tests
