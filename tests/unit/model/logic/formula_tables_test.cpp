// SPDX-License-Identifier: Apache-2.0
//
// The unique table against a map, the computed table against what it may forget.
#include "model/logic/formula_tables.hpp"

#include <map>
#include <random>

#include "tests/support/catch.hpp"

using namespace tlbcheck::model::logic;

TEST_CASE("the unique table finds each node by hash and content, also where hashes are alike") {
    UniqueTable table;
    std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint32_t> expected;  // by hash and content
    std::vector<std::pair<std::uint64_t, std::uint32_t>> contents(
        1);  // what a node is made of gives its hash
    std::mt19937_64 random(7);
    for (std::uint32_t n = 0; n < 20000; ++n) {
        // Few hashes, that differ in the upper half only, in the lower only, or in both.
        const std::uint64_t hash = (random() % 40) << 32U | random() % 40;
        const auto content = static_cast<std::uint32_t>(random() % 9);
        const std::pair made(hash, content);
        const std::uint32_t found =
            table.find(hash, [&](std::uint32_t node) { return contents[node] == made; });
        const auto known = expected.find(made);
        REQUIRE(found == (known == expected.end() ? 0 : known->second));
        if (found != 0) continue;
        const auto node = static_cast<std::uint32_t>(contents.size());
        contents.push_back(made);
        table.add(hash, node);
        expected.emplace(made, node);
    }
    CHECK(contents.size() > 5000);
}

TEST_CASE("the computed table gives the value put last or none") {
    ComputedTable<std::uint32_t> table;
    CHECK(table.find(5) == nullptr);
    std::map<std::uint64_t, std::uint32_t> expected;
    std::mt19937_64 random(7);
    std::size_t found = 0;
    for (std::uint32_t n = 0; n < 50000; ++n) {
        const std::uint64_t key = 1 + (random() % 5000 << 32U) + random() % 3;
        if (const std::uint32_t* value = table.find(key)) {
            REQUIRE(expected.at(key) == *value);
            ++found;
        }
        table.put(key, n);
        expected[key] = n;
        REQUIRE(*table.find(key) == n);
    }
    CHECK(found > 20000);  // it remembers most: the keys are fewer than what it grows to
}
