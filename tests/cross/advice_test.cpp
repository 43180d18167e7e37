// SPDX-License-Identifier: Apache-2.0
//
// What `repair` and `minimize` print, judged in other ways, on random schedules: every repair is safe by the
// axioms on the whole schedule and by the operational machine, and so is every minimum, which is unsafe with
// any one step taken out of its expanded instructions. TLBCHECK_CROSS_ADVICE sets how many schedules; see
// also Seeds.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "checker/advice/minimize.hpp"
#include "checker/advice/question_verdict.hpp"
#include "checker/advice/repair.hpp"
#include "checker/engine/narrow_barrier.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"
#include "tests/support/random_schedule_text.hpp"
#include "tests/support/seeds.hpp"

namespace tests = tlbcheck::tests;
namespace checker = tlbcheck::checker;
namespace model = tlbcheck::model;

namespace {

/// Reads schedules that stand in a file of their own for as long as this lives.
class Loader {
  public:
    Loader() {
        std::string name = (std::filesystem::temp_directory_path() / "tlbcheck.XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    ~Loader() { std::filesystem::remove_all(folder_); }
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    checker::ScheduleJob load(const std::string& text) const {
        const std::filesystem::path file = folder_ / "random.sched";
        std::ofstream(file) << text;
        auto job = checker::load_schedule(file.string(), options());
        INFO(text << (job ? "" : tlbcheck::litmus::render(job.diagnostics())));
        REQUIRE(job);
        return std::move(job).value();
    }
    static checker::ScheduleOptions options() { return {}; }  // no limit of time: machines are loaded

  private:
    std::filesystem::path folder_;
};

struct AdviceTally {
    int schedules = 0, unsafe = 0, repaired = 0, repairs = 0, minima = 0, steps = 0, by_machine = 0,
        judged = 0;
    std::string text() const {
        return fmt::format(
            "{} schedules, {} unsafe, {} of them repaired by {} schedules; {} minima with {} steps; the "
            "machine "
            "answered {} of {} questions",
            schedules, unsafe, repaired, repairs, minima, steps, by_machine, judged);
    }
};

/// By the axioms on the whole schedule, and by the machine.
bool safe(const model::ScheduleProgram& program, const model::Property& property, AdviceTally& tally) {
    const tests::Opinion machine = tests::by_machine(program, property);
    const tests::Opinion axioms = tests::by_axioms(program, property);
    INFO(tests::describe(program, property));
    CHECK(axioms == tests::Opinion::safe);
    CHECK(machine != tests::Opinion::unsafe);
    ++tally.judged;
    if (machine != tests::Opinion::undecided) ++tally.by_machine;
    return axioms == tests::Opinion::safe && machine != tests::Opinion::unsafe;
}

/// By the machine, or where it does not know, by the axioms.
bool unsafe(const model::ScheduleProgram& program, const model::Property& property) {
    const tests::Opinion machine = tests::by_machine(program, property);
    if (machine != tests::Opinion::undecided) return machine == tests::Opinion::unsafe;
    return tests::by_axioms(program, property) == tests::Opinion::unsafe;
}

bool all_safe(const checker::ScheduleJob& job, AdviceTally& tally) {
    return std::ranges::all_of(job.questions, [&](const auto& question) {
        return safe(*question.program, checker::property_of(question), tally);
    });
}

using StepPlace = std::pair<model::SourcePlace, model::SourcePlace>;

bool is_step(const model::Instruction& i) {
    return std::holds_alternative<model::TlbiInstruction>(i.operation) ||
           std::holds_alternative<model::Barrier>(i.operation);
}
/// A statement of the file, in all its calls; of an included helper, by the file's statement that leads
/// there.
StepPlace place_of(const model::Instruction& i) {
    return {i.helper_place.file == 0 ? i.helper_place : i.place, i.helper_place};
}

std::set<StepPlace> steps_of(const checker::ScheduleJob& job) {
    std::set<StepPlace> places;
    for (const auto& question : job.questions)
        for (const auto& thread : question.program->threads)
            for (const auto& run : thread.code)
                for (const auto& i : run.body)
                    if (is_step(i)) places.insert(place_of(i));
    return places;
}

model::ScheduleProgram without(model::ScheduleProgram program, const StepPlace& place) {
    for (auto& thread : program.threads)
        for (auto& run : thread.code)
            std::erase_if(run.body,
                          [&](const model::Instruction& i) { return is_step(i) && place_of(i) == place; });
    return program;
}

/// Some question is violated without the step; or the step keeps a DSB from being too narrow for a TLBI.
bool needed(const checker::ScheduleJob& job, const StepPlace& place) {
    return std::ranges::any_of(job.questions, [&](const auto& question) {
        const model::ScheduleProgram less = without(*question.program, place);
        return checker::narrow_barriers(less).size() > checker::narrow_barriers(*question.program).size() ||
               unsafe(less, checker::property_of(question));
    });
}

std::string changes_of(const checker::AdvisedSchedule& advised) {
    std::string text;
    for (const std::string& change : advised.changes) text += "  - " + change + "\n";
    return text + advised.text;
}

void check_minimum(const Loader& loader, const std::string& text, AdviceTally& tally) {
    const checker::ScheduleJob job = loader.load(text);
    const checker::MinimizeReport report = checker::minimize(job, Loader::options());
    INFO(text << report.reason << report.internal_error);
    REQUIRE(report.internal_error.empty());
    REQUIRE((report.outcome == checker::AdviceOutcome::done ||
             report.outcome == checker::AdviceOutcome::nothing_to_do));
    const std::string least = report.cheapest ? report.cheapest->text : text;
    INFO("the minimum:\n" << (report.cheapest ? changes_of(*report.cheapest) : ""));
    const checker::ScheduleJob minimum = loader.load(least);
    CHECK(all_safe(minimum, tally));
    ++tally.minima;
    for (const StepPlace& place : steps_of(minimum)) {
        ++tally.steps;
        INFO("line " << place.first.line << ", helper line " << place.second.line);
        CHECK(needed(minimum, place));
    }
    const checker::ScheduleJob once_more = loader.load(least);
    const checker::MinimizeReport again = checker::minimize(once_more, Loader::options());
    INFO("once more:\n" << (again.cheapest ? changes_of(*again.cheapest) : ""));
    CHECK(again.outcome == checker::AdviceOutcome::nothing_to_do);
}

void check_schedule(const Loader& loader, const std::string& text, AdviceTally& tally) {
    const checker::ScheduleJob job = loader.load(text);
    ++tally.schedules;
    const checker::RepairReport report = checker::repair(job, Loader::options());
    INFO(text << report.reason << report.internal_error);
    REQUIRE(report.internal_error.empty());
    if (report.outcome == checker::AdviceOutcome::nothing_to_do) {
        CHECK(all_safe(job, tally));
        return check_minimum(loader, text, tally);
    }
    ++tally.unsafe;
    CHECK((report.outcome == checker::AdviceOutcome::done) == !report.repairs.empty());
    if (report.repairs.empty()) return;
    ++tally.repaired;
    for (const checker::AdvisedSchedule& repair : report.repairs) {
        ++tally.repairs;
        INFO("a repair:\n" << changes_of(repair));
        CHECK(all_safe(loader.load(repair.text), tally));
    }
    check_minimum(loader, report.repairs.front().text, tally);
}

}  // namespace

TEST_CASE("repairs are safe and minima are minimal, on random schedules", "[long]") {
    tests::Seeds seeds("TLBCHECK_CROSS_ADVICE", 12, 3000);
    const Loader loader;
    AdviceTally tally;
    while (const auto seed = seeds.next()) {
        INFO("seed " << *seed);
        check_schedule(loader, tests::random_schedule_text(*seed), tally);
    }
    WARN(tally.text());
    CHECK(tally.repaired > 0);
    CHECK(tally.minima > 0);
    CHECK(2 * tally.by_machine > tally.judged);
}
