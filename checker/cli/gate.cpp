// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck gate [DIR|FILE...]: the front for CI: expectations, baseline, JUnit, SARIF, annotations.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "checker/advice/minimize.hpp"
#include "checker/cli/certificate_option.hpp"
#include "checker/cli/common.hpp"
#include "checker/gate/gate.hpp"
#include "checker/report/annotations.hpp"
#include "checker/report/junit.hpp"
#include "checker/report/sarif.hpp"
#include "checker/text/progress.hpp"
#include "litmus/source_file.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct GateOptions : CommonOptions {
    std::vector<std::string> paths;
    std::vector<std::string> kinds;
    std::string config, baseline, junit, sarif, certify;
    bool update_baseline = false;
    bool github = false;
    bool no_strict = false;
    bool minimize = false;
};

/// Which steps of a schedule that passes are needed. An internal error becomes the report's.
void add_steps(FileReport& report, const Job& job, const EngineOptions& options) {
    const auto* schedule = std::get_if<ScheduleJob>(&job);
    if (schedule == nullptr) return;
    const MinimizeReport found = minimize(*schedule, options.schedule, MinimizeDepth::steps);
    MinimizedSteps& steps = report.minimized.emplace();
    if (found.outcome == AdviceOutcome::not_safe)
        steps.why_not = "an assertion is violated";
    else if (found.outcome != AdviceOutcome::done)
        steps.why_not = found.reason;
    for (const StepReport& step : found.steps)
        steps.steps.push_back(
            {step.place, step.called_from, step.statement, step.need, step.weaker, step.note});
    if (!found.internal_error.empty()) report.internal_error = found.internal_error;
}

/// Options of one job as the engines take them.
EngineOptions engine_options_of(const EngineOptions& common, const RunOptions& run) {
    EngineOptions result = common;
    result.schedule.expand.hardware = run.hardware;
    result.schedule.expand.defines = run.defines;
    if (run.timeout) {
        result.schedule.limits.milliseconds = milliseconds_of(*run.timeout);
        result.litmus.limits = result.schedule.limits;
    }
    if (run.variant) {
        CommonOptions variant;
        variant.variant = *run.variant;
        result.litmus.read.variants = engine_options(variant)->litmus.read.variants;
    }
    return result;
}

/// Jobs loaded by parse() and answered by run(); kinds files are read once.
class Engine {
  public:
    Engine(EngineOptions common, const GateOptions& options)
        : common_(std::move(common)), options_(options) {}

    std::vector<litmus::Diagnostic> parse(const std::vector<GateJob>& jobs) {
        std::vector<litmus::Diagnostic> diagnostics;
        for (const GateJob& job : jobs) {
            auto loaded = load(job.file, engine_options_of(common_, job.options));
            const auto& said = loaded.diagnostics();
            diagnostics.insert(diagnostics.end(), said.begin(), said.end());
            loaded_.push_back(loaded.ok() ? std::optional<Job>(std::move(loaded).value()) : std::nullopt);
            for (const std::string& path : job.options.kinds) read_kinds(path, diagnostics);
        }
        add_idle_option(diagnostics);
        return diagnostics;
    }

    std::vector<FileReport> run(const std::vector<GateJob>& jobs) {
        std::vector<FileReport> reports(jobs.size());
        Progress progress(progress_wanted(options_.quiet), jobs.size());
        run_in_order(
            jobs.size(), options_.jobs,
            [&](std::size_t i) {
                progress.start(jobs[i].file);
                reports[i] = answer(jobs[i], *loaded_[i]);
                progress.finish();
            },
            [](std::size_t) {});
        return reports;
    }

  private:
    FileReport answer(const GateJob& job, const Job& loaded) const {
        FileReport report = check(loaded, engine_options_of(common_, job.options));
        if (!options_.no_strict) be_strict(report);
        if (options_.minimize) add_steps(report, loaded, engine_options_of(common_, job.options));
        const auto* test = std::get_if<LitmusJob>(&loaded);
        if (test == nullptr || job.options.kinds.empty()) return report;
        Kinds kinds;
        for (const std::string& path : job.options.kinds) {
            const auto it = kinds_.find(path);
            if (it != kinds_.end()) kinds.insert(it->second.begin(), it->second.end());
        }
        apply_kinds(report, kinds, test->program.quantifier == model::Quantifier::forall);
        return report;
    }

    void add_idle_option(std::vector<litmus::Diagnostic>& diagnostics) const {
        InputKinds kinds;
        for (const std::optional<Job>& job : loaded_) {
            if (!job) return;  // that one's error is told
            kinds.add(*job);
        }
        litmus::Diagnostic d;
        d.message = idle_option(common_, kinds);
        if (!d.message.empty() && !loaded_.empty()) diagnostics.push_back(d);
    }

