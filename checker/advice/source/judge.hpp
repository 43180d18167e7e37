// SPDX-License-Identifier: Apache-2.0
//
// Judges edited texts of one schedule: all its questions on all hardware that it asks about, by the engine
// that `check` asks.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/advice/question_verdict.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "checker/report/advice.hpp"

namespace tlbcheck::checker {

enum class WhichQuestions : std::uint8_t {
    assertions,  ///< what the file says is safe
    all,         ///< `witness` questions too
};

struct TextAnswer {
    enum class Kind : std::uint8_t {
        safe,
        unsafe,
        undecided,
        narrow,   ///< safe for the model, but by a DSB whose domain is narrower than a broadcast TLBI's
        invalid,  ///< no schedule
    };
    Kind kind = Kind::invalid;
    std::size_t question = 0;  ///< of unsafe, undecided: index among the file's
    std::string why = {};      ///< of undecided, narrow and invalid
    bool whole = false;        ///< of safe: every question was judged on the whole schedule
    bool from_known = false;   ///< what was judged in another text was not judged again
    std::optional<SeenViolation> seen = std::nullopt;  ///< of unsafe, where an access met it
    bool safe() const { return kind == Kind::safe; }
};

class TextJudge {
  public:
    /// `job` must outlive the judge.
    TextJudge(const ScheduleJob& job, const ScheduleOptions& options, WhichQuestions which);

    /// Throws LimitReached where the file's time or memory run out. Equal texts are judged once.
    const TextAnswer& ask(const std::string& text);
    /// True: unsafe, for the question that `other` violates is violated in the same way. False: not known.
    bool unsafe_as(const TextAnswer& other, const std::string& text);
    /// The same, with nothing known from other texts.
    TextAnswer ask_afresh(const std::string& text) const;
    /// Parses and expands on all hardware asked about.
    bool valid(const std::string& text) const { return !questions(text).empty(); }
    /// Valid, and where schedules are judged whole not much longer than the unedited one: a flush page by
    /// page of a large region would take all the time that there is.
    bool within_reach(const std::string& text);
    /// What within_reach() goes by, if some text was not.
    std::optional<std::uint64_t> length_bound() const;
    /// The question that an unsafe text violates, and in a sentence how.
    Counterexample counterexample(const std::string& text, std::size_t question) const;
    /// The same with its timeline.
    QuestionExplanation explained(const std::string& text, std::size_t question,
                                  std::string& internal_error) const;
    /// Whether every question asked stays safe with every TLBI taken out.
    bool vacuous(const std::string& text) const;
    /// The answers again on the whole schedule, nothing sliced; nullopt where it is too large for that.
    std::optional<TextAnswer> ask_whole(const std::string& text) const;

    /// Some execution is allowed: no thread waits for what never comes. Else every answer is safe and proves
    /// nothing.
    bool executable(const std::string& text) const;

    litmus::Result<litmus::sched::ScheduleFile> parsed(const std::string& text) const;
    std::vector<litmus::sched::Question> questions(const std::string& text) const;
    /// The programs that the questions are asked of, each once, that of the machine block first.
    std::vector<std::shared_ptr<const model::ScheduleProgram>> programs(const std::string& text) const;
    /// For the machine block, with the growth.
    ScheduleCost cost(const std::string& text) const;
    int texts_judged() const { return texts_judged_; }
    const std::vector<std::size_t>& asked() const { return asked_; }

  private:
    TextAnswer judged(const std::string& text, KnownSlices* known) const;
    /// What was met in the texts before, looked for in these questions.
    std::optional<TextAnswer> met_again(const std::vector<litmus::sched::Question>& questions,
                                        KnownSlices& known) const;
    void note(const TextAnswer& answer);

    const ScheduleJob& job_;
    ScheduleOptions options_;
    std::vector<std::size_t> asked_;
    std::vector<TextAnswer> met_;  ///< unsafe ones, the last first
    std::size_t narrow_ = 0;       ///< warnings of the unedited schedule
    std::map<std::string, TextAnswer> known_;
    std::map<std::string, std::vector<TextAnswer>> not_met_;  ///< what a text was asked for and does not have
    KnownSlices known_slices_;
    int texts_judged_ = 0;
    std::optional<std::uint64_t> most_instructions_;  ///< where schedules are judged whole
    bool too_long_ = false;                           ///< some text was
};

}  // namespace tlbcheck::checker
