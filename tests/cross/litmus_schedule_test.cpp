// SPDX-License-Identifier: Apache-2.0
//
// The same random question as a litmus test (variants mlpt, contig) and as a schedule: P0 changes two pages
// of a contiguous set and flushes, P1 has seen its flag and accesses one of them. TLBCHECK_CROSS_TWINS sets
// how many; see also Seeds.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "checker/engine/litmus_engine.hpp"
#include "litmus/sched/schedule.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"
#include "tests/support/seeds.hpp"

namespace checker = tlbcheck::checker;
namespace litmus = tlbcheck::litmus;
namespace model = tlbcheck::model;
namespace sched = tlbcheck::litmus::sched;
namespace tests = tlbcheck::tests;

namespace {

constexpr std::size_t pages = 2;
constexpr std::array<const char*, pages> symbols{"x", "y"};
constexpr std::array<const char*, pages> moved_to{"z", "w"};

/// One question, told twice.
class Twins {
  public:
    explicit Twins(std::uint64_t seed) : dice_(seed) {
        levels_ = dice_.chance(0.4);
        initial_hint_ = dice_.chance(0.8);
        const std::size_t steps = 3 + dice_.below(8);
        for (std::size_t i = 0; i < steps; ++i) add_step();
    }

    std::string schedule() const {
        return fmt::format(
            "machine {{ contiguous_entries = 2; bbm_level = 3; }}\n"
            "region m {{ va = 0x400000; pa = 0x80000000; size = 8K; contiguous = {}; }}\n"
            "thread P0 {{\n    let x = range(m.start, m.start + 4K);\n    let y = range(m.start + 4K, "
            "m.end);\n{}}}\n"
            "assert no_stale_entry(m) by other;\n",
            initial_hint_, schedule_);
    }

    /// Allowed: the access has a result that the last descriptors of `page` do not give.
    std::string litmus(std::size_t page) const {
        std::string text = fmt::format("AArch64 twin\nVariant=vmsa,contig{}\nContiguous=x,y; z,w\n{{\n",
                                       levels_ ? ",mlpt" : "");
        text += " x=1; y=2; z=3; w=4; 0:X0=(valid:0); 0:X5=flag; 0:X6=1;\n";
        for (std::size_t p = 0; p < pages; ++p) {
            text += fmt::format(" [PTE({0})]=(oa:PA({0}), contig:{1}); 0:X{2}=PTE({0}); 0:X{3}={0};\n",
                                symbols[p], initial_hint_ ? 1 : 0, 1 + p, 3 + p);
            for (std::size_t value = 0; value < 4; ++value) {
                text += fmt::format(" 0:X{}=(oa:PA({}), contig:{});", descriptor_register(p, value),
                                    (value & 2U) != 0 ? moved_to[p] : symbols[p], value & 1U);
            }
            text += "\n";
        }
        if (levels_) text += " 0:X20=TTD(x,S1,LV2); 0:X21=(oa:PTE(x), dt:Table);\n";
        text += fmt::format(" 1:X3=flag; 1:X2={};\n}}\n P0 | P1 ;\n", symbols[page]);
        const std::array<const char*, 5> observer{"LDR W4,[X3]", "DSB SY", "ISB", "L0:", "LDR W5,[X2]"};
        for (std::size_t i = 0; i < std::max(code_.size() + 1, observer.size()); ++i) {
            const std::string own = i < code_.size() ? code_[i] : i == code_.size() ? "STR W6,[X5]" : "";
            text += fmt::format(" {} | {} ;\n", own, i < observer.size() ? observer[i] : "");
        }
        const Page& last = page_[page];
        if (!last.valid || !linked_) return text + "exists (1:X4=1 /\\ not fault(P1:L0))\n";
        return text + fmt::format("exists (1:X4=1 /\\ not (1:X5={}))\n", 1 + page + (last.moved ? pages : 0));
    }

  private:
    struct Page {
        bool valid = true, moved = false;
    };
    static std::size_t descriptor_register(std::size_t page, std::size_t value) {
        return 10 + 4 * page + value;
    }

