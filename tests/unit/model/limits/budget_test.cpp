// SPDX-License-Identifier: Apache-2.0
//
// Budgets: what is over throws, what is not does not, and only the thread in scope is bound.
#include "model/limits/budget.hpp"

#include <limits>

#include "model/logic/formula.hpp"
#include "model/relations/bit_matrix.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::model;  // NOLINT(google-build-using-namespace)

namespace {

Limits time_limit(std::uint64_t milliseconds) {
    Limits limits;
    limits.milliseconds = milliseconds;
    return limits;
}

Limits memory_limit(std::uint64_t mebibytes) {
    Limits limits;
    limits.mebibytes = mebibytes;
    return limits;
}

/// The words of the limit that `work` runs into; "" when it ends by itself.
template <typename Work>
std::string reached(const Work& work) {
    try {
        work();
    } catch (...) {
        return limit_that_was_reached();
    }
    return {};
}

}  // namespace

TEST_CASE("a poll without a budget, or with one that has no limit, does nothing") {
    poll();
    poll_now();
    need_memory(std::numeric_limits<std::uint64_t>::max());
    Budget budget;
    const BudgetScope scope(budget);
    poll_now();
    need_memory(std::numeric_limits<std::uint64_t>::max());
    CHECK(current_budget() == &budget);
    CHECK_FALSE(budget.time_left());
}

TEST_CASE("a budget whose time is over ends every loop that polls") {
    Budget budget(time_limit(0));
    const BudgetScope scope(budget);
    const std::string words = "out of time (limit: 0 s)";
    CHECK(reached([] { poll_now(); }) == words);
    CHECK(reached([] {
              while (true) poll();
          }) == words);
    CHECK(reached([] {
              logic::FormulaPool pool;
              while (true) pool.both(pool.variable("x"), pool.variable("y"));
          }) == words);
    CHECK(reached([] { BitMatrix(4).close(); }) == words);
}

TEST_CASE("time counts only in scope, and goes on where it stopped") {
    Budget budget(time_limit(3'600'000));
    CHECK(budget.time_left()->count() == 3'600'000);
    {
        const BudgetScope scope(budget);
        const auto start = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(2)) poll();
    }
    const auto left = budget.time_left();
    CHECK(left->count() < 3'600'000);
    CHECK(budget.time_left() == left);
}

TEST_CASE("memory is charged up to the limit, and what is given back can be used again") {
    Budget budget(memory_limit(1));
    constexpr std::int64_t mebibyte = 1 << 20;
    CHECK(budget.charge(mebibyte));
    CHECK_FALSE(budget.charge(1));
    CHECK(budget.bytes() == mebibyte);
    CHECK(reached([&] { budget.need(1); }) == "out of memory (limit: 1 MiB)");
    CHECK(budget.charge(-16));
    CHECK(reached([&] { budget.need(16); }).empty());
    CHECK(reached([&] { budget.need(17); }) == "out of memory (limit: 1 MiB)");
    CHECK(reached([&] { budget.need(std::numeric_limits<std::uint64_t>::max()); }) ==
          "out of memory (limit: 1 MiB)");
}

TEST_CASE("scopes nest, and an uncounted one hides the budget from allocations only") {
    Budget outer;
    Budget inner;
    const BudgetScope scope(outer);
    {
        const BudgetScope again(inner);
        CHECK(current_budget() == &inner);
        {
            const UncountedScope uncounted;
            CHECK(charged_budget() == nullptr);
            CHECK(current_budget() == &inner);
        }
        CHECK(charged_budget() == &inner);
    }
    CHECK(current_budget() == &outer);
}

TEST_CASE("only memory that runs out is a failed allocation, and no other exception is a limit") {
    const auto out_of = [](auto error) {
        try {
            throw error;
        } catch (const std::bad_alloc&) {
            return std::string("memory");
        } catch (const std::exception& other) {
            return std::string(other.what());
        }
    };
    CHECK(out_of(OutOfMemory(memory_limit(1))) == "memory");
    CHECK(out_of(OutOfTime("out of steps")) == "out of steps");
    CHECK_THROWS_AS(reached([] { throw std::runtime_error("no limit"); }), std::runtime_error);
}

TEST_CASE("an allocation that fails without a limit is told as well") {
    CHECK(reached([] { throw std::bad_alloc(); }) == "out of memory");
}
