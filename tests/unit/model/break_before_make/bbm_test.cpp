// SPDX-License-Identifier: Apache-2.0
#include "model/break_before_make/bbm.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/seeds.hpp"
#include "tests/unit/model/slice/schedules.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::testing;

namespace {

Property bbm(int level = 0) {
    Property p = property(PropertyKind::no_bbm_violation);
    p.hardware.bbm_level = level;
    return p;
}

BbmVerdict verdict(const ScheduleProgram& program, int level = 0) {
    return check_no_bbm_violation(program, bbm(level)).verdict;
}

std::vector<Instruction> flush(std::uint64_t va) {
    return {dsb("ishst"), tlbi("vaale1is", va, 0), dsb("ish"), isb()};
}

void append(ScheduleProgram& program, std::vector<Instruction> code, std::uint64_t count = 1) {
    program.threads[0].code.push_back({count, std::move(code)});
}

/// Contiguous pages, made again page by page without the Contiguous bit.
ScheduleProgram unfold_directly(std::uint64_t size) {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    append(program, {set_leaf(base_va, 3, base_pa, false, page, page)}, size / page);
    append(program, flush(base_va));
    return program;
}

ScheduleProgram unfold_with_bbm(std::uint64_t size) {
    ScheduleProgram program = program_of(region(base_va, base_pa, size, 3, true));
    append(program, {clear(base_va, 3, page)}, size / page);
    append(program, {dsb("ishst")});
    append(program, {tlbi("vaale1is", base_va, page)}, size / page);
    append(program, {dsb("ish"), isb()});
    append(program, {set_leaf(base_va, 3, base_pa, false, page, page)}, size / page);
    return program;
}

}  // namespace

TEST_CASE("dropping Contiguous without break-before-make is a violation, unless the hardware has FEAT_BBM") {
    const ScheduleProgram program = unfold_directly(64 * 1024);
    CHECK(verdict(program, 0) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::safe);
    CHECK(verdict(program, 2) == BbmVerdict::safe);
    const BbmAnswer answer = check_no_bbm_violation(program, bbm());
    REQUIRE(answer.first);
    CHECK(answer.first->change == BbmChange::contiguous);
    CHECK(answer.first->va == base_va);
    CHECK(answer.first->missing == "no invalid descriptor was stored in between");
}

TEST_CASE("a page made Contiguous while a neighbour of its set is still mapped plain is a violation") {
    ScheduleProgram program = program_of(region(base_va, base_pa, 16 * page, 3, false));
    append(program, {clear(base_va, 3, 0), dsb("ishst"), tlbi("vaale1is", base_va, 0), dsb("ish"),
                     set_leaf(base_va, 3, base_pa, true, 0, 0)});
    CHECK(verdict(program) == BbmVerdict::unsafe);
}

TEST_CASE("a whole set broken, flushed and made again is no violation, at any size") {
    CHECK(verdict(unfold_with_bbm(64 * 1024)) == BbmVerdict::safe);
    const ScheduleProgram large = unfold_with_bbm(std::uint64_t{1} << 40);
    const BbmAnswer answer = check_no_bbm_violation(large, bbm());
    CHECK(answer.verdict == BbmVerdict::safe);
    CHECK(answer.slicing.slices.size() == 1);
}

TEST_CASE("break-before-make page by page does not break a contiguous set") {
    ScheduleProgram program = program_of(region(base_va, base_pa, 64 * 1024, 3, true));
    append(program,
           {clear(base_va, 3, page), dsb("ishst"), tlbi("vaale1is", base_va, page), dsb("ish"), isb(),
            set_leaf(base_va, 3, base_pa, false, page, page)},
           16);
    CHECK(verdict(program) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::safe);
}

TEST_CASE("a set with one page not flushed is a violation") {
    ScheduleProgram program = unfold_with_bbm(64 * 1024);
    program.threads[0].code[2].count = 15;
    const BbmAnswer answer = check_no_bbm_violation(program, bbm());
    CHECK(answer.verdict == BbmVerdict::unsafe);
    REQUIRE(answer.first);
    CHECK(answer.first->missing.find("no TLBI that removes an entry") != std::string::npos);
}

