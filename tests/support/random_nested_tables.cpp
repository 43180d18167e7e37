// SPDX-License-Identifier: Apache-2.0
//
// Random schedules that change tables one, two and three levels above the leaf, and flush with operations
// that reach, complete and remove differently (docs/slicing.md, lemma 3).
#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

namespace {

using namespace model;

class NestedTableGenerator : public ScheduleGenerator {
  public:
    explicit NestedTableGenerator(std::uint64_t seed)
        : ScheduleGenerator(seed, {.other_granules = false, .deep = true}) {
        program_.title = fmt::format("random nested tables {}", seed);
    }

    ScheduleProgram run() {
        add_region();
        if (random_.chance(25)) add_region();
        for (Region& region : program_.regions) {
            if (region.global && random_.chance(25)) region.global = false, region.asid = 5;
            if (random_.chance(20)) region.attributes = Attr::xs;
        }
        const bool two = random_.chance(30);
        const bool waits = random_.chance(70);
        thread();
        if (two && waits) hand_over();
        if (two) thread();
        std::sort(program_.new_tables.begin(), program_.new_tables.end(),
                  [](const NewTable& a, const NewTable& b) { return a.page < b.page; });
        return std::move(program_);
    }

  private:
    void thread() {
        add_thread(0);
        const int parts = 1 + random_.below(3);
        for (int i = 0; i < parts; ++i) {
            if (random_.chance(80)) change_something();
            if (random_.chance(60))
                barrier(BarrierKind::dsb, random_.pick({"ishst", "ishst", "ish", "nshst", "nsh"}));
            flushes();
        }
        free_something();
    }

    DescriptorSlot slot(const Region& target, int level) const {
        return {geometry_.entry_base(target.va, level), level, 0};
    }
    int any_table_level(const Region& target) {
        const int first = geometry_.start_level();
        return first + random_.below(target.level - first);
    }

    void change_something() {
        const Region& target = region();
        const int choice = random_.below(100);
        if (choice < 20) {
            store(target, random_.below(leaves(target)), {});
        } else if (choice < 30) {
            for (int i = 0; i < leaves(target); ++i) store(target, i, {});
        } else if (choice < 38) {
            Descriptor value = leaf(target, 0);
            value.oa += 0x40'0000'0000;
            store(target, 0, value);
        } else if (choice < 68) {
            add(StoreDescriptor{slot(target, any_table_level(target)), {}});
        } else if (choice < 80) {
            hook(slot(target, any_table_level(target)), 0);
        } else {
            replace(target, any_table_level(target));
        }
    }

    void hook(const DescriptorSlot& where, std::uint32_t generation) {
        Descriptor value;
        value.kind = DescriptorKind::table;
        value.oa = generation;
        add(StoreDescriptor{where, value});
    }

    /// A new table below the slot of that level: with what was below hooked up in it, or with leaves.
    void replace(const Region& target, int level) {
        if (level + 1 == target.level) return replace_table(target, slot(target, level));
        NewTable table;
        table.page = {level + 1, geometry_.table_base(target.va, level + 1), ++generation_};
        table.garbage = random_.chance(30);
        program_.new_tables.push_back(table);
        const DescriptorSlot inner{geometry_.entry_base(target.va, level + 1), level + 1, generation_};
        if (random_.chance(60)) {
            hook(inner, 0);
        } else if (table.garbage && random_.chance(70)) {
            add(StoreDescriptor{inner, {}});
        }
        if (random_.chance(60)) barrier(before_hook(target), "ishst");
        hook(slot(target, level), table.page.generation);
    }

    void free_something() {
        const Region& target = region();
        if (random_.chance(30)) free_leaf(target, random_.below(leaves(target)));
        if (!random_.chance(25)) return;
        const int level = any_table_level(target) + 1;
        add(Free{TablePage{level, geometry_.table_base(target.va, level), 0}});
    }

    void flushes() {
        const Region& target = region();
        for (int i = 1 + random_.below(4); i > 0; --i) {
            const char* operation = any_flush();
            const auto op = parse_tlbi(operation);
            const bool one = is_range(op->base) || !takes_operand(op->base) || op->base == TlbiBase::aside1;
            if (one || random_.chance(70)) {
                tlbi(operation, target, random_.below(leaves(target)), 2);
            } else {
                for (int k = 0; k < leaves(target); ++k) tlbi(operation, target, k);
            }
            if (random_.chance(45)) barrier(BarrierKind::dsb, completing());
            if (random_.chance(8)) any_barrier();
        }
        if (random_.chance(85)) barrier(BarrierKind::dsb, completing());
        if (random_.chance(80)) barrier(BarrierKind::isb, "");
    }

    const char* completing() {
        return random_.pick({"ish", "ish", "ish", "osh", "sy", "nsh", "ishnxs", "oshnxs"});
    }

    const char* any_flush() {
        return random_.pick({"vae1is",      "vaae1is",   "vaae1is",   "vaale1is",    "vaale1is",
                             "vale1is",     "vaae1os",   "vaale1os",  "vaae1isnxs",  "vaale1isnxs",
                             "vaae1osnxs",  "vmalle1is", "vmalle1os", "rvaae1isnxs", "rvaae1is",
                             "rvaale1os",   "rvaae1os",  "vaae1",     "vaale1",      "aside1is",
                             "vmalle1isnxs"});
    }
};

}  // namespace

model::ScheduleProgram random_nested_tables(std::uint64_t seed) {
    return NestedTableGenerator(seed).run();
}

}  // namespace tlbcheck::tests
