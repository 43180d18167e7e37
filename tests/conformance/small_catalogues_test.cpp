// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/agreement.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("aarch64-BBM answers as herd7 does") {
    const auto disagreements = tlbcheck::tests::run_catalogue("bbm", 0, 1);
    for (const std::string& why : disagreements) FAIL_CHECK(why);
    CHECK(disagreements.empty());
}

TEST_CASE("aarch64-ETS2 answers as herd7 does") {
    const auto disagreements = tlbcheck::tests::run_catalogue("ets2", 0, 1);
    for (const std::string& why : disagreements) FAIL_CHECK(why);
    CHECK(disagreements.empty());
}