TEST_CASE("every barrier of break-before-make is needed") {
    const auto program_with = [](const char* before, const char* after) {
        ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
        append(program, {clear(base_va, 3, 0), dsb(before), tlbi("vaale1is", base_va, 0), dsb(after),
                         set_leaf(base_va, 3, base_pa + page, false, 0, 0)});
        return program;
    };
    CHECK(verdict(program_with("ishst", "ish")) == BbmVerdict::safe);
    CHECK(verdict(program_with("ishld", "ish")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ishst", "ishst")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ishst", "nsh")) == BbmVerdict::unsafe);
    CHECK(verdict(program_with("ish", "sy")) == BbmVerdict::safe);
}

TEST_CASE("a change of permissions alone needs no break-before-make") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    Instruction read_only = set_leaf(base_va, 3, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(read_only.operation).value.db = false;
    append(program, {read_only});
    CHECK(verdict(program) == BbmVerdict::safe);
}

TEST_CASE("a change of memory attributes needs break-before-make at every level") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    Instruction device = set_leaf(base_va, 3, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(device.operation).value.attributes = Attr::device_ngnre;
    append(program, {device});
    for (const int level : {0, 1, 2, 3}) CHECK(verdict(program, level) == BbmVerdict::unsafe);
}

TEST_CASE("a block split into a table is a change of size; level 2 and nT exempt it") {
    const std::uint64_t block = 2U << 20U;
    ScheduleProgram program = program_of(region(base_va, base_pa, block, 2, false));
    NewTable table;
    table.page = {3, base_va, 1};
    table.leaves = {region(base_va, base_pa, block, 3, false)};
    program.new_tables = {table};
    Instruction split;
    Descriptor pointer;
    pointer.kind = DescriptorKind::table;
    pointer.oa = 1;
    split.operation = StoreDescriptor{{base_va, 2, 0}, pointer};
    append(program, {split});
    CHECK(verdict(program, 0) == BbmVerdict::unsafe);
    CHECK(verdict(program, 1) == BbmVerdict::unsafe);
    CHECK(verdict(program, 2) == BbmVerdict::safe);
    Instruction nt = set_leaf(base_va, 2, base_pa, false, 0, 0);
    std::get<StoreDescriptor>(nt.operation).value.nt = true;
    program.threads[0].code.insert(program.threads[0].code.begin(), {1, {nt}});
    append(program, flush(base_va));
    CHECK(verdict(program, 1) == BbmVerdict::unsafe);  // the block without nT was not flushed
    program.threads[0].code.insert(program.threads[0].code.begin() + 1, {1, flush(base_va)});
    CHECK(verdict(program, 1) == BbmVerdict::safe);
}

TEST_CASE("the order of two threads' stores counts only where flags fix it") {
    ScheduleProgram program = program_of(region(base_va, base_pa, page, 3, false));
    program.flags = {"done"};
    append(program, {clear(base_va, 3, 0), dsb("ishst"), tlbi("vaale1is", base_va, 0), dsb("ish")});
    Instruction signal;
    signal.operation = Access{AccessKind::store_release, 0, 0, 1};
    append(program, {signal});
    Instruction wait;
    wait.operation = Await{0, 0, 1};
    program.threads.push_back({"P1", {{1, {wait, set_leaf(base_va, 3, base_pa + page, false, 0, 0)}}}});
    CHECK(verdict(program) == BbmVerdict::safe);
    program.threads[1].code[0].body.erase(program.threads[1].code[0].body.begin());
    CHECK(verdict(program) == BbmVerdict::unsafe);
}

// VAAE1IS with TTL 2 removes what is above level 2: of the walk for a page, the level 1 descriptor.
TEST_CASE("a walk-cache entry counts where the one above it has gone") {
    const auto stored_after = [](int ttl) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        append(program, {clear(base_va, 1, 0), dsb("ish"), tlbi("vaae1is", base_va, 0, ttl), dsb("ish"),
                         set_leaf(base_va, 3, base_pa + 16 * page, false, 0, 0)});
        return verdict(program);
    };
    CHECK(stored_after(2) == BbmVerdict::unsafe);
    CHECK(stored_after(3) == BbmVerdict::safe);
    CHECK(stored_after(0) == BbmVerdict::safe);
}

