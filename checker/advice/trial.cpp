// SPDX-License-Identifier: Apache-2.0
//
// One edit of all changes of a set; QuickXplain cuts the set down.
#include "checker/advice/trial.hpp"

#include "checker/engine/slice_solver.hpp"
#include "model/break_before_make/bbm.hpp"
#include "model/limits/budget.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

namespace {

constexpr int most_solves = 240;

std::vector<Change> joined(std::vector<Change> a, const std::vector<Change>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

Edit edit_of(const std::vector<Change>& changes) {
    Edit edit;
    for (const Change& change : changes) edit.insert(edit.end(), change.edit.begin(), change.edit.end());
    return edit;
}

Trial::Trial(const model::ScheduleProgram& program, const model::Property& property, std::uint64_t va)
    : program_(program), property_(property), va_(va) {
    if (const model::Budget* budget = model::current_budget()) {
        if (const auto left = budget->time_left()) reserve_ = *left / 2;
    }
}

bool Trial::more() const {
    if (solves_ >= most_solves) return false;
    const model::Budget* budget = model::current_budget();
    if (budget == nullptr || !reserve_) return true;
    const auto left = budget->time_left();
    return !left || *left > *reserve_;
}

bool Trial::holds(const Edit& edit, Gone gone) {
    ++solves_;
    const model::ScheduleProgram edited = apply(program_, edit);
    const model::Slicing slicing = model::slice_at(edited, property_, va_);
    if (slicing.slices.empty()) return false;
    model::JudgedSchedule schedule = slicing.slices.front().schedule;
    if (property_.kind == model::PropertyKind::no_bbm_violation) {
        const model::BbmVerdict found = model::find_bbm_violation(schedule).verdict;
        undecided_ |= found == model::BbmVerdict::undecided;
        return found == model::BbmVerdict::safe;
    }
    SolveOptions options;
    options.all_candidates = false;
    options.verdict_only = true;
    const auto safe = [&] {
        const Verdict found = solve_slice(schedule, property_.kind, options).verdict;
        undecided_ |= found == Verdict::undecided;
        return found == Verdict::safe;
    };
    // Most edits do not help, which one address shows in less time than all.
    std::vector<std::uint64_t> unit{va_};
    std::swap(schedule.candidates, unit);
    if (!safe()) return false;
    if (gone == Gone::address || unit == schedule.candidates) return true;
    schedule.candidates = std::move(unit);
    return safe();
}

bool Trial::holds(const std::vector<Change>& changes, Gone gone) {
    return holds(edit_of(changes), gone);
}

/// QuickXplain: `fixed` stays; which of `from` are needed besides?
std::vector<Change> Trial::search(const std::vector<Change>& fixed, bool added,
                                  const std::vector<Change>& from, Gone gone) {
    if (added && more() && holds(fixed, gone)) return {};
    if (from.size() == 1 || !more()) return from;
    const auto half = static_cast<std::ptrdiff_t>(from.size() / 2);
    const std::vector<Change> first(from.begin(), from.begin() + half);
    const std::vector<Change> second(from.begin() + half, from.end());
    const std::vector<Change> of_second = search(joined(fixed, first), true, second, gone);
    const std::vector<Change> of_first = search(joined(fixed, of_second), !of_second.empty(), first, gone);
    return joined(of_first, of_second);
}

std::vector<Change> Trial::needed(const std::vector<Change>& changes, Gone gone) {
    if (changes.size() <= 1) return changes;
    std::vector<Change> result = search({}, false, changes, gone);
    // Where a change that is added does harm, the bisection may keep too much; or there was no time for it.
    for (std::size_t i = 0; result.size() > 1 && i < result.size() && more();) {
        std::vector<Change> fewer = result;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (holds(fewer, gone)) {
            result = std::move(fewer);
            i = 0;
        } else {
            ++i;
        }
    }
    return result;
}

}  // namespace tlbcheck::checker
