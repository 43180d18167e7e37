// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/interval_map.hpp against a plain array.

#include "litmus/sched/interval_map.hpp"

#include <array>
#include <random>

#include "tests/support/catch.hpp"

using tlbcheck::litmus::sched::IntervalMap;

namespace {

struct Growing {
    std::uint64_t value = 0;
    Growing advanced(std::uint64_t bytes) const { return {value + bytes}; }
    friend bool operator==(const Growing&, const Growing&) = default;
};

constexpr std::uint64_t top = ~std::uint64_t{0};

}  // namespace

TEST_CASE("an interval map agrees with an array of single addresses") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        IntervalMap<Growing> map;
        std::array<std::optional<std::uint64_t>, 32> plain;
        for (int change = 0; change < 12; ++change) {
            const std::uint64_t first = random() % plain.size();
            const std::uint64_t last = first + random() % (plain.size() - first);
            std::optional<Growing> value;
            if (random() % 4 != 0) value = Growing{random() % 3 + first};
            map.assign(first, last, value);
            for (std::uint64_t at = first; at <= last; ++at) {
                plain[at].reset();
                if (value) plain[at] = value->value + (at - first);
            }
        }
        for (std::uint64_t at = 0; at < plain.size(); ++at) {
            const auto segment = map.find(at);
            REQUIRE(segment.value.has_value() == plain[at].has_value());
            REQUIRE(segment.first <= at);
            REQUIRE(segment.last >= at);
            if (segment.value) REQUIRE(segment.value->advanced(at - segment.first).value == *plain[at]);
        }
        for (const auto& segment : map.within(5, 20)) {
            REQUIRE(segment.first >= 5);
            REQUIRE(segment.last <= 20);
            REQUIRE(segment.value->value == *plain[segment.first]);
        }
    }
}

TEST_CASE("neighbours that go on alike are one segment") {
    IntervalMap<Growing> map;
    map.assign(0, 9, Growing{100});
    map.assign(20, 29, Growing{120});
    map.assign(10, 19, Growing{110});
    CHECK(map.size() == 1);
    map.assign(10, 19, Growing{0});
    CHECK(map.size() == 3);
}

TEST_CASE("the last address of all can be held") {
    IntervalMap<Growing> map;
    map.assign(top - 9, top, Growing{1});
    CHECK(map.find(top).value->advanced(9).value == 10);
    CHECK_FALSE(map.find(top - 10).value.has_value());
    CHECK(map.find(0).last == top - 10);
    map.assign(0, top, std::nullopt);
    CHECK(map.size() == 0);
    CHECK(map.within(0, top).empty());
}