// With no barrier between, the table descriptor may be visible first: walks fill from what the page held.
TEST_CASE("a table page hooked up before what is stored in it is visible") {
    const auto hooked_up = [](std::uint64_t held, bool with_barrier) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        NewTable table;
        table.page = {3, base_va, 1};
        table.leaves = {region(base_va, held, page, 3, false)};
        program.new_tables = {table};
        append(program, {clear(base_va, 2, 0), dsb("ish"), tlbi("vaae1is", base_va, 0),
                         tlbi("vaae1is", base_va + page, 0), dsb("ish")});
        Instruction fill = set_leaf(base_va, 3, base_pa, false, 0, 0);
        std::get<StoreDescriptor>(fill.operation).slot.generation = 1;
        append(program, {fill});
        if (with_barrier) append(program, {dsb("ishst")});
        Instruction hook_up = clear(base_va, 2, 0);
        auto& slot = std::get<StoreDescriptor>(hook_up.operation);
        slot.value.kind = DescriptorKind::table;
        slot.value.oa = 1;
        append(program, {hook_up});
        return program;
    };
    CHECK(verdict(hooked_up(base_pa + 16 * page, false)) == BbmVerdict::unsafe);
    CHECK(verdict(hooked_up(base_pa + 16 * page, true)) == BbmVerdict::safe);
    CHECK(verdict(hooked_up(base_pa, false)) == BbmVerdict::safe);
}

// The entry held came through the new table page, what is stored is in the old one.
TEST_CASE("a store to a table page out of the tables counts while a walk cache leads there") {
    const auto replaced_table = [](const char* flush_of_table) {
        ScheduleProgram program = program_of(region(base_va, base_pa, 2 * page, 3, false));
        NewTable table;
        table.page = {3, base_va, 1};
        table.leaves = {region(base_va, base_pa + 16 * page, 2 * page, 3, false)};
        program.new_tables = {table};
        Instruction hook_up = clear(base_va, 2, 0);
        auto& slot = std::get<StoreDescriptor>(hook_up.operation);
        slot.value.kind = DescriptorKind::table;
        slot.value.oa = 1;
        append(program, {clear(base_va, 3, page)}, 2);
        append(program, {dsb("ish")});
        append(program, {tlbi(flush_of_table, base_va, page)}, 2);
        append(program, {dsb("ish"), hook_up, dsb("ish"), set_leaf(base_va, 3, base_pa, false, 0, 0)});
        return program;
    };
    CHECK(verdict(replaced_table("vaale1is")) == BbmVerdict::unsafe);
    // The old table is read again after the TLBI, and gone after one that follows the store.
    CHECK(verdict(replaced_table("vaae1is")) == BbmVerdict::unsafe);
    ScheduleProgram flushed = replaced_table("vaae1is");
    std::vector<Instruction>& last = flushed.threads[0].code.back().body;
    last.insert(last.end() - 1, {tlbi("vaae1is", base_va, 0), dsb("ish")});
    CHECK(verdict(flushed) == BbmVerdict::safe);
}

namespace {

// The rule as text, over the instructions of one thread and one level of pages: for each earlier value and
// each later one of the slot, or of another slot of a contiguous set where one of the two is Contiguous, that
// needs break-before-make against it, look for the steps of the recipe in between.
struct Recipe {
    const JudgedSchedule& schedule;
    Geometry geometry{schedule.hardware};

    struct Value {
        std::uint64_t va;
        Descriptor value;
        std::size_t from, to;  ///< instructions [from, to) with the value in memory; from = 0 at the start
    };

    std::vector<Value> values() const {
        std::vector<Value> result;
        const std::vector<PlainInstruction>& code = schedule.threads[0].code;
        for (const std::uint64_t va : schedule.candidates) {
            result.push_back({va, initial_descriptor(*schedule.program, {va, 3, 0}), 0, code.size()});
            for (std::size_t n = 0; n < code.size(); ++n) {
                const auto* store = std::get_if<StoreDescriptor>(&code[n].operation);
                if (store == nullptr || store->slot.va != va) continue;
                result.back().to = n;
                result.push_back({va, store->value, n, code.size()});
            }
        }
        return result;
    }

