// SPDX-License-Identifier: Apache-2.0
//
// Texts parsed, expanded and asked; answers are kept by text.
#include "checker/advice/source/judge.hpp"

#include <algorithm>
#include <limits>

#include "checker/advice/question_verdict.hpp"
#include "checker/engine/cost.hpp"
#include "checker/engine/question_engine.hpp"
#include "checker/engine/whole_witness.hpp"

namespace tlbcheck::checker {

using litmus::sched::Question;

namespace {

constexpr std::size_t most_met = 2;  ///< violations that are looked for before a text is judged
/// How many instructions more a schedule that is judged whole may have, or as many more as it has.
constexpr std::uint64_t most_further = 64;

std::uint64_t instruction_count(const std::vector<Question>& questions) {
    std::uint64_t most = 0;
    for (const Question& question : questions) {
        std::uint64_t count = 0;
        for (const model::ScheduleThread& thread : question.program->threads)
            for (const model::Run& run : thread.code) count += run.count * run.body.size();
        most = std::max(most, count);
    }
    return most;
}

bool judged_whole(const std::vector<Question>& questions) {
    return std::ranges::any_of(questions, [](const Question& question) {
        return model::slice(*question.program, property_of(question)).whole;
    });
}

}  // namespace

TextJudge::TextJudge(const ScheduleJob& job, const ScheduleOptions& options, WhichQuestions which)
    : job_(job), options_(options), narrow_(narrow_count(job.questions)) {
    for (std::size_t k = 0; k < job.questions.size(); ++k) {
        if (which == WhichQuestions::all || !property_of(job.questions[k]).expect_violation)
            asked_.push_back(k);
    }
}

bool TextJudge::within_reach(const std::string& text) {
    const std::vector<Question> all = questions(text);
    if (all.empty()) return false;
    if (!most_instructions_) {
        const std::uint64_t own = instruction_count(job_.questions);
        most_instructions_ = judged_whole(job_.questions) ? own + std::max(own, most_further)
                                                          : std::numeric_limits<std::uint64_t>::max();
    }
    const bool within = instruction_count(all) <= *most_instructions_;
    too_long_ = too_long_ || !within;
    return within;
}

std::optional<std::uint64_t> TextJudge::length_bound() const {
    return too_long_ ? most_instructions_ : std::nullopt;
}

litmus::Result<litmus::sched::ScheduleFile> TextJudge::parsed(const std::string& text) const {
    const litmus::Source source = litmus::make_source(job_.file, text);
    return litmus::sched::parse_schedule(
        source, litmus::sched::include_resolver(litmus::IncludeRoot(job_.file, options_.include_root)));
}

std::vector<Question> TextJudge::questions(const std::string& text) const {
    const auto file = parsed(text);
    if (!file) return {};
    const auto questions = litmus::sched::questions(file.value(), options_.expand);
    if (!questions) return {};
    return questions.value();
}

TextAnswer TextJudge::judged(const std::string& text, KnownSlices* known) const {
    using Kind = TextAnswer::Kind;
    const auto file = parsed(text);
    if (!file) return {Kind::invalid, 0, litmus::render(file.diagnostics())};
    const auto found = litmus::sched::questions(file.value(), options_.expand);
    if (!found) return {Kind::invalid, 0, litmus::render(found.diagnostics())};
    const std::vector<Question>& questions = found.value();
    if (questions.size() != job_.questions.size()) return {Kind::invalid, 0, "other questions"};
    if (known != nullptr)
        if (auto again = met_again(questions, *known)) return *again;
    TextAnswer answer{Kind::safe};
    answer.whole = true;
    const std::size_t first = met_.empty() ? 0 : met_.front().question;
    std::vector<std::size_t> order = asked_;
    std::stable_partition(order.begin(), order.end(), [&](std::size_t k) { return k == first; });
    for (const std::size_t k : order) {
        QuestionVerdict verdict = question_verdict(questions[k], options_.slicing, known);
        if (verdict.verdict == Verdict::unsafe) {
            answer = {Kind::unsafe, k};
            answer.seen = std::move(verdict.seen);
            return answer;
        }
        answer.whole = answer.whole && verdict.whole;
        answer.from_known = answer.from_known || verdict.from_known;
        if (verdict.verdict == Verdict::undecided) answer = {Kind::undecided, k, std::move(verdict.why)};
    }
    if (answer.safe() && narrow_count(questions) > narrow_)
        return {Kind::narrow, 0, "the domain of a DSB would be narrower than that of a broadcast TLBI"};
    return answer;
}

std::optional<TextAnswer> TextJudge::met_again(const std::vector<Question>& questions,
                                               KnownSlices& known) const {
    for (const TextAnswer& before : met_) {
        if (before.seen && violated_again(questions[before.question], options_.slicing, *before.seen, known))
            return before;
    }
    return std::nullopt;
}

/// What was met last is the likeliest to be met again.
void TextJudge::note(const TextAnswer& answer) {
    if (answer.kind != TextAnswer::Kind::unsafe) return;
    const TextAnswer kept = answer;
    std::erase_if(met_, [&](const TextAnswer& before) {
        return before.question == kept.question && before.seen == kept.seen;
    });
    met_.insert(met_.begin(), kept);
    if (met_.size() > most_met) met_.pop_back();
}

const TextAnswer& TextJudge::ask(const std::string& text) {
    const auto found = known_.find(text);
    if (found != known_.end()) return found->second;
    ++texts_judged_;
    const TextAnswer& answer = known_.emplace(text, judged(text, &known_slices_)).first->second;
    note(answer);
    return answer;
}

bool TextJudge::unsafe_as(const TextAnswer& other, const std::string& text) {
    const auto found = known_.find(text);
    if (found != known_.end()) return found->second.kind == TextAnswer::Kind::unsafe;
    if (!other.seen) return ask(text).kind == TextAnswer::Kind::unsafe;
    std::vector<TextAnswer>& without = not_met_[text];
    const auto same = [&](const TextAnswer& before) {
        return before.question == other.question && before.seen == other.seen;
    };
    if (std::ranges::any_of(without, same)) return false;
    without.push_back(other);
    ++texts_judged_;
    const auto all = questions(text);
    if (all.size() != job_.questions.size() ||
        !violated_again(all[other.question], options_.slicing, *other.seen, known_slices_))
        return false;
    known_.emplace(text, other);
    return true;
}

TextAnswer TextJudge::ask_afresh(const std::string& text) const {
    return judged(text, nullptr);
}

Counterexample TextJudge::counterexample(const std::string& text, std::size_t question) const {
    const auto all = questions(text);
    if (question >= all.size()) return {};
    ScheduleOptions plain = options_;
    plain.causes = Causes::all;
    plain.vacuity = false;
    plain.certificate = nullptr;
    const QuestionAnswer answer = answer_question(*all[question].program, property_of(all[question]), plain);
    return {full_text(answer.report), answer.report.reason};
}

QuestionExplanation TextJudge::explained(const std::string& text, std::size_t question,
                                         std::string& internal_error) const {
    const auto all = questions(text);
    if (question >= all.size()) return {};
    return explained_without(all[question], options_, internal_error);
}

bool TextJudge::vacuous(const std::string& text) const {
    const auto all = questions(text);
    std::vector<Question> asked;
    for (const std::size_t k : asked_) asked.push_back(all[k]);
    return checker::vacuous(asked);
}

bool TextJudge::executable(const std::string& text) const {
    return checker::executable(questions(text));
}

std::optional<TextAnswer> TextJudge::ask_whole(const std::string& text) const {
    using Kind = TextAnswer::Kind;
    const auto all = questions(text);
    for (const std::size_t k : asked_) {
        if (model::whole_size(*all[k].program, property_of(all[k])) > most_judged_whole) return std::nullopt;
    }
    for (const std::size_t k : asked_) {
        QuestionVerdict found = question_verdict(all[k], false);
        if (found.verdict == Verdict::unsafe) return TextAnswer{Kind::unsafe, k};
        if (found.verdict == Verdict::undecided) return TextAnswer{Kind::undecided, k, std::move(found.why)};
    }
    return TextAnswer{Kind::safe};
}

std::vector<std::shared_ptr<const model::ScheduleProgram>> TextJudge::programs(
    const std::string& text) const {
    std::vector<std::shared_ptr<const model::ScheduleProgram>> result;
    const auto file = parsed(text);
    if (!file) return {};
    auto machine = litmus::sched::expand(file.value(), options_.expand);
    const auto all = litmus::sched::questions(file.value(), options_.expand);
    if (!machine || !all) return {};
    result.push_back(std::make_shared<const model::ScheduleProgram>(std::move(machine).value()));
    for (const Question& question : all.value())
        if (std::ranges::find(result, question.program) == result.end()) result.push_back(question.program);
    return result;
}

ScheduleCost TextJudge::cost(const std::string& text) const {
    const auto file = parsed(text);
    if (!file) return {};
    const auto program = litmus::sched::expand(file.value(), options_.expand);
    if (!program) return {};
    return cost_with_growth(file.value(), program.value(), options_.expand);
}

}  // namespace tlbcheck::checker
