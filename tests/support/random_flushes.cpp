// SPDX-License-Identifier: Apache-2.0
//
// Random schedules whose flushes repeat and nest around few stores: what slicing leaves out of them
// (docs/slicing.md, lemmas 1 to 6), and table descriptors, ASIDs and blocks for the machine.
#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

namespace {

using namespace model;

class FlushGenerator : public ScheduleGenerator {
  public:
    explicit FlushGenerator(std::uint64_t seed)
        : ScheduleGenerator(seed, {.other_granules = false}), one_epoch_(random_.chance(30)) {
        program_.title = fmt::format("random flushes {}", seed);
    }

    ScheduleProgram run() {
        add_region();
        Region& first = program_.regions.front();
        if (!first.contiguous && leaves(first) == 1 && random_.chance(60))
            first.size += geometry_.entry_bytes(first.level);
        if (random_.chance(40)) first.global = false, first.asid = 5;
        const bool two = random_.chance(30);
        const bool waits = random_.chance(70);
        thread(0);
        if (two && waits) hand_over();
        if (two) thread(1);
        std::sort(program_.new_tables.begin(), program_.new_tables.end(),
                  [](const NewTable& a, const NewTable& b) { return a.page < b.page; });
        return std::move(program_);
    }

  private:
    void thread(int index) {
        add_thread(0);
        if (index == 1 && random_.chance(50)) return repeated();
        const int parts = 1 + random_.below(2);
        for (int i = 0; i < parts; ++i) {
            if (random_.chance(15)) repeated();
            change_something();
            if (random_.chance(60))
                barrier(BarrierKind::dsb, random_.pick({"ishst", "ishst", "ish", "nshst"}));
            repeated();
        }
        const Region& target = region();
        if (random_.chance(30)) free_leaf(target, random_.below(leaves(target)));
        if (random_.chance(15))
            add(Free{TablePage{target.level, geometry_.table_base(target.va, target.level), 0}});
    }

    DescriptorSlot above(const Region& target) const {
        return {geometry_.entry_base(target.va, target.level - 1), target.level - 1, 0};
    }

    void change_something() {
        const Region& target = region();
        const bool tables = target.level > geometry_.start_level();
        switch (random_.below(tables ? 7 : 3)) {
            case 0:
                for (int i = 0; i < leaves(target); ++i) store(target, i, {});
                break;
            case 1: {
                Descriptor value = leaf(target, 0);
                value.db = !value.db;
                store(target, 0, value);
                break;
            }
            case 2:
                store(target, random_.below(leaves(target)), {});
                break;
            case 3:
            case 4:
                add(StoreDescriptor{above(target), {}});
                break;
            case 5:
                block(target);
                break;
            default:
                replace_table(target, above(target));
                break;
        }
    }

    /// One block for all that the table translates.
    void block(const Region& target) {
        Descriptor value = leaf(target, 0);
        const std::uint64_t bytes = geometry_.entry_bytes(target.level - 1);
        value.oa -= value.oa % bytes;
        value.contiguous = false;
        if (target.level == 3 && geometry_.granule() == Granule::k4)
            add(StoreDescriptor{above(target), value});
        else
            add(StoreDescriptor{above(target), {}});
    }

    /// A few flushes, some of them of the same.
    void repeated() {
        const Region& target = region();
        const char* const some[] = {any_flush(target), any_flush(target)};
        for (int i = 2 + random_.below(4); i > 0; --i) {
            const char* operation = random_.chance(80) ? some[random_.below(2)] : any_flush(target);
            const auto op = parse_tlbi(operation);
            const bool one = is_range(op->base) || !takes_operand(op->base) || op->base == TlbiBase::aside1;
            if (one || random_.chance(50)) {
                tlbi(operation, target, random_.below(leaves(target)), 2);
            } else {
                for (int k = 0; k < leaves(target); ++k) tlbi(operation, target, k);
            }
            between();
        }
        if (random_.chance(85)) barrier(BarrierKind::dsb, random_.pick({"ish", "ish", "ish", "sy", "nsh"}));
        if (random_.chance(80)) barrier(BarrierKind::isb, "");
    }

    void between() {
        const int choice = random_.below(100);
        if (one_epoch_ && choice < 60) return;
        if (choice < 70) barrier(BarrierKind::dsb, random_.pick({"ish", "ish", "ish", "nsh", "osh"}));
        if (choice > 60 && choice < 76) barrier(BarrierKind::isb, "");
        if (choice > 92) any_barrier();
        if (choice == 90 || choice == 91) {
            if (random_.chance(50)) barrier(BarrierKind::dmb, "ish");
            const Region& other = region();
            Access access;
            access.va = leaf_va(other, random_.below(leaves(other)));
            add(access);
            if (random_.chance(50)) barrier(BarrierKind::dsb, "ishld");
        }
    }

    const char* any_flush(const Region& target) {
        if (random_.chance(12)) return any_operation();
        if (!target.global)
            return random_.pick(
                {"vale1is", "vae1is", "vaae1is", "vaale1is", "aside1is", "rvae1is", "vmalle1is"});
        return random_.pick({"vaale1is", "vaale1is", "vaae1is", "vaae1is", "vmalle1is", "rvaae1is", "vae1is",
                             "vaae1", "vaale1"});
    }

    bool one_epoch_;
};

}  // namespace

model::ScheduleProgram random_flushes(std::uint64_t seed) {
    return FlushGenerator(seed).run();
}

}  // namespace tlbcheck::tests