    std::uint64_t set(std::uint64_t va) const { return geometry.set_base(va, 3); }
    std::uint64_t output(const Value& v, std::uint64_t va) const {
        const std::uint64_t bytes = geometry.contiguous_bytes(3);
        return v.value.contiguous && v.va != va ? v.value.oa / bytes * bytes + va % bytes : v.value.oa;
    }
    bool serves(const Value& v, std::uint64_t va) const {
        return v.va == va || (v.value.contiguous && set(v.va) == set(va));
    }

    bool flushed(const Value& old, std::uint64_t va, std::size_t before) const {
        const std::vector<PlainInstruction>& code = schedule.threads[0].code;
        std::size_t ordered = old.to;
        const auto dsb_at = [&](std::size_t n, bool complete) {
            const auto* b = std::get_if<Barrier>(&code[n].operation);
            if (b == nullptr || b->kind != BarrierKind::dsb) return false;
            if (complete) return b->access == BarrierAccess::full && b->domain != BarrierDomain::nsh;
            return b->access != BarrierAccess::ld;
        };
        while (ordered < before && !dsb_at(ordered, false)) ++ordered;
        for (std::size_t n = ordered; n < before; ++n) {
            const auto* t = std::get_if<TlbiInstruction>(&code[n].operation);
            if (t == nullptr || t->op.domain == TlbiDomain::local) continue;
            const TlbiScope scope = decode_tlbi(t->op, t->operand, geometry);
            if (!in_scope(scope, {va, va + page - 1, 3, true, true, 0, Regime::el10})) continue;
            for (std::size_t d = n; d < before; ++d) {
                if (dsb_at(d, true)) return true;
            }
        }
        return false;
    }

    bool live(const Value& old, std::size_t before) const {
        if (old.to >= before) return true;
        for (const std::uint64_t va : schedule.candidates) {
            if (serves(old, va) && !flushed(old, va, before)) return true;
        }
        return false;
    }

    /// The later store may be visible before the other: another location, no barrier that orders stores in
    /// between.
    bool overtakes(const Value& later, const Value& other) const {
        if (later.va == other.va) return false;
        const std::vector<PlainInstruction>& code = schedule.threads[0].code;
        for (std::size_t n = other.from; n < later.from; ++n) {
            const auto* b = std::get_if<Barrier>(&code[n].operation);
            if (b != nullptr && b->kind != BarrierKind::isb && b->access != BarrierAccess::ld) return false;
        }
        return true;
    }

    bool differ(const Value& old, const Value& fresh) const {
        return std::ranges::any_of(schedule.candidates, [&](std::uint64_t va) {
            if (!serves(old, va) || !serves(fresh, va)) return false;
            const LeafTranslation a{old.value, 3, output(old, va), va};
            const LeafTranslation b{fresh.value, 3, output(fresh, va), va};
            return needs_bbm(a, b, schedule.hardware.bbm_level) != BbmChange::none;
        });
    }

    bool violated() const {
        const std::vector<Value> all = values();
        for (const Value& fresh : all) {
            if (fresh.from == 0 || !fresh.value.valid()) continue;  // instruction 0 is no store
            for (const Value& old : all) {
                if (!old.value.valid() || !differ(old, fresh)) continue;
                if (old.from < fresh.from ? live(old, fresh.from) : overtakes(old, fresh)) return true;
            }
        }
        return false;
    }
};

ScheduleProgram random_page_schedule(std::mt19937& random) {
    const auto below = [&](std::uint64_t n) { return random() % n; };
    ScheduleProgram program = program_of(region(base_va, base_pa, 8 * page, 3, below(2) == 0));
    program.hardware.contiguous_entries = 4;
    std::vector<Instruction> code{dsb("ishld")};
    for (std::uint64_t n = 0, length = 3 + below(14); n < length; ++n) {
        const std::uint64_t at = below(below(2) == 0 ? 2 : 8) * page;
        switch (below(9)) {
            case 0:
            case 1:
                code.push_back(clear(base_va + at, 3, 0));
                break;
            case 2:
                code.push_back(set_leaf(base_va + at, 3, base_pa + at + (below(4) == 0 ? 16 * page : 0),
                                        below(2) == 0, 0, 0));
                break;
            case 3:
            case 4:
            case 5:
                if (below(4) == 0) {
                    code.push_back(tlbi_all());
                } else {
                    code.push_back(tlbi(below(6) == 0 ? "vaale1" : "vaale1is", base_va + at, 0));
                }
                break;
            case 6:
                code.push_back(dsb("ishst"));
                break;
            default:
                code.push_back(dsb(below(5) == 0 ? "nsh" : "ish"));
        }
    }
    program.threads[0].code.push_back({1, code});
    return program;
}

}  // namespace

