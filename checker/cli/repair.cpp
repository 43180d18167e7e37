// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck repair FILE: small changes of an unsafe schedule that make every question of it safe.
#include <fmt/format.h>

#include <memory>

#include "checker/advice/repair.hpp"
#include "checker/cli/common.hpp"
#include "checker/report/advice_text.hpp"
#include "checker/text/terminal.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct RepairOptions : CommonOptions {
    std::string file;
    std::string output;
};

RepairReport unread_repair(const UnreadJob& job) {
    RepairReport report;
    report.file = job.file;
    report.reason = job.reason;
    return report;
}

int run_repair(const RepairOptions& o) {
    const auto job = load_for_advice("repair", o.file, o);
    if (!job || (!o.output.empty() && !advice_is_text(*job))) return bad_input;
    const auto engine = engine_options(o);
    const RepairReport report = std::holds_alternative<ScheduleJob>(*job)
                                    ? repair(std::get<ScheduleJob>(*job), engine->schedule)
                                    : unread_repair(std::get<UnreadJob>(*job));
    if (!report.internal_error.empty())
        fmt::print(stderr, "tlbcheck: internal error: {}\n", report.internal_error);
    print(o.json ? repair_json(report)
                 : repair_text(report, Painter(use_color(*color_policy(o), 1)), terminal_width(1)));
    if (!o.output.empty() && !report.repairs.empty() && !write_output(o.output, report.repairs.front().text))
        return bad_input;
    return static_cast<int>(exit_code(report));
}

}  // namespace

Command repair_command() {
    auto o = std::make_shared<RepairOptions>();
    Command command{"repair",
                    "small changes that make an unsafe schedule safe, the cheapest first",
                    "Example: tlbcheck repair examples/unmap_hotplug/per_leaf.sched",
                    {text("FILE", o->file, "", "a schedule with a violated property").must_be_given(),
                     text("-o,--output", o->output, "FILE", "write the first repair ('-': standard output)"),
                     flag("--json", o->json, "one JSON document (docs/advice.md)")},
                    [o] { return run_repair(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
