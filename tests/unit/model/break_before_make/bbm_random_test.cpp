// SPDX-License-Identifier: Apache-2.0
// Random schedules against the rule as text, and slices against whole schedules.
#include <algorithm>
#include <random>

#include "model/break_before_make/bbm.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/seeds.hpp"
#include "tests/unit/model/break_before_make/bbm_programs.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::testing;

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
