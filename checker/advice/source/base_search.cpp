// SPDX-License-Identifier: Apache-2.0
//
// Implicit hitting sets over the additions of one text.
#include "checker/advice/source/base_search.hpp"

#include <algorithm>
#include <set>

#include "checker/advice/source/steps.hpp"

namespace tlbcheck::checker {

namespace {

constexpr int most_search_rounds = 60;  ///< for one order of the statements

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
        problem_.exceeds.push_back(addition.exceeds);
    }
    problem_.most_weight = most_changes * change_weight + change_weight - 1 - moves_weight();
    choose();
}

std::optional<FoundRepair> BaseSearch::step() {
    const AdditionSet tried = next_;
    std::optional<FoundRepair> result;
    const TextAnswer answer = judge_.ask(text_of(tried));
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
        if (!base_.changes.empty() && results_ == 0 && !judge_.executable(text_of(tried))) return finished();
        result = found(tried);
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
        const bool together = judge_.valid(draft_.text(edits));
        for (const std::size_t k : round)
            if (!together && !judge_.valid(draft_.text(all[k].edits))) all[k].edits.clear();
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
    for (const std::size_t k : set) {
        ToldChange& told = result.changes.emplace_back(ToldChange{additions_[k].what});
        for (const std::size_t other : additions_[k].exceeds) told.exceeds.push_back(additions_[other].what);
        result.count += additions_[k].changes;
        result.weight += additions_[k].weight;
    }
    return result;
}

/// A set that fails, made larger for as long as it fails in the same way.
BaseSearch::AdditionSet BaseSearch::grown(AdditionSet set, const TextAnswer& unsafe) {
    AdditionSet rest;
    for (std::size_t k = 0; k < additions_.size(); ++k)
        if (additions_[k].only_adds && std::ranges::find(set, k) == set.end()) rest.push_back(k);
    // All together is the largest schedule, and most often no longer violated: the halves come to it too.
    // What is light makes the schedule longer by less.
    std::ranges::stable_sort(rest, {}, [&](std::size_t k) { return problem_.weights[k]; });
    const auto half = static_cast<std::ptrdiff_t>(rest.size() / 2);
    grow(set, AdditionSet(rest.begin(), rest.begin() + half), unsafe);
    grow(set, AdditionSet(rest.begin() + half, rest.end()), unsafe);
    return set;
}

void BaseSearch::grow(AdditionSet& set, const AdditionSet& rest, const TextAnswer& unsafe) {
    AdditionSet chunk;
    // The last of a group is its strongest.
    for (auto k = rest.rbegin(); k != rest.rend(); ++k) {
        if (!excluded(*k, set) && !excluded(*k, chunk) && !covered(*k, set) && !covered(*k, chunk))
            chunk.push_back(*k);
    }
    std::ranges::reverse(chunk);
    if (chunk.empty() || judge_.texts_judged() >= most_texts) return;
    AdditionSet together = set;
    together.insert(together.end(), chunk.begin(), chunk.end());
    std::ranges::sort(together);
    if (judge_.unsafe_as(unsafe, text_of(together))) {
        set = std::move(together);
        return;
    }
    if (chunk.size() == 1) {
        // What is weaker may not be enough.
        grow(set, additions_[chunk.front()].covers, unsafe);
        return;
    }
    const auto half = static_cast<std::ptrdiff_t>(chunk.size() / 2);
    grow(set, AdditionSet(chunk.begin(), chunk.begin() + half), unsafe);
    grow(set, AdditionSet(chunk.begin() + half, chunk.end()), unsafe);
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
