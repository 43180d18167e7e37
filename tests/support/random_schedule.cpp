// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_schedule.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>

namespace tlbcheck::tests {

using namespace model;

namespace {

/// splitmix64: the standard library's distributions differ from one implementation to another.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

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

class Generator {
  public:
    Generator(std::uint64_t seed, const RandomScheduleOptions& options)
        : random_(seed), options_(options), geometry_(choose_hardware()) {
        program_.title = fmt::format("random schedule {}", seed);
        program_.files = {"random.sched"};
        program_.hardware = hardware_;
    }

    ScheduleProgram run() {
        add_region();
        if (random_.chance(30)) add_region();
        const bool two = options_.two_threads && random_.chance(25);
        add_thread(two ? 1 + random_.below(2) : 1 + random_.below(3));
        if (two) {
            if (random_.chance(60)) hand_over();
            add_thread(1 + random_.below(2));
        }
        std::sort(program_.new_tables.begin(), program_.new_tables.end(),
                  [](const NewTable& a, const NewTable& b) { return a.page < b.page; });
        return std::move(program_);
    }

  private:
    HardwareParameters choose_hardware() {
        if (options_.other_granules)
            hardware_.granule = random_.pick({Granule::k4, Granule::k4, Granule::k16, Granule::k64});
        hardware_.levels = random_.pick({2, 2, 3});
        hardware_.contiguous_entries = random_.pick({2, 2, 4});
        return hardware_;
    }

    void add_region() {
        Region region;
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
        if (random_.chance(8)) region.attributes = Attr::xs;
        region.mapped = random_.chance(90);
        program_.regions.push_back(region);
    }

    const Region& region() {
        return program_
            .regions[static_cast<std::size_t>(random_.below(static_cast<int>(program_.regions.size())))];
    }

    int leaves(const Region& region) const {
        return static_cast<int>(region.size / geometry_.entry_bytes(region.level));
    }
    std::uint64_t leaf_va(const Region& region, int leaf) const {
        return region.va + static_cast<std::uint64_t>(leaf) * geometry_.entry_bytes(region.level);
    }

    void add(Operation operation) {
        std::vector<Instruction>& body = program_.threads.back().code.back().body;
        Instruction instruction;
        instruction.operation = std::move(operation);
        instruction.place = {0, static_cast<std::uint32_t>(body.size() + 1), 1};
        instruction.helper_place = instruction.place;
        body.push_back(instruction);
    }

    void add_thread(int parts) {
        const std::size_t index = program_.threads.size();
        program_.threads.push_back({fmt::format("P{}", index), {Run{}}});
        if (index == 1 && waits_) {
            add(Await{0, 0, 1});
            if (random_.chance(40)) barrier(random_.pick({BarrierKind::dmb, BarrierKind::dsb}), "ish");
        }
        for (int i = 0; i < parts; ++i) add_part();
    }

    /// The first thread says it is done; the second waits for it.
    void hand_over() {
        program_.flags.emplace_back("handed");
        waits_ = true;
        if (random_.chance(50))
            barrier(random_.pick({BarrierKind::dmb, BarrierKind::dsb}),
                    random_.pick({"ish", "ishst", "ishld"}));
        add(Access{random_.chance(40) ? AccessKind::store_release : AccessKind::store, 0, 0, 1});
    }

