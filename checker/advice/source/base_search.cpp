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
    std::vector<Addition> all = additions_of(draft_, steps_of(draft_, laid, judge.programs(laid.text)));
    keep_valid(std::move(all));
    for (const Addition& addition : additions_) {
        problem_.weights.push_back(addition.changes * change_weight + addition.weight);
        problem_.groups.push_back(addition.group);
    }
    problem_.most_weight = most_changes * change_weight + change_weight - 1 - moves_weight();
    choose();
}

std::optional<FoundRepair> BaseSearch::step() {
    const AdditionSet tried = next_;
    std::optional<FoundRepair> result;
    if (fails(tried)) {
        AdditionSet clause = outside(grown(tried));
        if (clause.empty()) return finished();
        problem_.must_meet.push_back(std::move(clause));
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
    for (Addition& addition : all)
        if (!addition.edits.empty()) additions_.push_back(std::move(addition));
}

std::string BaseSearch::text_of(const AdditionSet& set) const {
    std::vector<PartEdit> edits;
    for (const std::size_t k : set)
        edits.insert(edits.end(), additions_[k].edits.begin(), additions_[k].edits.end());
    return draft_.text(edits);
}
FoundRepair BaseSearch::found(const AdditionSet& set) const {
    FoundRepair result{text_of(set), base_.changes, static_cast<int>(base_.changes.size()), 0, {}};
    for (const std::size_t k : set) {
        result.changes.push_back(additions_[k].what);
        result.count += additions_[k].changes;
        result.weight += additions_[k].weight;
    }
    return result;
}

/// A set that fails, made larger for as long as it does.
BaseSearch::AdditionSet BaseSearch::grown(AdditionSet set) {
    AdditionSet rest;
    for (std::size_t k = 0; k < additions_.size(); ++k)
        if (std::ranges::find(set, k) == set.end()) rest.push_back(k);
    grow(set, rest);
    return set;
}

void BaseSearch::grow(AdditionSet& set, const AdditionSet& rest) {
    AdditionSet chunk;
    // The last of a group is its strongest.
    for (auto k = rest.rbegin(); k != rest.rend(); ++k)
        if (!excluded(*k, set) && !excluded(*k, chunk)) chunk.push_back(*k);
    std::ranges::sort(chunk);
    if (chunk.empty()) return;
    AdditionSet together = set;
    together.insert(together.end(), chunk.begin(), chunk.end());
    std::ranges::sort(together);
    if (fails(together)) {
        set = std::move(together);
        return;
    }
    if (chunk.size() == 1) return;
    const auto half = static_cast<std::ptrdiff_t>(chunk.size() / 2);
    grow(set, AdditionSet(chunk.begin(), chunk.begin() + half));
    grow(set, AdditionSet(chunk.begin() + half, chunk.end()));
}

bool BaseSearch::excluded(std::size_t addition, const AdditionSet& set) const {
    return std::ranges::any_of(
        set, [&](std::size_t k) { return additions_[k].group == additions_[addition].group; });
}

BaseSearch::AdditionSet BaseSearch::outside(const AdditionSet& set) const {
    AdditionSet result;
    for (std::size_t k = 0; k < additions_.size(); ++k)
        if (std::ranges::find(set, k) == set.end()) result.push_back(k);
    return result;
}

}  // namespace tlbcheck::checker
