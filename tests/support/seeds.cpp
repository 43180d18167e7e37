// SPDX-License-Identifier: Apache-2.0
//
// Seeds of random tests: how many in a usual run, and which of them in a long one.

#include "tests/support/seeds.hpp"

#include <cstdlib>

namespace tlbcheck::tests {

std::uint64_t limit_from_environment(const char* variable, std::uint64_t fallback) {
    const char* text = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): one thread
    return text == nullptr || *text == '\0' ? fallback : std::strtoull(text, nullptr, 10);
}

bool long_pass() {
    return limit_from_environment("TLBCHECK_LONG", 0) != 0;
}

Seeds::Seeds(const char* count, std::uint64_t usual, std::uint64_t more)
    : next_(limit_from_environment("TLBCHECK_CROSS_FIRST", long_pass() ? usual + 1 : 1)), least_(next_) {
    std::uint64_t seconds = limit_from_environment("TLBCHECK_CROSS_SECONDS", 0);
    if (seconds == 0) {
        end_ = next_ + limit_from_environment(count, long_pass() ? more : usual);
        if (long_pass()) seconds = limit_from_environment("TLBCHECK_LONG_SECONDS", 0);
        least_ = next_ + usual;
    }
    if (seconds != 0) until_ = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

std::optional<std::uint64_t> Seeds::next() {
    if (next_ == end_) return std::nullopt;
    if (until_ && next_ >= least_ && std::chrono::steady_clock::now() >= *until_) return std::nullopt;
    return next_++;
}

}  // namespace tlbcheck::tests
