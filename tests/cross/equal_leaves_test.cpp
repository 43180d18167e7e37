// SPDX-License-Identifier: Apache-2.0
//
// Equal leaves of schedules that are not sliced (docs/slicing.md): one of each run is judged. Here against
// all of them, leaf by leaf, on random schedules with VMs, spaces and closed worlds.
// TLBCHECK_CROSS_EQUAL_LEAVES sets how many; see also Seeds.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "checker/engine/affected.hpp"
#include "checker/engine/slice_solver.hpp"
#include "model/slice/slicing.hpp"
#include "tests/cross/random_texts.hpp"
#include "tests/support/catch.hpp"

namespace checker = tlbcheck::checker;
namespace model = tlbcheck::model;
namespace tests = tlbcheck::tests;

namespace {

/// Six pages of one space or VM, in one table or in two.
class RandomPages {
  public:
    explicit RandomPages(std::uint64_t seed) : random_(seed), vms_(seed % 2 == 0) {}

    std::string text() {
        const std::string first = one_of({"0x400000", "0x5fd000"});
        std::string result = fmt::format(
            "machine {{ levels = {}; bbm_level = {}; ets = {}; walk_cache = {}; }}\n", one_of({"2", "3"}),
            one_of({"0", "0", "3"}), one_of({"0", "2"}), one_of({"per_entry", "per_page"}));
        if (vms_) {
            result += "vm A { vmid = 1; }\nvm B { vmid = 1; }\n";
            result += fmt::format("region a {{ vm = A; ipa = {}; pa = 0x80000000; size = 24K; }}\n", first);
            result += fmt::format("region b {{ vm = B; ipa = {}; pa = 0x90000000; size = 24K; }}\n", first);
        } else {
            result += "space A { asid = 5; }\nspace B { asid = 5; }\n";
            result += fmt::format("region a {{ va = {}; pa = 0x80000000; size = 24K; space = A; }}\n", first);
            result += fmt::format("region b {{ va = {}; pa = 0x90000000; size = 24K; space = B; }}\n", first);
        }
        if (chance(3)) result += "cpus P0;\n";
        result += "thread P0 in A {\n";
        const auto length = 2 + random_() % 6;
        for (std::uint64_t k = 0; k < length; ++k) result += "    " + statement() + "\n";
        return result + "}\n";
    }

  private:
    std::string one_of(const std::vector<std::string>& choices) {
        return choices[random_() % choices.size()];
    }
    bool chance(unsigned one_in) { return random_() % one_in == 0; }

    std::string pages() {
        const auto from = random_() % 6;
        const auto to = from + 1 + random_() % (6 - from);
        return fmt::format("range(a + {}K, a + {}K)", 4 * from, 4 * to);
    }

    std::string statement() {
        if (chance(3)) return one_of({"dsb(ish);", "dsb(ishst);", "isb();"});
        if (chance(6)) return one_of({"switch(A);", "switch(B);", vms_ ? "switch(host);" : "switch(none);"});
        if (chance(2)) {
            const std::string every =
                vms_ ? one_of({"tlbi(vmalle1is);", "tlbi(vmalls12e1is);", "tlbi(alle1is);"})
                     : one_of({"tlbi(vmalle1is);", "tlbi(aside1is, A);"});
            const std::string op = vms_ ? one_of({"ipas2e1is", "ipas2le1is"}) : one_of({"vae1is", "vale1is"});
            return one_of({every, fmt::format("tlbi_pages({}, {});", op, pages()),
                           fmt::format("tlbi_range({}, {});", vms_ ? "ripas2e1is" : "rvae1is", pages()),
                           fmt::format("tlbi({}, {}, ttl = {});", op, pages(), one_of({"2", "3"}))});
        }
        if (chance(4)) {  // the last page, or the first, is not flushed
            const std::string every = vms_ ? "tlbi(vmalls12e1is);" : "tlbi(vmalle1is);";
            const std::string flush = "dsb(ish); " + every + " dsb(ish); isb();";
            const std::string body = chance(2) ? "clear(p); " + flush : flush + " clear(p);";
            return "for (p : leaves(" + pages() + ")) { " + body + " }";
        }
        return one_of({"clear(" + pages() + ");", "clear(" + pages() + ");", "set(" + pages() + ", ap = ro);",
                       "set(" + pages() + ", pa = 0xa0000000);", "clear(table(range(a, a + 4K), 3));",
                       "set(table(range(a, a + 4K), 3));", "free(table(range(a, a + 4K), 3));", "clear(b);",
                       "free(" + pages() + ");"});
    }

