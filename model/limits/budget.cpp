// SPDX-License-Identifier: Apache-2.0
//
// Clocks, the limits' messages, and scopes.
#include "model/limits/budget.hpp"

#include <fmt/format.h>

namespace tlbcheck::model {

OutOfTime::OutOfTime(const Limits& limits) {
    fmt::format_to_n(text_.begin(), text_.size() - 1, "out of time (limit: {} s)",
                     static_cast<double>(limits.milliseconds.value_or(0)) / 1000.0);
}

OutOfTime::OutOfTime(const char* text) {
    fmt::format_to_n(text_.begin(), text_.size() - 1, "{}", text);
}

OutOfMemory::OutOfMemory(const Limits& limits) {
    fmt::format_to_n(text_.begin(), text_.size() - 1, "out of memory (limit: {} MiB)",
                     limits.mebibytes.value_or(0));
}

std::string limit_that_was_reached() {
    try {
        throw;
    } catch (const LimitReached& limit) {
        return limit.text();
    } catch (const std::bad_alloc&) {
        return "out of memory";
    }
}

std::optional<std::chrono::milliseconds> Budget::time_left() const {
    if (!limits_.milliseconds) return std::nullopt;
    const Clock::duration used = used_ + (running_ ? Clock::now() - entered_ : Clock::duration{});
    const auto limit = std::chrono::milliseconds(*limits_.milliseconds);
    if (used >= limit) return std::chrono::milliseconds(0);
    // Rounded up: what is left must not look like nothing.
    return std::chrono::ceil<std::chrono::milliseconds>(limit - used);
}

void Budget::check_time() const {
    const auto left = time_left();
    if (left && left->count() == 0) throw OutOfTime(limits_);
}

void Budget::need(std::uint64_t bytes) const {
    if (!limits_.mebibytes) return;
    const std::uint64_t limit = *limits_.mebibytes << 20U;
    const std::uint64_t used = bytes_ > 0 ? static_cast<std::uint64_t>(bytes_) : 0;
    if (used > limit || bytes > limit - used) throw OutOfMemory(limits_);
}

namespace detail {

void poll_slowly() {
    constexpr std::uint32_t polls_between = 512;
    polls_left = polls_between;
    poll_now();
}

}  // namespace detail

BudgetScope::BudgetScope(Budget& budget) : budget_(&budget), outer_(detail::current_budget) {
    if (budget_ == outer_) return;  // its clock runs already
    budget.entered_ = Budget::Clock::now();
    budget.running_ = true;
    detail::current_budget = &budget;
    detail::polls_left = 0;
}

BudgetScope::~BudgetScope() {
    if (budget_ == outer_) return;
    budget_->used_ += Budget::Clock::now() - budget_->entered_;
    budget_->running_ = false;
    budget_->kept_.reset();  // the budget outlives its work: there is one for each file, and many files
    detail::current_budget = outer_;
}

}  // namespace tlbcheck::model
