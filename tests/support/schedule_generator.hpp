// SPDX-License-Identifier: Apache-2.0
//
// The parts that random schedules are made of: regions, and maintenance sequences, right ones and ones with a
// step dropped, weakened, swapped or aimed elsewhere.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "tests/support/random_schedule.hpp"

namespace tlbcheck::tests {

/// splitmix64: the standard library's distributions differ from one implementation to another.
class ScheduleRandom {
  public:
    explicit ScheduleRandom(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
    bool chance(int percent) { return below(100) < percent; }
    template <typename Value>
    Value pick(std::initializer_list<Value> values) {
        return *(values.begin() + below(static_cast<int>(values.size())));
    }

  private:
    std::uint64_t state_;
};

class ScheduleGenerator {
  public:
    ScheduleGenerator(std::uint64_t seed, const RandomScheduleOptions& options)
        : random_(seed), options_(options), geometry_(choose_hardware()) {
        program_.title = fmt::format("random schedule {}", seed);
        program_.files = {"random.sched"};
        program_.hardware = hardware_;
    }

    model::ScheduleProgram run() {
        add_region();
        if (random_.chance(30)) add_region();
        const bool two = options_.two_threads && random_.chance(25);
        add_thread(two ? 1 + random_.below(2) : 1 + random_.below(3));
        if (two) {
            if (random_.chance(60)) hand_over();
            add_thread(1 + random_.below(2));
        }
        std::sort(program_.new_tables.begin(), program_.new_tables.end(),
                  [](const model::NewTable& a, const model::NewTable& b) { return a.page < b.page; });
        return std::move(program_);
    }

  protected:
    model::HardwareParameters choose_hardware() {
        if (options_.other_granules)
            hardware_.granule = random_.pick(
                {model::Granule::k4, model::Granule::k4, model::Granule::k16, model::Granule::k64});
        hardware_.levels = random_.pick({2, 2, 3}) + (options_.deep ? 1 : 0);
        hardware_.contiguous_entries = random_.pick({2, 2, 4});
        return hardware_;
    }

    void add_region() {
        model::Region region;
        const std::size_t index = program_.regions.size();
        region.name = fmt::format("r{}", index);
        const bool blocks = *hardware_.levels == 3 && random_.chance(25);
        region.level = blocks ? 2 : 3;
        region.contiguous = options_.contiguous && random_.chance(60);
        const int leaves = region.contiguous ? *hardware_.contiguous_entries : 1 + random_.below(2);
        const std::uint64_t top = geometry_.entry_bytes(geometry_.start_level());
        region.va = 0xffff'0000'0000'0000 + (index + 1) * std::max(top, geometry_.table_bytes(region.level));
        region.pa = (index + 1) * std::uint64_t{0x100'0000'0000};
        region.size = static_cast<std::uint64_t>(leaves) * geometry_.entry_bytes(region.level);
        region.writable = random_.chance(70);
        region.global = random_.chance(85);
        if (!region.global) region.asid = 5;
        if (random_.chance(8)) region.attributes = model::Attr::xs;
        region.mapped = random_.chance(90);
        program_.regions.push_back(region);
    }

    const model::Region& region() {
        return program_
            .regions[static_cast<std::size_t>(random_.below(static_cast<int>(program_.regions.size())))];
    }

    int leaves(const model::Region& region) const {
        return static_cast<int>(region.size / geometry_.entry_bytes(region.level));
    }
    std::uint64_t leaf_va(const model::Region& region, int leaf) const {
        return region.va + static_cast<std::uint64_t>(leaf) * geometry_.entry_bytes(region.level);
    }

    void add(model::Operation operation) {
        std::vector<model::Instruction>& body = program_.threads.back().code.back().body;
        model::Instruction instruction;
        instruction.operation = std::move(operation);
        instruction.place = {0, static_cast<std::uint32_t>(body.size() + 1), 1};
        instruction.helper_place = instruction.place;
        body.push_back(instruction);
    }

    void add_thread(int parts) {
        const std::size_t index = program_.threads.size();
        program_.threads.push_back({fmt::format("P{}", index), {model::Run{}}});
        if (index == 1 && waits_) {
            add(model::Await{0, 0, 1});
            if (random_.chance(40))
                barrier(random_.pick({model::BarrierKind::dmb, model::BarrierKind::dsb}), "ish");
        }
        for (int i = 0; i < parts; ++i) add_part();
    }

    /// The first thread says it is done; the second waits for it.
    void hand_over() {
        program_.flags.emplace_back("handed");
        waits_ = true;
        if (random_.chance(50))
            barrier(random_.pick({model::BarrierKind::dmb, model::BarrierKind::dsb}),
                    random_.pick({"ish", "ishst", "ishld"}));
        add(model::Access{random_.chance(40) ? model::AccessKind::store_release : model::AccessKind::store, 0,
                          0, 1});
    }

