// SPDX-License-Identifier: Apache-2.0
//
// Clocks, the limits' messages, and scopes.
#include "model/limits/budget.hpp"

#include <fmt/format.h>

namespace tlbcheck::model {

LimitReached::LimitReached(Resource resource, const Limits& limits) : resource_(resource) {
    const std::size_t room = text_.size() - 1;  // the last one ends the text
    if (resource == Resource::time) {
        fmt::format_to_n(text_.begin(), room, "out of time (limit: {} s)",
                         static_cast<double>(limits.milliseconds.value_or(0)) / 1000.0);
    } else {
        fmt::format_to_n(text_.begin(), room, "out of memory (limit: {} MiB)", limits.mebibytes.value_or(0));
    }
}

LimitReached::LimitReached(const char* text) : resource_(Resource::time) {
    fmt::format_to_n(text_.begin(), text_.size() - 1, "{}", text);
}

std::string reason_of(const std::bad_alloc& error) {
    const auto* limit = dynamic_cast<const LimitReached*>(&error);
    return limit != nullptr ? limit->what() : "out of memory";
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
    if (left && left->count() == 0) throw LimitReached(Resource::time, limits_);
}

void Budget::need(std::uint64_t bytes) const {
    if (!limits_.mebibytes) return;
    const std::uint64_t limit = *limits_.mebibytes << 20U;
    const std::uint64_t used = bytes_ > 0 ? static_cast<std::uint64_t>(bytes_) : 0;
    if (used > limit || bytes > limit - used) throw LimitReached(Resource::memory, limits_);
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
