// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_schedule.hpp"

#include <fmt/format.h>

#include "tests/support/schedule_generator.hpp"

namespace tlbcheck::tests {

using namespace model;

namespace {

std::string operation_text(const Operation& operation) {
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
        return fmt::format("{} level {} {:#x} generation {} = {}", store->atomic ? "atomic" : "store",
                           store->slot.level, store->slot.va, store->slot.generation,
                           to_string(store->value));
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
    if (const auto* branch = std::get_if<Branch>(&operation)) {
        return fmt::format("if {} {} {}",
                           branch->flag ? fmt::format("flag {}", *branch->flag)
                                        : fmt::format("level {} {:#x} generation {}", branch->slot.level,
                                                      branch->slot.va, branch->slot.generation),
                           branch->equal ? "==" : "!=", branch->value);
    }
    if (std::holds_alternative<Otherwise>(operation)) return "else";
    if (std::holds_alternative<EndBranch>(operation)) return "end";
    if (const auto* change = std::get_if<ContextChange>(&operation)) {
        if (change->kind == ContextChange::Kind::exception_entry) return "exception";
        if (change->kind == ContextChange::Kind::exception_return) return "eret";
        return change->space == no_space ? "switch none" : fmt::format("switch {}", change->space);
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
    return ScheduleGenerator(seed, options).run();
}

Property random_property(const ScheduleProgram& program, std::uint64_t seed) {
    ScheduleRandom random(seed ^ 0x5851f42d4c957f2d);
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

Property random_never_invalid(const ScheduleProgram& program, std::uint64_t seed) {
    Property property = random_property(program, seed);
    ScheduleRandom random(seed ^ 0x2545f4914f6cdd1d);
    property.kind = PropertyKind::never_invalid;
    property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    property.text = to_string(property.kind);
    return property;
}

namespace {

/// One region of one or two pages, two threads, few instructions.
class BranchGenerator : public ScheduleGenerator {
  public:
    explicit BranchGenerator(std::uint64_t seed)
        : ScheduleGenerator(seed, {true, false, false, true, false}) {}

    ScheduleProgram run() {
        add_region();
        program_.flags = {"f", "g"};
        for (const char* name : {"P0", "P1"}) {
            program_.threads.push_back({name, {Run{}}});
            const int parts = 2 + random_.below(3);
            for (int i = 0; i < parts; ++i) part(0);
        }
        return std::move(program_);
    }

  private:
    void part(int depth) {
        switch (random_.below(depth == 0 ? 8 : 6)) {
            case 0:
                return store(region(), random_.below(leaves(region())), {});
            case 1:
                return flush(region(), 0, leaves(region()) - 1);
            case 2:
                return add(Access{random_.chance(50) ? AccessKind::store_release : AccessKind::store, flag(),
                                  0, static_cast<std::uint64_t>(1 + random_.below(2))});
            case 3:
                return any_barrier();
            case 4:
                return barrier(BarrierKind::isb, "");
            case 5:
                if (random_.chance(30)) return add(Await{flag(), 0, 1});
                if (random_.chance(20)) return add(Access{AccessKind::load_acquire, flag(), 0, 0});
                return free_leaf(region(), 0);
            default:
                return branch(depth);
        }
    }

    std::uint32_t flag() { return static_cast<std::uint32_t>(random_.below(2)); }

    void branch(int depth) {
        Branch branch;
        branch.equal = random_.chance(50);
        if (random_.chance(65)) {
            branch.flag = flag();
            branch.value = static_cast<std::uint64_t>(random_.below(3));
        } else {
            const Region& of = region();
            branch.slot = {leaf_va(of, random_.below(leaves(of))), of.level, 0};
        }
        add(branch);
        for (int i = random_.below(3); i > 0; --i) part(depth + 1);
        if (random_.chance(50)) {
            add(Otherwise{});
            for (int i = random_.below(3); i > 0; --i) part(depth + 1);
        }
        add(EndBranch{});
    }
};

}  // namespace

ScheduleProgram random_branches(std::uint64_t seed) {
    return BranchGenerator(seed).run();
}

Property random_branch_property(ScheduleProgram& program, std::uint64_t seed) {
    ScheduleRandom random(seed ^ 0x3c79ac492ba7b653);
    Property property = random_property(program, seed);
    property.kind =
        random.pick({PropertyKind::no_stale_entry, PropertyKind::no_stale_entry, PropertyKind::no_stale_entry,
                     PropertyKind::no_use_after_free, PropertyKind::never_invalid});
    property.region = 0;
    property.text = to_string(property.kind);
    if (property.kind != PropertyKind::no_stale_entry || random.chance(40)) return property;
    // Cut anywhere, in an arm too; what a cut leaves open is open.
    property.judging.moment = static_cast<std::uint32_t>(random.below(2));
    std::vector<Instruction>& body = program.threads[*property.judging.moment].code.back().body;
    body.resize(static_cast<std::size_t>(random.below(static_cast<int>(body.size()) + 1)));
    property.text += " at a moment";
    return property;
}

Property random_judging(ScheduleProgram& program, std::uint64_t seed) {
    Property property = random_property(program, seed);
    ScheduleRandom random(seed ^ 0x9e6c63d0876a9a47);
    property.kind = PropertyKind::no_stale_entry;
    property.region = static_cast<std::uint32_t>(random.below(static_cast<int>(program.regions.size())));
    property.text = to_string(property.kind);
    Judging& judging = property.judging;
    const auto some_thread = [&] {
        return static_cast<std::uint32_t>(random.below(static_cast<int>(program.threads.size())));
    };
    if (random.chance(75)) {
        const std::uint32_t thread = some_thread();
        if (program.threads.size() > 1) judging.moment = thread;
        std::vector<Instruction>& body = program.threads[thread].code.back().body;
        if (random.chance(50))
            body.resize(static_cast<std::size_t>(random.below(static_cast<int>(body.size()) + 1)));
        property.text += " at " + program.threads[thread].name;
    }
    if (random.chance(40)) {
        judging.only_named = true;
        judging.other_pe = random.chance(50);
        if (!judging.other_pe || random.chance(40)) judging.threads.push_back(some_thread());
        property.text += judging.other_pe ? " by other" : " by";
        for (const std::uint32_t thread : judging.threads)
            property.text += " " + program.threads[thread].name;
    }
    judging.restrictive = random.chance(30);
    if (judging.restrictive) property.text += " restrictive";
    return property;
}

void keep_contents(ScheduleProgram& program, std::uint64_t seed) {
    ScheduleRandom random(seed ^ 0x7fb5d329728ea185);
    for (Region& region : program.regions) region.writable = random.chance(30);
    for (ScheduleThread& thread : program.threads) {
        for (Run& run : thread.code) {
            for (Instruction& instruction : run.body) {
                auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
                if (store == nullptr || store->value.kind != DescriptorKind::leaf || !random.chance(80))
                    continue;
                const Region* region = region_of(program.regions, store->slot.va);
                if (region == nullptr) continue;
                store->value.contents = region->pa - region->va;
                store->value.db = random.chance(20);
            }
        }
    }
}

std::string describe(const ScheduleProgram& program, const Property& property) {
    const HardwareParameters& hardware = property.hardware;
    std::string text = fmt::format(
        "{}: {} granule={} levels={} contiguous_entries={} fill={} walk_cache={} bbm={} ets={} ha={} hd={}\n",
        program.title, property.text, granule_name(hardware.granule), lookup_levels(hardware),
        hardware.contiguous_entries.value_or(0), to_string(hardware.contiguous_fill),
        to_string(hardware.walk_cache), hardware.bbm_level, hardware.ets, hardware.ha, hardware.hd);
    for (const Region& region : program.regions) {
        text += fmt::format("  region {} va {:#x} pa {:#x} size {:#x} level {}{}{}{}{}{}{}\n", region.name,
                            region.va, region.pa, region.size, region.level, region.contiguous ? " cont" : "",
                            region.writable ? " rw" : " ro", region.global ? "" : " asid",
                            region.mapped ? "" : " unmapped", region.accessed ? "" : " af=0",
                            region.dbm ? " dbm" : "");
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
