// SPDX-License-Identifier: Apache-2.0
//
// What the work on one input may use: time and memory. A scope makes a budget that of the running thread; the
// loops that can grow poll it, and allocations are charged to it (checker/cli/counted_new.cpp). Running out
// is an exception, which the engines turn into "undecided".
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>

namespace tlbcheck::model {

/// What one input may use, from reading it to its last answer; absent: no limit.
struct Limits {
    std::optional<std::uint64_t> milliseconds;
    std::optional<std::uint64_t> mebibytes;
};

enum class Resource : std::uint8_t { time, memory };

/// What OutOfTime and OutOfMemory have in common, to be caught as.
class LimitReached {
  public:
    virtual ~LimitReached() = default;
    /// "out of time (limit: 1 s)", "out of memory (limit: 64 MiB)".
    const char* text() const noexcept { return text_.data(); }
    virtual Resource resource() const noexcept = 0;

  protected:
    LimitReached() = default;
    LimitReached(const LimitReached&) = default;
    LimitReached& operator=(const LimitReached&) = default;
    LimitReached(LimitReached&&) = default;
    LimitReached& operator=(LimitReached&&) = default;
    std::array<char, 160> text_{};  // no allocation: there may be no memory left
};

/// Thrown where a budget's time is over.
class OutOfTime final : public std::exception, public LimitReached {
  public:
    explicit OutOfTime(const Limits& limits);
    /// A bound on the work of another kind: "out of steps". The text is cut to what fits.
    explicit OutOfTime(const char* text);
    const char* what() const noexcept override { return text(); }
    Resource resource() const noexcept override { return Resource::time; }
};

/// Thrown where a budget's memory is used up, by `operator new`, too.
class OutOfMemory final : public std::bad_alloc, public LimitReached {
  public:
    explicit OutOfMemory(const Limits& limits);
    const char* what() const noexcept override { return text(); }
    Resource resource() const noexcept override { return Resource::memory; }
};

/// For a handler `catch (...)`: why the answer is undecided, "out of time (limit: 1 s)", "out of memory
/// (limit: 64 MiB)", or "out of memory" for an allocation that failed without a limit. Any other exception is
/// thrown on.
std::string limit_that_was_reached();

/// What a layer above keeps for as long as an input is in work derives from this.
class KeptWithInput {
  public:
    KeptWithInput() = default;
    virtual ~KeptWithInput() = default;
    KeptWithInput(const KeptWithInput&) = delete;
    KeptWithInput& operator=(const KeptWithInput&) = delete;
    KeptWithInput(KeptWithInput&&) = delete;
    KeptWithInput& operator=(KeptWithInput&&) = delete;
};

/// Used by one thread at a time.
class Budget {
  public:
    Budget() = default;
    explicit Budget(const Limits& limits) : limits_(limits) {}

    const Limits& limits() const { return limits_; }
    /// Time that is left; nullopt: no limit. Counts only while the budget is in scope.
    std::optional<std::chrono::milliseconds> time_left() const;
    /// Bytes charged and not given back; may fall below 0 when memory from elsewhere is freed here.
    std::int64_t bytes() const { return bytes_; }
    /// Throws OutOfTime when the time is over.
    void check_time() const;
    /// Throws OutOfMemory when `bytes` more would not fit: for what is known to be needed before it is
    /// allocated.
    void need(std::uint64_t bytes) const;
    /// An allocation, or a release with a negative number. False: it does not fit, and was not charged.
    bool charge(std::int64_t bytes) noexcept {
        if (bytes > 0 && limits_.mebibytes &&
            bytes_ + bytes > static_cast<std::int64_t>(*limits_.mebibytes << 20U))
            return false;
        bytes_ += bytes;
        return true;
    }
    /// The solver's context, dear to make; let go when the budget's scope ends.
    std::shared_ptr<KeptWithInput>& kept() { return kept_; }

  private:
    friend class BudgetScope;
    using Clock = std::chrono::steady_clock;

    Limits limits_;
    std::int64_t bytes_ = 0;
    Clock::duration used_{};
    Clock::time_point entered_;
    bool running_ = false;
    std::shared_ptr<KeptWithInput> kept_;
};

namespace detail {
inline constinit thread_local Budget* current_budget = nullptr;
inline constinit thread_local bool uncounted = false;
inline constinit thread_local std::uint32_t polls_left = 0;
void poll_slowly();
}  // namespace detail

/// The running thread's budget, or nullptr.
inline Budget* current_budget() {
    return detail::current_budget;
}

/// Makes a budget the running thread's own while it lives.
class BudgetScope {
  public:
    explicit BudgetScope(Budget& budget);
    ~BudgetScope();
    BudgetScope(const BudgetScope&) = delete;
    BudgetScope& operator=(const BudgetScope&) = delete;
    BudgetScope(BudgetScope&&) = delete;
    BudgetScope& operator=(BudgetScope&&) = delete;

  private:
    Budget* budget_;
    Budget* outer_;
};

/// While it lives, the running thread's allocations are not charged: around code that must not see them fail
/// and that keeps count itself.
class UncountedScope {
  public:
    UncountedScope() : outer_(detail::uncounted) { detail::uncounted = true; }
    ~UncountedScope() { detail::uncounted = outer_; }
    UncountedScope(const UncountedScope&) = delete;
    UncountedScope& operator=(const UncountedScope&) = delete;
    UncountedScope(UncountedScope&&) = delete;
    UncountedScope& operator=(UncountedScope&&) = delete;

  private:
    bool outer_;
};
/// The budget that an allocation of the running thread is charged to, or nullptr.
inline Budget* charged_budget() {
    return detail::uncounted ? nullptr : detail::current_budget;
}

/// For inner loops: looks at the clock now and then. Throws OutOfTime.
inline void poll() {
    if (detail::polls_left-- == 0) detail::poll_slowly();
}
/// For loops whose rounds are long: looks at the clock. Throws OutOfTime.
inline void poll_now() {
    if (detail::current_budget != nullptr) detail::current_budget->check_time();
}
/// Throws OutOfMemory when the running thread's budget has no room for so many bytes.
inline void need_memory(std::uint64_t bytes) {
    if (detail::current_budget != nullptr) detail::current_budget->need(bytes);
}

}  // namespace tlbcheck::model