    void add_part() {
        const model::Region& target = region();
        const int choice = random_.below(100);
        if (choice < 45) {
            unmap(target);
        } else if (choice < 70) {
            change(target);
        } else if (choice < 90 && options_.tables) {
            change_table(target);
        } else {
            stray(target);
        }
    }

    model::Descriptor leaf(const model::Region& region, int index) const {
        model::Descriptor value;
        value.kind = model::DescriptorKind::leaf;
        value.oa = region.pa + static_cast<std::uint64_t>(index) * geometry_.entry_bytes(region.level);
        value.db = region.writable;
        value.contiguous = region.contiguous;
        value.not_global = !region.global;
        value.attributes = region.attributes;
        return value;
    }

    void store(const model::Region& region, int index, const model::Descriptor& value) {
        add(model::StoreDescriptor{{leaf_va(region, index), region.level, 0}, value});
    }

    void free_leaf(const model::Region& region, int index) {
        if (!options_.frees) return;
        const std::uint64_t bytes = geometry_.entry_bytes(region.level);
        add(model::Free{std::pair{region.pa + static_cast<std::uint64_t>(index) * bytes, bytes}});
    }

    void unmap(const model::Region& region) {
        const int last = random_.chance(85) ? leaves(region) - 1 : random_.below(leaves(region));
        const bool per_leaf = random_.chance(35);
        const int frees = random_.below(10);  // 0: before the flush, 1 and 2: after it
        for (int i = 0; i <= last; ++i) {
            store(region, i, {});
            if (frees == 0) free_leaf(region, i);
            if (per_leaf) flush(region, i, i);
            if (per_leaf && (frees == 1 || frees == 2)) free_leaf(region, i);
        }
        if (per_leaf) return;
        flush(region, 0, last);
        if (frees == 1 || frees == 2) free_leaf(region, random_.below(last + 1));
    }

    void change(const model::Region& region) {
        const bool make = random_.chance(40);
        const int first = random_.below(leaves(region));
        const int last = random_.chance(50) ? leaves(region) - 1 : first;
        const int what = random_.below(5);
        if (make) {
            for (int i = first; i <= last; ++i) store(region, i, {});
            flush(region, first, last);
        }
        for (int i = first; i <= last; ++i) {
            model::Descriptor value = leaf(region, i);
            if (what == 0 || what == 1) value.contiguous = !value.contiguous && options_.contiguous;
            if (what == 2) value.oa += 0x40'0000'0000;
            if (what == 3) value.db = !value.db;
            store(region, i, value);
        }
        if (!make || random_.chance(30)) flush(region, first, last);
        if (random_.chance(60)) barrier(model::BarrierKind::dsb, random_.pick({"ish", "ish", "ishst"}));
        if (random_.chance(60)) barrier(model::BarrierKind::isb, "");
        if (what == 2 && random_.chance(40)) free_leaf(region, first);
    }

    void change_table(const model::Region& region) {
        const int level = region.level - 1;
        if (level < geometry_.start_level()) return stray(region);
        const model::DescriptorSlot slot{geometry_.entry_base(region.va, level), level, 0};
        if (random_.chance(40)) {
            for (int i = 0; i < leaves(region); ++i) store(region, i, {});
            flush(region, 0, leaves(region) - 1);
        }
        if (random_.chance(60)) {
            add(model::StoreDescriptor{slot, {}});
            flush(region, 0, random_.chance(50) ? 0 : leaves(region) - 1);
        }
        if (random_.chance(50)) return replace_table(region, slot);
        if (!options_.frees) return;
        if (random_.chance(70)) {
            add(model::Free{
                model::TablePage{region.level, geometry_.table_base(region.va, region.level), 0}});
        } else {
            free_leaf(region, 0);
        }
    }

    /// Either orders what was stored to a new table before its hook.
    model::BarrierKind before_hook(const model::Region& region) const {
        return leaves(region) % 2 == 0 ? model::BarrierKind::dmb : model::BarrierKind::dsb;
    }

