// SPDX-License-Identifier: Apache-2.0
//
// Implicit hitting sets over the additions of one text.
#include "checker/advice/source/base_search.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "checker/advice/source/steps.hpp"

namespace tlbcheck::checker {

namespace {

constexpr int most_search_rounds = 60;  ///< for one order of the statements
constexpr int most_passed_over = 200;   ///< sets that are not judged, for one order

/// What sets of as many changes weigh at most.
constexpr int heaviest(int changes) {
    return (changes + 1) * change_weight - 1;
}

}  // namespace

BaseSearch::BaseSearch(TextJudge& judge, const MovedText& base, const litmus::sched::ScheduleFile& parsed,
                       std::string_view original)
    : judge_(judge), base_(base), draft_(parsed, original) {
    const Draft::Laid laid = draft_.laid_out();
    std::vector<Addition> all = additions_of(draft_, steps_of(draft_, laid, judge.programs(laid.text)),
                                             base.puts_in ? NewSteps::as_they_are : NewSteps::like_others);
    keep_valid(std::move(all));
    for (const Addition& addition : additions_) {
        problem_.weights.push_back(addition.changes * change_weight + addition.weight);
        std::vector<std::size_t>& excluded = problem_.excluded.emplace_back();
        for (std::size_t k = 0; k < additions_.size(); ++k)
            if (&additions_[k] != &addition && exclude_each_other(additions_[k], addition))
                excluded.push_back(k);
        problem_.exceeds.push_back(exceeded_by(problem_.exceeds.size()));
        problem_.kinds.push_back(first_alike(problem_.kinds.size()));
    }
    problem_.most_weight = heaviest(most_changes) - moves_weight();
    choose();
}

/// The first of its kind, in whatever place. What stands for the same text is another kind: it may be
/// cheaper.
std::size_t BaseSearch::first_alike(std::size_t addition) const {
    const Addition& own = additions_[addition];
    if (!own.kin) return addition;
    for (std::size_t k = 0; k < addition; ++k)
        if (additions_[k].kin == own.kin && additions_[k].group != own.group) return k;
    return addition;
}

/// Those that it stands for where they are enough, in whatever place.
std::vector<std::size_t> BaseSearch::exceeded_by(std::size_t addition) const {
    std::vector<std::size_t> result = additions_[addition].exceeds;
    for (const std::size_t less : additions_[addition].exceeds) {
        for (std::size_t k = 0; k < additions_.size(); ++k)
            if (additions_[k].kin && additions_[k].kin == additions_[less].kin) result.push_back(k);
    }
    return result;
}

std::optional<FoundRepair> BaseSearch::step(const FoundRepairs& before) {
    const AdditionSet tried = next_;
    problem_.most_weight = std::min(problem_.most_weight, heaviest(before.most_useful()) - moves_weight());
    FoundRepair candidate = found(tried);
    std::optional<FoundRepair> result;
    if (!before.wanted(candidate)) {
        // Nor is one that does more.
        if (tried.empty()) return finished();
        problem_.not_within.push_back(tried);
        bound_.reset();
        if (++passed_over_ < most_passed_over) choose();
        return result;
    }
    const TextAnswer answer = judge_.ask(candidate.text);
    if (!answer.safe()) {
        // Only what is violated says that less is too.
        AdditionSet clause = outside(answer.kind == TextAnswer::Kind::unsafe ? grown(tried, answer) : tried);
        AdditionSet with;  // without those that do not only add, less may be enough
        for (const std::size_t k : tried)
            if (!additions_[k].only_adds) with.push_back(k);
        if (clause.empty() && with.empty()) return finished();
        problem_.must_meet.push_back(std::move(clause));
        problem_.only_with.push_back(std::move(with));
    } else {
        // Barriers and flushes block nobody, so that it is the moves that make threads wait in vain.
        if (!base_.changes.empty() && results_ == 0 && !judge_.executable(candidate.text)) return finished();
        result = std::move(candidate);
        problem_.not_within.push_back(tried);
        if (tried.empty() || ++results_ == most_repairs) bound_.reset();
    }
    if (++rounds_ == most_search_rounds) bound_.reset();
    if (bound_) choose();
    return result;
}

std::nullopt_t BaseSearch::finished() {
    bound_.reset();
    return std::nullopt;
}
void BaseSearch::choose() {
    bound_.reset();
    auto next = lightest_hitting_set(problem_);
    if (!next) return;
    next_ = std::move(*next);
    bound_ = moves_weight();
    for (const std::size_t k : next_) *bound_ += problem_.weights[k];
}

/// Those that make a schedule. They are tried together, one of each group, and alone where that is none.
void BaseSearch::keep_valid(std::vector<Addition> all) {
    std::vector<bool> done(all.size(), false);
    for (std::size_t left = all.size(); left > 0;) {
        std::set<std::size_t> groups;
        std::vector<std::size_t> round;
        std::vector<PartEdit> edits;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (done[k] || !groups.insert(all[k].group).second) continue;
            done[k] = true;
            round.push_back(k);
            edits.insert(edits.end(), all[k].edits.begin(), all[k].edits.end());
        }
        left -= round.size();
        const bool together = judge_.within_reach(draft_.text(edits));
        for (const std::size_t k : round)
            if (!together && !judge_.within_reach(draft_.text(all[k].edits))) all[k].edits.clear();
    }
    std::vector<std::size_t> numbers(all.size(), all.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (all[k].edits.empty()) continue;
        numbers[k] = additions_.size();
        additions_.push_back(std::move(all[k]));
    }
    for (Addition& addition : additions_) {
        for (auto* others : {&addition.covers, &addition.exceeds}) {
            for (std::size_t& other : *others) other = numbers[other];
            std::erase(*others, all.size());
        }
    }
}

