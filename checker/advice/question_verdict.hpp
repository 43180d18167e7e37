// SPDX-License-Identifier: Apache-2.0
//
// The verdict of one question and nothing else, for trials of an edited schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/advice/seen_violation.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "checker/report/answer.hpp"
#include "litmus/sched/schedule.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

const model::Property& property_of(const litmus::sched::Question& question);

/// Slices that were decided, by all that their verdict depends on: most edits leave most slices as they were
/// (docs/slicing.md, lemma 7).
class KnownSlices {
  public:
    using Key = std::vector<std::uint64_t>;
    struct Known {
        Verdict verdict = Verdict::safe;
        std::optional<SeenViolation> seen = std::nullopt;  ///< of unsafe, where an access met it
        std::size_t candidate = 0;                         ///< to the slice's address of that number
        /// The same in an equal slice.
        std::optional<SeenViolation> seen_in(const model::JudgedSchedule& slice) const;
    };
    /// nullopt: a whole schedule, which has no canonical form.
    static std::optional<Key> key_of(const model::Slice& slice, const model::Property& property);
    const Known* find(const std::optional<Key>& key) const;
    /// Keeps safe and unsafe.
    void add(const std::optional<Key>& key, Verdict verdict);
    /// Unsafe, and how.
    void add(const std::optional<Key>& key, const model::JudgedSchedule& slice, const SeenViolation& seen);

  private:
    std::map<Key, Known> known_;
};

/// No cause, no witness: the first slice that is not safe ends it.
struct QuestionVerdict {
    Verdict verdict = Verdict::safe;    ///< safe, unsafe or undecided
    std::string why;                    ///< of undecided
    bool whole = false;                 ///< judged on the whole schedule, every leaf
    bool from_known = false;            ///< some slice was known before
    std::optional<SeenViolation> seen;  ///< of unsafe, where an access met it
};
/// What `known` holds is not solved again; nullptr: all is. Throws LimitReached.
QuestionVerdict question_verdict(const litmus::sched::Question& question, bool slicing,
                                 KnownSlices* known = nullptr);
/// True: the question is unsafe, for what was seen in another schedule is met in this one. False: not known.
/// Throws LimitReached.
bool violated_again(const litmus::sched::Question& question, bool slicing, const SeenViolation& seen,
                    KnownSlices& known);
/// "no_stale_entry(linear) {ets = 2}".
std::string question_text(const litmus::sched::Question& question);
/// True iff some question's program has instructions of compiled kernel code.
bool runs_kernel_code(const std::vector<litmus::sched::Question>& questions);
/// Whether every question stays safe with every TLBI taken out: then no step is proved to be of use.
bool vacuous(const std::vector<litmus::sched::Question>& questions);
inline constexpr const char* vacuous_note = "the answer is vacuous: no proof";
inline constexpr const char* vacuous_warning =
    "vacuous: every assertion stays safe with all TLBIs taken out, so that a step that is not needed for "
    "them "
    "may be needed for what the file does not ask";
/// The counterexample of an edited schedule, with its timeline; nothing about vacuity.
QuestionExplanation explained_without(const litmus::sched::Question& question, const ScheduleOptions& options,
                                      std::string& internal_error);
/// Whether every program has an execution: no thread waits for what never comes.
bool executable(const std::vector<litmus::sched::Question>& questions);
/// How many warnings of a DSB that is narrower than a broadcast TLBI the programs have.
std::size_t narrow_count(const std::vector<litmus::sched::Question>& questions);

}  // namespace tlbcheck::checker
