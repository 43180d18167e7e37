// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck minimize FILE: which steps of a safe schedule are needed, and the cheapest one that is still safe.
#include <fmt/format.h>

#include <memory>

#include "checker/advice/minimize.hpp"
#include "checker/cli/common.hpp"
#include "checker/report/advice_text.hpp"
#include "checker/report/page_writer.hpp"
#include "checker/text/terminal.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct MinimizeOptions : CommonOptions {
    std::string file;
    std::string output, html;
};

/// The page of the file's own answers, with the table and the counterexamples behind it.
Explanation page_of(const ScheduleJob& job, const ScheduleOptions& options, MinimizeReport report) {
    FileReport answers;
    Explanation page = explain_schedule(job, options, answers);
    ExplainedMinimum& minimum = page.minimum.emplace();
    for (const StepReport& row : report.steps) {
        ExplainedStep& step = minimum.steps.emplace_back();
        step.step = {row.place, row.called_from, row.statement, row.need, row.weaker, row.note};
        if (row.without) step.without = fmt::format("{}: {}", row.without->question, row.without->sentence);
        if (row.explained) step.question = page.questions.size() + *row.explained;
    }
    if (report.cheapest) {
        minimum.changes = report.cheapest->changes;
        minimum.diff = report.cheapest->diff;
    }
    for (QuestionExplanation& explained : report.explained) page.questions.push_back(std::move(explained));
    return page;
}

MinimizeReport unread_minimize(const UnreadJob& job) {
    MinimizeReport report;
    report.file = job.file;
    report.reason = job.reason;
    return report;
}

int run_minimize(const MinimizeOptions& o) {
    const auto job = load_for_advice("minimize", o.file, o);
    if (!job || (!o.output.empty() && !advice_is_text(*job))) return bad_input;
    const auto engine = engine_options(o);
    const MinimizeReport report =
        std::holds_alternative<ScheduleJob>(*job)
            ? minimize(std::get<ScheduleJob>(*job), engine->schedule,
                       o.html.empty() ? MinimizeDepth::all : MinimizeDepth::explained)
            : unread_minimize(std::get<UnreadJob>(*job));
    if (!report.internal_error.empty())
        fmt::print(stderr, "tlbcheck: internal error: {}\n", report.internal_error);
    print(o.json ? minimize_json(report)
                 : minimize_text(report, Painter(use_color(*color_policy(o), 1)), terminal_width(1)));
    const bool safe = report.outcome == AdviceOutcome::done || report.outcome == AdviceOutcome::nothing_to_do;
    if (!o.output.empty() && safe && std::holds_alternative<ScheduleJob>(*job)) {
        const std::string& same = std::get<ScheduleJob>(*job).parsed.sources().front()->text;
        if (!write_output(o.output, report.cheapest ? report.cheapest->text : same)) return bad_input;
    }
    if (!o.html.empty() && std::holds_alternative<ScheduleJob>(*job) &&
        !write_output(o.html, explain_html(page_of(std::get<ScheduleJob>(*job), engine->schedule, report))))
        return bad_input;
    return static_cast<int>(exit_code(report));
}

}  // namespace

Command minimize_command() {
    auto o = std::make_shared<MinimizeOptions>();
    Command command{
        "minimize",
        "which barriers and TLBIs are needed, and the cheapest schedule that is still safe",
        "Example: tlbcheck minimize examples/unmap_hotplug/batched.sched",
        {text("FILE", o->file, "", "a schedule whose assertions hold").must_be_given(),
         text("-o,--output", o->output, "FILE", "write the cheapest schedule ('-': standard output)"),
         text("--html", o->html, "FILE", "write a page: the table, each counterexample as a timeline"),
         flag("--json", o->json, "one JSON document (docs/advice.md)")},
        [o] { return run_minimize(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