bool BaseSearch::covers(std::size_t strong, std::size_t weak) const {
    return std::ranges::find(additions_[strong].covers, weak) != additions_[strong].covers.end();
}
bool BaseSearch::covered(std::size_t addition, const AdditionSet& set) const {
    return std::ranges::any_of(set, [&](std::size_t other) { return covers(other, addition); });
}

std::string BaseSearch::text_of(const AdditionSet& set) const {
    std::vector<PartEdit> edits;
    for (const std::size_t k : set) {
        if (!covered(k, set))
            edits.insert(edits.end(), additions_[k].edits.begin(), additions_[k].edits.end());
    }
    return draft_.text(edits);
}
FoundRepair BaseSearch::found(const AdditionSet& set) const {
    FoundRepair result{text_of(set), base_.changes, static_cast<int>(base_.changes.size()), 0, {}};
    result.cost = judge_.cost(result.text);
    for (const std::size_t k : set) {
        const Addition& made = additions_[k];
        ToldChange& told = result.changes.emplace_back(ToldChange{{made.what, made.kin}, {}, made.form});
        for (const std::size_t other : made.exceeds)
            told.exceeds.push_back({additions_[other].what, additions_[other].kin});
        result.count += made.changes;
        result.weight += made.weight;
    }
    return result;
}

/// A set that fails, made larger for as long as it fails in the same way.
BaseSearch::AdditionSet BaseSearch::grown(AdditionSet set, const TextAnswer& unsafe) {
    AdditionSet rest;
    for (std::size_t k = 0; k < additions_.size(); ++k) {
        const bool light = problem_.weights[k] <= problem_.most_weight;
        if (light && additions_[k].only_adds && std::ranges::find(set, k) == set.end()) rest.push_back(k);
    }
    // All together is the largest schedule, and most often no longer violated: the halves come to it too.
    // What is light makes the schedule longer by less.
    const AdditionSet sorted = by_kind(std::move(rest));
    const auto half = half_of(sorted);
    grow(set, AdditionSet(sorted.begin(), half), unsafe);
    grow(set, AdditionSet(half, sorted.end()), unsafe);
    return set;
}

