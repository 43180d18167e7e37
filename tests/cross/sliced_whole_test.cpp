// SPDX-License-Identifier: Apache-2.0
//
// Slices against the whole schedule, both through the solver: the same verdict and the same addresses
// affected. Every example (at a size small enough to be solved whole) and random schedules.
// TLBCHECK_CROSS_SLICED sets how many random ones; see also Seeds.
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "checker/engine/question_engine.hpp"
#include "tests/cross/litmus_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/random_schedule.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;
namespace model = tlbcheck::model;
namespace sched = tlbcheck::litmus::sched;

namespace {

constexpr std::uint64_t most_whole = 220;  ///< instructions and leaves of a schedule that is solved whole

std::set<std::uint64_t> pages_of(const std::vector<checker::AddressRange>& ranges, std::uint64_t page) {
    std::set<std::uint64_t> result;
    for (const checker::AddressRange& range : ranges) {
        for (std::uint64_t k = 0; k < range.count; ++k) {
            const std::uint64_t last = range.last + k * range.step;
            for (std::uint64_t va = range.first + k * range.step; va - 1 < last; va += page)
                result.insert(va);
        }
    }
    return result;
}

struct WholeTally {
    int compared = 0, unsafe = 0, undecided = 0, several = 0;
    std::string text() const {
        return fmt::format("{} questions compared ({} unsafe, {} of several slices), {} undecided", compared,
                           unsafe, several, undecided);
    }
};

void compare(const model::ScheduleProgram& program, const model::Property& property, WholeTally& tally) {
    checker::ScheduleOptions options;
    options.vacuity = false;
    model::Limits limits;
    limits.milliseconds = 60'000;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    ++tally.compared;
    const checker::QuestionAnswer sliced = checker::answer_question(program, property, options);
    options.slicing = false;
    const checker::QuestionAnswer whole = checker::answer_question(program, property, options);
    CHECK(sliced.internal_error.empty());
    CHECK(whole.internal_error.empty());
    if (sliced.report.verdict == checker::Verdict::undecided ||
        whole.report.verdict == checker::Verdict::undecided) {
        ++tally.undecided;
        return;
    }
    CHECK(sliced.report.verdict == whole.report.verdict);
    const std::uint64_t page = model::granule_bytes(property.hardware.granule);
    const std::set<std::uint64_t> affected = pages_of(sliced.report.affected, page);
    CHECK(affected == pages_of(whole.report.affected, page));
    tally.unsafe += static_cast<int>(sliced.report.verdict == checker::Verdict::unsafe);
    tally.several += static_cast<int>(sliced.slicing && sliced.slicing->slices.size() > 1);
}

std::uint64_t smallest_size(const model::Region& region, const model::HardwareParameters& hardware) {
    const model::Geometry geometry(hardware);
    return 2 *
           (region.contiguous ? geometry.contiguous_bytes(region.level) : geometry.entry_bytes(region.level));
}

/// Compares each question of a file, with the first region cut down where the schedule is too large.
void compare_file(const std::string& file, WholeTally& tally, std::string& too_large) {
    checker::ScheduleOptions options;
    const auto job = checker::load_schedule(file, options);
    REQUIRE(job);
    for (const sched::Question& question : job.value().questions) {
        std::shared_ptr<const model::ScheduleProgram> program = question.program;
        const auto property = [&]() -> const model::Property& {
            return program->properties[question.property];
        };
        INFO(file << ": " << property().text);
        if (model::whole_size(*program, property()) > most_whole && program->regions.size() == 1) {
            options.expand.region_size = {program->regions[0].name,
                                          smallest_size(program->regions[0], property().hardware)};
            const auto smaller = sched::questions(job.value().parsed, options.expand);
            if (smaller) program = smaller.value().at(question.property).program;
        }
        if (model::whole_size(*program, property()) > most_whole) {
            too_large += fmt::format(" {}", std::filesystem::path(file).filename().string());
            continue;
        }
        compare(*program, property(), tally);
    }
}

}  // namespace

