// SPDX-License-Identifier: Apache-2.0
//
// The search of `repair` within one order of a schedule's statements: the lightest additions that make all
// questions safe, one set after another (docs/advice.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/advice/source/additions.hpp"
#include "checker/advice/source/found_repairs.hpp"
#include "checker/advice/source/hitting_sets.hpp"
#include "checker/advice/source/judge.hpp"

namespace tlbcheck::checker {

inline constexpr int most_texts = 1000;    ///< schedules judged in all
inline constexpr int change_weight = 100;  ///< a change outweighs what it costs

/// The schedule with its statements moved, to which additions are made.
struct MovedText {
    std::string text;
    std::vector<ToldChange> changes;  ///< the moves, a sentence each
    bool puts_in = false;             ///< Move::puts_in of one of them
};

/// Sets that hit every complement of a maximal set that fails.
class BaseSearch {
  public:
    /// `parsed` is that of base.text, `original` the text by whose lines is told; the judge must outlive
    /// this.
    BaseSearch(TextJudge& judge, const MovedText& base, const litmus::sched::ScheduleFile& parsed,
               std::string_view original);

    /// What the next set weighs at least, the moves of the base included; nullopt: there is none left.
    std::optional<int> bound() const { return bound_; }
    /// Tries the lightest set that is left: nullopt where that does not make all safe, or is not worth
    /// judging beside what was found before.
    std::optional<FoundRepair> step(const FoundRepairs& before);

  private:
    using AdditionSet = std::vector<std::size_t>;

    int moves_weight() const { return static_cast<int>(base_.changes.size()) * change_weight; }
    std::nullopt_t finished();
    std::size_t first_alike(std::size_t addition) const;
    std::vector<std::size_t> exceeded_by(std::size_t addition) const;
    void choose();
    void keep_valid(std::vector<Addition> all);
    std::string text_of(const AdditionSet& set) const;
    FoundRepair found(const AdditionSet& set) const;
    AdditionSet grown(AdditionSet set, const TextAnswer& unsafe);
    AdditionSet by_kind(AdditionSet all) const;
    AdditionSet::const_iterator half_of(const AdditionSet& sorted) const;
    void grow(AdditionSet& set, const AdditionSet& rest, const TextAnswer& unsafe);
    bool fails_with(AdditionSet& set, const AdditionSet& chunk, const TextAnswer& unsafe);
    bool helps_everywhere(const AdditionSet& set, const AdditionSet& places, const TextAnswer& unsafe);
    bool covers(std::size_t strong, std::size_t weak) const;
    bool covered(std::size_t addition, const AdditionSet& set) const;
    bool excluded(std::size_t addition, const AdditionSet& set) const;
    AdditionSet outside(const AdditionSet& set) const;

    TextJudge& judge_;
    MovedText base_;
    Draft draft_;
    std::vector<Addition> additions_;
    HittingProblem problem_;
    AdditionSet next_;
    std::optional<int> bound_;
    int rounds_ = 0, passed_over_ = 0;
    std::size_t results_ = 0;
};

}  // namespace tlbcheck::checker
