// SPDX-License-Identifier: Apache-2.0

#include "checker/report/rules.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

TEST_CASE("every rule has a source and a sentence, and no name comes twice", "[rules]") {
    std::set<std::string_view> names;
    for (const Rule& rule : all_rules()) {
        INFO(rule.name);
        CHECK(names.insert(rule.name).second);
        CHECK_FALSE(rule.source.empty());
        CHECK(rule.text.back() == '.');
    }
}

TEST_CASE("a rule is found by its cat name and by its name in code", "[rules]") {
    REQUIRE(find_rule("TLBI-ca") != nullptr);
    CHECK(find_rule("TLBI_ca") == find_rule("TLBI-ca"));
    CHECK(find_rule("no such rule") == nullptr);
}