    void read_kinds(const std::string& path, std::vector<litmus::Diagnostic>& diagnostics) {
        if (kinds_.contains(path)) return;
        std::string why;
        const litmus::Source source = litmus::read_list(path, why);
        if (!source) {
            litmus::Diagnostic d;
            d.message = fmt::format("cannot read '{}': {}", litmus::printable(path, 400), why);
            diagnostics.push_back(d);
            return;
        }
        auto kinds = parse_kinds(source);
        diagnostics.insert(diagnostics.end(), kinds.diagnostics().begin(), kinds.diagnostics().end());
        if (kinds.ok()) kinds_.emplace(path, kinds.value());
    }

    EngineOptions common_;
    const GateOptions& options_;
    std::vector<std::optional<Job>> loaded_;
    std::map<std::string, Kinds> kinds_;
};

GateRequest request_of(const GateOptions& o, const EngineOptions& engine, const Shard& shard) {
    GateRequest request;
    request.paths = o.paths;
    if (!o.config.empty()) request.config = o.config;
    if (!o.baseline.empty()) request.baseline = o.baseline;
    request.update_baseline = o.update_baseline;
    request.include_root = o.include_root;
    request.options.hardware = engine.schedule.expand.hardware;
    request.options.defines = engine.schedule.expand.defines;
    if (!o.variant.empty()) request.options.variant = o.variant;
    request.options.timeout = o.timeout;
    request.options.kinds = o.kinds;
    request.shard = shard.index;
    request.shards = shard.total;
    return request;
}

bool write_reports(const GateOptions& o, const GateResult& result) {
    bool ok = true;
    if (!o.junit.empty()) ok = write_output(o.junit, junit_xml(result.files)) && ok;
    if (!o.sarif.empty()) ok = write_output(o.sarif, sarif(result.files)) && ok;
    if (o.update_baseline) ok = write_output(result.baseline_path, baseline_json(result.new_baseline)) && ok;
    return ok;
}

int run(const GateOptions& o) {
    const auto engine_opts = engine_options(o);
    const auto policy = color_policy(o);
    const auto shard = parse_shard(o.shard);
    if (!engine_opts || !policy || !shard) return bad_input;
    const auto plan = plan_gate(request_of(o, *engine_opts, *shard));
    if (!plan) {
        fmt::print(stderr, "{}", litmus::render(plan.diagnostics()));
        return bad_input;
    }
    CertificateOption certificate(o.certify, *engine_opts);
    if (!certificate.ok()) return bad_input;
    EngineOptions asked = certificate.options();
    asked.schedule.flows = !o.sarif.empty();
    Engine engine(std::move(asked), o);
    const GateEngine calls{[&](const auto& jobs) { return engine.parse(jobs); },
                           [&](const auto& jobs) { return engine.run(jobs); }};
    const auto result = run_gate(plan.value(), calls);
    if (!result.diagnostics().empty()) fmt::print(stderr, "{}", litmus::render(result.diagnostics()));
    if (!result) return bad_input;
    if (!write_reports(o, result.value())) return bad_input;
    if (!certificate.finish(exit_code(result.value()))) return bad_input;
    if (o.github) print(github_annotations(result.value().files));
    print(o.json ? gate_json(result.value())
                 : gate_summary(result.value(), Painter(use_color(*policy, 1)), o.verbose));
    return static_cast<int>(exit_code(result.value()));
}

}  // namespace

Command gate_command() {
    auto o = std::make_shared<GateOptions>();
    Command command{
        "gate",
        "runs everything below a folder against its expectations, for CI",
        "Example: tlbcheck gate --junit report.xml examples",
        {texts("PATH", o->paths, "", "folders and files (default: the working folder)"),
         text("--config", o->config, "FILE", "tlbcheck.toml to use"),
         text("--baseline", o->baseline, "FILE", "accept what it records, fail on what is new or fixed"),
         flag("--update-baseline", o->update_baseline, "write the baseline file from this run"),
         text("--junit", o->junit, "FILE", "write JUnit XML"),
         text("--sarif", o->sarif, "FILE", "write SARIF 2.1.0"), certify_option(o->certify),
         flag("--no-strict", o->no_strict, "an answer may pass though no execution is allowed at all"),
         flag("--minimize", o->minimize, "note the barriers and TLBIs that could be left out or weaker"),
         flag("--github", o->github, "annotations for GitHub Actions"),
         flag("--json", o->json, "one JSON document (docs/reports.md)"),
         texts("--kinds", o->kinds, "FILE", "expected kinds of litmus tests"), shard_option(*o)},
        [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
