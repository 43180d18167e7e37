// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/asking.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include <fmt/format.h>

#include "model/axioms/arm_model.hpp"
#include "tests/mutation/litmus_check.hpp"
#include "tests/mutation/schedule_check.hpp"
#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

/// The variants that litmus tests are run under.
const std::vector<std::set<std::string>> litmus_variants = {
    {"vmsa"}, {"vmsa", "ETS2"}, {"vmsa", "ETS3"}, {"vmsa", "ExS"}, {"vmsa", "ExS", "EIS", "EOS"}};

struct ArmModel {
    model::MemoryModel model;
    std::vector<Clause> clauses;
    std::vector<ClauseKey> keys;
};

ArmModel arm_model_of(const std::set<std::string>& variants) {
    ArmModel result;
    result.model = model::axioms::arm_model({variants.begin(), variants.end()});
    result.clauses = clauses_of(result.model);
    result.keys = keys_of(result.clauses);
    return result;
}

std::string litmus_name(const std::string& test, const std::set<std::string>& variants) {
    return fmt::format("{} [{}]", test, fmt::join(variants, ","));
}

void ask_test(const LitmusTest& test, const ArmModel& arm, const std::set<std::string>& variants,
              std::uint64_t milliseconds, Findings& findings) {
    auto probe = LitmusProbe::open(test, variants, arm.model, milliseconds);
    if (!probe) return;
    for (std::size_t i = 0; i < arm.clauses.size(); ++i) {
        const auto finding = findings.find(arm.keys[i]);
        if (finding == findings.end() || finding->second.seen_by_a_test()) continue;
        if (probe->notices(arm.clauses[i])) finding->second.litmus = litmus_name(test.name, variants);
    }
}

void ask_case(const ScheduleCase& schedule, std::uint64_t milliseconds, Findings& findings) {
    auto probe = ScheduleProbe::open(schedule, milliseconds);
    if (!probe) return;
    for (auto& [key, finding] : findings) {
        // Of Arm's clauses litmus tests tell more, and sooner.
        if (!finding.of_schedules || finding.seen_by_a_test()) continue;
        if (probe->notices(key)) finding.schedule = schedule.name;
    }
}

void say_progress(const char* what, std::size_t done, std::size_t all, const Findings& findings) {
    const auto litmus =
        std::ranges::count_if(findings, [](const auto& f) { return !f.second.litmus.empty(); });
    const auto schedule =
        std::ranges::count_if(findings, [](const auto& f) { return !f.second.schedule.empty(); });
    std::fprintf(stderr, "%s: %zu of %zu; clauses noticed: %td by litmus tests, %td by schedules\n", what,
                 done, all, litmus, schedule);
}

/// Which clauses each test of a kept report is to be asked about.
using Questions = std::map<std::string, std::vector<ClauseKey>>;

std::vector<std::string> litmus_again(const Asking& asking, Questions questions) {
    std::vector<std::string> lost;
    for (const std::string& folder : asking.litmus) {
        for (const LitmusTest& test : litmus_tests_below(folder)) {
            for (const std::set<std::string>& variants : litmus_variants) {
                const auto wanted = questions.extract(litmus_name(test.name, variants));
                if (wanted.empty()) continue;
                const ArmModel arm = arm_model_of(variants);
                auto probe = LitmusProbe::open(test, variants, arm.model, asking.milliseconds);
                for (const ClauseKey& key : wanted.mapped()) {
                    const auto at = std::ranges::find(arm.keys, key);
                    const bool there = probe && at != arm.keys.end();
                    if (!there || !probe->notices(arm.clauses[at - arm.keys.begin()]))
                        lost.push_back(fmt::format("{}: not noticed by {}", text_of(key), wanted.key()));
                }
            }
        }
    }
    for (const auto& [name, keys] : questions)
        fmt::print("{} is not there: {} clauses left out\n", name, keys.size());
    return lost;
}

