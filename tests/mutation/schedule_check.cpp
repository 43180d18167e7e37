// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/schedule_check.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "checker/engine/slice_solver.hpp"
#include "litmus/sched/schedule.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/limits/budget.hpp"
#include "model/slice/slicing.hpp"
#include "tests/support/random_schedule.hpp"

namespace tlbcheck::tests {

namespace {

constexpr std::size_t event_limit = 1000;
constexpr std::size_t part_limit = 60;
constexpr std::array ets_values = {0, 2, 3};

bool tlbis_on_several_pes(const model::JudgedSchedule& schedule) {
    const auto invalidates = [](const model::JudgedThread& thread) {
        return std::ranges::any_of(thread.code, [](const model::PlainInstruction& i) {
            return std::holds_alternative<model::TlbiInstruction>(i.operation);
        });
    };
    return std::ranges::count_if(schedule.threads, invalidates) > 1;
}

std::unique_ptr<const ScheduleModel> make_model(int ets, bool several) {
    model::HardwareParameters hardware;
    hardware.ets = ets;
    auto result = std::make_unique<ScheduleModel>();
    result->model = model::axioms::schedule_definitions(hardware, several).model;
    const std::vector<Clause> clauses = clauses_of(result->model);
    const std::vector<ClauseKey> keys = keys_of(clauses);
    for (std::size_t i = 0; i < clauses.size(); ++i) result->clauses.emplace(keys[i], clauses[i]);
    return result;
}

void add_questions(std::vector<ScheduleCase>& cases, const std::string& path, const std::string& name) {
    std::string why;
    const litmus::Source source = litmus::read_source(path, why);
    if (!source) return;
    const auto file = litmus::sched::parse_schedule(source);
    if (!file.ok()) return;
    const auto questions = litmus::sched::questions(file.value());
    if (!questions.ok()) return;
    for (const litmus::sched::Question& question : questions.value()) {
        const model::Property& property = question.program->properties[question.property];
        if (property.kind == model::PropertyKind::no_bbm_violation) continue;
        cases.push_back({name + ": " + property.text, question.program, property});
    }
}

/// Runs `work` within so many milliseconds; `otherwise` when they do not suffice.
template <typename Result, typename Work>
Result within(std::uint64_t milliseconds, Result otherwise, const Work& work) {
    model::Limits limits;
    limits.milliseconds = milliseconds;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    try {
        return work();
    } catch (const model::LimitReached&) {
        return otherwise;
    }
}

}  // namespace

const ScheduleModel& schedule_model(int ets, bool tlbis_on_several_pes) {
    static std::map<std::pair<int, bool>, std::unique_ptr<const ScheduleModel>> made;
    auto& model = made[{ets, tlbis_on_several_pes}];
    if (!model) model = make_model(ets, tlbis_on_several_pes);
    return *model;
}

std::vector<const ScheduleModel*> schedule_models() {
    std::vector<const ScheduleModel*> all;
    for (const int ets : ets_values) {
        for (const bool several : {false, true}) all.push_back(&schedule_model(ets, several));
    }
    return all;
}

std::vector<ScheduleCase> schedule_cases_below(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".sched") paths.push_back(entry.path().string());
    }
    std::ranges::sort(paths);
    std::vector<ScheduleCase> cases;
    for (const std::string& path : paths)
        add_questions(cases, path, std::filesystem::path(path).filename().string());
    return cases;
}

std::optional<ScheduleCase> random_case(std::uint64_t seed) {
    auto program = std::make_shared<const model::ScheduleProgram>(random_schedule(seed));
    const model::Property property = random_property(*program, seed);
    if (property.kind == model::PropertyKind::no_bbm_violation) return std::nullopt;
    return ScheduleCase{fmt::format("random schedule {}", seed), std::move(program), property};
}

ScheduleProbe::Part::Part(const model::JudgedSchedule& schedule, model::ScheduleGraph graph)
    : rules(schedule_model(schedule.hardware.ets, tlbis_on_several_pes(schedule))),
      built(std::make_unique<model::ScheduleGraph>(std::move(graph))),
      formulas(built->graph, rules.model),
      solver(built->graph.pool()) {
    solver.require_graph(built->graph);
    solver.require(built->violated);
    violated_as_it_is = violated(formulas.allowed());
}

bool ScheduleProbe::Part::violated(const model::Formula& allowed) {
    const encoder::Outcome outcome = solver.check(allowed);
    if (outcome == encoder::Outcome::undecided) throw model::OutOfTime(model::Limits{});
    return outcome == encoder::Outcome::satisfiable;
}

std::optional<ScheduleProbe> ScheduleProbe::open(const ScheduleCase& schedule, std::uint64_t milliseconds) {
    ScheduleProbe probe(milliseconds);
    const auto fill = [&] {
        for (const model::Slice& slice : model::slice(*schedule.program, schedule.property).slices) {
            for (const auto& question : checker::questions_for(schedule.property.kind, slice.schedule)) {
                if (probe.parts_.size() == part_limit) return false;
                auto built = model::build_schedule_graph(slice.schedule, question);
                if (built.graph.size() > event_limit) return false;
                auto part = std::make_unique<Part>(slice.schedule, std::move(built));
                probe.unsafe_ |= part->violated_as_it_is;
                probe.parts_.push_back(std::move(part));
            }
        }
        return true;
    };
    if (!within(milliseconds, false, fill)) return std::nullopt;
    return probe;
}

bool ScheduleProbe::unsafe_without(const ClauseKey& key) {
    return std::ranges::any_of(parts_, [&](const std::unique_ptr<Part>& part) {
        const auto clause = part->rules.clauses.find(key);
        if (clause == part->rules.clauses.end()) return part->violated_as_it_is;
        const ClauseFormulas::Mutant mutant = part->formulas.without(clause->second);
        return mutant.same ? part->violated_as_it_is : part->violated(mutant.allowed);
    });
}

bool ScheduleProbe::notices(const ClauseKey& clause) {
    return within(milliseconds_, false, [&] { return unsafe_without(clause) != unsafe_; });
}

}  // namespace tlbcheck::tests