    void add_part() {
        const Region& target = region();
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

    Descriptor leaf(const Region& region, int index) const {
        Descriptor value;
        value.kind = DescriptorKind::leaf;
        value.oa = region.pa + static_cast<std::uint64_t>(index) * geometry_.entry_bytes(region.level);
        value.db = region.writable;
        value.contiguous = region.contiguous;
        value.not_global = !region.global;
        value.attributes = region.attributes;
        return value;
    }

    void store(const Region& region, int index, const Descriptor& value) {
        add(StoreDescriptor{{leaf_va(region, index), region.level, 0}, value});
    }

    void free_leaf(const Region& region, int index) {
        if (!options_.frees) return;
        const std::uint64_t bytes = geometry_.entry_bytes(region.level);
        add(Free{std::pair{region.pa + static_cast<std::uint64_t>(index) * bytes, bytes}});
    }

    void unmap(const Region& region) {
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

    void change(const Region& region) {
        const bool make = random_.chance(40);
        const int first = random_.below(leaves(region));
        const int last = random_.chance(50) ? leaves(region) - 1 : first;
        const int what = random_.below(5);
        if (make) {
            for (int i = first; i <= last; ++i) store(region, i, {});
            flush(region, first, last);
        }
        for (int i = first; i <= last; ++i) {
            Descriptor value = leaf(region, i);
            if (what == 0 || what == 1) value.contiguous = !value.contiguous && options_.contiguous;
            if (what == 2) value.oa += 0x40'0000'0000;
            if (what == 3) value.db = !value.db;
            store(region, i, value);
        }
        if (!make || random_.chance(30)) flush(region, first, last);
        if (random_.chance(60)) barrier(BarrierKind::dsb, random_.pick({"ish", "ish", "ishst"}));
        if (random_.chance(60)) barrier(BarrierKind::isb, "");
        if (what == 2 && random_.chance(40)) free_leaf(region, first);
    }

    void change_table(const Region& region) {
        const int level = region.level - 1;
        if (level < geometry_.start_level()) return stray(region);
        const DescriptorSlot slot{geometry_.entry_base(region.va, level), level, 0};
        if (random_.chance(40)) {
            for (int i = 0; i < leaves(region); ++i) store(region, i, {});
            flush(region, 0, leaves(region) - 1);
        }
        if (random_.chance(60)) {
            add(StoreDescriptor{slot, {}});
            flush(region, 0, random_.chance(50) ? 0 : leaves(region) - 1);
        }
        if (random_.chance(50)) return replace_table(region, slot);
        if (!options_.frees) return;
        if (random_.chance(70)) {
            add(Free{TablePage{region.level, geometry_.table_base(region.va, region.level), 0}});
        } else {
            free_leaf(region, 0);
        }
    }

    void replace_table(const Region& region, const DescriptorSlot& slot) {
        NewTable table;
        table.page = {region.level, geometry_.table_base(region.va, region.level), ++generation_};
        table.garbage = random_.chance(50);
        if (!table.garbage && random_.chance(70)) {
            Region piece = region;
            piece.mapped = true;
            if (random_.chance(50)) piece.pa += 0x80'0000'0000;
            table.leaves.push_back(piece);
        }
        program_.new_tables.push_back(table);
        if (table.garbage && random_.chance(70)) {
            for (int i = 0; i < leaves(region); ++i) {
                add(StoreDescriptor{{leaf_va(region, i), region.level, generation_}, {}});
            }
            if (random_.chance(70)) barrier(BarrierKind::dsb, "ishst");
        }
        Descriptor value;
        value.kind = DescriptorKind::table;
        value.oa = generation_;
        add(StoreDescriptor{slot, value});
        if (random_.chance(60)) barrier(BarrierKind::dsb, random_.pick({"ish", "ishst"}));
        if (random_.chance(60)) barrier(BarrierKind::isb, "");
    }

    void stray(const Region& region) {
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
                barrier(BarrierKind::isb, "");
                break;
        }
    }

    void barrier(BarrierKind kind, const char* option) {
        if (const auto parsed = parse_barrier(kind, option)) add(*parsed);
    }

    void any_barrier() {
        barrier(random_.pick({BarrierKind::dsb, BarrierKind::dsb, BarrierKind::dmb}),
                random_.pick({"ish", "ishst", "ishld", "nsh", "nshst", "osh", "sy", "st", "ld"}));
    }

    /// A barrier of a flush: mostly as it should be, sometimes another or none.
    void flush_barrier(const char* right) {
        const int choice = random_.below(100);
        if (choice < 82) {
            barrier(BarrierKind::dsb, right);
        } else if (choice < 92) {
            any_barrier();
        }
    }

    const char* usual_operation(const Region& region) {
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

    void flush(const Region& region, int first, int last) {
        flush_barrier("ishst");
        const char* operation = random_.chance(85) ? usual_operation(region) : any_operation();
        const auto op = parse_tlbi(operation);
        const bool one = is_range(op->base) || !takes_operand(op->base) || op->base == TlbiBase::aside1;
        for (int i = first; i <= last; ++i) {
            if (one && i != first) break;
            if (random_.chance(95)) tlbi(operation, region, i, is_range(op->base) ? last - first + 1 : 1);
        }
        flush_barrier("ish");
        if (random_.chance(75)) barrier(BarrierKind::isb, "");
    }

    void tlbi(const char* operation, const Region& region, int leaf, int count = 1) {
        const auto op = parse_tlbi(operation);
        const auto asid = static_cast<std::uint16_t>(random_.chance(90) ? 5 : 6);
        std::uint64_t va = leaf_va(region, leaf);
        if (random_.chance(4)) va += geometry_.entry_bytes(region.level);
        std::uint64_t operand = 0;
        if (is_range(op->base)) {
            const int num = std::max(0, (count + 1) / 2 - 1 - (random_.chance(8) ? 1 : 0));
            operand = encode_range_operand(va, asid, region.level == 3 ? 0 : random_.pick({1, 2, 3}), num,
                                           random_.pick({0, 0, 0, region.level, 1, 2, 3}), hardware_.granule);
        } else if (takes_operand(op->base)) {
            operand =
                encode_va_operand(va, asid, random_.pick({0, 0, 0, 0, region.level, region.level, 2, 3}),
                                  random_.chance(96) ? hardware_.granule : Granule::k16);
        }
        add(TlbiInstruction{*op, operand});
    }

    Random random_;
    RandomScheduleOptions options_;
    HardwareParameters hardware_;
    Geometry geometry_;
    ScheduleProgram program_;
    std::uint32_t generation_ = 0;
    bool waits_ = false;
};

std::string operation_text(const Operation& operation) {
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
        return fmt::format("store level {} {:#x} generation {} = {}", store->slot.level, store->slot.va,
                           store->slot.generation, to_string(store->value));
    }
    if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation)) {
        return fmt::format("TLBI {}, {:#x}", to_string(tlbi->op), tlbi->operand);
    }
    if (const auto* barrier = std::get_if<Barrier>(&operation)) return to_string(*barrier);
    if (const auto* access = std::get_if<Access>(&operation)) {
        return fmt::format("access kind {} flag {} value {}", static_cast<int>(access->kind),
                           access->flag.value_or(99), access->value);
    }
    if (const auto* await = std::get_if<Await>(&operation)) {
        return fmt::format("await flag {} == {}", await->flag.value_or(99), await->value);
    }
    const Free& free = std::get<Free>(operation);
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        return fmt::format("free {:#x} + {:#x}", range->first, range->second);
    }
    const TablePage& page = std::get<TablePage>(free.what);
    return fmt::format("free table level {} {:#x} generation {}", page.level, page.va_base, page.generation);
}

}  // namespace