std::vector<std::string> schedules_again(const Asking& asking, Questions questions) {
    std::vector<std::string> lost;
    const auto ask = [&](const ScheduleCase& schedule) {
        const auto wanted = questions.find(schedule.name);
        if (wanted == questions.end()) return;
        auto probe = ScheduleProbe::open(schedule, asking.milliseconds);
        std::erase_if(wanted->second, [&](const ClauseKey& key) { return probe && probe->notices(key); });
    };
    for (const std::string& folder : asking.schedules) {
        for (const ScheduleCase& schedule : schedule_cases_below(folder)) ask(schedule);
    }
    for (const auto& [name, keys] : Questions(questions)) {
        std::uint64_t seed = 0;
        if (std::sscanf(name.c_str(), "random schedule %lu", &seed) != 1) continue;
        if (const auto schedule = random_case(seed)) ask(*schedule);
    }
    for (const auto& [name, keys] : questions) {
        for (const ClauseKey& key : keys)
            lost.push_back(fmt::format("{}: not noticed by {}", text_of(key), name));
    }
    return lost;
}

}  // namespace

Findings all_clauses(std::size_t every) {
    Findings findings;
    for (const std::set<std::string>& variants : model_variants()) {
        const ArmModel arm = arm_model_of(variants);
        for (std::size_t i = 0; i < arm.clauses.size(); ++i)
            findings.try_emplace(arm.keys[i], Finding{arm.clauses[i], false, false, "", ""});
    }
    for (const ScheduleModel* model : schedule_models()) {
        for (const auto& [key, clause] : model->clauses)
            findings.try_emplace(key, Finding{clause, true, false, "", ""});
    }
    std::size_t number = 0;
    std::erase_if(findings, [&](const auto&) { return number++ % every != 0; });
    return findings;
}

void ask_relations(const Asking& asking, Findings& findings) {
    for (const std::set<std::string>& variants : model_variants()) {
        const ArmModel arm = arm_model_of(variants);
        std::vector<Clause> clauses;
        std::vector<Finding*> open;
        for (std::size_t i = 0; i < arm.clauses.size(); ++i) {
            const auto finding = findings.find(arm.keys[i]);
            if (finding == findings.end() || finding->second.relations) continue;
            clauses.push_back(arm.clauses[i]);
            open.push_back(&finding->second);
        }
        for (const std::size_t i : noticed_by_relations(arm.model, clauses, asking.executions, 7))
            open[i]->relations = true;
    }
}

void ask_litmus_tests(const Asking& asking, Findings& findings) {
    for (const std::set<std::string>& variants : litmus_variants) {
        const ArmModel arm = arm_model_of(variants);
        for (const std::string& folder : asking.litmus) {
            std::vector<LitmusTest> all = litmus_tests_below(folder);
            if (all.size() > asking.tests) all.resize(asking.tests);
            std::size_t done = 0;
            for (const LitmusTest& test : all) {
                ask_test(test, arm, variants, asking.milliseconds, findings);
                if (++done % 20 == 0 || done == all.size())
                    say_progress("litmus", done, all.size(), findings);
            }
        }
    }
}

void ask_schedules(const Asking& asking, Findings& findings) {
    for (const std::string& folder : asking.schedules) {
        const std::vector<ScheduleCase> cases = schedule_cases_below(folder);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            ask_case(cases[i], asking.milliseconds, findings);
            if ((i + 1) % 10 == 0) say_progress("schedules", i + 1, cases.size(), findings);
        }
    }
    for (std::uint64_t seed = 1; seed <= asking.random_schedules; ++seed) {
        if (const auto schedule = random_case(seed)) ask_case(*schedule, asking.milliseconds, findings);
        if (seed % 100 == 0) say_progress("random schedules", seed, asking.random_schedules, findings);
    }
}

std::vector<std::string> ask_again(const Asking& asking, const std::map<std::string, KeptFinding>& kept,
                                   Findings& findings) {
    std::vector<std::string> lost;
    Questions litmus, schedules;
    for (auto& [key, finding] : findings) {
        const auto known = kept.find(text_of(key));
        if (known == kept.end()) {
            fmt::print("{}: newer than the report\n", text_of(key));
            continue;
        }
        finding.litmus = known->second.litmus;
        finding.schedule = known->second.schedule;
        if (!finding.litmus.empty()) litmus[finding.litmus].push_back(key);
        if (!finding.schedule.empty()) schedules[finding.schedule].push_back(key);
    }
    std::ranges::move(litmus_again(asking, litmus), std::back_inserter(lost));
    std::ranges::move(schedules_again(asking, schedules), std::back_inserter(lost));
    return lost;
}

}  // namespace tlbcheck::tests