    void replace_table(const model::Region& region, const model::DescriptorSlot& slot) {
        model::NewTable table;
        table.page = {region.level, geometry_.table_base(region.va, region.level), ++generation_};
        table.garbage = random_.chance(50);
        if (!table.garbage && random_.chance(70)) {
            model::Region piece = region;
            piece.mapped = true;
            if (random_.chance(50)) piece.pa += 0x80'0000'0000;
            table.leaves.push_back(piece);
        }
        program_.new_tables.push_back(table);
        if (table.garbage && random_.chance(70)) {
            for (int i = 0; i < leaves(region); ++i) {
                add(model::StoreDescriptor{{leaf_va(region, i), region.level, generation_}, {}});
            }
            if (random_.chance(70)) barrier(before_hook(region), "ishst");
        }
        model::Descriptor value;
        value.kind = model::DescriptorKind::table;
        value.oa = generation_;
        add(model::StoreDescriptor{slot, value});
        if (random_.chance(60)) barrier(model::BarrierKind::dsb, random_.pick({"ish", "ishst"}));
        if (random_.chance(60)) barrier(model::BarrierKind::isb, "");
    }

    void stray(const model::Region& region) {
        switch (random_.below(4)) {
            case 0:
                any_barrier();
                break;
            case 1:
                tlbi(any_operation(), region, random_.below(leaves(region)));
                break;
            case 2:
                flush(region, 0, leaves(region) - 1);
                break;
            default:
                barrier(model::BarrierKind::isb, "");
                break;
        }
    }

    void barrier(model::BarrierKind kind, const char* option) {
        if (const auto parsed = model::parse_barrier(kind, option)) add(*parsed);
    }

    void any_barrier() {
        barrier(random_.pick({model::BarrierKind::dsb, model::BarrierKind::dsb, model::BarrierKind::dmb}),
                random_.pick({"ish", "ishst", "ishld", "nsh", "nshst", "osh", "sy", "st", "ld"}));
    }

    /// A barrier of a flush: mostly as it should be, sometimes another or none.
    void flush_barrier(const char* right) {
        const int choice = random_.below(100);
        if (choice < 82) {
            barrier(model::BarrierKind::dsb, right);
        } else if (choice < 92) {
            any_barrier();
        }
    }

    const char* usual_operation(const model::Region& region) {
        if (!region.global && random_.chance(50)) return random_.pick({"vale1is", "vae1is", "aside1is"});
        return random_.pick(
            {"vaale1is", "vaae1is", "vaale1is", "vaae1is", "vmalle1is", "rvaae1is", "rvaale1is"});
    }

    const char* any_operation() {
        return random_.pick({"vmalle1",      "vmalle1is", "aside1is",  "vae1is",  "vaae1is",     "vale1is",
                             "vaale1is",     "vaae1",     "vaale1",    "vaae1os", "vaale1osnxs", "vaae1isnxs",
                             "vmalls12e1is", "alle1is",   "ipas2e1is", "alle2is", "vae2is",      "rvae1is",
                             "rvaae1is",     "rvale1is",  "rvaale1is"});
    }

    void flush(const model::Region& region, int first, int last) {
        flush_barrier("ishst");
        const char* operation = random_.chance(85) ? usual_operation(region) : any_operation();
        const auto op = model::parse_tlbi(operation);
        const bool one = model::is_range(op->base) || !model::takes_operand(op->base) ||
                         op->base == model::TlbiBase::aside1;
        for (int i = first; i <= last; ++i) {
            if (one && i != first) break;
            if (random_.chance(95))
                tlbi(operation, region, i, model::is_range(op->base) ? last - first + 1 : 1);
        }
        flush_barrier("ish");
        if (random_.chance(75)) barrier(model::BarrierKind::isb, "");
    }

    void tlbi(const char* operation, const model::Region& region, int leaf, int count = 1) {
        const auto op = model::parse_tlbi(operation);
        const auto asid = static_cast<std::uint16_t>(random_.chance(90) ? 5 : 6);
        std::uint64_t va = leaf_va(region, leaf);
        if (random_.chance(4)) va += geometry_.entry_bytes(region.level);
        std::uint64_t operand = 0;
        if (model::is_range(op->base)) {
            const int num = std::max(0, (count + 1) / 2 - 1 - (random_.chance(8) ? 1 : 0));
            operand = model::encode_range_operand(va, asid, region.level == 3 ? 0 : random_.pick({1, 2, 3}),
                                                  num, random_.pick({0, 0, 0, region.level, 1, 2, 3}),
                                                  hardware_.granule);
        } else if (model::takes_operand(op->base)) {
            operand = model::encode_va_operand(va, asid,
                                               random_.pick({0, 0, 0, 0, region.level, region.level, 2, 3}),
                                               random_.chance(96) ? hardware_.granule : model::Granule::k16);
        }
        add(model::TlbiInstruction{*op, operand});
    }

    ScheduleRandom random_;
    RandomScheduleOptions options_;
    model::HardwareParameters hardware_;
    model::Geometry geometry_;
    model::ScheduleProgram program_;
    std::uint32_t generation_ = 0;
    bool waits_ = false;
};

}  // namespace tlbcheck::tests