    std::mt19937_64 random_;
    bool vms_;
};

/// The same leaf by leaf of slices with contexts.
void check_slices(const model::ScheduleProgram& program, const model::Property& property,
                  const model::JudgedSchedule& whole, const checker::SliceAnswer& expected) {
    const model::Slicing slices = model::slice(program, property, {.contexts_at_any_size = true});
    if (slices.whole) return;
    std::vector<checker::AddressRange> affected;
    for (const model::Slice& slice : slices.slices) {
        const auto found = checker::solve_slice(slice.schedule, property.kind, {});
        const auto ranges = checker::affected_ranges(slices, slice, found.affected);
        affected.insert(affected.end(), ranges.begin(), ranges.end());
    }
    for (const std::uint64_t va : whole.candidates) {
        INFO(fmt::format("0x{:x} in slices", va));
        const bool unsafe = std::ranges::any_of(affected, [&](const checker::AddressRange& r) {
            for (std::uint64_t k = 0; k < r.count; ++k) {
                if (r.first + k * r.step <= va && va <= r.last + k * r.step) return true;
            }
            return false;
        });
        CHECK(unsafe == expected.affected.contains(va));
    }
}

}  // namespace

TEST_CASE("one of a run of equal leaves speaks for all of them", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_EQUAL_LEAVES", 300, 4000);
    int all = 0, unsafe = 0;
    std::size_t judged = 0, left_out = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = RandomPages(*seed).text();
        const auto program = tests::program_of_text(text);
        if (!program) continue;
        using model::PropertyKind;
        constexpr std::array kinds{PropertyKind::no_stale_entry, PropertyKind::no_use_after_free,
                                   PropertyKind::no_tlb_conflict};
        model::Property property;
        property.kind = kinds[*seed / 2 % kinds.size()];
        if (property.kind == PropertyKind::no_stale_entry) property.region = *seed % 5 == 0 ? 1 : 0;
        property.hardware = program->hardware;
        const model::Slicing few = model::slice(*program, property);
        const model::Slicing each = model::slice(*program, property, {.no_slicing = true});
        const model::JudgedSchedule& one = few.slices.front().schedule;
        const model::JudgedSchedule& whole = each.slices.front().schedule;
        const checker::SliceAnswer answer = checker::solve_slice(one, property.kind, {});
        const checker::SliceAnswer expected = checker::solve_slice(whole, property.kind, {});
        INFO(fmt::format("seed {}\n{}", *seed, text));
        if (expected.verdict == checker::Verdict::undecided) continue;
        CHECK(answer.verdict == expected.verdict);
        for (const std::uint64_t va : whole.candidates) {
            const auto past = std::ranges::upper_bound(one.candidates, va);
            REQUIRE(past != one.candidates.begin());
            INFO(fmt::format("0x{:x} and 0x{:x}", va, past[-1]));
            CHECK(answer.affected.contains(past[-1]) == expected.affected.contains(va));
        }
        check_slices(*program, property, whole, expected);
        ++all;
        unsafe += expected.verdict == checker::Verdict::unsafe ? 1 : 0;
        judged += one.candidates.size();
        left_out += whole.candidates.size() - one.candidates.size();
    }
    WARN(fmt::format("{} compared, {} unsafe; {} leaves judged, {} left out", all, unsafe, judged, left_out));
    CHECK(unsafe > 0);
    CHECK(unsafe < all);
    CHECK(left_out > judged / 4);
}
