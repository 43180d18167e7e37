// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck explain FILE: the counterexample as a timeline, or the orderings that exclude it; as text, JSON,
// HTML, SVG, DOT.
#include <fmt/format.h>

#include <memory>

#include "checker/cli/common.hpp"
#include "checker/report/dot.hpp"
#include "checker/report/explain_json.hpp"
#include "checker/report/page_writer.hpp"
#include "checker/report/svg.hpp"
#include "checker/report/trace_text.hpp"
#include "checker/text/terminal.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct ExplainOptions : CommonOptions {
    std::string file;
    std::string html, svg, dot;
    bool trace = false;
};

Explanation explain(const Job& job, const EngineOptions& options, FileReport& report) {
    if (const auto* schedule = std::get_if<ScheduleJob>(&job))
        return explain_schedule(*schedule, options.schedule, report);
    if (const auto* test = std::get_if<LitmusJob>(&job)) return explain_litmus(*test, report);
    const auto& unread = std::get<UnreadJob>(job);
    report = unread_report(unread);
    Explanation explanation;
    explanation.file = unread.file;
    explanation.front_end = unread.front_end;
    explanation.questions.push_back({report.questions.front(), {}, {}, {}});
    return explanation;
}

bool write_files(const ExplainOptions& o, const Explanation& explanation) {
    bool ok = true;
    if (!o.html.empty()) ok = write_output(o.html, explain_html(explanation)) && ok;
    if (!o.svg.empty()) ok = write_output(o.svg, explain_svg(explanation)) && ok;
    if (!o.dot.empty()) ok = write_output(o.dot, explain_dot(explanation)) && ok;
    return ok;
}

int run(const ExplainOptions& o) {
    const auto engine = engine_options(o);
    const auto policy = color_policy(o);
    if (!engine || !policy) return bad_input;
    const auto jobs = load_all({o.file}, *engine);
    if (!jobs) return bad_input;
    FileReport report;
    const Explanation explanation = explain(jobs->front(), *engine, report);
    if (!report.error.empty()) fmt::print(stderr, "{}\n", report.error);
    if (!report.internal_error.empty())
        fmt::print(stderr, "tlbcheck: internal error: {}\n", report.internal_error);
    for (const std::string& warning : report.warnings)
        fmt::print(stderr, "{}: warning: {}\n", report.file, warning);
    if (!write_files(o, explanation)) return bad_input;
    const bool to_file = !o.html.empty() || !o.svg.empty() || !o.dot.empty();
    if (o.json) {
        print(explain_json(explanation));
    } else if (o.trace || !to_file) {
        print(trace_text(explanation, Painter(use_color(*policy, 1)), terminal_width(1)));
    }
    return static_cast<int>(exit_code({report}));
}

}  // namespace

Command explain_command() {
    auto o = std::make_shared<ExplainOptions>();
    Command command{"explain",
                    "shows the counterexample as a timeline, or why it cannot happen",
                    "Example: tlbcheck explain --html witness.html examples/unmap_hotplug/per_leaf.sched",
                    {text("FILE", o->file, "", "a schedule or a litmus test").must_be_given(),
                     flag("--json", o->json, "one JSON document (docs/reports.md)"),
                     flag("--trace", o->trace, "plain text (the default, unless a file is written)"),
                     text("--html", o->html, "FILE", "write a self-contained page ('-': standard output)"),
                     text("--svg", o->svg, "FILE", "write one still picture"),
                     text("--dot", o->dot, "FILE", "write the execution graph for Graphviz")},
                    [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
