// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck check FILE...: a verdict for each question of each file.
#include <fmt/format.h>

#include <memory>

#include "checker/cli/certificate_option.hpp"
#include "checker/cli/common.hpp"
#include "checker/report/check_json.hpp"
#include "checker/report/check_text.hpp"
#include "checker/text/progress.hpp"
#include "litmus/source_file.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct CheckOptions : CommonOptions {
    std::vector<std::string> files;
    std::vector<std::string> kinds;
    std::string certify, smt2;
    bool strict = false;
};

/// nullopt after having printed what is wrong.
std::optional<Kinds> read_kinds(const std::vector<std::string>& paths) {
    Kinds all;
    for (const std::string& path : paths) {
        std::string why;
        const litmus::Source source = litmus::read_list(path, why);
        if (!source) {
            fmt::print(stderr, "tlbcheck: error: cannot read '{}': {}\n", litmus::printable(path, 400), why);
            return std::nullopt;
        }
        auto kinds = parse_kinds(source);
        if (!kinds) {
            fmt::print(stderr, "{}", litmus::render(kinds.diagnostics()));
            return std::nullopt;
        }
        for (const auto& [name, kind] : kinds.value()) all[name] = kind;
    }
    return all;
}

int run(const CheckOptions& o) {
    auto engine = engine_options(o);
    const auto files = shard_of(o.files, o.shard);
    const auto kinds = read_kinds(o.kinds);
    const auto policy = color_policy(o);
    if (!engine || !files || !kinds || !policy) return bad_input;
    if (!o.json && !o.verbose) engine->schedule.causes = Causes::failed;  // no others are printed
    const auto jobs = load_all(*files, *engine);
    if (!jobs) return bad_input;
    CertificateOption certificate(o.certify, *engine);
    if (!certificate.ok()) return bad_input;
    EngineOptions asked = certificate.options();
    asked.schedule.smt2 = !o.smt2.empty();
    TextOptions text;
    text.detail = o.quiet ? Detail::quiet : o.verbose ? Detail::verbose : Detail::normal;
    text.paint = Painter(use_color(*policy, 1));
    Progress progress(progress_wanted(o.quiet) && jobs->size() > 1, jobs->size());
    std::vector<FileReport> reports(jobs->size());
    const auto work = [&](std::size_t i) {
        progress.start(file_of((*jobs)[i]));
        reports[i] = check((*jobs)[i], asked);
        if (o.strict) be_strict(reports[i]);
        const auto* test = std::get_if<LitmusJob>(&(*jobs)[i]);
        if (test != nullptr && !o.kinds.empty()) {
            apply_kinds(reports[i], *kinds, test->program.quantifier == model::Quantifier::forall);
        }
        progress.finish();
    };
    const auto done = [&](std::size_t i) {
        if (o.json) return;
        progress.clear();
        print(check_text(reports[i], text));
    };
    run_in_order(jobs->size(), o.jobs, work, done);
    std::string smt2;
    for (const FileReport& report : reports) smt2 += report.smt2;
    if (!o.smt2.empty() && !write_output(o.smt2, smt2)) return bad_input;
    if (!certificate.finish(exit_code(reports))) return bad_input;
    if (o.json) print(check_json(reports));
    return static_cast<int>(exit_code(reports));
}

}  // namespace

Command check_command() {
    auto o = std::make_shared<CheckOptions>();
    Command command{
        "check",
        "says for each question whether some execution violates it",
        "Example: tlbcheck check examples/unmap_hotplug/per_leaf.sched",
        {texts("FILE", o->files, "", "schedules (.sched), litmus tests (.litmus) and casemate logs")
             .must_be_given(),
         flag("--json", o->json, "one JSON document (docs/reports.md)"),
         texts("--kinds", o->kinds, "FILE", "expected kinds of litmus tests (herdtools7's kinds.txt)"),
         certify_option(o->certify),
         text("--smt2", o->smt2, "FILE", "write the questions of the schedules as SMT-LIB 2"),
         flag("--strict", o->strict, "an answer fails where no execution is allowed at all"),
         flag("--any-size", o->any_size, "say whether the verdict holds for every size of the region"),
         shard_option(*o)},
        [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
