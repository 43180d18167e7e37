// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck compare A B: two schedules side by side: verdicts, witness, and what each costs.
#include <fmt/format.h>

#include <memory>

#include "checker/cli/common.hpp"
#include "checker/report/comparison_text.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct CompareOptions : CommonOptions {
    std::vector<std::string> files;
};

ComparedSchedule compared(const Job& job, const EngineOptions& options) {
    if (const auto* schedule = std::get_if<ScheduleJob>(&job))
        return cost_of_schedule(*schedule, options.schedule);
    ComparedSchedule result;
    result.report = unread_report(std::get<UnreadJob>(job));
    result.witnesses.emplace_back();
    return result;
}

int run(const CompareOptions& o) {
    const auto engine = engine_options(o);
    const auto policy = color_policy(o);
    if (!engine || !policy) return bad_input;
    for (const std::string& file : o.files) {
        if (!is_litmus(file)) continue;
        fmt::print(stderr, "tlbcheck: error: {}: compare takes schedules\n", litmus::printable(file, 400));
        return bad_input;
    }
    const auto jobs = load_all(o.files, *engine);
    if (!jobs) return bad_input;
    Comparison comparison;
    comparison.a = compared(jobs->front(), *engine);
    comparison.b = compared(jobs->back(), *engine);
    print(o.json ? comparison_json(comparison) : comparison_text(comparison, Painter(use_color(*policy, 1))));
    return static_cast<int>(exit_code({comparison.a.report, comparison.b.report}));
}

}  // namespace

Command compare_command() {
    auto o = std::make_shared<CompareOptions>();
    Command command{"compare",
                    "two schedules side by side: verdict, witness, cost",
                    "Example: tlbcheck compare examples/unmap_hotplug/per_leaf.sched "
                    "examples/unmap_hotplug/batched.sched",
                    {texts("FILE", o->files, "", "two schedules").must_be_given().times(2),
                     flag("--json", o->json, "one JSON document")},
                    [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