    void add(const std::string& step, const std::string& instruction) {
        schedule_ += "    " + step + ";\n";
        code_.push_back(instruction);
    }
    void add_step() {
        const std::size_t page = dice_.below(pages);
        const std::size_t kind = dice_.below(levels_ ? 12 : 10);
        if (kind < 3) {
            add(fmt::format("clear({})", symbols[page]), fmt::format("STR X0,[X{}]", 1 + page));
            page_[page].valid = false;
        } else if (kind < 5) {
            const std::size_t value = dice_.below(4);
            const bool moves = (value & 2U) != 0;
            add(fmt::format("set({}, pa = {:#x}, contiguous = {})", symbols[page],
                            (moves ? 0x90000000 : 0x80000000) + 0x1000 * page, (value & 1U) != 0),
                fmt::format("STR X{},[X{}]", descriptor_register(page, value), 1 + page));
            page_[page] = {true, moves};
        } else if (kind < 9) {
            if (dice_.chance(0.8)) add("dsb(ish)", "DSB ISH");
            flush(page);
            if (dice_.chance(0.9)) add("dsb(ish)", "DSB ISH");
        } else if (kind < 10) {
            add("dsb(ish)", "DSB ISH");
        } else {
            linked_ = dice_.chance(0.3);
            add(linked_ ? "set(table(m, 3))" : "clear(table(m, 3))",
                linked_ ? "STR X21,[X20]" : "STR X0,[X20]");
        }
    }
    void flush(std::size_t page) {
        if (dice_.chance(0.1)) return add("tlbi(vmalle1is)", "TLBI VMALLE1IS");
        const bool last = levels_ && dice_.chance(0.4);
        code_.push_back(fmt::format("LSR X9,X{},#12", 3 + page));
        add(fmt::format("tlbi({}, {})", last ? "vaale1is" : "vaae1is", symbols[page]),
            fmt::format("TLBI {},X9", last ? "VAALE1IS" : "VAAE1IS"));
    }

    tests::Dice dice_;
    bool levels_ = false, initial_hint_ = false, linked_ = true;
    std::array<Page, pages> page_;
    std::string schedule_;
    std::vector<std::string> code_;
};

tests::Opinion litmus_opinion(const Twins& twins) {
    tests::Opinion result = tests::Opinion::safe;
    for (std::size_t page = 0; page < pages; ++page) {
        const auto job = checker::litmus_job(litmus::make_source("twin.litmus", twins.litmus(page)), {});
        if (!job) FAIL(litmus::render(job.diagnostics()));
        const auto verdict = checker::check_litmus(job.value()).questions.front().verdict;
        if (verdict == checker::Verdict::allowed) result = tests::Opinion::unsafe;
        if (verdict == checker::Verdict::undecided) return tests::Opinion::undecided;
    }
    return result;
}

}  // namespace

TEST_CASE("random changes of a contiguous set: litmus tests and schedules agree", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_TWINS", 60, 3000);
    int safe = 0;
    int unsafe = 0;
    while (const auto seed = seeds.next()) {
        const Twins twins(*seed);
        INFO(*seed << "\n" << twins.schedule() << "\n" << twins.litmus(0) << "\n" << twins.litmus(1));
        const auto file = sched::parse_schedule(litmus::make_source("twin.sched", twins.schedule()),
                                                sched::embedded_include_resolver());
        REQUIRE(file);
        const auto program = sched::expand(file.value(), {});
        if (!program) FAIL(litmus::render(program.diagnostics()));
        const tests::Opinion expected = tests::by_axioms(program.value(), program.value().properties.front());
        const tests::Opinion found = litmus_opinion(twins);
        if (expected == tests::Opinion::undecided || found == tests::Opinion::undecided) continue;
        CHECK(found == expected);
        ++(found == tests::Opinion::safe ? safe : unsafe);
    }
    WARN(fmt::format("safe {}, unsafe {}", safe, unsafe));
    CHECK(safe > 0);
    CHECK(unsafe > 0);
}