/// The lighter first, those of one kind side by side.
BaseSearch::AdditionSet BaseSearch::by_kind(AdditionSet all) const {
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::ranges::stable_sort(
        all, {}, [&](std::size_t k) { return std::pair(problem_.weights[k], problem_.kinds[k]); });
    return all;
}

/// The middle, or the place next to it where a kind begins; of one kind the middle.
BaseSearch::AdditionSet::const_iterator BaseSearch::half_of(const AdditionSet& sorted) const {
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    if (middle == sorted.end()) return middle;
    const auto same = [&](std::size_t k) { return problem_.kinds[k] == problem_.kinds[*middle]; };
    const auto first = std::find_if(sorted.begin(), sorted.end(), same);
    if (first != sorted.begin()) return first;
    const auto next = std::find_if_not(middle, sorted.end(), same);
    return next == sorted.end() ? middle : next;
}

void BaseSearch::grow(AdditionSet& set, const AdditionSet& rest, const TextAnswer& unsafe) {
    AdditionSet chunk;
    // The last of a group is its strongest.
    for (auto k = rest.rbegin(); k != rest.rend(); ++k) {
        if (!excluded(*k, set) && !excluded(*k, chunk) && !covered(*k, set) && !covered(*k, chunk))
            chunk.push_back(*k);
    }
    std::ranges::reverse(chunk);
    if (chunk.empty() || judge_.texts_judged() >= most_texts || fails_with(set, chunk, unsafe)) return;
    const bool one_kind = problem_.kinds[chunk.front()] == problem_.kinds[chunk.back()];
    if (one_kind && helps_everywhere(set, chunk, unsafe)) {
        // What is weaker may not be enough.
        AdditionSet weaker;
        for (const std::size_t k : chunk)
            weaker.insert(weaker.end(), additions_[k].covers.begin(), additions_[k].covers.end());
        grow(set, by_kind(std::move(weaker)), unsafe);
        return;
    }
    const auto half = half_of(chunk);
    grow(set, AdditionSet(chunk.cbegin(), half), unsafe);
    grow(set, AdditionSet(half, chunk.cend()), unsafe);
}

/// The set with all of the chunk still fails, and becomes that.
bool BaseSearch::fails_with(AdditionSet& set, const AdditionSet& chunk, const TextAnswer& unsafe) {
    AdditionSet together = set;
    together.insert(together.end(), chunk.begin(), chunk.end());
    std::ranges::sort(together);
    if (!judge_.unsafe_as(unsafe, text_of(together))) return false;
    set = std::move(together);
    return true;
}

/// Of a kind that helps: where the first place does and the last, it is taken to help in those between.
bool BaseSearch::helps_everywhere(const AdditionSet& set, const AdditionSet& places,
                                  const TextAnswer& unsafe) {
    if (places.size() == 1) return true;
    return std::ranges::none_of(std::array{places.front(), places.back()}, [&](std::size_t k) {
        AdditionSet with = set;
        return fails_with(with, {k}, unsafe);
    });
}

/// Another of its group is taken, for which it cannot stand.
bool BaseSearch::excluded(std::size_t addition, const AdditionSet& set) const {
    const std::vector<std::size_t>& others = problem_.excluded[addition];
    return std::ranges::any_of(
        set, [&](std::size_t k) { return std::ranges::binary_search(others, k) && !covers(addition, k); });
}

/// What the set and all that it covers leave.
BaseSearch::AdditionSet BaseSearch::outside(const AdditionSet& set) const {
    AdditionSet result;
    for (std::size_t k = 0; k < additions_.size(); ++k)
        if (std::ranges::find(set, k) == set.end() && !covered(k, set)) result.push_back(k);
    return result;
}

}  // namespace tlbcheck::checker
