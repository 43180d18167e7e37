// SPDX-License-Identifier: Apache-2.0
//
// Runs the plan and sets the answers against expectations and baseline.

#include "checker/gate/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "checker/gate/merged_steps.hpp"
#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {
namespace {

bool schedule_verdict(Verdict verdict) {
    return verdict == Verdict::safe || verdict == Verdict::unsafe;
}

/// An expectation that the front end can never meet, such as `allowed` of a schedule, is a mistake in the
/// file.
void check_fits(Verdict expected, const FileReport& report, const GateConfig& config, litmus::Place place) {
    const bool schedule = report.front_end != FrontEnd::litmus;
    if (schedule_verdict(expected) == schedule) return;
    throw litmus::InputError(
        fmt::format("'{}' is no verdict of {}", to_string(expected), litmus::printable(report.file)),
        config.source, place,
        schedule ? "a schedule's questions are safe or unsafe"
                 : "a litmus test's condition is allowed, forbidden or required");
}

void expect(QuestionReport& question, Verdict verdict) {
    question.expected = verdict;
    question.source = ExpectationSource::config;
}

void apply_expected(FileReport& report, const GateJob& job, const GateConfig& config) {
    if (job.expected.all) {
        check_fits(*job.expected.all, report, config, job.config_place);
        for (QuestionReport& question : report.questions) expect(question, *job.expected.all);
    }
    for (const ExpectedVerdicts::One& one : job.expected.each) {
        check_fits(one.verdict, report, config, one.place);
        bool found = false;
        for (QuestionReport& question : report.questions) {
            if (one.question != question.text && one.question != question.rule &&
                one.question != full_text(question))
                continue;
            expect(question, one.verdict);
            found = true;
        }
        if (found) continue;
        std::vector<std::string> names;
        for (const QuestionReport& question : report.questions) names.push_back(question.text);
        throw litmus::InputError(fmt::format("'{}' is no question of {}", litmus::printable(one.question),
                                             litmus::printable(report.file)),
                                 config.source, one.place,
                                 fmt::format("its questions: {}", fmt::join(names, ", ")));
    }
}

/// Takes over what one configuration says of a question that another one asked in the same words (a question
/// with a `with` block comes out the same in several). The configuration file must not contradict itself.
void reconcile(QuestionReport& kept, const QuestionReport& other, const GateConfig& config,
               const GateJob& job) {
    if (other.source != ExpectationSource::config) return;
    if (kept.source == ExpectationSource::config && kept.expected != other.expected) {
        throw litmus::InputError(
            fmt::format("two verdicts are expected of {}: {}", litmus::printable(job.file), full_text(kept)),
            config.source, job.config_place);
    }
    expect(kept, *other.expected);
}

/// Adds the questions of one configuration to the file's report, equal ones once.
void merge(FileReport& into, FileReport from, const GateConfig& config, const GateJob& job) {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < into.questions.size(); ++i) seen.emplace(full_text(into.questions[i]), i);
    for (QuestionReport& question : from.questions) {
        const auto [found, fresh] = seen.emplace(full_text(question), into.questions.size());
        if (fresh)
            into.questions.push_back(std::move(question));
        else
            reconcile(into.questions[found->second], question, config, job);
    }
    for (std::string& warning : from.warnings) {
        if (std::find(into.warnings.begin(), into.warnings.end(), warning) == into.warnings.end()) {
            into.warnings.push_back(std::move(warning));
        }
    }
    if (into.minimized && from.minimized) merge_steps(*into.minimized, *from.minimized);
    if (into.error.empty()) into.error = std::move(from.error);
    if (into.internal_error.empty()) into.internal_error = std::move(from.internal_error);
}

GateResult judged(const GatePlan& plan, std::vector<FileReport> reports) {
    GateResult result;
    for (std::size_t i = 0; i < plan.jobs.size(); ++i) {
        reports.at(i).file = plan.jobs[i].file;
        if (verdict_of(reports[i]) != FileVerdict::error)
            apply_expected(reports[i], plan.jobs[i], plan.config);
        if (!result.files.empty() && result.files.back().file == reports[i].file) {
            merge(result.files.back(), std::move(reports[i]), plan.config, plan.jobs[i]);
        } else {
            result.files.push_back(std::move(reports[i]));
        }
    }
    const Baseline now = baseline_of(result.files);
    if (plan.baseline) {
        result.has_baseline = true;
        result.baseline_path = plan.baseline_path;
        result.gone = apply_baseline(result.files, *plan.baseline);
        result.new_baseline = updated(*plan.baseline, now);
    } else {
        result.new_baseline = now;
    }
    return result;
}

}  // namespace

std::function<std::vector<FileReport>(const std::vector<GateJob>&)> one_by_one(
    std::function<FileReport(const std::string& file, const RunOptions& options)> run) {
    return [run = std::move(run)](const std::vector<GateJob>& jobs) {
        std::vector<FileReport> reports;
        for (const GateJob& job : jobs) reports.push_back(run(job.file, job.options));
        return reports;
    };
}

litmus::Result<GateResult> run_gate(const GatePlan& plan, const GateEngine& engine) {
    return litmus::collect([&] {
        if (engine.parse) {
            std::vector<litmus::Diagnostic> wrong = engine.parse(plan.jobs);
            if (!wrong.empty()) throw litmus::InputError(std::move(wrong));
        }
        return judged(plan, engine.run(plan.jobs));
    });
}

ExitCode exit_code(const GateResult& result) {
    const ExitCode code = exit_code(result.files);
    const bool fine = code == ExitCode::ok || code == ExitCode::undecided;
    return fine && !result.gone.empty() ? ExitCode::failed : code;
}

std::string gate_json(const GateResult& result) {
    Json document = document_head("tlbcheck.gate/1");
    document["summary"] = summary_of(result.files);
    document["exit_code"] = static_cast<int>(exit_code(result));
    document["baseline"] = nullptr;
    if (result.has_baseline) document["baseline"] = {{"file", result.baseline_path}, {"gone", result.gone}};
    document["files"] = Json::array();
    for (const FileReport& file : result.files) document["files"].push_back(json_of(file));
    return dumped(document);
}

}  // namespace tlbcheck::checker
