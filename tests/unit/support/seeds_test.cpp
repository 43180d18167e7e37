// SPDX-License-Identifier: Apache-2.0
//
// Which seeds a random test takes, by what the environment says.
#include "tests/support/seeds.hpp"

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using tlbcheck::tests::Seeds;

namespace {

/// Variables of the environment that stand for the length of a test.
class Environment {
  public:
    explicit Environment(const std::map<std::string, std::string>& values) {
        for (const char* name : {"TLBCHECK_LONG", "TLBCHECK_LONG_SECONDS", "TLBCHECK_CROSS_FIRST",
                                 "TLBCHECK_CROSS_SECONDS", "TLBCHECK_TEST_COUNT"}) {
            const char* old = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
            if (old != nullptr) before_[name] = old;
            unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
            names_.emplace_back(name);
        }
        for (const auto& [name, value] : values) setenv(name.c_str(), value.c_str(), 1);  // NOLINT
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() {
        for (const std::string& name : names_) unsetenv(name.c_str());                     // NOLINT
        for (const auto& [name, value] : before_) setenv(name.c_str(), value.c_str(), 1);  // NOLINT
    }

  private:
    std::map<std::string, std::string> before_;
    std::vector<std::string> names_;
};

std::vector<std::uint64_t> taken(const std::map<std::string, std::string>& environment, std::size_t most = 50,
                                 std::chrono::milliseconds wait = {}) {
    const Environment scope(environment);
    Seeds seeds("TLBCHECK_TEST_COUNT", 3, 4);
    std::vector<std::uint64_t> result;
    while (result.size() < most) {
        if (result.empty()) std::this_thread::sleep_for(wait);
        const auto seed = seeds.next();
        if (!seed) break;
        result.push_back(*seed);
    }
    return result;
}

using List = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("the long pass takes the seeds that follow those of every run") {
    CHECK(taken({}) == List{1, 2, 3});
    CHECK(taken({{"TLBCHECK_LONG", "1"}}) == List{4, 5, 6, 7});
}

TEST_CASE("the environment says how many seeds, and from which on") {
    CHECK(taken({{"TLBCHECK_TEST_COUNT", "2"}}) == List{1, 2});
    CHECK(taken({{"TLBCHECK_TEST_COUNT", "2"}, {"TLBCHECK_CROSS_FIRST", "70"}}) == List{70, 71});
    CHECK(taken({{"TLBCHECK_TEST_COUNT", "1"}, {"TLBCHECK_LONG", "1"}}) == List{4});
}

TEST_CASE("seconds stand for a number of seeds, and bound the long pass") {
    CHECK(taken({{"TLBCHECK_CROSS_SECONDS", "1000"}}).size() == 50);
    CHECK(taken({{"TLBCHECK_LONG", "1"}, {"TLBCHECK_LONG_SECONDS", "1000"}}) == List{4, 5, 6, 7});
    // As many as every run are always there.
    CHECK(taken({{"TLBCHECK_LONG", "1"}, {"TLBCHECK_LONG_SECONDS", "1"}}, 50,
                std::chrono::milliseconds(1100)) == List{4, 5, 6});
    // Every run is as long as it is.
    CHECK(taken({{"TLBCHECK_LONG_SECONDS", "1"}}) == List{1, 2, 3});
}