TEST_CASE("every example is answered alike in slices and whole") {
    WholeTally tally;
    std::string too_large;
    std::set<std::string> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(tests::source_dir() / "examples")) {
        if (entry.path().extension() == ".sched") files.insert(entry.path().string());
    }
    REQUIRE(files.size() > 40);
    for (const std::string& file : files) compare_file(file, tally, too_large);
    WARN(tally.text() << (too_large.empty() ? "" : "; too large:" + too_large));
    CHECK(tally.unsafe > 0);
    CHECK(2 * tally.undecided < tally.compared);
}

TEST_CASE("schedules that are solved whole, and why") {
    const std::string region =
        "include \"linux.sched\"; region R { va = 0xffff000000000000; pa = 0x100000; size = 8K; } flag f;";
    struct Case {
        const char* text;
        const char* why;
        checker::Verdict verdict;
    };
    const auto safe = checker::Verdict::safe;
    const auto unsafe = checker::Verdict::unsafe;
    for (const Case& c : std::initializer_list<Case>{
             {"thread P0 { load(R); clear(R); dsb(ish); isb(); } assert no_stale_entry(R);", "", unsafe},
             {"thread P0 { load(R); clear(R); flush_tlb_kernel_range(R); } assert no_stale_entry(R);", "",
              safe},
             {"thread P0 { load_acquire(R); clear(R); dsb(ish); isb(); } assert no_stale_entry(R);",
              "acquire", unsafe},
             {"thread P0 { store_release(R, 1); clear(R); flush_tlb_kernel_range(R); } assert "
              "no_stale_entry(R);",
              "release", safe},
             {"thread P0 { await(R == 1); clear(R); flush_tlb_kernel_range(R); } thread P1 { store(R, 1); } "
              "assert no_stale_entry(R);",
              "waits for a value", safe},
             {"thread P0 { store(R, 1); clear(R); free(R); } assert no_use_after_free;", "new owner", unsafe},
             {"thread P0 { store(R, 1); clear(R); flush_tlb_kernel_range(R); free(R); } assert "
              "no_use_after_free;",
              "new owner", safe},
             {"thread P0 { clear(R); dsb(ishst); store_release(f, 1); } thread P1 { await(f == 1); "
              "flush_tlb_kernel_range(R); } "
              "assert no_stale_entry(R);",
              "", safe},
             {"thread P0 { for (l : R) { clear(l); flush_tlb_kernel_range(l); } } thread P1 { for (l : R) { "
              "clear(l); } } "
              "assert no_stale_entry(R);",
              "", safe}}) {
        INFO(c.text);
        const auto parsed =
            sched::parse_schedule(tlbcheck::litmus::make_source("whole.sched", region + c.text));
        REQUIRE(parsed);
        const auto program = sched::expand(parsed.value());
        REQUIRE(program);
        const model::Property& property = program.value().properties[0];
        const checker::QuestionAnswer answer = checker::answer_question(program.value(), property, {});
        CHECK(answer.internal_error.empty());
        CHECK(answer.report.verdict == c.verdict);
        const std::string why = answer.slicing->why_whole;
        CHECK(answer.slicing->whole == (*c.why != '\0'));
        CHECK(why.find(c.why) != std::string::npos);
        WholeTally tally;
        compare(program.value(), property, tally);
    }
}

TEST_CASE("random schedules are answered alike in slices and whole", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_SLICED", 60, 3000);
    WholeTally tally;
    while (const auto seed = seeds.next()) {
        const model::ScheduleProgram program = tests::random_schedule(*seed);
        const model::Property property = tests::random_property(program, *seed);
        INFO(tests::describe(program, property));
        compare(program, property, tally);
    }
    WARN(tally.text());
    CHECK(tally.unsafe > 0);
    CHECK(tally.several > 0);
}
