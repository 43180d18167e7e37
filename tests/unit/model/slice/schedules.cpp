// SPDX-License-Identifier: Apache-2.0
//
// Random compact schedules.
#include "tests/unit/model/slice/schedules.hpp"

namespace tlbcheck::model::testing {

namespace {

constexpr std::uint64_t block = 2U << 20U;

class Random {
  public:
    explicit Random(std::mt19937& random) : random_(random) {}
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    template <class T>
    T of(std::initializer_list<T> values) {
        return *(values.begin() + below(values.size()));
    }

  private:
    std::mt19937& random_;
};

struct Shape {
    std::uint64_t va, pa, leaf, leaves;
    int level;
};

Instruction random_tlbi(Random& random, const Shape& shape, std::uint64_t va, std::uint64_t step) {
    const char* op = random.of({"vaale1is", "vaae1is", "vale1is", "vaale1", "vaae1is"});
    if (random.one_in(10)) return tlbi_all();
    if (random.one_in(8))
        return tlbi_range(va, static_cast<int>(random.below(2)), static_cast<int>(random.below(4)), 0, step);
    if (random.one_in(10)) return tlbi_range(va, 0, static_cast<int>(random.below(2)), 2, step);
    return tlbi(op, va, step, random.one_in(6) ? shape.level : 0);
}

Instruction random_store(Random& random, const Shape& shape, std::uint64_t va, std::uint64_t offset,
                         std::uint64_t step) {
    if (random.one_in(8)) {  // a table descriptor above
        return clear(va - va % block, 2, step >= block ? step : 0);
    }
    if (random.one_in(3)) {
        const std::uint64_t pa_step = random.of({step, step, step, std::uint64_t{0}, 2 * step});
        const std::uint64_t pa =
            shape.pa + offset + random.of({std::uint64_t{0}, std::uint64_t{0}, shape.leaf, 64 * shape.leaf});
        return set_leaf(va, shape.level, pa, random.one_in(2), step, pa_step);
    }
    return clear(va, shape.level, step);
}

Run random_run(Random& random, const Shape& shape) {
    Run run;
    std::uint64_t step = shape.leaf * random.of<std::uint64_t>({1, 1, 1, 1, 2, 16, 3});
    if (random.one_in(10)) step = 0;
    const std::uint64_t start = random.one_in(2) ? 0 : random.below(shape.leaves / 2);
    const std::uint64_t most = step == 0 ? 6 : 1 + (shape.leaves - start) * shape.leaf / step;
    run.count = random.one_in(4) ? 1 : random.one_in(2) ? most : 1 + random.below(most);
    const std::uint64_t size = 1 + random.below(6);
    for (std::uint64_t k = 0; k < size; ++k) {
        const std::uint64_t offset = (start + (random.one_in(4) ? random.below(3) : 0)) * shape.leaf;
        const std::uint64_t here = random.one_in(12) ? 2 * step : step;
        const std::uint64_t va = shape.va + offset;
        switch (random.below(8)) {
            case 0:
            case 1:
            case 2:
                run.body.push_back(random_store(random, shape, va, offset, here));
                break;
            case 3:
            case 4:
                run.body.push_back(random_tlbi(random, shape, va, here));
                break;
            case 5:
                run.body.push_back(random.one_in(3) ? isb()
                                                    : dsb(random.of({"ish", "ishst", "sy", "nsh", "ish"})));
                break;
            case 6:
                run.body.push_back(dsb(random.of({"ish", "ishst"})));
                break;
            default:
                if (random.one_in(6)) {
                    Instruction freed;
                    const std::uint64_t covered = shape.level == 3 ? block : block * 512;
                    freed.operation = Free{TablePage{shape.level, va - va % covered, 0}};
                    freed.va_step = here >= covered ? here : 0;
                    run.body.push_back(freed);
                    break;
                }
                run.body.push_back(random.one_in(2) ? free_pages(shape.pa + offset, shape.leaf, here)
                                                    : dsb("ish"));
        }
    }
    return run;
}

}  // namespace

ScheduleProgram random_schedule(std::mt19937& engine) {
    Random random(engine);
    Shape shape{base_va, base_pa, page, 0, 3};
    const bool blocks = random.one_in(6);
    if (blocks) shape.leaf = block, shape.level = 2;
    shape.leaves = random.of<std::uint64_t>({16, 32, 64, 128, 512, 1024 + 48});
    if (blocks) shape.leaves = random.of<std::uint64_t>({16, 32, 64});
    if (!blocks && random.one_in(4)) shape.va += block - 32 * page;
    ScheduleProgram program =
        program_of(region(shape.va, shape.pa, shape.leaf * shape.leaves, shape.level, random.one_in(2)));
    if (random.one_in(5)) program.threads.push_back({"P1", {}});
    for (ScheduleThread& thread : program.threads) {
        for (std::uint64_t r = 0, runs = 1 + random.below(4); r < runs; ++r)
            thread.code.push_back(random_run(random, shape));
    }
    return program;
}

ScheduleProgram random_split(std::mt19937& engine) {
    Random random(engine);
    const std::uint64_t blocks = 30 + random.below(10);
    const bool contiguous = random.one_in(2);
    ScheduleProgram program =
        program_of(region(base_va, base_pa, blocks * block, 2, random.one_in(3) && blocks % 16 == 0));
    const std::uint64_t odd = random.below(2 * blocks);
    for (std::uint64_t b = 0; b < blocks; ++b) {
        NewTable table;
        table.page = {3, base_va + b * block, 1};
        table.garbage = b == odd && random.one_in(2);
        const std::uint64_t pa = base_pa + b * block + (b == odd ? block : 0);
        table.leaves = {region(table.page.va_base, pa, b == odd ? block / 2 : block, 3, contiguous)};
        program.new_tables.push_back(table);
    }
    Instruction split;
    Descriptor pointer;
    pointer.kind = DescriptorKind::table;
    pointer.oa = 1;
    split.operation = StoreDescriptor{{base_va, 2, 0}, pointer};
    split.va_step = block;
    Run run{blocks - (random.one_in(3) ? 2 : 0), {split, dsb("ishst")}};
    if (random.one_in(2)) run.body.insert(run.body.begin(), clear(base_va, 2, block));
    run.body.push_back(tlbi(random.of({"vaae1is", "vaale1is"}), base_va, block, random.one_in(4) ? 2 : 0));
    run.body.push_back(dsb("ish"));
    program.threads[0].code.push_back(run);
    if (random.one_in(2)) {
        Instruction page_clear = clear(base_va, 3, page);
        std::get<StoreDescriptor>(page_clear.operation).slot.generation = 1;
        program.threads[0].code.push_back(
            {512 * (blocks - 1), {page_clear, dsb("ishst"), tlbi("vaale1is", base_va, page), dsb("ish")}});
    }
    if (random.one_in(2)) program.threads[0].code.push_back({blocks, {free_pages(base_pa, block, block)}});
    return program;
}

}  // namespace tlbcheck::model::testing