TEST_CASE("the timeline agrees with the recipe looked up instruction by instruction", "[random]") {
    std::mt19937 random(2);
    int unsafe = 0;
    const int rounds = tlbcheck::tests::sanitized ? 200 : 3000;
    for (int round = 0; round < rounds; ++round) {
        const ScheduleProgram program = random_page_schedule(random);
        Property asked = bbm(round % 2);
        asked.hardware.contiguous_entries = 4;
        const JudgedSchedule unsliced = whole(program, asked);
        const BbmResult result = find_bbm_violation(unsliced);
        INFO("round " << round);
        REQUIRE((result.verdict == BbmVerdict::unsafe) == (Recipe{unsliced}.violated()));
        REQUIRE(check_no_bbm_violation(program, asked).verdict == result.verdict);
        unsafe += result.verdict == BbmVerdict::unsafe ? 1 : 0;
    }
    CHECK(unsafe > rounds / 10);
    CHECK(unsafe < rounds - rounds / 10);
}

// Nothing but clearing, and in the end one probe: a new page where the old one may still be cached.
TEST_CASE("a slice keeps every flush that its unit needs", "[random][long]") {
    int unsafe = 0;
    int judged = 0;
    tlbcheck::tests::Seeds seeds("TLBCHECK_UNIT_BBM_SLICES", tlbcheck::tests::sanitized ? 100 : 250, 4000);
    while (const auto seed = seeds.next()) {
        std::mt19937 random(static_cast<std::uint32_t>(*seed));
        ScheduleProgram program = random_schedule(random);
        const Region& mapped = program.regions[0];
        const std::uint64_t leaf = mapped.level == 3 ? page : page * 512;
        if (mapped.size / leaf > 128) continue;
        for (ScheduleThread& thread : program.threads) {
            for (Run& run : thread.code) {
                for (Instruction& instruction : run.body) {
                    if (auto* store = std::get_if<StoreDescriptor>(&instruction.operation)) store->value = {};
                }
            }
        }
        if (program.threads.size() > 1) program.threads.pop_back();
        const std::uint64_t at = random() % (mapped.size / leaf) * leaf;
        append(program,
               {clear(mapped.va + at, mapped.level, 0), dsb("ishst"), tlbi("vaae1is", mapped.va + at, 0),
                dsb("ishst"), set_leaf(mapped.va + at, mapped.level, std::uint64_t{1} << 40, false, 0, 0)});
        if (random() % 2 == 0)
            program.threads[0].code.back().body.erase(program.threads[0].code.back().body.begin(),
                                                      program.threads[0].code.back().body.begin() + 4);
        Property asked = bbm(0);
        if (*seed % 5 == 0) asked.hardware.walk_cache = WalkCache::per_page;
        const BbmResult unsliced = find_bbm_violation(whole(program, asked));
        const BbmAnswer sliced = check_no_bbm_violation(program, asked);
        INFO("seed " << *seed);
        REQUIRE(sliced.verdict == unsliced.verdict);
        unsafe += unsliced.verdict == BbmVerdict::unsafe ? 1 : 0;
        ++judged;
    }
    INFO(unsafe << " of " << judged);
    CHECK(unsafe > judged / 20);
    CHECK(unsafe < judged - judged / 20);
}
