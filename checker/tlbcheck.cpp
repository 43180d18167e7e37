// SPDX-License-Identifier: Apache-2.0
//
// The front door in terms of the engines.

#include "checker/tlbcheck.hpp"

#include <cmath>
#include <new>
#include <variant>

#include "checker/engine/litmus_engine.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "checker/report/explain_json.hpp"
#include "checker/report/page_writer.hpp"
#include "checker/report/trace_text.hpp"
#include "litmus/casemate/reader.hpp"
#include "litmus/isla/reader.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck {

struct Input::Content {
    struct Unread {  ///< out of time or memory while it was read
        std::string file, reason;
    };
    std::variant<checker::ScheduleJob, checker::LitmusJob, Unread> job;
    checker::ScheduleOptions options;
};

Input::Input(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Input::~Input() = default;
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;

namespace {

template <typename T>
T value_or_throw(litmus::Result<T> result) {
    if (!result) throw InputError(litmus::render(result.diagnostics()));
    return std::move(result).value();
}

model::Limits limits_of(const Options& options) {
    constexpr double most_seconds = 1e9;
    if (!(options.seconds > 0) || options.seconds > most_seconds)
        throw InputError("Options::seconds: more than 0 and at most 1e9 is expected");
    if (options.mebibytes < 16 || options.mebibytes > (std::uint64_t{1} << 24U))
        throw InputError("Options::mebibytes: 16 to 16777216 is expected");
    return {static_cast<std::uint64_t>(std::ceil(options.seconds * 1000)), options.mebibytes};
}

checker::ScheduleOptions schedule_options(const Options& options) {
    checker::ScheduleOptions result;
    result.limits = limits_of(options);
    result.include_root = options.include_root;
    result.expand.include_root = options.include_root;
    result.expand.defines = options.defines;
    for (const auto& [key, value] : options.hardware) {
        const std::string wrong = litmus::sched::set_hardware(result.expand.hardware, key, value);
        if (!wrong.empty()) throw InputError("Options::hardware: " + wrong);
    }
    return result;
}

checker::LitmusOptions litmus_options(const Options& options) {
    checker::LitmusOptions result;
    result.limits = limits_of(options);
    result.include_root = options.include_root;
    result.read.variants = options.variants;
    return result;
}

bool is_litmus(const std::string& path) {
    if (path.ends_with(".litmus") || litmus::isla::is_litmus_toml(path)) return true;
    if (path.ends_with(".sched") || litmus::casemate::is_log(path)) return false;
    std::string why;
    const litmus::Source source = litmus::read_source(path, why);
    return source && litmus::herd::looks_like_litmus(source->text);
}

Verdict verdict_of(checker::Verdict verdict) {
    switch (verdict) {
        case checker::Verdict::safe:
            return Verdict::safe;
        case checker::Verdict::unsafe:
            return Verdict::unsafe;
        case checker::Verdict::allowed:
            return Verdict::allowed;
        case checker::Verdict::forbidden:
            return Verdict::forbidden;
        case checker::Verdict::required:
            return Verdict::required;
        case checker::Verdict::undecided:
            break;
    }
    return Verdict::undecided;
}

std::vector<Answer> answers_of(const checker::FileReport& report) {
    if (!report.internal_error.empty()) throw InternalError(report.internal_error);
    if (!report.error.empty()) throw InputError(report.error);
    std::vector<Answer> answers;
    for (const checker::QuestionReport& question : report.questions) {
        Answer answer;
        answer.question = checker::full_text(question);
        answer.verdict = verdict_of(question.verdict);
        answer.as_expected = !question.expected || question.verdict == *question.expected;
        answer.reason = question.reason;
        answer.place = to_string(question.place);
        answer.warnings = question.warnings;
        answer.warnings.insert(answer.warnings.end(), report.warnings.begin(), report.warnings.end());
        answers.push_back(std::move(answer));
    }
    return answers;
}

checker::FileReport unread_report(const Input::Content::Unread& unread) {
    checker::FileReport report;
    report.file = unread.file;
    checker::QuestionReport question;
    question.text = "(all questions)";
    question.rule = "limits";
    question.reason = unread.reason;
    question.place.file = unread.file;
    report.questions.push_back(std::move(question));
    return report;
}

checker::Explanation explanation_of(const Input::Content& content) {
    checker::FileReport report;
    checker::Explanation explanation;
    if (const auto* schedule = std::get_if<checker::ScheduleJob>(&content.job)) {
        explanation = checker::explain_schedule(*schedule, content.options, report);
    } else if (const auto* test = std::get_if<checker::LitmusJob>(&content.job)) {
        explanation = checker::explain_litmus(*test, report);
    } else {
        report = unread_report(std::get<Input::Content::Unread>(content.job));
        explanation.file = report.file;
        explanation.questions.push_back({report.questions.front(), {}, {}, {}});
    }
    answers_of(report);  // throws where there is no answer
    return explanation;
}

}  // namespace

Input load(const std::string& path, const Options& options) {
    auto content = std::make_unique<Input::Content>();
    content->options = schedule_options(options);
    try {
        if (is_litmus(path)) {
            content->job = value_or_throw(checker::load_litmus(path, litmus_options(options)));
        } else {
            content->job = value_or_throw(checker::load_schedule(path, content->options));
        }
    } catch (...) {
        content->job = Input::Content::Unread{path, model::limit_that_was_reached()};
    }
    return Input(std::move(content));
}

std::vector<Answer> check(const Input& input) {
    const auto& job = input.content().job;
    if (const auto* schedule = std::get_if<checker::ScheduleJob>(&job))
        return answers_of(checker::check_schedule(*schedule, input.content().options));
    if (const auto* test = std::get_if<checker::LitmusJob>(&job))
        return answers_of(checker::check_litmus(*test));
    return answers_of(unread_report(std::get<Input::Content::Unread>(job)));
}

std::string explain(const Input& input, Format format) {
    const checker::Explanation explanation = explanation_of(input.content());
    switch (format) {
        case Format::json:
            return checker::explain_json(explanation);
        case Format::html:
            return checker::explain_html(explanation);
        case Format::text:
            break;
    }
    return checker::trace_text(explanation, checker::Painter(false));
}

}  // namespace tlbcheck
