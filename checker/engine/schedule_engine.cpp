// SPDX-License-Identifier: Apache-2.0
//
// All questions of a schedule file, and their explanations.
#include "checker/engine/schedule_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "checker/advice/why_safe.hpp"
#include "checker/certificate/certificate.hpp"
#include "checker/certificate/smt2.hpp"
#include "checker/engine/asked_formulas.hpp"
#include "checker/engine/narrow_barrier.hpp"
#include "checker/engine/question_engine.hpp"
#include "checker/engine/schedule_proof.hpp"
#include "checker/engine/whole_timeline.hpp"
#include "checker/report/kernel_place.hpp"
#include "checker/text/text_tools.hpp"
#include "litmus/casemate/reader.hpp"
#include "litmus/source_file.hpp"
#include "model/limits/budget.hpp"
#include "model/machine/replay.hpp"

namespace tlbcheck::checker {

namespace {

FileReport empty_report(const ScheduleJob& job) {
    FileReport report;
    report.file = job.file;
    report.front_end = job.front_end;
    report.title = job.program.title;
    report.warnings = job.notes;
    if (job.questions.empty() && job.front_end == FrontEnd::sched)
        report.warnings.emplace_back("the file asks nothing: it has no `assert` and no `witness`");
    for (std::string& warning : narrow_barriers(job.program)) report.warnings.push_back(std::move(warning));
    for (const litmus::sched::EmptyStatement& nothing : job.empty_statements) {
        std::string inner;
        if (nothing.helper_place != nothing.place)
            inner = fmt::format(" (in {})", to_string(place_of(job.program, nothing.helper_place)));
        report.warnings.push_back(
            fmt::format("{}{}: {}", to_string(place_of(job.program, nothing.place)), inner, nothing.what));
    }
    std::set<const model::ScheduleProgram*> seen;
    for (const auto& question : job.questions) {
        // Questions about other hardware have programs of their own, of which most is the same.
        if (!seen.insert(question.program.get()).second) continue;
        for (KernelNoteReport& note : kernel_notes(*question.program))
            if (std::ranges::find(report.kernel, note) == report.kernel.end())
                report.kernel.push_back(std::move(note));
    }
    for (const KernelNoteReport& note : report.kernel)
        if (note.kind == model::KernelNote::Kind::warning) report.warnings.push_back(text_of(note));
    return report;
}

/// The file below the kernel's tree; nullptr where there is none.
litmus::Source kernel_text(const std::string& tree, const std::string& file) {
    if (tree.empty() || file.empty()) return nullptr;
    std::string why;
    return litmus::read_source((std::filesystem::path(tree) / file).string(), why);
}

/// The line of a frame without the spaces around it; empty where the text is not there.
std::string kernel_line(const std::string& tree, const model::KernelFrame& frame) {
    const litmus::Source source = kernel_text(tree, frame.file);
    return source ? line_of(frame, shown_lines(source->text)) : "";
}

/// The texts of the kernel's files that the steps name.
void add_kernel_sources(Explanation& explanation, const std::string& tree) {
    std::set<std::string> files;
    for (const QuestionExplanation& entry : explanation.questions) {
        if (!entry.timeline) continue;
        for (const TimelineStep& step : entry.timeline->steps)
            if (!step.kernel.empty()) files.insert(shown_frame(step.kernel).file);
    }
    for (const std::string& file : files)
        if (const litmus::Source source = kernel_text(tree, file))
            explanation.sources.push_back({file, shown_lines(source->text)});
}

/// Replays the witness on the operational machine; what it did is the timeline, with every instruction of the
/// program. A run that the machine cannot make is an internal disagreement.
std::optional<Timeline> timeline_of(QuestionAnswer& answer, const model::ScheduleProgram& program,
                                    const model::Property& property, FileReport& report) {
    model::Replay replayed = model::replay(*answer.witness_schedule, property, answer.witness->witness);
    if (!replayed.timeline) {
        if (replayed.result == model::Replay::Result::impossible) {
            report.internal_error = fmt::format("{}: the TLB machine cannot replay the witness: {}",
                                                property.text, replayed.reason);
        } else {
            answer.report.warnings.push_back("the witness has no timeline: " + replayed.reason);
        }
        return std::nullopt;
    }
    Timeline timeline = std::move(*replayed.timeline);
    timeline.cause = answer.report.reason;
    add_rest(timeline, {program, property.hardware, *answer.witness_schedule, property.kind,
                        answer.witness->witness.observer});
    if (instruction_count(timeline) != instruction_count(program)) {
        report.internal_error =
            fmt::format("{}: the timeline has {} of the schedule's {} instructions", property.text,
                        instruction_count(timeline), instruction_count(program));
    }
    return timeline;
}

Proof proof_of(const QuestionAnswer& answer, const model::ScheduleProgram& program,
               const model::Property& property) {
    Proof proof;
    proof.summary = why_safe(program, property);
    // What break-before-make asks has no readings to exclude.
    if (property.kind == model::PropertyKind::no_bbm_violation) return proof;
    std::uint64_t readings = 0;
    std::vector<ExcludedReading> all;
    for (const model::Slice& slice : answer.slicing->slices) {
        for (ExcludedReading& r : prove_slice(slice.schedule, property.kind)) {
            r.stands_for *= std::max<std::uint64_t>(1, slice.leaves);
            readings += r.stands_for;
            all.push_back(std::move(r));
        }
    }
    constexpr std::size_t shown = 24;
    proof.excluded.assign(all.begin(),
                          all.begin() + static_cast<std::ptrdiff_t>(std::min(shown, all.size())));
    if (!proof.summary.empty()) proof.summary += ' ';
    proof.summary +=
        all.empty() ? "No wrong reading is even conceivable: nothing that the property forbids has a source."
                    : fmt::format("Every one of {} conceivable wrong readings closes a cycle of orderings.",
                                  readings);
    return proof;
}

/// A witness was judged when it was found, and stays a witness without its timeline; a safe answer that was
/// to be proved and could not be is undecided.
QuestionExplanation explain_answer(QuestionAnswer& answer, const model::ScheduleProgram& program,
                                   const model::Property& property, FileReport& report) {
    QuestionExplanation entry;
    try {
        if (answer.report.verdict == Verdict::unsafe && answer.witness) {
            entry.graph = answer.witness->graph;
            entry.timeline = timeline_of(answer, program, property, report);
        }
        if (answer.report.verdict == Verdict::safe && answer.slicing)
            entry.proof = proof_of(answer, program, property);
    } catch (...) {
        if (answer.report.verdict == Verdict::unsafe) {
            answer.report.warnings.push_back("the witness has no timeline: " +
                                             model::limit_that_was_reached());
        } else {
            answer.report.verdict = Verdict::undecided;
            answer.report.reason = model::limit_that_was_reached();
        }
    }
    return entry;
}

/// The source of the statement that starts at a place: up to its semicolon or brace.
std::string statement_at(const litmus::sched::ScheduleFile& parsed, const Place& place) {
    for (const auto& source : parsed.sources()) {
        if (source->name != place.file) continue;
        const std::vector<std::string> lines = shown_lines(source->text);
        if (place.line == 0 || place.line > lines.size()) return {};
        const std::string& line = lines[place.line - 1];
        if (place.column == 0 || place.column > line.size()) return {};
        const std::string rest = line.substr(place.column - 1);
        return rest.substr(0, rest.find_first_of(";{}"));
    }
    return {};
}

/// "flush_tlb_kernel_range(leaf): TLBI VAALE1IS, 0x...": the statement as written before the instruction it
/// stands for.
void name_statement(QuestionReport& report, const ScheduleJob& job, const ScheduleOptions& options) {
    if (!report.offence) return;
    if (!report.offence->kernel.empty()) {
        const std::string line = kernel_line(options.kernel_source, shown_frame(report.offence->kernel));
        if (!line.empty()) report.offence->text += ": " + line;
        return;
    }
    std::string statement = statement_at(job.parsed, report.offence->place);
    if (statement.empty()) return;
    if (!report.offence->text.empty()) statement += ": " + report.offence->text;
    report.offence->text = std::move(statement);
}

void add_any_size(QuestionAnswer& answer, const ScheduleJob& job, const litmus::sched::Question& question,
                  const ScheduleOptions& options) {
    if (answer.report.verdict == Verdict::undecided) return;
    try {
        answer.report.any_size = any_size_of(job, question, options, answer);
    } catch (...) {
        answer.report.any_size = AnySize{false, model::limit_that_was_reached()};
    }
}

/// A safe answer that cannot be certified is not given: it is undecided, or an internal disagreement.
void certify(QuestionAnswer& answer, const model::Property& property, Certificate& certificate,
             FileReport& report) {
    if (answer.report.verdict != Verdict::safe) return;
    const CertifyOutcome outcome =
        certificate.certify(report.file, answer.report, *answer.slicing, property.kind);
    if (!outcome.internal_error.empty()) report.internal_error = outcome.internal_error;
    if (!outcome.internal_error.empty() || !outcome.undecided.empty()) {
        answer.report.verdict = Verdict::undecided;
        answer.report.reason = outcome.internal_error.empty() ? outcome.undecided : "not certified";
        return;
    }
    answer.report.certificate = outcome.summary;
}

}  // namespace

namespace {

/// A casemate log: what is left to choose is the hardware.
litmus::Result<ScheduleJob> load_log(const litmus::Source& source, const ScheduleOptions& options,
                                     std::shared_ptr<model::Budget> budget) {
    const litmus::sched::ExpandOptions& expand = options.expand;
    if (!expand.defines.empty() || !expand.kernel_files.empty() || !expand.capabilities_file.empty()) {
        litmus::Diagnostic d;
        d.message = fmt::format("{}: a recorded run has no parameters and calls no kernel code",
                                litmus::printable(source->name, 400));
        d.hint = "leave out -D, --kernel and --capabilities";
        return litmus::Result<ScheduleJob>::failure({d});
    }
    auto log = litmus::casemate::read_log(source, expand.hardware);
    if (!log) return litmus::Result<ScheduleJob>::failure(log.diagnostics());
    model::ScheduleProgram program = *log.value().program;
    return ScheduleJob{
        source->name,      log.value().file,   std::move(log.value().questions), std::move(program), {},
        std::move(budget), FrontEnd::casemate, std::move(log.value().notes)};
}

}  // namespace

litmus::Result<ScheduleJob> load_schedule(const std::string& file, const ScheduleOptions& options) {
    using litmus::Diagnostic;
    auto budget = std::make_shared<model::Budget>(options.limits);
    const model::BudgetScope scope(*budget);
    std::string why;
    const bool log = litmus::casemate::is_log(file);
    const litmus::Source source = log ? litmus::read_list(file, why) : litmus::read_source(file, why);
    if (!source) {
        Diagnostic d;
        d.message = fmt::format("cannot read '{}': {}", litmus::printable(file, 400), why);
        return litmus::Result<ScheduleJob>::failure({d});
    }
    if (log) return load_log(source, options, std::move(budget));
    auto parsed = litmus::sched::parse_schedule(
        source, litmus::sched::include_resolver(litmus::IncludeRoot(source->name, options.include_root)));
    if (!parsed) return litmus::Result<ScheduleJob>::failure(parsed.diagnostics());
    std::vector<litmus::sched::EmptyStatement> empty;
    auto program = litmus::sched::expand(parsed.value(), options.expand, empty);
    if (!program) return litmus::Result<ScheduleJob>::failure(program.diagnostics());
    auto questions = litmus::sched::questions(parsed.value(), options.expand);
    if (!questions) return litmus::Result<ScheduleJob>::failure(questions.diagnostics());
    return ScheduleJob{source->name,     parsed.value(),   questions.value(), std::move(program).value(),
                       std::move(empty), std::move(budget)};
}

namespace {

/// Whether a recorded run would be safe without its flushes says nothing of the code that it is a run of.
ScheduleOptions asked_of(const ScheduleJob& job, const ScheduleOptions& options) {
    ScheduleOptions result = options;
    if (job.front_end == FrontEnd::casemate) result.vacuity = false;
    return result;
}

}  // namespace

FileReport check_schedule(const ScheduleJob& job, const ScheduleOptions& options) {
    const model::BudgetScope scope(*job.budget);
    FileReport report = empty_report(job);
    for (const auto& question : job.questions) {
        const model::Property& property = question.program->properties[question.property];
        QuestionAnswer answer = answer_question(*question.program, property, asked_of(job, options));
        if (!answer.internal_error.empty()) report.internal_error = answer.internal_error;
        name_statement(answer.report, job, options);
        if (options.smt2 && answer.slicing)
            report.smt2 += smt2_of(report.file, answer.report, *answer.slicing, property.kind);
        if (options.certificate != nullptr) certify(answer, property, *options.certificate, report);
        if (options.any_size) add_any_size(answer, job, question, options);
        if (options.flows && answer.report.verdict == Verdict::unsafe) {
            const QuestionExplanation told = explain_answer(answer, *question.program, property, report);
            if (told.timeline) answer.report.flow = flow_of(*told.timeline, answer.report.place);
        }
        report.questions.push_back(std::move(answer.report));
    }
    return report;
}

QuestionExplanation explain_question(const litmus::sched::Question& question, const ScheduleOptions& options,
                                     FileReport& report) {
    const model::Property& property = question.program->properties[question.property];
    QuestionAnswer answer = answer_question(*question.program, property, options);
    if (!answer.internal_error.empty()) report.internal_error = answer.internal_error;
    QuestionExplanation entry = explain_answer(answer, *question.program, property, report);
    entry.question = std::move(answer.report);
    return entry;
}

Explanation explain_schedule(const ScheduleJob& job, const ScheduleOptions& options, FileReport& report) {
    const model::BudgetScope scope(*job.budget);
    report = empty_report(job);
    Explanation explanation;
    explanation.file = job.file;
    explanation.front_end = job.front_end;
    explanation.title = job.program.title;
    for (const auto& question : job.questions) {
        const model::Property& property = question.program->properties[question.property];
        QuestionAnswer answer = answer_question(*question.program, property, asked_of(job, options));
        if (!answer.internal_error.empty()) report.internal_error = answer.internal_error;
        name_statement(answer.report, job, options);
        QuestionExplanation entry = explain_answer(answer, *question.program, property, report);
        report.questions.push_back(answer.report);
        entry.question = std::move(answer.report);
        explanation.questions.push_back(std::move(entry));
    }
    for (const auto& source : job.parsed.sources())
        explanation.sources.push_back({source->name, shown_lines(source->text)});
    add_kernel_sources(explanation, options.kernel_source);
    return explanation;
}

}  // namespace tlbcheck::checker