ScheduleProgram random_schedule(std::uint64_t seed, const RandomScheduleOptions& options) {
    return Generator(seed, options).run();
}

Property random_property(const ScheduleProgram& program, std::uint64_t seed) {
    Random random(seed ^ 0x5851f42d4c957f2d);
    Property property;
    property.kind = random.pick({PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                                 PropertyKind::no_use_after_free, PropertyKind::no_use_after_free,
                                 PropertyKind::no_bbm_violation, PropertyKind::no_tlb_conflict});
    property.hardware = program.hardware;
    property.hardware.contiguous_fill =
        random.pick({ContiguousFill::any, ContiguousFill::any, ContiguousFill::none,
                     ContiguousFill::coalesced, ContiguousFill::shattered});
    property.hardware.walk_cache =
        random.pick({WalkCache::per_entry, WalkCache::per_entry, WalkCache::per_page});
    property.hardware.bbm_level = random.pick({0, 0, 1, 2, 3});
    property.hardware.ets = random.pick({0, 0, 2, 3});
    if (property.kind == PropertyKind::no_stale_entry) {
        property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    }
    property.text = to_string(property.kind);
    return property;
}

std::string describe(const ScheduleProgram& program, const Property& property) {
    const HardwareParameters& hardware = property.hardware;
    std::string text =
        fmt::format("{}: {} granule={} levels={} contiguous_entries={} fill={} walk_cache={} bbm={} ets={}\n",
                    program.title, property.text, granule_name(hardware.granule), lookup_levels(hardware),
                    hardware.contiguous_entries.value_or(0), to_string(hardware.contiguous_fill),
                    to_string(hardware.walk_cache), hardware.bbm_level, hardware.ets);
    for (const Region& region : program.regions) {
        text += fmt::format("  region {} va {:#x} pa {:#x} size {:#x} level {}{}{}{}{}\n", region.name,
                            region.va, region.pa, region.size, region.level, region.contiguous ? " cont" : "",
                            region.writable ? " rw" : " ro", region.global ? "" : " asid",
                            region.mapped ? "" : " unmapped");
    }
    for (const NewTable& table : program.new_tables) {
        text += fmt::format("  new table level {} {:#x} generation {}{} pieces {}\n", table.page.level,
                            table.page.va_base, table.page.generation, table.garbage ? " garbage" : "",
                            table.leaves.size());
    }
    for (const ScheduleThread& thread : program.threads) {
        text += "  " + thread.name + "\n";
        for (const Run& run : thread.code) {
            for (const Instruction& instruction : run.body)
                text += "    " + operation_text(instruction.operation) + "\n";
        }
    }
    return text;
}

}  // namespace tlbcheck::tests
